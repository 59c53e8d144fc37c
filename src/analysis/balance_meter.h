#pragma once
#include <array>
#include <complex>
#include <optional>
#include <vector>

#include "analysis/facts.h"
#include "core/audio.h"
#include "dsp/fft.h"

namespace tonewright {

// Mean power per third octave of mid (L + R)/2 and side (L - R)/2, dBFS; kSilentDb where nothing is. Mono is all mid.
struct MidSideSpectrum {
    std::array<double, kThirdOctaves> midDb{}, sideDb{};
};

struct BalanceFacts {
    bool stereo = false;                                        // there is a side
    MidSideSpectrum whole;
    MidSideSpectrum loud;                                       // frames at or above the mean power
    MidSideSpectrum quiet;                                      // frames 6 to 30 dB below it
    std::optional<std::array<double, kThirdOctaves>> floorDb;   // mid and side added, where the music rests; nullopt if it never does
};

// Tonal balance of a recording, finer than any ear asks for, to compare two of them by: frames of about 0.7 s, half
// overlapping, with a sine window, whose squares add up to one - so the mean over the frames is the mean over the music,
// wherever its attacks fall. Bins on a band's edge count in part. Frames are sorted by level (1 dB) as they come, so that
// loud and quiet passages and the rests can be told apart at the end, in bounded memory.
class BalanceMeter {
public:
    // More than two channels are read as their first two. Throws std::invalid_argument for rates outside 8 ... 768 kHz.
    explicit BalanceMeter(const StreamSpec& spec);

    void add(ConstBlock block);
    BalanceFacts result();   // once, at the end

private:
    struct LevelClass {
        std::int64_t frames = 0;
        std::array<double, kThirdOctaves> mid{}, side{};
        void add(const LevelClass& other);
    };
    void transform();
    void sumBands(const std::vector<float>& samples, std::array<double, kThirdOctaves>& bands);

    struct Band {
        int first = 0, last = -1;    // bins; last < first: above half the sample rate
        double firstShare = 0.0, lastShare = 0.0;
    };
    static constexpr int kLowestDb = -160, kClasses = 200;

    int channels_, size_, filled_ = 0;
    std::array<Band, kThirdOctaves> bands_;
    RealFft fft_;
    std::vector<float> window_, mid_, side_, windowed_;
    std::vector<std::complex<float>> spectrum_;
    double scale_;
    std::vector<LevelClass> classes_;
    std::int64_t silentFrames_ = 0;
};

}  // namespace tonewright
