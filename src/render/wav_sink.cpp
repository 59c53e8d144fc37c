#include "render/wav_sink.h"

#include <algorithm>
#include <optional>

#include "dsp/dither.h"

namespace tonewright {

namespace {

Dither::Noise noiseFor(DitherType dither) {
    switch (dither) {
        case DitherType::none: return Dither::Noise::none;
        case DitherType::tpdf: return Dither::Noise::triangular;
        case DitherType::shaped: return Dither::Noise::modifiedE;
    }
    return Dither::Noise::triangular;
}

}  // namespace

struct WavSink::State {
    State(const std::filesystem::path& path, const WavFormat& format, int maxBlockFrames, WavExtras extras)
        : writer(path, format, std::move(extras)), buffer(format.channels, maxBlockFrames) {}
    WavWriter writer;
    BlockBuffer buffer;
    std::optional<Dither> dither;
};

WavSink::WavSink(const std::filesystem::path& path, const WavFormat& format, DitherType dither, std::uint64_t seed, int maxBlockFrames,
                 WavExtras extras)
    : state_(std::make_unique<State>(path, format, maxBlockFrames, std::move(extras))) {
    if (format.format != SampleFormat::float32)
        state_->dither.emplace(Dither::Params{.bits = bitsOf(format.format), .noise = noiseFor(dither), .seed = static_cast<int>(seed & 0x7fffffff)},
                               StreamSpec{static_cast<double>(format.sampleRateHz), format.channels});
}

WavSink::~WavSink() = default;

void WavSink::write(ConstBlock block) {
    if (!state_->dither) {
        state_->writer.write(block);
        return;
    }
    const Block copy = state_->buffer.block(block.numFrames);
    for (int c = 0; c < block.numChannels; ++c) std::copy_n(block.channels[c], block.numFrames, copy.channels[c]);
    state_->dither->process(copy);
    state_->writer.write(copy);
}

void WavSink::finish() { state_->writer.finish(); }

WavWriter& WavSink::writer() { return state_->writer; }

}  // namespace tonewright
