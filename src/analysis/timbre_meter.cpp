#include "analysis/timbre_meter.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tonewright {

namespace {

constexpr std::array<int, TimbreFacts::kDecays> kDecayFrames = {3, 6, 12, 24, 48};
constexpr double kLowestHz = 60.0, kHighestHz = 2000.0, kReferenceHz = 55.0;
constexpr int kMostPeaks = 16;
constexpr double kTolerance = 0.03;  // of a harmonic's place

// dB of a over b within 0 ... most.
double dropDb(double a, double b, double most) {
    if (!(a > 0.0)) return 0.0;
    if (!(b > 0.0)) return most;
    return std::clamp(10.0 * std::log10(a / b), 0.0, most);
}

// dB of a part of the whole, not below -50.
double shareDb(double part, double whole) { return 10.0 * std::log10(std::max(1e-5, whole > 0.0 ? part / whole : 0.0)); }

// Whether a peak is one of the harmonics of `hz`; the number of it, or 0.
int harmonicOf(double peakHz, double hz) {
    const double multiple = peakHz / hz, nearest = std::round(multiple);
    return nearest >= 1.0 && std::abs(multiple - nearest) < std::min(0.2, kTolerance * nearest) ? static_cast<int>(nearest) : 0;
}

}  // namespace

void TimbreMeter::Moments::add(double value) {
    n += 1.0;
    sum += value;
    square += value * value;
}

double TimbreMeter::Moments::mean() const { return n > 0.0 ? sum / n : 0.0; }

double TimbreMeter::Moments::deviation() const { return n > 0.0 ? std::sqrt(std::max(0.0, square / n - mean() * mean())) : 0.0; }

TimbreMeter::TimbreMeter(const SpectralStream& stream)
    : followerDecay_(std::exp(-stream.fineHopSeconds() / 8.0)), highestHz_(std::min(kHighestHz, stream.usableHz(Resolution::mid))) {}

void TimbreMeter::frame(Resolution resolution, const SpectralFrame& frame) {
    if (resolution == Resolution::fine) addFine(frame);
    if (resolution == Resolution::mid) addMid(frame);
}

void TimbreMeter::addFine(const SpectralFrame& frame) {
    std::array<double, kBands>& now = ring_[fineFrames_ % kRing];
    now.fill(0.0);
    if (!frame.silent) {
        const int bins = static_cast<int>(frame.power.size());
        const int low = std::clamp(static_cast<int>(150.0 / frame.binHz) + 1, 1, bins), high = std::clamp(static_cast<int>(2000.0 / frame.binHz) + 1, low, bins);
        float sums[3] = {};
        for (int k = 1; k < low; ++k) sums[0] += frame.power[k];
        for (int k = low; k < high; ++k) sums[1] += frame.power[k];
        for (int k = high; k < bins; ++k) sums[2] += frame.power[k];
        now = {static_cast<double>(sums[0]) + sums[1] + sums[2], sums[0], sums[1], sums[2]};
    }
    ++fineFrames_;
    if (fineFrames_ >= kRing) weighStrike();
}

// Of the frame that lies kAhead frames back.
void TimbreMeter::weighStrike() {
    const auto at = [this](long frame) -> const std::array<double, kBands>& { return ring_[frame % kRing]; };
    const long centre = fineFrames_ - 1 - kAhead;
    const double power = at(centre)[0];
    follower_ = std::max(power, follower_ * followerDecay_);
    constexpr double kWithin25Db = 0.00316;
    if (!(power > follower_ * kWithin25Db)) return;
    ++loudFrames_;
    if (power < 4.0 * at(centre - kBehind)[0]) return;
    for (int d = -kBehind; d <= kBehind; ++d)
        if (d < 0 ? at(centre + d)[0] > power : d > 0 && at(centre + d)[0] >= power) return;
    ++strikes_;
    rise_ += dropDb(power, at(centre - 2)[0], 50.0);
    attack_.add(dropDb(power, at(centre - kBehind)[0], 50.0));
    if (lastStrike_ >= 0) gap_.add(std::log2(static_cast<double>(centre - lastStrike_) / 10.0));
    lastStrike_ = centre;
    lowShare_.add(shareDb(at(centre)[1], power));
    highShare_.add(shareDb(at(centre)[3], power));
    decay120_.add(dropDb(power, at(centre + kDecayFrames[2])[0], 50.0));
    for (int band = 0; band < kBands; ++band) {
        double highest = 0.0;
        for (int d = -kBehind; d <= kBehind; ++d) highest = std::max(highest, at(centre + d)[band]);
        for (std::size_t i = 0; i < kDecayFrames.size(); ++i) decay_[band][i] += dropDb(highest, at(centre + kDecayFrames[i])[band], 50.0);
    }
}

std::vector<TimbreMeter::Peak> TimbreMeter::peaksOf(const SpectralFrame& frame, double& peakShare) const {
    constexpr int kAround = 6;
    const float* p = frame.power.data();
    const int from = std::max(kAround, static_cast<int>(kLowestHz / frame.binHz));
    const int to = std::min(static_cast<int>(highestHz_ / frame.binHz), static_cast<int>(frame.power.size()) - kAround - 2);
    std::vector<Peak> peaks;
    double total = 0.0, inPeaks = 0.0;
    float strongest = 0.0f;
    for (int k = from; k <= to; ++k) {
        total += p[k];
        strongest = std::max(strongest, p[k]);
    }
    for (int k = from; k <= to; ++k) {
        if (!(p[k] > p[k - 1] && p[k] >= p[k + 1]) || p[k] < 1e-4f * strongest || p[k - 1] <= 0.0f || p[k + 1] <= 0.0f) continue;
        float around = 0.0f;
        for (int j = k - kAround; j <= k + kAround; ++j) around += p[j];
        if (p[k] < 4.0f * around / (2 * kAround + 1)) continue;
        const double a = std::log(p[k - 1]), b = std::log(p[k]), c = std::log(p[k + 1]);
        const double curvature = a - 2.0 * b + c, hz = (k + 0.5 * (a - c) / curvature) * frame.binHz;
        inPeaks += p[k - 1] + p[k] + p[k + 1];
        const double widthBins = 2.0 * std::sqrt(2.0 * std::numbers::ln2 / std::max(0.01, -curvature));  // ln 2 below the vertex
        peaks.push_back({1200.0 * std::log2(hz / kReferenceHz), hz, std::sqrt(static_cast<double>(p[k])), std::min(10.0, widthBins)});
    }
    peakShare = total > 0.0 ? std::min(1.0, inPeaks / total) : 0.0;
    std::ranges::stable_sort(peaks, [](const Peak& a, const Peak& b) { return a.amplitude > b.amplitude; });
    if (peaks.size() > kMostPeaks) peaks.resize(kMostPeaks);
    return peaks;
}

void TimbreMeter::addMid(const SpectralFrame& frame) {
    double power = 0.0;
    if (!frame.silent)
        for (const float p : frame.power) power += p;
    midFollower_ = std::max(power, midFollower_ * followerDecay_);
    constexpr double kWithin30Db = 0.001;
    if (!(power > midFollower_ * kWithin30Db)) {
        before_.clear();
        lastPitch_ = -1.0;
        return;
    }
    double share = 0.0;
    const std::vector<Peak> peaks = peaksOf(frame, share);
    ++midFrames_;
    peakShare_ += share;
    const double strongest = peaks.empty() ? 0.0 : peaks.front().amplitude;
    peakCount_ += static_cast<double>(std::ranges::count_if(peaks, [&](const Peak& peak) { return peak.amplitude > 0.1 * strongest; }));
    addHigh(frame);
    followPeaks(peaks);
    findFundamentals(peaks);
    before_ = peaks;
}

void TimbreMeter::addHigh(const SpectralFrame& frame) {
    constexpr int kAround = 4;
    const float* p = frame.power.data();
    const int from = static_cast<int>(2000.0 / frame.binHz), to = std::min(static_cast<int>(6000.0 / frame.binHz), static_cast<int>(frame.power.size()) - kAround - 1);
    float total = 0.0f, inPeaks = 0.0f;
    for (int k = from; k < to; ++k) total += p[k];
    for (int k = from; k < to; ++k) {
        if (!(p[k] > p[k - 1] && p[k] >= p[k + 1]) || p[k] < 1e-3f * total) continue;
        if (p[k] > 8.0f * (p[k - kAround] + p[k + kAround])) inPeaks += p[k - 1] + p[k] + p[k + 1];
    }
    if (total > 0.0f) highPeaks_.add(std::min(1.0f, inPeaks / total));
}

void TimbreMeter::followPeaks(const std::vector<Peak>& peaks) {
    constexpr double kReachCents = 70.0, kGlidingCents = 10.0, kClearlyHz = 150.0;  // below, a bin is too wide for cents
    constexpr double kMiddleHz = 600.0;
    double sum = 0.0;
    for (const Peak& peak : peaks) sum += peak.amplitude;
    if (!(sum > 0.0)) return;
    double changes = 0.0, weights = 0.0;
    std::array<double, kMostPeaks> change{}, share{};  // of the followed ones
    int count = 0;
    for (const Peak& peak : peaks) {
        if (peak.hz < kClearlyHz) continue;
        const double weight = peak.amplitude / sum, angle = 2.0 * std::numbers::pi * peak.cents / 100.0;
        gridRe_ += weight * std::cos(angle);
        gridIm_ += weight * std::sin(angle);
        gridWeight_ += weight;
        (peak.hz < kMiddleHz ? lowWidth_ : highWidth_).add(peak.widthBins);
        if (before_.empty()) continue;
        const Peak& nearest = *std::ranges::min_element(before_, {}, [&](const Peak& other) { return std::abs(other.cents - peak.cents); });
        const double cents = std::abs(nearest.cents - peak.cents);
        offered_ += weight;
        if (cents >= kReachCents) continue;
        followed_ += weight;
        glide_ += weight * cents;
        if (cents > kGlidingCents) gliding_ += weight;
        change[count] = std::clamp(20.0 * std::log10(peak.amplitude / nearest.amplitude), -12.0, 12.0);
        share[count] = weight;
        changes += weight * change[count];
        weights += weight;
        ++count;
    }
    if (!(weights > 0.0)) return;
    change_ += changes;
    for (int i = 0; i < count; ++i) {
        if (change[i] > 1.0) rising_ += share[i];
        wobble_ += share[i] * std::abs(change[i] - changes / weights);
    }
}

TimbreMeter::Fundamental TimbreMeter::bestFundamental(const std::vector<Peak>& peaks) const {
    constexpr double kLowestPitchHz = 40.0;
    Fundamental best;
    for (std::size_t i = 0; i < std::min<std::size_t>(4, peaks.size()); ++i)
        for (int part = 1; part <= 4; ++part) {
            const double hz = peaks[i].hz / part;
            if (hz < kLowestPitchHz) break;
            double explained = 0.0;
            for (const Peak& peak : peaks)
                if (harmonicOf(peak.hz, hz) > 0) explained += peak.amplitude;
            explained *= 1.0 - 0.06 * (part - 1);  // any low enough tone has every peak among its multiples
            if (explained > best.explained) best = {hz, explained};
        }
    return best;
}

void TimbreMeter::findFundamentals(const std::vector<Peak>& peaks) {
    double sum = 0.0;
    for (const Peak& peak : peaks) sum += peak.amplitude;
    if (!(sum > 0.0)) return;
    const Fundamental first = bestFundamental(peaks);
    harmonicity_ += first.explained / sum;
    std::vector<Peak> left;
    for (const Peak& peak : peaks)
        if (!(first.hz > 0.0) || harmonicOf(peak.hz, first.hz) == 0) left.push_back(peak);
    twoTones_.add((first.explained + bestFundamental(left).explained) / sum);
    if (first.explained < 0.7 * sum) {
        lastPitch_ = -1.0;
        return;
    }
    const double semitones = 12.0 * std::log2(first.hz / kReferenceHz);
    ++voiced_;
    pitch_ += semitones;
    pitchSquare_ += semitones * semitones;
    addHarmonics(peaks, first, sum);
    if (lastPitch_ >= 0.0) {
        const double step = std::abs(semitones - lastPitch_);
        ++steps_;
        pitchSteps_ += std::min(3.0, step);
        holding_ += step < 0.1;
        wavering_ += step >= 0.1 && step < 1.0;
    }
    lastPitch_ = semitones;
}

void TimbreMeter::addHarmonics(const std::vector<Peak>& peaks, const Fundamental& tone, double sum) {
    double first = 0.0, second = 0.0, odd = 0.0, even = 0.0;
    for (const Peak& peak : peaks) {
        const int number = harmonicOf(peak.hz, tone.hz);
        if (number == 1) first = peak.amplitude;
        if (number == 2) second = peak.amplitude;
        if (number > 1) (number % 2 == 1 ? odd : even) += peak.amplitude;
    }
    firstShare_ += first / sum;
    if (odd + even > 0.0) odd_.add(odd / (odd + even));
    second_.add(first > 0.0 || second > 0.0 ? std::clamp(20.0 * std::log10(std::max(second, 1e-9) / std::max(first, 1e-9)), -40.0, 40.0) : 0.0);
}

TimbreFacts TimbreMeter::result() const {
    TimbreFacts facts;
    const auto per = [](double sum, double count) { return count > 0.0 ? sum / count : 0.0; };
    facts.strikeShare = per(static_cast<double>(strikes_), static_cast<double>(loudFrames_));
    facts.riseDb = per(rise_, static_cast<double>(strikes_));
    for (int band = 0; band < kBands; ++band)
        for (int i = 0; i < TimbreFacts::kDecays; ++i) facts.decayDb[band][i] = per(decay_[band][i], static_cast<double>(strikes_));
    const double frames = static_cast<double>(midFrames_), voiced = static_cast<double>(voiced_);
    facts.peakShare = per(peakShare_, frames);
    facts.peakCount = per(peakCount_, frames);
    facts.harmonicity = per(harmonicity_, frames);
    facts.followedShare = per(followed_, offered_);
    facts.glideCents = per(glide_, followed_);
    facts.glidingShare = per(gliding_, followed_);
    facts.grid = per(std::hypot(gridRe_, gridIm_), gridWeight_);
    facts.voicedShare = per(voiced, frames);
    facts.pitchSemitones = per(pitch_, voiced);
    facts.pitchSpreadSemitones = std::sqrt(std::max(0.0, per(pitchSquare_, voiced) - facts.pitchSemitones * facts.pitchSemitones));
    facts.pitchStepSemitones = per(pitchSteps_, static_cast<double>(steps_));
    facts.fundamentalShare = per(firstShare_, voiced);
    facts.attackDb = attack_.mean();
    facts.strikeGapOctaves = gap_.mean();
    facts.strikeGapSpreadOctaves = gap_.deviation();
    facts.decaySpreadDb = decay120_.deviation();
    facts.strikeLowSpreadDb = lowShare_.deviation();
    facts.strikeHighSpreadDb = highShare_.deviation();
    facts.peakChangeDb = per(change_, followed_);
    facts.peakRisingShare = per(rising_, followed_);
    facts.peakWobbleDb = per(wobble_, followed_);
    facts.lowPeakWidth = lowWidth_.mean();
    facts.highPeakWidth = highWidth_.mean();
    facts.twoTonesShare = twoTones_.mean();
    facts.oddShare = odd_.mean();
    facts.secondDb = second_.mean();
    facts.highPeakShare = highPeaks_.mean();
    facts.holdingShare = per(static_cast<double>(holding_), static_cast<double>(steps_));
    facts.waveringShare = per(static_cast<double>(wavering_), static_cast<double>(steps_));
    return facts;
}

}  // namespace tonewright
