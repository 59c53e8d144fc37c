#include "analysis/timbre_meter.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tonewright {

namespace {

constexpr std::array<int, TimbreFacts::kDecays> kDecayFrames = {3, 6, 12, 24, 48};
constexpr double kLowestHz = 60.0, kHighestHz = 2000.0, kReferenceHz = 55.0;
constexpr int kMostPeaks = 16;

// dB of a over b within 0 ... most.
double dropDb(double a, double b, double most) {
    if (!(a > 0.0)) return 0.0;
    if (!(b > 0.0)) return most;
    return std::clamp(10.0 * std::log10(a / b), 0.0, most);
}

}  // namespace

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
        const double hz = (k + 0.5 * (a - c) / (a - 2.0 * b + c)) * frame.binHz;
        inPeaks += p[k - 1] + p[k] + p[k + 1];
        peaks.push_back({1200.0 * std::log2(hz / kReferenceHz), hz, std::sqrt(static_cast<double>(p[k]))});
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
    followPeaks(peaks);
    findFundamental(peaks);
    before_ = peaks;
}

void TimbreMeter::followPeaks(const std::vector<Peak>& peaks) {
    constexpr double kReachCents = 70.0, kGlidingCents = 10.0, kClearlyHz = 150.0;  // below, a bin is too wide for cents
    double sum = 0.0;
    for (const Peak& peak : peaks) sum += peak.amplitude;
    if (!(sum > 0.0)) return;
    for (const Peak& peak : peaks) {
        if (peak.hz < kClearlyHz) continue;
        const double weight = peak.amplitude / sum, angle = 2.0 * std::numbers::pi * peak.cents / 100.0;
        gridRe_ += weight * std::cos(angle);
        gridIm_ += weight * std::sin(angle);
        gridWeight_ += weight;
        if (before_.empty()) continue;
        double nearest = kReachCents;
        for (const Peak& other : before_) nearest = std::min(nearest, std::abs(other.cents - peak.cents));
        offered_ += weight;
        if (nearest >= kReachCents) continue;
        followed_ += weight;
        glide_ += weight * nearest;
        if (nearest > kGlidingCents) gliding_ += weight;
    }
}

void TimbreMeter::findFundamental(const std::vector<Peak>& peaks) {
    constexpr double kLowestPitchHz = 40.0, kTolerance = 0.03;
    double sum = 0.0, best = 0.0, bestHz = 0.0;
    for (const Peak& peak : peaks) sum += peak.amplitude;
    for (std::size_t i = 0; i < std::min<std::size_t>(4, peaks.size()); ++i)
        for (int part = 1; part <= 4; ++part) {
            const double hz = peaks[i].hz / part;
            if (hz < kLowestPitchHz) break;
            double explained = 0.0;
            for (const Peak& peak : peaks) {
                const double multiple = peak.hz / hz, nearest = std::round(multiple);
                if (nearest >= 1.0 && std::abs(multiple - nearest) < std::min(0.2, kTolerance * nearest)) explained += peak.amplitude;
            }
            explained *= 1.0 - 0.06 * (part - 1);  // any low enough tone has every peak among its multiples
            if (explained > best) {
                best = explained;
                bestHz = hz;
            }
        }
    if (!(sum > 0.0)) return;
    harmonicity_ += best / sum;
    if (best < 0.7 * sum) {
        lastPitch_ = -1.0;
        return;
    }
    const double semitones = 12.0 * std::log2(bestHz / kReferenceHz);
    ++voiced_;
    pitch_ += semitones;
    pitchSquare_ += semitones * semitones;
    for (const Peak& peak : peaks)
        if (std::abs(peak.hz / bestHz - 1.0) < kTolerance) firstShare_ += peak.amplitude / sum;
    if (lastPitch_ >= 0.0) {
        ++steps_;
        pitchSteps_ += std::min(3.0, std::abs(semitones - lastPitch_));
    }
    lastPitch_ = semitones;
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
    return facts;
}

}  // namespace tonewright
