#include "dsp/multiband_compressor.h"

#include <algorithm>

#include "dsp/sample_guard.h"

namespace tonewright {

namespace {

const MultibandCompressor::Params& checked(const MultibandCompressor::Params& params) {
    return validated(params, "multiband compressor");
}

std::vector<double> crossoversOf(const MultibandCompressor::Params& params) {
    std::vector<double> frequenciesHz;
    for (std::size_t i = 0; i + 1 < params.bands.size(); ++i) frequenciesHz.push_back(params.bands[i].upperHz);
    return frequenciesHz;
}

bool works(const MultibandCompressor::Band& band) { return band.ratio > 1.0 || band.makeupGainDb != 0.0; }

}  // namespace

MultibandCompressor::MultibandCompressor(const Params& params, const StreamSpec& spec)
    : transparent_(std::none_of(checked(params).bands.begin(), params.bands.end(), works)),
      crossover_(crossoversOf(params), spec),
      pointers_(spec.channels) {
    for (const Band& band : params.bands) {
        compressors_.emplace_back(Compressor::Params{.thresholdDb = band.thresholdDb,
                                                     .ratio = band.ratio,
                                                     .kneeDb = band.kneeDb,
                                                     .attackMs = band.attackMs,
                                                     .releaseMs = band.releaseMs,
                                                     .makeupGainDb = band.makeupGainDb,
                                                     .detector = DetectorKind::rms,
                                                     .stereoLink = params.stereoLink},
                                  spec);
        buffers_.emplace_back(spec.channels, kChunk);
    }
    for (BlockBuffer& buffer : buffers_) views_.push_back(buffer.block(kChunk));
}

void MultibandCompressor::reset() {
    crossover_.reset();
    for (Compressor& compressor : compressors_) compressor.reset();
}

void MultibandCompressor::process(Block block) noexcept {
    const FlushDenormals guard;
    makeUsable(block);
    if (transparent_) return;
    for (int start = 0; start < block.numFrames; start += kChunk) {
        const int length = std::min(kChunk, block.numFrames - start);
        for (int c = 0; c < block.numChannels; ++c) pointers_[c] = block.channels[c] + start;
        const Block part{pointers_.data(), block.numChannels, length};
        for (Block& view : views_) view.numFrames = length;
        crossover_.split(part, views_.data());
        for (std::size_t band = 0; band < compressors_.size(); ++band) compressors_[band].process(views_[band]);
        for (int c = 0; c < block.numChannels; ++c)
            for (int n = 0; n < length; ++n) {
                double sum = 0.0;
                for (const Block& view : views_) sum += view.channels[c][n];
                part.channels[c][n] = static_cast<float>(sum);
            }
    }
}

double MultibandCompressor::maxReductionDb(int band) const { return compressors_[band].maxReductionDb(); }
double MultibandCompressor::meanReductionDb(int band) const { return compressors_[band].meanReductionDb(); }

}  // namespace tonewright
