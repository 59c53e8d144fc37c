#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace tonewright {

// What was heard of the kick and what stayed of the rest, as the splitter itself sees it: sums over the hits of drums that
// were heard often enough to be known. Nothing here needs the parts.
struct HitSums {
    int hits = 0;                 // of known drums
    double likeness = 0.0;        // sum over hits of the correlation with the drum as remembered before
    double kickPower = 0.0;       // energy of the hits' mean in the whole band, where they were
    double kickEarly = 0.0, kickLate = 0.0;   // the first and the second 110 ms of it after the middle
    double kickCaught = 0.0;      // the same, times what the component holds of it
    double bandPower = 0.0;       // energy of the band, all of it
    double hitBandPower = 0.0;    // ... while a known drum sounds
    double restPower = 0.0;       // ... without the hits' mean
};

// The drum that hits, remembered: hits of one drum are nearly the same wave every time, and a bass under them is another one
// each time (another note, another phase). Each hit found in the attacks is laid over those before it:
//
//   T <- T + (s / g - T) / min(n, 24)      g = <s, T> / <T, T>, best of +-10 ms; same drum where the correlation is > 0.6
//   kick += g T                            from 50 ms before the hit's middle to 220 ms after it
//
// so that what changes from hit to hit fades from T. Four drums are remembered; a new one sounds only while none is
// known, or when it is heard for the third time. Passengers (attack_splitter.h) are averaged with the same numbers.
class HitMemory {
public:
    HitMemory(double rateHz, int channels, int steering);

    int latency() const { return latency_; }
    void reset();
    // One sample of each channel of the attacks and of the whole band in; the kick and the band out.
    void push(std::span<const float> attack, std::span<const float> band, std::span<float> kick, std::span<float> bandOut);
    const HitSums& sums() const { return sums_; }

private:
    struct Drum {
        std::vector<std::vector<float>> attack, band;   // per channel
        int hits = 0;
        std::int64_t last = 0;
    };

    void closeStep();
    bool isPeak() const;
    void hit(std::int64_t middle);
    void remember(Drum& drum, std::int64_t from, double share, double gain);
    void sound(const Drum& drum, std::int64_t from, double gain, double likeness);
    Drum& place();
    float at(const std::vector<float>& ring, std::int64_t index) const { return ring[static_cast<std::size_t>(index & ringMask_)]; }

    int channels_, steering_;
    int before_, length_, search_, spacingSteps_, blurSteps_, wait_, latency_;
    double forgetPerSample_;
    std::vector<float> shape_;                           // fades of a hit's window
    std::int64_t ringMask_;
    std::vector<std::vector<float>> attack_, band_, kick_;  // rings per channel, by sample index
    std::vector<double> steps_, smooth_;                 // rings of energies, by step index
    std::int64_t stepMask_;
    std::int64_t now_ = 0, step_ = 0;                    // samples and steps so far
    double stepPower_ = 0.0;
    double loudest_ = 0.0;                               // of late
    std::int64_t loudestAt_ = 0;
    std::vector<Drum> drums_;
    int known_ = 0;                                      // drums in use
    HitSums sums_;
};

}  // namespace tonewright
