#include "analysis/spectral_stream.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace tonewright {

namespace {

constexpr float kSilence = 1e-6f;
constexpr int kLowStages = 2;  // the lowest view runs at a quarter of the mid view's rate

int powerOfTwoNear(double value) { return 1 << std::max(4, static_cast<int>(std::lround(std::log2(value)))); }

}  // namespace

SpectralStream::SpectralStream(const StreamSpec& spec, FramesFrom framesFrom)
    : sampleRateHz_(spec.sampleRateHz), channels_(spec.channels), chunkFrames_(static_cast<int>(std::lround(spec.sampleRateHz / 100.0))),
      begun_(framesFrom == FramesFrom::fileStart), chunk_(spec.channels, std::vector<float>(chunkFrames_)) {
    midStages_ = 0;
    while (sampleRateHz_ / (1 << midStages_) >= 9000.0) ++midStages_;
    decimators_.assign(midStages_ + kLowStages, std::vector<HalfBandDecimator>(spec.channels));

    const auto addView = [&](Resolution resolution, int stages, int size, int hop) {
        double delay = 0.0;
        for (int stage = 0; stage < stages; ++stage) delay += HalfBandDecimator::kDelayFrames * (1 << stage) / sampleRateHz_;
        Stft stft(size, hop, spec.channels);
        const auto bins = static_cast<std::size_t>(stft.bins());
        views_.push_back({resolution, 1 << stages, delay, std::move(stft), 0, std::vector<float>(bins), std::vector<float>(bins)});
    };
    addView(Resolution::fine, 0, powerOfTwoNear(0.043 * sampleRateHz_), chunkFrames_);
    addView(Resolution::mid, midStages_, 1024, 256);
    addView(Resolution::tonal, midStages_, 2048, 512);
    addView(Resolution::low, midStages_ + kLowStages, 2048, 512);
}

double SpectralStream::windowSeconds(Resolution resolution) const {
    return view(resolution).stft.size() * view(resolution).rateDivisor / sampleRateHz_;
}

double SpectralStream::usableHz(Resolution resolution) const {
    const int divisor = view(resolution).rateDivisor;
    return sampleRateHz_ / divisor / (divisor == 1 ? 2.0 : 3.0);
}

void SpectralStream::add(ConstBlock block, std::span<SpectralSink* const> sinks) {
    const auto finite = [](float sample) { return std::isfinite(sample) ? sample : 0.0f; };
    int from = 0;
    if (!begun_) {
        from = silentStart(block);
        skippedFrames_ += from;
        begun_ = from < block.numFrames;
    }
    while (from < block.numFrames) {
        const int count = std::min(block.numFrames - from, chunkFrames_ - filled_);
        if (channels_ == 2) {
            const float *left = block.channels[0] + from, *right = block.channels[1] + from;
            float *mid = chunk_[0].data() + filled_, *side = chunk_[1].data() + filled_;
            for (int n = 0; n < count; ++n) {
                const float l = finite(left[n]), r = finite(right[n]);
                mid[n] = 0.5f * (l + r);
                side[n] = 0.5f * (l - r);
            }
        } else {
            for (int c = 0; c < channels_; ++c) {
                float* lane = chunk_[c].data() + filled_;
                for (int n = 0; n < count; ++n) lane[n] = finite(block.channels[c][from + n]);
            }
        }
        from += count;
        filled_ += count;
        if (filled_ == chunkFrames_) processChunk(sinks);
    }
}

int SpectralStream::silentStart(ConstBlock block) const {
    for (int n = 0; n < block.numFrames; ++n)
        for (int c = 0; c < channels_; ++c)
            if (std::isfinite(block.channels[c][n]) && std::abs(block.channels[c][n]) > kSilence) return n;
    return block.numFrames;
}

void SpectralStream::finish(std::span<SpectralSink* const> sinks) {
    for (auto& lane : chunk_) std::fill(lane.begin() + filled_, lane.end(), 0.0f);
    processChunk(sinks);
    // Half a window more brings the last sample to the middle of the longest view's window.
    const double tailSeconds = windowSeconds(Resolution::low) + views_.back().delaySeconds;
    for (auto& lane : chunk_) std::fill(lane.begin(), lane.end(), 0.0f);
    for (double done = 0.0; done < tailSeconds; done += fineHopSeconds()) processChunk(sinks);
}

void SpectralStream::processChunk(std::span<SpectralSink* const> sinks) {
    filled_ = 0;
    std::vector<std::span<const float>> lanes(chunk_.begin(), chunk_.end());
    std::vector<const float*> pointers(lanes.size());
    for (int stage = 0; stage <= midStages_ + kLowStages; ++stage) {
        for (std::size_t lane = 0; lane < lanes.size(); ++lane) pointers[lane] = lanes[lane].data();
        const int count = static_cast<int>(lanes[0].size());
        for (View& view : views_)
            if (view.rateDivisor == 1 << stage) run(view, pointers, count, sinks);
        if (stage < midStages_ + kLowStages)
            for (std::size_t lane = 0; lane < lanes.size(); ++lane) lanes[lane] = decimators_[stage][lane].process(lanes[lane]);
    }
}

void SpectralStream::run(View& view, std::span<const float* const> lanes, int count, std::span<SpectralSink* const> sinks) {
    Stft& stft = view.stft;
    for (int done = 0; done < count;) {
        done += stft.feed(lanes, done, count);
        if (!stft.frameReady()) continue;
        stft.transform();
        ++view.frames;

        SpectralFrame frame;
        const double rate = sampleRateHz_ / view.rateDivisor;
        frame.soundSeconds = (static_cast<double>(view.frames) * stft.hop() - 0.5 * stft.size()) / rate - view.delaySeconds;
        frame.centreSeconds = frame.soundSeconds + firstSoundSeconds();
        frame.hopSeconds = stft.hop() / rate;
        frame.binHz = rate / stft.size();
        frame.silent = true;
        for (int lane = 0; lane < channels_; ++lane) frame.silent = frame.silent && stft.silent(lane);
        frame.power = stft.power(0);
        if (channels_ == 2) {
            // L^2 + R^2 = 2 (M^2 + S^2)
            const float *mid = stft.power(0).data(), *side = stft.power(1).data();
            float *total = view.total.data(), *sideOut = view.side.data();
            const std::size_t bins = view.total.size();
            for (std::size_t k = 0; k < bins; ++k) {
                sideOut[k] = 2.0f * side[k];
                total[k] = 2.0f * mid[k] + sideOut[k];
            }
            frame.power = view.total;
            frame.side = view.side;
        } else if (channels_ > 2) {
            std::fill(view.total.begin(), view.total.end(), 0.0f);
            for (int lane = 0; lane < channels_; ++lane)
                for (std::size_t k = 0; k < view.total.size(); ++k) view.total[k] += stft.power(lane)[k];
            frame.power = view.total;
        }
        for (SpectralSink* sink : sinks) sink->frame(view.resolution, frame);
    }
}

}  // namespace tonewright
