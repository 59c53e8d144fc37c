#include "analysis/stereo_meter.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "core/decibels.h"

namespace tonewright {

namespace {

constexpr double kLowHz = 200.0, kHighHz = 4000.0;

// Below this share of the louder power a difference of sums is rounding.
constexpr double kRoundingShare = 1e-14;

template <class Sums>
std::optional<double> correlationOf(const Sums& s) {
    if (!(s.ll > 0.0 && s.rr > 0.0)) return std::nullopt;
    return std::clamp(s.lr / std::sqrt(s.ll * s.rr), -1.0, 1.0);
}

template <class Sums>
std::optional<double> widthDbOf(const Sums& s) {
    const double total = s.ll + s.rr;
    if (!(total > 0.0)) return std::nullopt;
    double mid = total + 2.0 * s.lr, side = total - 2.0 * s.lr;
    if (mid < kRoundingShare * total) mid = 0.0;
    if (side < kRoundingShare * total) side = 0.0;
    return powerToDb(side / mid);
}

}  // namespace

StereoMeter::StereoMeter(const StreamSpec& spec)
    : stereo_(spec.channels == 2), twoBands_(spec.sampleRateHz < 2.2 * kHighHz),
      stepFrames_(std::max(1, static_cast<int>(std::lround(0.01 * spec.sampleRateHz)))) {
    // Butterworth, second order, bilinear; two in a row make a Linkwitz-Riley of fourth order.
    const auto design = [&](double hz, bool high) {
        const double k = std::tan(std::numbers::pi * std::min(hz, 0.45 * spec.sampleRateHz) / spec.sampleRateHz);
        const double a0 = 1.0 + std::numbers::sqrt2 * k + k * k, b = (high ? 1.0 : k * k) / a0;
        return Coefficients{b, high ? -2.0 * b : 2.0 * b, b, 2.0 * (k * k - 1.0) / a0, (1.0 - std::numbers::sqrt2 * k + k * k) / a0};
    };
    lowPass200_ = design(kLowHz, false);
    highPass200_ = design(kLowHz, true);
    lowPass4k_ = design(kHighHz, false);
    highPass4k_ = design(kHighHz, true);
}

void StereoMeter::add(ConstBlock block) {
    if (!stereo_) return;
    for (int start = 0; start < block.numFrames;) {
        const int count = std::min(stepFrames_ - inStep_, block.numFrames - start);
        const float* left = block.channels[0] + start;
        const float* right = block.channels[1] + start;
        std::array<State, 8> s = states_;
        const auto run = [&s](const Coefficients& q, int stage, Pair x) {
            const Pair y = q.b0 * x + s[stage].s1;
            s[stage].s1 = (q.b1 * x + s[stage].s2) - q.a1 * y;
            s[stage].s2 = q.b2 * x - q.a2 * y;
            return y;
        };
        const auto sum = [](Sums& into, Pair x) {
            into.ll += x[0] * x[0];
            into.rr += x[1] * x[1];
            into.lr += x[0] * x[1];
        };
        Sums whole = step_;
        std::array<Sums, 3> bands = bandStep_;
        for (int n = 0; n < count; ++n) {
            const Pair x{left[n], right[n]};
            sum(whole, x);
            sum(bands[0], run(lowPass200_, 1, run(lowPass200_, 0, x)));
            const Pair above = run(highPass200_, 3, run(highPass200_, 2, x));
            sum(bands[1], run(lowPass4k_, 5, run(lowPass4k_, 4, above)));
            sum(bands[2], run(highPass4k_, 7, run(highPass4k_, 6, x)));
        }
        states_ = s;
        step_ = whole;
        bandStep_ = bands;
        inStep_ += count;
        start += count;
        if (inStep_ == stepFrames_) closeStep();
    }
}

// Sums of a step that is not finite are dropped; filters that have rung out are set to rest.
void StereoMeter::closeStep() {
    const auto finite = [](const Sums& s) { return std::isfinite(s.ll) && std::isfinite(s.rr) && std::isfinite(s.lr); };
    const auto gather = [](Sums& total, const Sums& part) {
        total.ll += part.ll;
        total.rr += part.rr;
        total.lr += part.lr;
    };
    bool good = finite(step_);
    for (const Sums& band : bandStep_) good = good && finite(band);
    if (good) {
        gather(whole_, step_);
        for (std::size_t b = 0; b < bands_.size(); ++b) gather(bands_[b], bandStep_[b]);
    } else {
        states_ = {};
    }
    for (State& state : states_)
        for (int lane = 0; lane < 2; ++lane)
            if (std::abs(state.s1[lane]) < 1e-30 && std::abs(state.s2[lane]) < 1e-30) state.s1[lane] = state.s2[lane] = 0.0;
    step_ = {};
    bandStep_ = {};
    inStep_ = 0;
}

StereoFacts StereoMeter::result() const {
    StereoFacts facts;
    if (!stereo_) return facts;
    StereoMeter all = *this;
    all.closeStep();
    facts.correlation = correlationOf(all.whole_);
    facts.widthDb = widthDbOf(all.whole_);
    if (all.whole_.ll > 0.0 || all.whole_.rr > 0.0) facts.balanceDb = powerToDb(all.whole_.ll / all.whole_.rr);
    // A band 80 dB below the whole holds only what the filters let through.
    const double total = all.whole_.ll + all.whole_.rr;
    for (std::size_t b = 0; b < all.bands_.size(); ++b) {
        const Sums& band = all.bands_[b];
        if (band.ll + band.rr < 1e-8 * total || (b == 2 && twoBands_)) continue;
        facts.bandCorrelation[b] = correlationOf(band);
        facts.bandWidthDb[b] = widthDbOf(band);
    }
    facts.dualMono = facts.widthDb && *facts.widthDb < -60.0;
    facts.oneChannelSilent = silentChannel() >= 0;
    return facts;
}

int StereoMeter::silentChannel() const {
    StereoMeter all = *this;
    all.closeStep();
    const Sums& s = all.whole_;
    if (s.ll < 1e-6 * s.rr) return 0;
    if (s.rr < 1e-6 * s.ll) return 1;
    return -1;
}

bool StereoMeter::channelInverted() const {
    const StereoFacts facts = result();
    return facts.correlation && *facts.correlation < -0.9 && *facts.widthDb > 10.0;
}

}  // namespace tonewright
