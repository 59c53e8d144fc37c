#include "render/wav_sink.h"

#include <algorithm>
#include <optional>

#include "audiofile/audio_reader.h"
#include "core/error.h"
#include "core/sample_hash.h"
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
        : file(path), writer(path, format, std::move(extras)), buffer(format.channels, maxBlockFrames) {}

    std::filesystem::path file;
    WavWriter writer;
    SampleHash written;
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

ConstBlock WavSink::write(ConstBlock block) {
    ConstBlock final = block;
    if (state_->dither) {
        const Block copy = state_->buffer.block(block.numFrames);
        for (int c = 0; c < block.numChannels; ++c) std::copy_n(block.channels[c], block.numFrames, copy.channels[c]);
        state_->dither->process(copy);
        final = copy;
    }
    state_->written.add(final);
    state_->writer.write(final);
    return final;
}

void WavSink::finishScratch() { state_->writer.finish(); }

void WavSink::finish() {
    state_->writer.finish();
    const auto reader = openAudio(state_->file);
    SampleHash readBack;
    forEachBlock(*reader, state_->buffer.maxFrames(), [&](ConstBlock block) { readBack.add(block); });
    if (reader->info().frames != state_->writer.framesWritten() || readBack.value() != state_->written.value())
        throw OutputError(state_->file.string() + ": what was read back is not what was written. The disk may be failing; write somewhere else");
}

}  // namespace tonewright
