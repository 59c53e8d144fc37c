#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "audiofile/audio_reader.h"
#include "core/audio.h"

namespace tonewright {

enum class ResamplingQuality {
    high,      // for analysis: about -130 dB
    veryHigh,  // for rendering: about -150 dB
};

// How many frames at outRateHz a signal of inFrames at inRateHz becomes: ceil(inFrames * outRateHz / inRateHz), so that
// every output frame's time n / outRateHz lies inside the signal, and none inside it is left out.
std::int64_t resampledFrames(std::int64_t inFrames, int inRateHz, int outRateHz);

// Converts a stream's sample rate (libsoxr, linear phase). Output frame n is the band-limited signal at time
// n / outRateHz: no delay. The signal is taken as silent before its first and after its last frame. The output does not
// depend on how input and output are cut into blocks.
//
//   push(block) ... pull(block) ... finish() ... pull(block) until it returns 0
class Resampler {
public:
    // Throws std::invalid_argument for rates or channels outside the limits of audio_reader.h.
    Resampler(int inRateHz, int outRateHz, int channels, ResamplingQuality quality = ResamplingQuality::veryHigh);
    ~Resampler();
    Resampler(Resampler&&) noexcept;
    Resampler& operator=(Resampler&&) noexcept;

    void push(ConstBlock input);
    void finish();  // the input has ended
    int availableFrames() const;
    int pull(Block output);  // takes up to output.numFrames of the available frames
    void reset();            // as freshly constructed

private:
    struct State;
    std::unique_ptr<State> state_;
};

// A reader at another rate: info() has the new rate, frames = resampledFrames(...) and startFrame (rounded to nearest)
// mapped; everything else is the source's. seek() is exact to the bit: it decodes again from where it must, so going
// back costs the time of converting everything before the new position.
class ResamplingReader final : public AudioReader {
public:
    ResamplingReader(std::unique_ptr<AudioReader> source, int outRateHz, ResamplingQuality quality = ResamplingQuality::veryHigh);

    const AudioFileInfo& sourceInfo() const { return source_->info(); }
    std::int64_t nonFiniteSamples() const override { return source_->nonFiniteSamples(); }

private:
    int readFrames(Block block) override;
    void seekTo(std::int64_t frame) override;

    std::unique_ptr<AudioReader> source_;
    Resampler resampler_;
    BlockBuffer input_;
    std::int64_t inner_ = 0;  // the frame that the resampler delivers next
    bool finished_ = false;
};

// The source itself if it has that rate already, else a ResamplingReader on it.
std::unique_ptr<AudioReader> atRate(std::unique_ptr<AudioReader> source, int rateHz, ResamplingQuality quality = ResamplingQuality::veryHigh);

}  // namespace tonewright
