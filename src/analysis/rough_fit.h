#pragma once
#include <optional>
#include <vector>

#include "core/audio.h"

namespace tonewright {

// The gains with which recordings were mixed, from the mix: least squares over all that was heard,
//
//   min over g of  sum_n (m_c[n] - sum_i g_ic x_i[n])^2        for either channel c of the mix m, x_i one channel of a recording
//
// which is exact where the mix is a sum of gains and pans, whatever the recordings share (spill, doubles). Effects that
// change the waveform leave a remainder: explainedShare says how much of the mix the gains make.
struct RoughGains {
    struct Gain {
        double value = 0.0;
        double error = 0.0;   // standard error, if what is not explained were noise
    };
    using Side = std::vector<std::optional<Gain>>;  // as the recordings' channels came; nullopt: silent, not of this side, or not to be told from others

    Side left, right;
    double explainedShare = 0.0;                    // of the mix's power, 0 ... 1
};

class RoughFit {
public:
    enum class Feeds { both, left, right };   // a mono recording; one side of a stereo one

    explicit RoughFit(std::vector<Feeds> channels);

    // The same frames of all recordings' channels and of the stereo mix.
    void add(ConstBlock recordings, ConstBlock mix);
    RoughGains result() const;

private:
    RoughGains::Side solveSide(int side, double& explained) const;

    std::vector<Feeds> channels_;
    int count_;
    std::vector<double> products_;  // sum x_i x_j, i <= j
    std::vector<double> with_[2];   // sum x_i m_c
    double mixPower_[2] = {};
    double frames_ = 0.0;
};

// Where one signal lies in another that contains much of it: how many frames later, up to mostFrames to either side. By cross-correlation
// of the first seconds in which both sound. nullopt if nothing stands out.
class LagFinder {
public:
    // Keeps at most `frames` of each signal.
    LagFinder(int frames, int mostFrames) : keep_(frames), most_(mostFrames) {}

    void addReference(const float* samples, int count) { add(reference_, samples, count); }
    void addTarget(const float* samples, int count) { add(target_, samples, count); }
    std::optional<int> lag() const;

private:
    void add(std::vector<float>& to, const float* samples, int count) const;
    int keep_, most_;
    std::vector<float> reference_, target_;
};

}  // namespace tonewright
