#include "dsp/crossover.h"

#include <algorithm>
#include <numbers>
#include <stdexcept>
#include <string>

namespace tonewright {

Crossover::Crossover(std::vector<double> frequenciesHz, const StreamSpec& spec) : frequenciesHz_(std::move(frequenciesHz)) {
    double last = 0.0;
    for (double hz : frequenciesHz_) {
        if (!(hz > last && hz < 0.5 * spec.sampleRateHz))
            throw std::invalid_argument("crossover: " + std::to_string(hz) +
                                        " Hz; frequencies must ascend and stay below half the sample rate");
        last = hz;
    }
    for (int first = 0; first < spec.channels; first += 2) {
        Lane lane{first, std::min(2, spec.channels - first), {}, {}};
        for (double hz : frequenciesHz_) {
            const Svf f(Svf::lowPass(Svf::warped(hz, spec.sampleRateHz), 1.0 / std::numbers::sqrt2));
            lane.stages.push_back({f.a1, f.a2, f.a3});
        }
        for (std::size_t band = 0; band < frequenciesHz_.size(); ++band) {
            std::vector<Rotation> rotations;
            for (std::size_t higher = band + 1; higher < frequenciesHz_.size(); ++higher)
                rotations.push_back({lane.stages[higher].a1, lane.stages[higher].a2, lane.stages[higher].a3});
            lane.rotations.push_back(std::move(rotations));
        }
        lanes_.push_back(std::move(lane));
    }
}

void Crossover::reset() {
    for (Lane& lane : lanes_) {
        for (Stage& stage : lane.stages) stage.first1 = stage.first2 = stage.second1 = stage.second2 = Pair{};
        for (std::vector<Rotation>& rotations : lane.rotations)
            for (Rotation& rotation : rotations) rotation.state1 = rotation.state2 = Pair{};
    }
}

void Crossover::split(ConstBlock input, const Block* bands) noexcept {
    constexpr double kTwoDamping = 2.0 * std::numbers::sqrt2;  // all-pass: x - 2 k v1, k = sqrt(2)
    const int splits = static_cast<int>(frequenciesHz_.size());
    for (Lane& lane : lanes_) {
        const int left = lane.firstChannel, right = left + lane.channels - 1;
        const auto put = [&](int band, int n, Pair y) {
            bands[band].channels[right][n] = static_cast<float>(y[lane.channels - 1]);
            bands[band].channels[left][n] = static_cast<float>(y[0]);
        };
        for (int n = 0; n < input.numFrames; ++n) {
            Pair x{input.channels[left][n], input.channels[right][n]};
            for (int band = 0; band < splits; ++band) {
                Stage& s = lane.stages[band];
                // svf.h, written out: low-pass v2 and band-pass v1 of the first filter, low-pass of the second.
                const Pair v3 = x - s.first2;
                const Pair v1 = s.a1 * s.first1 + s.a2 * v3;
                const Pair v2 = s.first2 + s.a2 * s.first1 + s.a3 * v3;
                s.first1 = 2.0 * v1 - s.first1;
                s.first2 = 2.0 * v2 - s.first2;
                const Pair w3 = v2 - s.second2;
                const Pair w1 = s.a1 * s.second1 + s.a2 * w3;
                Pair low = s.second2 + s.a2 * s.second1 + s.a3 * w3;
                s.second1 = 2.0 * w1 - s.second1;
                s.second2 = 2.0 * low - s.second2;
                x = (x - kTwoDamping * v1) - low;

                for (Rotation& r : lane.rotations[band]) {
                    const Pair u3 = low - r.state2;
                    const Pair u1 = r.a1 * r.state1 + r.a2 * u3;
                    const Pair u2 = r.state2 + r.a2 * r.state1 + r.a3 * u3;
                    r.state1 = 2.0 * u1 - r.state1;
                    r.state2 = 2.0 * u2 - r.state2;
                    low -= kTwoDamping * u1;
                }
                put(band, n, low);
            }
            put(splits, n, x);
        }
    }
}

}  // namespace tonewright
