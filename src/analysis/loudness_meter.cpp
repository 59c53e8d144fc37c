#include "analysis/loudness_meter.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <stdexcept>

#include "analysis/peak_of.h"
#include "core/decibels.h"

namespace tonewright {

namespace {

constexpr int kStepsPerSecond = 100;
constexpr double kOffsetLu = -0.691;

double toLufs(double power) { return kOffsetLu + powerToDb(power); }
double fromLufs(double lufs) { return dbToPower(lufs - kOffsetLu); }

// BS.1770 prints coefficients for 48 kHz only. These analogue parameters reproduce the table (a bilinear transform,
// each stage exact at its own corner) and carry the same response to other rates.
constexpr double kShelfHz = 1681.974450955533, kShelfQ = 0.7071752369554196, kShelfDb = 3.999843853973347;
constexpr double kShelfSlope = 0.4996667741545416;  // band gain = shelf gain ^ slope
constexpr double kLowCutHz = 38.13547087602444, kLowCutQ = 0.5003270373238773;

double lowCutA0(double rate) {
    const double k = std::tan(std::numbers::pi * kLowCutHz / rate);
    return 1.0 + k / kLowCutQ + k * k;
}

StreamSpec checked(const StreamSpec& spec) {
    if (!(spec.sampleRateHz >= 8000.0 && spec.sampleRateHz <= 768000.0))
        throw std::invalid_argument("loudness: the sample rate must lie between 8000 and 768000 Hz");
    if (spec.channels < 1 || spec.channels > 64) throw std::invalid_argument("loudness: the channel count must lie between 1 and 64");
    return spec;
}

// A filter that has rung out (-600 dB) is set to rest before it comes to denormal numbers.
template <class Pair>
void rest(Pair& first, Pair& second, int lane) {
    if (std::abs(first[lane]) < 1e-30 && std::abs(second[lane]) < 1e-30) first[lane] = second[lane] = 0.0;
}

double gatedMean(const LevelHistogram& blocks, double gateLu) {
    const double absolute = fromLufs(-70.0);
    return blocks.meanAbove(std::max(absolute, blocks.meanAbove(absolute) * dbToPower(gateLu)));
}

}  // namespace

double loudnessWeight(int channel, int channels) {
    const bool hasLfe = channels == 6 || channels == 7 || channels == 8;
    if (hasLfe && channel == 3) return 0.0;
    if (channels >= 4 && channels <= 8 && channel >= channels - 2) return 1.41;  // the side pair comes last in WAV order
    return 1.0;
}

KWeighting KWeighting::design(double rate) {
    const double k = std::tan(std::numbers::pi * kShelfHz / rate);
    const double vh = dbToGain(kShelfDb), vb = std::pow(vh, kShelfSlope);
    const double a0 = 1.0 + k / kShelfQ + k * k;
    const Biquad shelf{(vh + vb * k / kShelfQ + k * k) / a0, 2.0 * (k * k - vh) / a0, (vh - vb * k / kShelfQ + k * k) / a0,
                       2.0 * (k * k - 1.0) / a0, (1.0 - k / kShelfQ + k * k) / a0};
    // The table's numerator 1, -2, 1 carries a gain of a0(48 kHz) with it; other rates keep that gain.
    const double c = std::tan(std::numbers::pi * kLowCutHz / rate), c0 = lowCutA0(rate), gain = lowCutA0(48000.0) / c0;
    const Biquad lowCut{gain, -2.0 * gain, gain, 2.0 * (c * c - 1.0) / c0, (1.0 - c / kLowCutQ + c * c) / c0};
    return {shelf, lowCut};
}

double KWeighting::responseDb(double hz, double rate) const {
    const std::complex<double> z = std::polar(1.0, -2.0 * std::numbers::pi * hz / rate);
    const auto of = [z](const Biquad& q) { return (q.b0 + z * (q.b1 + z * q.b2)) / (1.0 + z * (q.a1 + z * q.a2)); };
    return gainToDb(std::abs(of(shelf) * of(lowCut)));
}

LoudnessMeter::LoudnessMeter(const StreamSpec& spec)
    : spec_(checked(spec)), weighting_(KWeighting::design(spec.sampleRateHz)), weights_(spec.channels), states_((spec.channels + 1) / 2) {
    for (int c = 0; c < spec_.channels; ++c) weights_[c] = loudnessWeight(c, spec_.channels);
    stepEnd_ = std::llround(spec_.sampleRateHz / kStepsPerSecond);
}

void LoudnessMeter::add(ConstBlock block) {
    for (int start = 0; start < block.numFrames;) {
        const int count = static_cast<int>(std::min<std::int64_t>(stepEnd_ - frame_, block.numFrames - start));
        filter(block, start, count);
        start += count;
        frame_ += count;
        if (frame_ == stepEnd_) closeStep();
    }
}

void LoudnessMeter::filter(ConstBlock block, int start, int count) {
    const auto& [shelf, cut] = weighting_;
    for (std::size_t p = 0; p < states_.size(); ++p) {
        const int left = static_cast<int>(2 * p), right = std::min(left + 1, spec_.channels - 1);
        if (weights_[left] == 0.0 && weights_[right] == 0.0) continue;
        const float* a = block.channels[left] + start;
        const float* b = block.channels[right] + start;
        PairState s = states_[p];
        Pair energy = s.energy;
        double cross = s.cross;
        current_.peak = std::max({current_.peak, peakOf(a, count), peakOf(b, count)});
        for (int n = 0; n < count; ++n) {
            const Pair x{a[n], b[n]};
            const Pair y = shelf.b0 * x + s.s1;
            s.s1 = (shelf.b1 * x + s.s2) - shelf.a1 * y;
            s.s2 = shelf.b2 * x - shelf.a2 * y;
            const Pair w = cut.b0 * y + s.t1;
            s.t1 = (cut.b1 * y + s.t2) - cut.a1 * w;
            s.t2 = cut.b2 * y - cut.a2 * w;
            energy += w * w;
            cross += w[0] * w[1];
        }
        s.energy = energy;
        s.cross = cross;
        states_[p] = s;
    }
}

// A step that is not finite (a broken file) counts as silence.
void LoudnessMeter::closeStep() {
    current_.frames = frame_ - static_cast<std::int64_t>(std::llround(static_cast<double>(step_) * spec_.sampleRateHz / kStepsPerSecond));
    for (std::size_t p = 0; p < states_.size(); ++p) {
        PairState& s = states_[p];
        const std::size_t left = 2 * p, right = left + 1;
        current_.power += weights_[left] * s.energy[0] + (right < weights_.size() ? weights_[right] * s.energy[1] : 0.0);
        current_.mono += 0.5 * (s.energy[0] + s.energy[1]) + s.cross;  // (L+R)/2 in both channels
        s.energy = Pair{};
        s.cross = 0.0;
    }
    if (!std::isfinite(current_.power) || !std::isfinite(current_.mono)) {
        current_.power = current_.mono = 0.0;
        current_.peak = 0.0f;
        std::fill(states_.begin(), states_.end(), PairState{});
    }
    for (PairState& s : states_)
        for (int lane = 0; lane < 2; ++lane) {
            rest(s.s1, s.s2, lane);
            rest(s.t1, s.t2, lane);
        }

    lastSteps_[step_ % 10] = current_;
    Step tenth;
    for (const Step& step : lastSteps_) {
        tenth.power += step.power;
        tenth.mono += step.mono;
        tenth.frames += step.frames;
        tenth.peak = std::max(tenth.peak, step.peak);
    }
    lastTenths_[step_ % 300] = tenth;
    current_ = {};
    ++step_;
    stepEnd_ = std::llround(static_cast<double>(step_ + 1) * spec_.sampleRateHz / kStepsPerSecond);

    const Step momentary = window(4), shortTerm = window(30);
    if (step_ >= 40) maxMomentary_ = std::max(maxMomentary_, momentary.power);
    if (step_ >= 300) maxShortTerm_ = std::max(maxShortTerm_, shortTerm.power);
    if (step_ % 10 != 0) return;
    if (step_ >= 40) {
        momentary_.add(momentary.power);
        if (spec_.channels == 2) momentaryMono_.add(std::max(momentary.mono, 0.0));
    }
    if (step_ >= 300) {
        shortTerm_.add(shortTerm.power);
        shortTermCurve_.add(shortTerm.power);
        if (shortTerm.power > 0.0) {
            const double ratio = static_cast<double>(shortTerm.peak) * shortTerm.peak / shortTerm.power;
            const auto [at, isNew] = lowestPeakRatio_.try_emplace(static_cast<int>(std::floor(10.0 * powerToDb(shortTerm.power))), ratio);
            if (!isNew) at->second = std::min(at->second, ratio);
        }
    }
}

// Mean over the last `tenths` times 100 ms, added up anew every time: nothing accumulates rounding.
LoudnessMeter::Step LoudnessMeter::window(int tenths) const {
    Step sum;
    for (int i = 0; i < tenths; ++i) {
        const Step& part = lastTenths_[((step_ - 1 - 10 * i) % 300 + 300) % 300];
        sum.power += part.power;
        sum.mono += part.mono;
        sum.frames += part.frames;
        sum.peak = std::max(sum.peak, part.peak);
    }
    if (sum.frames > 0) {
        sum.power /= static_cast<double>(sum.frames);
        sum.mono /= static_cast<double>(sum.frames);
    }
    return sum;
}

LoudnessMeter::Result LoudnessMeter::result() const {
    constexpr double kNothing = 1e-20;  // -200 dB: what a filter leaves behind in digital silence
    Result result;
    if (maxMomentary_ > kNothing) result.maxMomentaryLufs = toLufs(maxMomentary_);
    if (maxShortTerm_ > kNothing) result.maxShortTermLufs = toLufs(maxShortTerm_);
    const double integrated = gatedMean(momentary_, -10.0);
    if (integrated > 0.0) result.integratedLufs = toLufs(integrated);
    if (integrated > 0.0 && spec_.channels == 2) {
        const double mono = gatedMean(momentaryMono_, -10.0);
        result.monoLossLu = mono > 0.0 ? std::min(0.0, powerToDb(mono / integrated)) : kSilentDb;
    }

    const double absolute = fromLufs(-70.0), mean = shortTerm_.meanAbove(absolute);
    if (mean > 0.0) {
        const double gate = std::max(absolute, mean * dbToPower(-20.0));
        const double low = shortTerm_.quantileAbove(gate, 0.10), high = shortTerm_.quantileAbove(gate, 0.95);
        result.loudnessRangeLu = powerToDb(high / low);
    }
    if (maxShortTerm_ > kNothing) {
        for (const auto& [level, ratio] : lowestPeakRatio_) {
            if (0.1 * level < powerToDb(maxShortTerm_) - 10.0) continue;
            const double psr = powerToDb(ratio) - kOffsetLu;
            result.minPeakToShortTermDb = std::min(psr, result.minPeakToShortTermDb.value_or(psr));
        }
    }
    for (double power : shortTermCurve_.points())
        result.shortTermLufs.push_back(power > kNothing ? static_cast<float>(toLufs(power)) : -200.0f);
    return result;
}

}  // namespace tonewright
