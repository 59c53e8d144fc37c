#include "core/sample_hash.h"

#include <xxhash.h>

#include <vector>

namespace tonewright {

struct SampleHash::State {
    std::vector<std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)>> channels;
    std::vector<float> samples;
};

SampleHash::SampleHash() : state_(std::make_unique<State>()) {}
SampleHash::~SampleHash() = default;

void SampleHash::add(ConstBlock block) {
    while (static_cast<int>(state_->channels.size()) < block.numChannels) {
        state_->channels.emplace_back(XXH3_createState(), XXH3_freeState);
        XXH3_64bits_reset(state_->channels.back().get());
    }
    state_->samples.resize(block.numFrames);
    for (int c = 0; c < block.numChannels; ++c) {
        for (int n = 0; n < block.numFrames; ++n) state_->samples[n] = block.channels[c][n] + 0.0f;  // -0 becomes +0
        XXH3_64bits_update(state_->channels[c].get(), state_->samples.data(), state_->samples.size() * sizeof(float));
    }
}

std::uint64_t SampleHash::value() const {
    std::uint64_t value = 0;
    for (const auto& channel : state_->channels) value = value * 0x9E3779B97F4A7C15u + XXH3_64bits_digest(channel.get());
    return value;
}

}  // namespace tonewright
