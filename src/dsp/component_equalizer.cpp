#include "dsp/component_equalizer.h"

#include <algorithm>
#include <stdexcept>

#include "core/decibels.h"
#include "dsp/sample_guard.h"
#include "dsp/state_guard.h"

namespace tonewright {

namespace {

constexpr double kHighestKickHz = 250.0;
using Component = ComponentEqualizer::Component;

bool isLow(Component component) { return component == Component::percussive || component == Component::sustained; }

const ComponentEqualizer::Params& checked(const ComponentEqualizer::Params& params, const StreamSpec& spec) {
    validated(params, "component equalizer");
    if (params.lowHz >= params.highHz) throw std::invalid_argument("component equalizer: lowHz must lie below highHz");
    if (isLow(params.component) && params.highHz > kHighestKickHz)
        throw std::invalid_argument("component equalizer: highHz is " + fixed(params.highHz, 0) + "; percussive and sustained reach up to 250 Hz");
    if (!isLow(params.component) && spec.channels != 2) throw std::invalid_argument("component equalizer: centre and sides need two channels");
    return params;
}

}  // namespace

ComponentEqualizer::ComponentEqualizer(const Params& params, const StreamSpec& spec)
    : component_(checked(params, spec).component), excess_(static_cast<float>(dbToGain(params.gainDb) - 1.0)), delay_(spec.channels, 0) {
    if (params.gainDb == 0.0) return;
    int delayFrames = 0;
    if (isLow(component_)) {
        kick_.emplace(spec, params.lowHz, params.highHz);
        chunkFrames_ = kick_->chunkFrames();
        delayFrames = kick_->delayFrames();
    } else {
        centre_.emplace(spec, params.lowHz, std::min(params.highHz, 0.45 * spec.sampleRateHz));
        chunkFrames_ = centre_->chunkFrames();
        delayFrames = centre_->delayFrames();
    }
    delay_ = FrameDelay(spec.channels, delayFrames);
    chunk_.assign(spec.channels, std::vector<float>(chunkFrames_));
    moved_ = other_ = chunk_;
    for (int c = 0; c < spec.channels; ++c) {
        in_.push_back(chunk_[c].data());
        out_.push_back(moved_[c].data());
        rest_.push_back(other_[c].data());
    }
}

void ComponentEqualizer::reset() {
    if (kick_) kick_->reset();
    if (centre_) centre_->reset();
    for (auto* buffers : {&chunk_, &moved_, &other_})
        for (auto& buffer : *buffers) std::fill(buffer.begin(), buffer.end(), 0.0f);
    filled_ = 0;
    delay_.reset();
}

void ComponentEqualizer::process(Block block) noexcept {
    if (chunkFrames_ == 0) return makeUsable(block);
    const FlushDenormals guard;
    for (int start = 0; start < block.numFrames;) {
        const int length = std::min(block.numFrames - start, chunkFrames_ - filled_);
        for (int c = 0; c < block.numChannels; ++c)
            for (int n = 0; n < length; ++n) chunk_[c][filled_ + n] = block.channels[c][start + n] = tamed(block.channels[c][start + n]);
        delay_.process(block, start, length);
        for (int c = 0; c < block.numChannels; ++c)
            for (int n = 0; n < length; ++n) block.channels[c][start + n] += excess_ * moved_[c][filled_ + n];
        start += length;
        filled_ += length;
        if (filled_ == chunkFrames_) {
            split();
            filled_ = 0;
        }
    }
}

void ComponentEqualizer::split() noexcept {
    switch (component_) {
        case Component::percussive: kick_->process(in_.data(), out_.data(), nullptr); break;
        case Component::sustained:
            kick_->process(in_.data(), rest_.data(), out_.data());
            for (std::size_t c = 0; c < moved_.size(); ++c)
                for (int n = 0; n < chunkFrames_; ++n) moved_[c][n] -= other_[c][n];
            break;
        case Component::centre:
            centre_->process(in_.data(), out_.data(), nullptr);
            std::copy(moved_[0].begin(), moved_[0].end(), moved_[1].begin());
            break;
        case Component::sides: centre_->process(in_.data(), nullptr, out_.data()); break;
    }
}

}  // namespace tonewright
