#pragma once
#include <optional>
#include <vector>

#include "analysis/percussiveness.h"
#include "analysis/spectral_stream.h"

namespace tonewright {

// How strongly something new begins, over time.
struct OnsetEnvelope {
    double startSeconds = 0.0;      // time of value 0
    double stepSeconds = 0.01;      // 10 ms up to 21 minutes, then doubled as often as needed
    std::vector<float> strength;    // mean rise over the bands, natural-log units; at most 131072 values

    double seconds(double index) const { return startSeconds + index * stepSeconds; }
};

// Onsets from the fine frames of a SpectralStream: log-spectral flux.
//
//   L[b,t] = ln(1 + p[b,t] / (0.01 r[b,t]))      p: power in about 30 third-octave-like bands
//   r: the band's own recent maximum (decays with 8 s), at least -50 dB of the whole's
//   strength[t] = mean over b of max(0, L[b,t] - max(L[b-1,t-2], L[b,t-2], L[b+1,t-2]))
//
// The neighbours keep vibrato from counting as onsets (Boeck and Widmer 2013). r makes it independent of level.
// An onset is a maximum within +-30 ms that stands out of its surroundings (mean of +-0.25 s) by 0.25 and by 7 % of the
// strongest; onsets are 50 ms apart at least.
class OnsetDetector final : public SpectralSink {
public:
    explicit OnsetDetector(const SpectralStream& stream);

    void frame(Resolution resolution, const SpectralFrame& frame) override;

    struct Onset {
        double seconds;
        float strength;
    };
    struct Result {
        OnsetEnvelope envelope;
        std::vector<Onset> onsets;              // in time order; the 20000 strongest
        std::optional<double> percussiveness;
    };
    Result result(double durationSeconds) const;

private:
    void makeBands(const SpectralFrame& frame);
    void halve();

    static constexpr int kLag = 2;              // frames between which the rise is taken
    double hopSeconds_;
    double followerDecay_;
    std::vector<int> edges_;                    // bins
    std::vector<float> power_, follower_;
    std::vector<float> logs_[kLag + 1];         // L of the last frames
    float wholeFollower_ = 0.0f;
    long frames_ = 0;
    double firstSeconds_ = 0.0;
    int doublings_ = 0;
    std::vector<float> strength_;
    std::optional<PercussivenessMeter> percussiveness_;
};

}  // namespace tonewright
