#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/error.h"

namespace tonewright {

// A sound file that was found, or given.
struct FoundFile {
    std::filesystem::path path;
    std::string folders;   // between the folder that was given and the file: "Drums/Close"; empty for files that were given
    bool given = false;    // by its own name
};

// Looks through files and folders for sound, told by the files' endings. Hidden files, what an earlier run wrote, and what is
// not sound are left out; a warning names the latter. Every file comes once, in the natural order of the names ("2" before
// "10"), which does not depend on the order of the inputs.
// Throws InputError for inputs that do not exist or folders that cannot be listed.
std::vector<FoundFile> findSoundFiles(const std::vector<std::filesystem::path>& inputs, std::vector<Warning>& warnings);

}  // namespace tonewright
