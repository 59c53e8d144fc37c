#include "dsp/kick_splitter.h"

namespace tonewright {

KickSplitter::KickSplitter(const StreamSpec& spec, double lowHz, double highHz, int steering)
    : channels_(spec.channels),
      bridge_(spec.sampleRateHz, spec.channels),
      bandBridge_(spec.sampleRateHz, spec.channels),
      attacks_(bridge_.lowRateHz(), spec.channels, steering < 0 ? spec.channels : steering, lowHz, highHz),
      memory_(bridge_.lowRateHz(), spec.channels, steering < 0 ? spec.channels : steering),
      low_(spec.channels),
      attack_(spec.channels),
      band_(spec.channels),
      kick_(spec.channels),
      lateBand_(spec.channels) {}

int KickSplitter::delayFrames() const {
    return (attacks_.latency() + memory_.latency()) * bridge_.factor() + bridge_.delayFrames();
}

void KickSplitter::reset() {
    bridge_.reset();
    bandBridge_.reset();
    attacks_.reset();
    memory_.reset();
}

void KickSplitter::process(const float* const* mix, float* const* kick, float* const* band) {
    for (int c = 0; c < channels_; ++c) low_[c] = bridge_.down(c, mix[c]);
    attacks_.push(low_, attack_, band_);
    memory_.push(attack_, band_, kick_, lateBand_);
    for (int c = 0; c < channels_; ++c) {
        if (kick) bridge_.up(c, kick_[c], kick[c]);
        if (band) bandBridge_.up(c, lateBand_[c], band[c]);
    }
}

}  // namespace tonewright
