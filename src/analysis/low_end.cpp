#include "analysis/low_end.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "analysis/facts.h"
#include "analysis/half_band_decimator.h"

namespace tonewright {

namespace {

constexpr double kEnoughHz = 6400.0;     // the rate that is reduced to, at most
constexpr int kWindowFrames = 2048;
constexpr double kThirdOctaveEdge = 0.05;  // of a decade, to either side of the centre
constexpr int kLeastWindowsEach = 5;       // for every track by which another is explained
constexpr double kLowestHz = 28.0, kHighestHz = 2250.0;

int halvings(double sampleRateHz) {
    int count = 0;
    for (; sampleRateHz > kEnoughHz; sampleRateHz /= 2.0) ++count;
    return count;
}

}  // namespace

std::vector<float> LowEnd::reduced(std::span<const float> samples, double sampleRateHz) {
    std::vector<float> kept(samples.begin(), samples.end());
    for (int i = halvings(sampleRateHz); i > 0; --i) {
        HalfBandDecimator decimator;
        const std::span<const float> half = decimator.process(kept);
        kept.assign(half.begin(), half.end());
    }
    return kept;
}

LowEnd::LowEnd(int tracks, double sampleRateHz)
    : tracks_(tracks), sampleRateHz_(sampleRateHz), reduction_(1 << halvings(sampleRateHz)), fft_(kWindowFrames), window_(kWindowFrames) {
    const double binHz = sampleRateHz / reduction_ / kWindowFrames;
    firstBin_ = static_cast<int>(std::ceil(kLowestHz / binHz));
    lastBin_ = std::min(fft_.bins() - 1, static_cast<int>(kHighestHz / binHz));
    for (int n = 0; n < kWindowFrames; ++n) window_[n] = static_cast<float>(0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * n / kWindowFrames));
    crossings_.assign(Sums::pair(tracks - 1, tracks - 1) + 1, std::vector<std::complex<double>>(lastBin_ - firstBin_ + 1));
}

void LowEnd::add(std::span<const std::vector<float>> tracks) {
    std::vector<float> windowed(kWindowFrames);
    std::vector<std::vector<std::complex<float>>> spectra(tracks_, std::vector<std::complex<float>>(fft_.bins()));
    std::vector<char> sounds(tracks_);
    const int frames = static_cast<int>(tracks.front().size());
    for (int from = 0; from + kWindowFrames <= frames; from += kWindowFrames / 2) {
        ++windows_;
        for (int t = 0; t < tracks_; ++t) {
            sounds[t] = 0;
            for (int n = 0; n < kWindowFrames; ++n) {
                const float sample = tracks[t][from + n];
                windowed[n] = std::isfinite(sample) ? sample * window_[n] : 0.0f;
                sounds[t] |= windowed[n] != 0.0f;
            }
            if (sounds[t]) fft_.forward(windowed, spectra[t]);
        }
        for (int j = 0; j < tracks_; ++j)
            for (int i = 0; i <= j; ++i) {
                if (!sounds[i] || !sounds[j]) continue;
                const float* a = reinterpret_cast<const float*>(spectra[i].data() + firstBin_);
                const float* b = reinterpret_cast<const float*>(spectra[j].data() + firstBin_);
                double* sum = reinterpret_cast<double*>(crossings_[Sums::pair(i, j)].data());
                for (int k = 0; k <= lastBin_ - firstBin_; ++k) {   // conj(a) b
                    sum[2 * k] += static_cast<double>(a[2 * k] * b[2 * k] + a[2 * k + 1] * b[2 * k + 1]);
                    sum[2 * k + 1] += static_cast<double>(a[2 * k] * b[2 * k + 1] - a[2 * k + 1] * b[2 * k]);
                }
            }
    }
}

std::complex<double> LowEnd::crossing(int i, int j, int bin) const {
    const std::complex<double> value = crossings_[Sums::pair(i, j)][bin];
    return i <= j ? value : std::conj(value);
}

std::optional<double> LowEnd::explainedShare(int track, std::span<const int> by) const {
    const int count = static_cast<int>(by.size());
    if (count == 0 || windows_ < kLeastWindowsEach * count) return std::nullopt;
    constexpr double kRidge = 1e-3;   // of each track's power: tracks that are nearly alike are not told apart
    double explained = 0.0, all = 0.0;
    std::vector<std::complex<double>> factor(static_cast<std::size_t>(count) * count), solved(count);
    std::vector<double> scale(count);
    for (int bin = 0; bin <= lastBin_ - firstBin_; ++bin) {
        all += crossing(track, track, bin).real();
        for (int a = 0; a < count; ++a) scale[a] = 1.0 / std::sqrt(std::max(1e-30, crossing(by[a], by[a], bin).real()));
        // Cholesky: S = L L^H; then |L^-1 s|^2 is what is explained.
        for (int a = 0; a < count; ++a)
            for (int b = 0; b <= a; ++b) {
                std::complex<double> rest = crossing(by[b], by[a], bin) * scale[a] * scale[b];
                if (a == b) rest += kRidge;
                for (int c = 0; c < b; ++c) rest -= factor[a * count + c] * std::conj(factor[b * count + c]);
                factor[a * count + b] = a == b ? std::complex<double>(std::sqrt(std::max(1e-12, rest.real()))) : rest / factor[b * count + b];
            }
        for (int a = 0; a < count; ++a) {
            std::complex<double> rest = crossing(track, by[a], bin) * scale[a];
            for (int c = 0; c < a; ++c) rest -= factor[a * count + c] * solved[c];
            solved[a] = rest / factor[a * count + a];
            explained += std::norm(solved[a]);
        }
    }
    if (!(all > 0.0)) return std::nullopt;
    const double bias = static_cast<double>(count) / windows_;
    return std::clamp((explained / all - bias) / (1.0 - bias), 0.0, 1.0);
}

LowEnd::Sums LowEnd::sums(std::span<const double> delayFrames) const {
    Sums sums{.tracks = tracks_, .power = std::vector<double>(crossings_.size() * kBands)};
    const double binHz = sampleRateHz_ / reduction_ / kWindowFrames;
    for (int j = 0; j < tracks_; ++j)
        for (int i = 0; i <= j; ++i) {
            const double turn = -2.0 * std::numbers::pi * binHz / sampleRateHz_ * (delayFrames[j] - delayFrames[i]);
            const std::vector<std::complex<double>>& crossing = crossings_[Sums::pair(i, j)];
            for (int band = 0; band < kBands; ++band) {
                const double centreHz = thirdOctaveCentreHz(kFirstBand + band), edge = std::pow(10.0, kThirdOctaveEdge);
                const int from = std::max(firstBin_, static_cast<int>(std::ceil(centreHz / edge / binHz))), to = std::min(lastBin_, static_cast<int>(centreHz * edge / binHz));
                double& sum = sums.power[Sums::pair(i, j) * kBands + static_cast<std::size_t>(band)];
                for (int k = from; k <= to; ++k) sum += (crossing[k - firstBin_] * std::polar(1.0, turn * k)).real();
            }
        }
    return sums;
}

}  // namespace tonewright
