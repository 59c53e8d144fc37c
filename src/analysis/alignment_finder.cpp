#include "analysis/alignment_finder.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <stdexcept>

namespace tonewright {

namespace {

constexpr double kWindowSeconds = 0.186;
constexpr double kWhiteningHz = 40.0;      // power spectra are averaged over so much to either side
constexpr double kApartSeconds = 0.001;    // a rival peak is at least so far away
constexpr double kAgreeSeconds = 0.0002;   // a third microphone agrees within about so much
constexpr double kMostEvidence = 3.0;
constexpr double kFullCorrelation = 0.05;  // lower peaks count in part

int windowFrames(double sampleRateHz) { return 1 << static_cast<int>(std::lround(std::log2(kWindowSeconds * sampleRateHz))); }

// sum over bins of Re(z e^(i w tau)), with its first and second derivative after tau (w in radians a frame).
struct Value {
    double value, slope, curve;
};
Value valueAt(std::span<const std::complex<double>> z, int firstBin, int lastBin, int fftSize, double tau) {
    const double step = 2.0 * std::numbers::pi / fftSize;
    const std::complex<double> turn = std::polar(1.0, step * tau);
    std::complex<double> phase = std::polar(1.0, step * tau * firstBin);
    Value v{0.0, 0.0, 0.0};
    for (int k = firstBin; k <= lastBin; ++k, phase *= turn) {
        const std::complex<double> term = z[static_cast<std::size_t>(k - firstBin)] * phase;
        const double w = step * k;
        v.value += term.real();
        v.slope -= w * term.imag();
        v.curve -= w * w * term.real();
    }
    return v;
}

}  // namespace

AlignmentFinder::AlignmentFinder(int microphones, double sampleRateHz, const AlignmentParams& params)
    : microphones_(microphones), sampleRateHz_(sampleRateHz), params_(params), window_(windowFrames(sampleRateHz)), hop_(window_ / 4),
      filled_(window_ - hop_), fft_(2 * window_), shape_(window_), samples_(microphones, std::vector<float>(window_)), padded_(2 * window_),
      spectra_(microphones, std::vector<std::complex<float>>(fft_.bins())) {
    if (microphones < 2 || microphones > 64) throw std::invalid_argument("alignment: there must be 2 to 64 microphones");
    if (!(params.maxDelayMs > 0.0 && params.maxDelayMs <= 60.0)) throw std::invalid_argument("alignment: maxDelayMs must be above 0 and at most 60");
    const double binHz = sampleRateHz / fft_.size();
    const double highestHz = std::min(params.highestHz, 0.45 * sampleRateHz);
    if (!(params.lowestHz > 0.0 && params.lowestHz < 0.5 * highestHz)) throw std::invalid_argument("alignment: lowestHz must be above 0 and an octave below highestHz");
    firstBin_ = static_cast<int>(std::ceil(params.lowestHz / binHz));
    lastBin_ = static_cast<int>(highestHz / binHz);
    maxLag_ = static_cast<int>(params.maxDelayMs * sampleRateHz / 1000.0);
    const auto bins = static_cast<std::size_t>(lastBin_ - firstBin_ + 1);
    frames_.assign(static_cast<std::size_t>(microphones) * (microphones - 1) / 2, 0);
    powers_.assign(microphones, std::vector<double>(bins));
    crossings_.assign(static_cast<std::size_t>(microphones) * (microphones - 1) / 2, std::vector<std::complex<double>>(bins));

    for (int n = 0; n < window_; ++n) shape_[n] = static_cast<float>(0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * n / window_));
    std::copy(shape_.begin(), shape_.end(), padded_.begin());
    std::fill(padded_.begin() + window_, padded_.end(), 0.0f);
    fft_.forward(padded_, spectra_[0]);
    for (auto& value : spectra_[0]) value = std::norm(value);
    std::vector<float> autocorrelation(fft_.size());
    fft_.inverse(spectra_[0], autocorrelation);
    for (int lag = 0; lag < window_; ++lag) lagShape_.push_back(autocorrelation[lag] / autocorrelation[0]);
}

std::size_t AlignmentFinder::pairIndex(int i, int j) const {
    return static_cast<std::size_t>(j) * static_cast<std::size_t>(j - 1) / 2 + static_cast<std::size_t>(i);
}

void AlignmentFinder::add(ConstBlock block) {
    for (int from = 0; from < block.numFrames;) {
        const int count = std::min(block.numFrames - from, window_ - filled_);
        for (int m = 0; m < microphones_; ++m)
            for (int n = 0; n < count; ++n) {
                const float sample = block.channels[m][from + n];
                samples_[m][filled_ + n] = std::isfinite(sample) ? sample : 0.0f;
            }
        filled_ += count;
        from += count;
        if (filled_ == window_) takeFrame();
    }
}

void AlignmentFinder::skip() { filled_ = 0; }

void AlignmentFinder::takeFrame() {
    std::vector<char> silent(microphones_);
    for (int m = 0; m < microphones_; ++m) {
        float* samples = samples_[m].data();
        silent[m] = std::all_of(samples, samples + window_, [](float s) { return s == 0.0f; });
        if (!silent[m]) {
            for (int n = 0; n < window_; ++n) padded_[n] = samples[n] * shape_[n];
            std::fill(padded_.begin() + window_, padded_.end(), 0.0f);
            fft_.forward(padded_, spectra_[m]);
            const std::complex<float>* x = spectra_[m].data() + firstBin_;
            for (std::size_t k = 0; k < powers_[m].size(); ++k)
                powers_[m][k] += static_cast<double>(x[k].real()) * x[k].real() + static_cast<double>(x[k].imag()) * x[k].imag();
        }
        std::memmove(samples, samples + hop_, static_cast<std::size_t>(window_ - hop_) * sizeof(float));
    }
    filled_ = window_ - hop_;
    for (int j = 1; j < microphones_; ++j)
        for (int i = 0; i < j; ++i) {
            if (silent[i] || silent[j]) continue;
            ++frames_[pairIndex(i, j)];
            const float* a = reinterpret_cast<const float*>(spectra_[i].data() + firstBin_);
            const float* b = reinterpret_cast<const float*>(spectra_[j].data() + firstBin_);
            double* s = reinterpret_cast<double*>(crossings_[pairIndex(i, j)].data());
            const std::size_t bins = powers_[0].size();
            for (std::size_t k = 0; k < bins; ++k) {  // conj(a) b
                s[2 * k] += static_cast<double>(a[2 * k] * b[2 * k] + a[2 * k + 1] * b[2 * k + 1]);
                s[2 * k + 1] += static_cast<double>(a[2 * k] * b[2 * k + 1] - a[2 * k + 1] * b[2 * k]);
            }
        }
}

std::vector<double> AlignmentFinder::smoothedPower(int microphone) const {
    const std::vector<double>& power = powers_[microphone];
    const int count = static_cast<int>(power.size());
    const int reach = std::max(1, static_cast<int>(kWhiteningHz * fft_.size() / sampleRateHz_));
    std::vector<double> sums(count + 1, 0.0), result(count);
    for (int k = 0; k < count; ++k) sums[k + 1] = sums[k] + power[k];
    for (int k = 0; k < count; ++k) {
        const int from = std::max(0, k - reach), to = std::min(count, k + reach + 1);
        result[k] = (sums[to] - sums[from]) / (to - from);
    }
    // 100 dB below the strongest there is nothing left to whiten.
    const double least = 1e-10 * *std::max_element(result.begin(), result.end());
    for (double& value : result) value = std::max(value, least);
    return result;
}

std::optional<AlignmentFinder::Peak> AlignmentFinder::findPeak(int i, int j) {
    const std::vector<double> powerI = smoothedPower(i), powerJ = smoothedPower(j);
    if (!(powerI[0] > 0.0) || !(powerJ[0] > 0.0)) return {};
    const std::vector<std::complex<double>>& crossing = crossings_[pairIndex(i, j)];
    const int size = fft_.size(), bins = static_cast<int>(crossing.size());
    // Levels out first: single precision follows.
    double scale = 0.0;
    for (const auto& s : crossing) scale = std::max(scale, std::norm(s));
    if (!(scale > 0.0)) return {};
    scale = 1.0 / std::sqrt(scale);

    // The windows' shape is divided out over the lags that are searched and half as many around them, then faded.
    std::vector<std::complex<float>> spectrum(fft_.bins());
    for (int k = 0; k < bins; ++k) spectrum[firstBin_ + k] = std::complex<float>(scale * crossing[k]);
    std::vector<float> lags(size);
    fft_.inverse(spectrum, lags);
    const int flat = std::min(maxLag_ + maxLag_ / 2, window_ / 2 - 64), end = window_ / 2 + window_ / 8;
    for (int lag = 0; lag <= window_; ++lag) {
        double weight = 0.0;
        if (lag < end) {
            weight = 1.0 / lagShape_[lag];
            if (lag > flat) weight *= 0.5 + 0.5 * std::cos(std::numbers::pi * (lag - flat) / (end - flat));
        }
        lags[lag] = static_cast<float>(lags[lag] * weight);
        if (lag > 0 && lag < window_) lags[size - lag] = static_cast<float>(lags[size - lag] * weight);
    }
    fft_.forward(lags, spectrum);

    const double binHz = sampleRateHz_ / size;
    std::vector<std::complex<double>> whitened(bins);
    double autoI = 0.0, autoJ = 0.0;
    for (int k = 0; k < bins; ++k) {
        // The band's edges are rounded over a third of an octave; equal weight for equal parts of an octave, half way.
        const double hz = (firstBin_ + k) * binHz;
        const double inside = std::min(std::log2(hz / params_.lowestHz), std::log2((lastBin_ * binHz) / hz)) * 3.0;
        const double edge = inside >= 1.0 ? 1.0 : 0.5 - 0.5 * std::cos(std::numbers::pi * std::max(0.0, inside));
        const double weight = edge / std::sqrt(std::max(hz, 300.0));
        const double whitening = weight / std::sqrt(powerI[k] * powerJ[k]);
        whitened[k] = std::complex<double>(spectrum[firstBin_ + k]) * whitening / scale;
        autoI += powers_[i][k] / powerI[k] * weight;
        autoJ += powers_[j][k] / powerJ[k] * weight;
    }
    const double full = std::sqrt(autoI * autoJ);
    for (auto& z : whitened) z /= full;

    // |R| on half frames, then the exact height of every peak that may be the highest.
    RealFft fine(2 * size);
    std::vector<std::complex<float>> fineSpectrum(fine.bins());
    for (int k = 0; k < bins; ++k) fineSpectrum[firstBin_ + k] = std::complex<float>(whitened[k] * static_cast<double>(size));
    std::vector<float> r(fine.size());
    fine.inverse(fineSpectrum, r);
    const auto at = [&](int half) { return std::abs(r[half >= 0 ? half : half + fine.size()]); };
    float highest = 0.0f;
    for (int half = -2 * maxLag_; half <= 2 * maxLag_; ++half) highest = std::max(highest, at(half));
    struct Candidate {
        double tau, value;
    };
    std::vector<Candidate> candidates;
    for (int half = -2 * maxLag_; half <= 2 * maxLag_; ++half) {
        if (at(half) < 0.7f * highest || at(half) < at(half - 1) || at(half) < at(half + 1)) continue;
        double tau = 0.5 * half;
        for (int step = 0; step < 6; ++step) {
            const Value v = valueAt(whitened, firstBin_, lastBin_, size, tau);
            if (v.curve * v.value >= 0.0) break;  // not between the flanks of a peak
            const double move = std::clamp(-v.slope / v.curve, -0.5, 0.5);
            tau += move;
            if (std::abs(move) < 1e-6) break;
        }
        candidates.push_back({tau, valueAt(whitened, firstBin_, lastBin_, size, tau).value});
    }
    if (candidates.empty()) return {};
    const auto bySize = [](const Candidate& a, const Candidate& b) { return std::abs(a.value) < std::abs(b.value); };
    const Candidate best = *std::max_element(candidates.begin(), candidates.end(), bySize);
    // Rivals are looked for at fixed distances from the peak, so that a delay of everything changes nothing.
    const double apart = kApartSeconds * sampleRateHz_, far = 0.5 * maxLag_;
    const auto isRival = [&](double tau) { return std::abs(tau - best.tau) > apart && std::abs(tau - best.tau) < far; };
    double rival = 1e-12;
    for (int half = -3 * maxLag_; half <= 3 * maxLag_; ++half)
        if (isRival(0.5 * half)) rival = std::max(rival, static_cast<double>(at(half)));

    Peak peak;
    peak.delayFrames = best.tau;
    peak.correlation = std::min(1.0, std::abs(best.value));
    // Among thousands of lags of two unrelated noises the highest is about 4 sigma; 0.6 of the band is what f^(-1/2) leaves of it.
    const double heardSeconds = frames_[pairIndex(i, j)] * hop_ / sampleRateHz_;
    const double chance = std::min(0.5 * kFullCorrelation, 4.5 / std::sqrt(2.0 * heardSeconds * 0.6 * bins * binHz));
    peak.evidence = std::clamp(std::abs(best.value) / rival - 1.0, 0.0, kMostEvidence) *
                    std::clamp((peak.correlation - chance) / (kFullCorrelation - chance), 0.0, 1.0);
    const int splitBin = std::clamp(static_cast<int>(params_.polarityBelowHz / binHz), firstBin_ + 1, lastBin_);
    const double low = valueAt(whitened, firstBin_, splitBin, size, best.tau).value;
    double lowSize = 0.0;
    for (int k = 0; k <= splitBin - firstBin_; ++k) lowSize += std::abs(whitened[k]);
    peak.inverted = (std::abs(low) > 0.15 * lowSize ? low : best.value) < 0.0;
    return peak;
}

double AlignmentFinder::lowAgreement(int reference, int target, double delayFrames, bool inverted) const {
    const bool swapped = reference > target;
    const std::vector<std::complex<double>>& crossing = crossings_[pairIndex(std::min(reference, target), std::max(reference, target))];
    const int octave = std::min(firstBin_, static_cast<int>(crossing.size()));
    const double step = 2.0 * std::numbers::pi / fft_.size();
    double together = 0.0, powerA = 0.0, powerB = 0.0;
    for (int k = 0; k < octave; ++k) {
        const std::complex<double> s = swapped ? std::conj(crossing[k]) : crossing[k];
        together += (s * std::polar(1.0, step * delayFrames * (firstBin_ + k))).real();
        powerA += powers_[reference][k];
        powerB += powers_[target][k];
    }
    return powerA > 0.0 && powerB > 0.0 ? (inverted ? -together : together) / std::sqrt(powerA * powerB) : 1.0;
}

void AlignmentFinder::flush() {
    const std::vector<float> silence(window_, 0.0f);
    const std::vector<const float*> channels(microphones_, silence.data());
    add({channels.data(), microphones_, window_});
}

namespace {

double confidenceOf(double evidence) { return 1.0 - std::exp(-evidence); }

}  // namespace

std::optional<MicrophoneOffset> AlignmentFinder::pair(int reference, int target) {
    flush();
    const std::optional<Peak> peak = findPeak(std::min(reference, target), std::max(reference, target));
    if (!peak || confidenceOf(peak->evidence) < params_.leastConfidence) return {};
    return MicrophoneOffset{reference < target ? peak->delayFrames : -peak->delayFrames, peak->inverted, confidenceOf(peak->evidence), peak->correlation};
}

GroupAlignment AlignmentFinder::result() {
    flush();
    struct Link {
        Peak peak;              // delay of j against i
        double support = 0.0;   // evidence, with that of the microphones that agree
    };
    const int count = microphones_;
    std::vector<std::vector<std::optional<Link>>> links(count, std::vector<std::optional<Link>>(count));
    for (int j = 1; j < count; ++j)
        for (int i = 0; i < j; ++i)
            if (const std::optional<Peak> peak = findPeak(i, j)) {
                links[i][j] = Link{*peak, peak->evidence};
                links[j][i] = links[i][j];
                links[j][i]->peak.delayFrames = -peak->delayFrames;
            }
    for (int i = 0; i < count; ++i)
        for (int j = 0; j < count; ++j) {
            if (!links[i][j]) continue;
            for (int k = 0; k < count; ++k) {
                if (!links[i][k] || !links[k][j]) continue;
                const Peak &a = links[i][k]->peak, &b = links[k][j]->peak, &direct = links[i][j]->peak;
                if ((a.inverted != b.inverted) != direct.inverted) continue;
                const double off = (a.delayFrames + b.delayFrames - direct.delayFrames) / (kAgreeSeconds * sampleRateHz_);
                links[i][j]->support += std::min(a.evidence, b.evidence) * std::exp(-0.5 * off * off);
            }
        }

    GroupAlignment group;
    group.microphones.resize(count);
    double most = -1.0;
    for (int i = 0; i < count; ++i) {
        double sum = 0.0;
        for (int j = 0; j < count; ++j)
            if (links[i][j]) sum += links[i][j]->support;
        if (sum > most) {
            most = sum;
            group.reference = i;
        }
    }

    // The strongest tree, grown from the reference; a microphone is as certain as the weakest link on its way.
    std::vector<double> evidence(count, 0.0);
    std::vector<char> joined(count, 0);
    joined[group.reference] = 1;
    evidence[group.reference] = most;
    group.microphones[group.reference] = MicrophoneOffset{0.0, false, confidenceOf(most), 1.0};
    for (;;) {
        int from = -1, to = -1;
        double strongest = 0.0;
        for (int i = 0; i < count; ++i)
            for (int j = 0; j < count; ++j)
                if (joined[i] && !joined[j] && links[i][j] && links[i][j]->support > strongest) {
                    strongest = links[i][j]->support;
                    from = i;
                    to = j;
                }
        if (to < 0) break;
        joined[to] = 1;
        evidence[to] = std::min(evidence[from], strongest);
        const Peak& peak = links[from][to]->peak;
        const double confidence = confidenceOf(evidence[to]);
        if (!group.microphones[from] || confidence < params_.leastConfidence) continue;
        group.microphones[to] = MicrophoneOffset{group.microphones[from]->delayFrames + peak.delayFrames,
                                          group.microphones[from]->inverted != peak.inverted, confidence, peak.correlation};
    }
    for (int m = 0; m < count; ++m)
        if (m != group.reference && group.microphones[m])
            group.microphones[m]->lowAgreement = lowAgreement(group.reference, m, group.microphones[m]->delayFrames, group.microphones[m]->inverted);
    if (confidenceOf(most) < params_.leastConfidence) group.microphones[group.reference].reset();
    return group;
}

std::optional<MicrophoneOffset> findAlignment(std::span<const float> reference, std::span<const float> target, double sampleRateHz,
                                       const AlignmentParams& params) {
    AlignmentFinder finder(2, sampleRateHz, params);
    std::vector<float> a(std::max(reference.size(), target.size())), b(a.size());
    std::copy(reference.begin(), reference.end(), a.begin());
    std::copy(target.begin(), target.end(), b.begin());
    const float* channels[] = {a.data(), b.data()};
    finder.add({channels, 2, static_cast<int>(a.size())});
    return finder.pair(0, 1);
}

}  // namespace tonewright
