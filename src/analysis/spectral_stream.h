#pragma once
#include <array>
#include <memory>
#include <span>
#include <vector>

#include "analysis/half_band_decimator.h"
#include "analysis/stft.h"
#include "core/audio.h"

namespace tonewright {

// Four views of the same music, for ears of different sharpness in time and frequency (lengths at 48 kHz).
enum class Resolution {
    fine,   // 43 ms every 10 ms, all frequencies
    mid,    // 171 ms every 43 ms, up to a third of about 6 kHz
    tonal,  // 341 ms every 85 ms, the same range
    low,    // 1.37 s every 341 ms, up to a third of about 1.5 kHz
};

// One power spectrum. The bins add up to the mean square of the passage, all channels added.
struct SpectralFrame {
    double centreSeconds = 0.0;      // middle of the window; may lie before the start or after the end
    double soundSeconds = 0.0;       // the same since the first frame's samples: since the first sound, where frames begin there
    double hopSeconds = 0.0;
    double binHz = 0.0;
    bool silent = false;             // digital silence
    std::span<const float> power;    // of all channels
    std::span<const float> side;     // of stereo: the part of `power` that is side; otherwise empty
};

class SpectralSink {
public:
    virtual ~SpectralSink() = default;
    virtual void frame(Resolution resolution, const SpectralFrame& frame) = 0;
};

// Where the first frames lie. A recording that begins some milliseconds later is cut elsewhere if frames are counted from the file's
// start, and whatever is weighed frame by frame (a strike, a maximum) comes out a little different; counted from the first sound, all
// frames hold the very same samples. Silence is what stays below 1e-6 of full scale: less than a step of 16 bits, more than what a
// fractional delay rings ahead of a sound. Frames before the first sound do not exist.
enum class FramesFrom { fileStart, firstSound };

// Cuts a stream into the frames of all four resolutions and hands them to the sinks, in an order that does not depend
// on how the stream was cut into blocks. Stereo is transformed as mid and side. Samples that are not finite count as 0.
class SpectralStream {
public:
    explicit SpectralStream(const StreamSpec& spec, FramesFrom framesFrom = FramesFrom::fileStart);

    void add(ConstBlock block, std::span<SpectralSink* const> sinks);
    void finish(std::span<SpectralSink* const> sinks);  // once, at the end: the frames that reach beyond it

    double fineHopSeconds() const { return chunkFrames_ / sampleRateHz_; }
    double windowSeconds(Resolution resolution) const;
    double usableHz(Resolution resolution) const;       // frames are free of aliases up to here
    double firstSoundSeconds() const { return static_cast<double>(skippedFrames_) / sampleRateHz_; }  // of the file; 0 where frames begin with it

private:
    struct View {
        Resolution resolution;
        int rateDivisor;
        double delaySeconds;  // of the decimators in front
        Stft stft;
        std::int64_t frames = 0;
        std::vector<float> total, side;
    };

    int silentStart(ConstBlock block) const;            // frames of the block before the first sound
    void processChunk(std::span<SpectralSink* const> sinks);
    void run(View& view, std::span<const float* const> lanes, int count, std::span<SpectralSink* const> sinks);
    const View& view(Resolution resolution) const { return views_[static_cast<std::size_t>(resolution)]; }

    double sampleRateHz_;
    int channels_, chunkFrames_;
    bool begun_;
    std::int64_t skippedFrames_ = 0;
    int filled_ = 0;
    std::vector<std::vector<float>> chunk_;                      // per lane
    std::vector<std::vector<HalfBandDecimator>> decimators_;     // [stage][lane]
    int midStages_;
    std::vector<View> views_;                                    // in the order of Resolution
};

}  // namespace tonewright
