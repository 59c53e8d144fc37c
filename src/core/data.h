#pragma once
#include <string_view>

namespace tonewright {

// A file of data/ as it was when the program was built: embeddedData("platforms.json"). Empty if there is none.
std::string_view embeddedData(std::string_view name);

}  // namespace tonewright
