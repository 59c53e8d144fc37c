#pragma once
#include <optional>
#include <span>
#include <vector>

namespace tonewright {

// How much of the energy is attacks: 0 for what is sustained, 1 for what comes and goes at once.
//
//   sustained[t] = min(max p[t-150 ms ... t-50 ms], max p[t+50 ms ... t+150 ms])        per band
//   percussiveness = 1 - sum min(p, sustained) / sum p
//
// A tone that lasts is as strong before and after; a hit is not. Ratios only, so level does not matter.
class PercussivenessMeter {
public:
    PercussivenessMeter(int bands, double frameSeconds);

    void add(std::span<const float> bandPower);   // one frame
    std::optional<double> result() const;         // nullopt for silence or less than 300 ms

private:
    int bands_, near_, far_;           // 50 and 150 ms in frames
    std::vector<float> ring_;          // the last 2 far_ + 1 frames
    std::vector<float> before_, after_;
    long frames_ = 0;
    double total_ = 0.0, sustained_ = 0.0;
};

}  // namespace tonewright
