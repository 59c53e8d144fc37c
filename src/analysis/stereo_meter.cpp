#include "analysis/stereo_meter.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "core/decibels.h"
#include "dsp/target_clones.h"

namespace tonewright {

namespace {

constexpr double kLowHz = 200.0, kHighHz = 4000.0;
using Indices = long long __attribute__((vector_size(32)));

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

// Butterworth, second order, bilinear; two in a row make a Linkwitz-Riley of fourth order.
template <class Coefficients>
Coefficients design(double hz, bool high, double rate) {
    const double k = std::tan(std::numbers::pi * std::min(hz, 0.45 * rate) / rate);
    const double a0 = 1.0 + std::numbers::sqrt2 * k + k * k, b = (high ? 1.0 : k * k) / a0;
    return {b, high ? -2.0 * b : 2.0 * b, b, 2.0 * (k * k - 1.0) / a0, (1.0 - std::numbers::sqrt2 * k + k * k) / a0};
}

}  // namespace

StereoMeter::Filters::Filters(const Coefficients& l, const Coefficients& u)
    : b0{l.b0, l.b0, u.b0, u.b0}, b1{l.b1, l.b1, u.b1, u.b1}, b2{l.b2, l.b2, u.b2, u.b2}, a1{l.a1, l.a1, u.a1, u.a1}, a2{l.a2, l.a2, u.a2, u.a2} {}

StereoMeter::StereoMeter(const StreamSpec& spec)
    : stereo_(spec.channels == 2), twoBands_(spec.sampleRateHz < 2.2 * kHighHz),
      stepFrames_(std::max(1, static_cast<int>(std::lround(0.01 * spec.sampleRateHz)))),
      at200_(design<Coefficients>(kLowHz, false, spec.sampleRateHz), design<Coefficients>(kLowHz, true, spec.sampleRateHz)),
      at4k_(design<Coefficients>(kHighHz, false, spec.sampleRateHz), design<Coefficients>(kHighHz, true, spec.sampleRateHz)) {}

void StereoMeter::add(ConstBlock block) {
    if (!stereo_) return;
    for (int start = 0; start < block.numFrames;) {
        const int count = std::min(stepFrames_ - inStep_, block.numFrames - start);
        measure(block.channels[0] + start, block.channels[1] + start, count, at200_, at4k_, states_, step_, bandStep_);
        inStep_ += count;
        start += count;
        if (inStep_ == stepFrames_) closeStep();
    }
}

TONEWRIGHT_TARGET_CLONES
void StereoMeter::measure(const float* left, const float* right, int count, const Filters& at200, const Filters& at4k, std::array<State, 4>& states,
                          Sums& whole, std::array<BandSums, 2>& bands) {
    const Filters low = at200, high = at4k;      // copies: the compiler keeps them in registers
    State s0 = states[0], s1 = states[1], s2 = states[2], s3 = states[3];
    Lanes lowSquares = bands[0].squares, lowProducts = bands[0].products, highSquares = bands[1].squares, highProducts = bands[1].products;
    double ll = whole.ll, rr = whole.rr, lr = whole.lr;
    for (int n = 0; n < count; ++n) {
        const double l = left[n], r = right[n];
        ll += l * l;
        rr += r * r;
        lr += l * r;
        const Lanes x{l, r, l, r};
        const Lanes y = low.b0 * x + s0.s1;
        s0.s1 = (low.b1 * x + s0.s2) - low.a1 * y;
        s0.s2 = low.b2 * x - low.a2 * y;
        const Lanes z = low.b0 * y + s1.s1;      // below and above 200 Hz
        s1.s1 = (low.b1 * y + s1.s2) - low.a1 * z;
        s1.s2 = low.b2 * y - low.a2 * z;
        lowSquares += z * z;
        lowProducts += z * __builtin_shuffle(z, Indices{1, 0, 3, 2});
        const Lanes u = __builtin_shuffle(z, x, Indices{2, 3, 4, 5});   // what lies above 200 Hz, and all
        const Lanes v = high.b0 * u + s2.s1;
        s2.s1 = (high.b1 * u + s2.s2) - high.a1 * v;
        s2.s2 = high.b2 * u - high.a2 * v;
        const Lanes w = high.b0 * v + s3.s1;     // up to 4 kHz and above
        s3.s1 = (high.b1 * v + s3.s2) - high.a1 * w;
        s3.s2 = high.b2 * v - high.a2 * w;
        highSquares += w * w;
        highProducts += w * __builtin_shuffle(w, Indices{1, 0, 3, 2});
    }
    states = {s0, s1, s2, s3};
    whole = {ll, rr, lr};
    bands[0] = {lowSquares, lowProducts};
    bands[1] = {highSquares, highProducts};
}

// Sums of a step that is not finite are dropped; filters that have rung out are set to rest.
void StereoMeter::closeStep() {
    const auto finite = [](const Sums& s) { return std::isfinite(s.ll) && std::isfinite(s.rr) && std::isfinite(s.lr); };
    const auto gather = [](Sums& total, const Sums& part) {
        total.ll += part.ll;
        total.rr += part.rr;
        total.lr += part.lr;
    };
    const auto bandOf = [](const BandSums& s, int lane) { return Sums{s.squares[lane], s.squares[lane + 1], s.products[lane]}; };
    const std::array<Sums, 3> bands = {bandOf(bandStep_[0], 0), bandOf(bandStep_[1], 0), bandOf(bandStep_[1], 2)};
    bool good = finite(step_);
    for (const Sums& band : bands) good = good && finite(band);
    if (good) {
        gather(whole_, step_);
        for (std::size_t b = 0; b < bands_.size(); ++b) gather(bands_[b], bands[b]);
    } else {
        states_ = {};
    }
    for (State& state : states_)
        for (int lane = 0; lane < 4; ++lane)
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
