#include "core/audio.h"

#include <algorithm>

namespace tonewright {

void BlockBuffer::clear() {
    for (auto& channel : data_) std::fill(channel.begin(), channel.end(), 0.0f);
}

}  // namespace tonewright
