#include "audiofile/resampler.h"

#include <soxr.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <stdexcept>
#include <string>

namespace tonewright {

namespace {

// libsoxr is always fed pieces of this size, so that how the caller cuts its blocks cannot matter.
constexpr int kPieceFrames = 4096;

}  // namespace

std::int64_t resampledFrames(std::int64_t inFrames, int inRateHz, int outRateHz) {
    // Whole seconds apart from the rest: hours at 768 kHz times a rate would leave 64 bits.
    const std::int64_t seconds = inFrames / inRateHz, rest = inFrames % inRateHz;
    return seconds * outRateHz + (rest * outRateHz + inRateHz - 1) / inRateHz;
}

struct Resampler::State {
    State(int inHz, int outHz, int numChannels, ResamplingQuality how)
        : inRateHz(inHz), outRateHz(outHz), channels(numChannels), quality(how), piece(numChannels, kPieceFrames),
          converted(numChannels, static_cast<int>(resampledFrames(kPieceFrames, inHz, outHz)) + 16), ready(numChannels) {
        restart();
    }
    ~State() { soxr_delete(converter); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    void restart() {
        soxr_delete(converter);
        soxr_error_t error = nullptr;
        const soxr_io_spec_t samples = soxr_io_spec(SOXR_FLOAT32_S, SOXR_FLOAT32_S);
        // libsoxr's default lets the top octave droop (-0.001 dB at 17 kHz, 0.005 dB at 20 kHz); the first flag keeps
        // it flat. The second keeps odd ratios (44100 to 44101) at -150 dB instead of -110.
        const soxr_quality_spec_t recipe = soxr_quality_spec(quality == ResamplingQuality::veryHigh ? SOXR_VHQ : SOXR_HQ, SOXR_ROLLOFF_NONE | SOXR_HI_PREC_CLOCK);
        const soxr_runtime_spec_t runtime = soxr_runtime_spec(1);
        converter = soxr_create(inRateHz, outRateHz, channels, &error, &samples, &recipe, &runtime);
        if (!converter) throw std::runtime_error(std::string("libsoxr: ") + (error ? error : "no memory"));
        pieceFrames = 0;
        for (auto& channel : ready) channel.clear();
        readyStart = 0;
        pushed = produced = 0;
        finished = false;
    }

    int available() const { return static_cast<int>(ready[0].size()) - readyStart; }

    // Feeds one whole piece and keeps what comes out, up to the frame `limit`.
    void convertPiece(std::int64_t limit) {
        std::size_t fed = 0;
        std::vector<const float*> in(channels);
        const Block out = converted.block(converted.maxFrames());
        for (;;) {
            for (int c = 0; c < channels; ++c) in[c] = piece.channel(c) + fed;
            std::size_t taken = 0, made = 0;
            if (const soxr_error_t error = soxr_process(converter, in.data(), kPieceFrames - fed, &taken, const_cast<float**>(out.channels), out.numFrames, &made))
                throw std::runtime_error(std::string("libsoxr: ") + error);
            fed += taken;
            const auto kept = static_cast<std::ptrdiff_t>(std::clamp<std::int64_t>(limit - produced, 0, static_cast<std::int64_t>(made)));
            for (int c = 0; c < channels; ++c) ready[c].insert(ready[c].end(), out.channels[c], out.channels[c] + kept);
            produced += kept;
            if (fed == kPieceFrames && made < static_cast<std::size_t>(out.numFrames)) break;
        }
        pieceFrames = 0;
    }

    int inRateHz, outRateHz, channels;
    ResamplingQuality quality;
    soxr_t converter = nullptr;
    BlockBuffer piece, converted;
    int pieceFrames = 0;                    // filled frames of `piece`
    std::vector<std::vector<float>> ready;  // converted frames, from readyStart on
    int readyStart = 0;
    std::int64_t pushed = 0, produced = 0;
    bool finished = false;
};

Resampler::Resampler(int inRateHz, int outRateHz, int channels, ResamplingQuality quality) {
    for (const int rate : {inRateHz, outRateHz})
        if (rate < kMinSampleRateHz || rate > kMaxSampleRateHz)
            throw std::invalid_argument("Resampler: a rate is " + std::to_string(rate) + " Hz; allowed is " + std::to_string(kMinSampleRateHz) + " to " +
                                        std::to_string(kMaxSampleRateHz));
    if (channels < 1 || channels > kMaxChannels)
        throw std::invalid_argument("Resampler: channels is " + std::to_string(channels) + "; allowed is 1 to " + std::to_string(kMaxChannels));
    state_ = std::make_unique<State>(inRateHz, outRateHz, channels, quality);
}
Resampler::~Resampler() = default;
Resampler::Resampler(Resampler&&) noexcept = default;
Resampler& Resampler::operator=(Resampler&&) noexcept = default;

void Resampler::push(ConstBlock input) {
    State& s = *state_;
    assert(input.numChannels == s.channels && !s.finished);
    for (int done = 0; done < input.numFrames;) {
        const int count = std::min(input.numFrames - done, kPieceFrames - s.pieceFrames);
        for (int c = 0; c < s.channels; ++c) std::copy_n(input.channels[c] + done, count, s.piece.channel(c) + s.pieceFrames);
        s.pieceFrames += count;
        s.pushed += count;
        done += count;
        // What is certain to lie inside the signal; the filter's delay keeps libsoxr behind that in any case.
        if (s.pieceFrames == kPieceFrames) s.convertPiece(resampledFrames(s.pushed, s.inRateHz, s.outRateHz));
    }
}

void Resampler::finish() {
    State& s = *state_;
    if (s.finished) return;
    s.finished = true;
    const std::int64_t total = resampledFrames(s.pushed, s.inRateHz, s.outRateHz);
    while (s.produced < total) {  // silence follows the signal
        for (int c = 0; c < s.channels; ++c) std::fill(s.piece.channel(c) + s.pieceFrames, s.piece.channel(c) + kPieceFrames, 0.0f);
        s.convertPiece(total);
    }
}

int Resampler::availableFrames() const { return state_->available(); }

int Resampler::pull(Block output) {
    State& s = *state_;
    assert(output.numChannels == s.channels);
    const int count = std::min(output.numFrames, s.available());
    for (int c = 0; c < s.channels; ++c) std::copy_n(s.ready[c].begin() + s.readyStart, count, output.channels[c]);
    s.readyStart += count;
    if (s.readyStart > 4 * kPieceFrames || s.available() == 0) {
        for (auto& channel : s.ready) channel.erase(channel.begin(), channel.begin() + s.readyStart);
        s.readyStart = 0;
    }
    return count;
}

void Resampler::reset() { state_->restart(); }

namespace {

AudioFileInfo atOtherRate(AudioFileInfo info, int rateHz) {
    info.frames = resampledFrames(info.frames, info.sampleRateHz, rateHz);
    const std::int64_t seconds = info.startFrame / info.sampleRateHz, rest = info.startFrame % info.sampleRateHz;
    info.startFrame = seconds * rateHz + (2 * rest * rateHz + info.sampleRateHz) / (2 * static_cast<std::int64_t>(info.sampleRateHz));
    info.sampleRateHz = rateHz;
    return info;
}

}  // namespace

ResamplingReader::ResamplingReader(std::unique_ptr<AudioReader> source, int outRateHz, ResamplingQuality quality)
    : AudioReader(atOtherRate(source->info(), outRateHz)), source_(std::move(source)),
      resampler_(source_->info().sampleRateHz, outRateHz, source_->info().channels, quality), input_(source_->info().channels, kPieceFrames) {
    source_->seek(0);
}

int ResamplingReader::readFrames(Block block) {
    std::vector<float*> rest(block.numChannels);
    int done = 0;
    while (done < block.numFrames) {
        for (int c = 0; c < block.numChannels; ++c) rest[c] = block.channels[c] + done;
        const int got = resampler_.pull({rest.data(), block.numChannels, block.numFrames - done});
        done += got;
        inner_ += got;
        if (done == block.numFrames || (got == 0 && finished_)) break;
        if (got > 0) continue;
        const int read = source_->read(input_.block(kPieceFrames));
        if (read > 0) resampler_.push(input_.block(read));
        else {
            resampler_.finish();
            finished_ = true;
        }
    }
    return done;
}

void ResamplingReader::seekTo(std::int64_t frame) {
    if (frame < inner_) {
        source_->seek(0);
        resampler_.reset();
        inner_ = 0;
        finished_ = false;
    }
    BlockBuffer dropped(info_.channels, kPieceFrames);
    while (inner_ < frame) {
        const auto count = static_cast<int>(std::min<std::int64_t>(kPieceFrames, frame - inner_));
        if (readFrames(dropped.block(count)) < count) break;
    }
}

std::unique_ptr<AudioReader> atRate(std::unique_ptr<AudioReader> source, int rateHz, ResamplingQuality quality) {
    if (source->info().sampleRateHz == rateHz) return source;
    return std::make_unique<ResamplingReader>(std::move(source), rateHz, quality);
}

}  // namespace tonewright
