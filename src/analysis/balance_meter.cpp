#include "analysis/balance_meter.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "core/decibels.h"

namespace tonewright {

namespace {

constexpr double kFrameSeconds = 0.72;      // 32768 frames at 44.1 and 48 kHz
constexpr double kLoudBelowDb = 0.0;        // against the mean power
constexpr double kQuietFromDb = -30.0, kQuietToDb = -6.0;
constexpr double kRestBelowDb = -40.0;
constexpr int kLeastRestFrames = 2;

int frameLength(double sampleRateHz) {
    if (!(sampleRateHz >= 8000.0 && sampleRateHz <= 768000.0)) throw std::invalid_argument("balance meter: the sample rate must be 8 to 768 kHz");
    return 1 << std::lround(std::log2(kFrameSeconds * sampleRateHz));
}

}  // namespace

void BalanceMeter::LevelClass::add(const LevelClass& other) {
    frames += other.frames;
    for (int band = 0; band < kThirdOctaves; ++band) {
        mid[band] += other.mid[band];
        side[band] += other.side[band];
    }
}

BalanceMeter::BalanceMeter(const StreamSpec& spec)
    : channels_(std::min(spec.channels, 2)), size_(frameLength(spec.sampleRateHz)), filled_(size_ / 2), fft_(size_), window_(size_), mid_(size_), side_(size_),
      windowed_(size_), spectrum_(fft_.bins()), scale_(0.0), classes_(kClasses) {
    double sum = 0.0;
    for (int n = 0; n < size_; ++n) {
        window_[n] = static_cast<float>(std::sin(std::numbers::pi * (n + 0.5) / size_));
        sum += static_cast<double>(window_[n]) * window_[n];
    }
    scale_ = 2.0 / (sum * size_);  // one-sided power, so that bands add up to the mean square
    const double binHz = spec.sampleRateHz / size_;
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double centre = thirdOctaveCentreHz(band), edge = std::pow(10.0, 0.05);
        const double low = centre / edge / binHz + 0.5, high = centre * edge / binHz + 0.5;  // in bins, bin k reaching from k to k + 1
        if (low >= fft_.bins()) continue;
        Band& range = bands_[band];
        range.first = static_cast<int>(low);
        range.last = std::min(static_cast<int>(high), fft_.bins() - 1);
        range.firstShare = 1.0 - (low - range.first);
        range.lastShare = std::min(1.0, high - range.last);
        if (range.last == range.first) range.firstShare = high - low;
    }
}

void BalanceMeter::add(ConstBlock block) {
    for (int start = 0; start < block.numFrames;) {
        const int count = std::min(block.numFrames - start, size_ - filled_);
        const float* left = block.channels[0] + start;
        const float* right = block.channels[channels_ - 1] + start;
        for (int n = 0; n < count; ++n) {
            const float l = std::isfinite(left[n]) ? left[n] : 0.0f, r = std::isfinite(right[n]) ? right[n] : 0.0f;
            mid_[filled_ + n] = 0.5f * (l + r);
            side_[filled_ + n] = 0.5f * (l - r);
        }
        start += count;
        filled_ += count;
        if (filled_ == size_) transform();
    }
}

void BalanceMeter::transform() {
    LevelClass frame{.frames = 1, .mid = {}, .side = {}};
    sumBands(mid_, frame.mid);
    if (channels_ == 2) sumBands(side_, frame.side);
    std::copy(mid_.begin() + size_ / 2, mid_.end(), mid_.begin());
    std::copy(side_.begin() + size_ / 2, side_.end(), side_.begin());
    filled_ = size_ / 2;
    double power = 0.0;
    for (int band = 0; band < kThirdOctaves; ++band) power += frame.mid[band] + frame.side[band];
    if (power > 0.0)
        classes_[std::clamp(static_cast<int>(std::floor(powerToDb(power))) - kLowestDb, 0, kClasses - 1)].add(frame);
    else
        ++silentFrames_;
}

void BalanceMeter::sumBands(const std::vector<float>& samples, std::array<double, kThirdOctaves>& bands) {
    if (std::all_of(samples.begin(), samples.end(), [](float x) { return x == 0.0f; })) return;
    for (int n = 0; n < size_; ++n) windowed_[n] = samples[n] * window_[n];
    fft_.forward(windowed_, spectrum_);
    for (int band = 0; band < kThirdOctaves; ++band) {
        const Band& range = bands_[band];
        double sum = 0.0;
        for (int k = range.first; k <= range.last; ++k) {
            const double share = k == range.first ? range.firstShare : k == range.last ? range.lastShare : 1.0;
            sum += share * std::norm(spectrum_[k]);
        }
        bands[band] = sum * scale_;
    }
}

BalanceFacts BalanceMeter::result() {
    for (int frame = 0; frame < 2 && filled_ > 0; ++frame) {  // what is left reaches into two frames
        std::fill(mid_.begin() + filled_, mid_.end(), 0.0f);
        std::fill(side_.begin() + filled_, side_.end(), 0.0f);
        transform();
    }
    LevelClass all;
    for (const LevelClass& level : classes_) all.add(level);
    BalanceFacts facts;
    const auto spectrumOf = [](const LevelClass& sum, std::int64_t frames) {
        MidSideSpectrum spectrum;
        for (int band = 0; band < kThirdOctaves; ++band) {
            spectrum.midDb[band] = frames > 0 ? powerToDb(sum.mid[band] / static_cast<double>(frames)) : kSilentDb;
            spectrum.sideDb[band] = frames > 0 ? powerToDb(sum.side[band] / static_cast<double>(frames)) : kSilentDb;
        }
        return spectrum;
    };
    facts.whole = spectrumOf(all, all.frames + silentFrames_);
    double power = 0.0, side = 0.0;
    for (int band = 0; band < kThirdOctaves; ++band) {
        power += all.mid[band] + all.side[band];
        side += all.side[band];
    }
    facts.stereo = side > 1e-12 * power;
    const double meanDb = all.frames > 0 ? powerToDb(power / static_cast<double>(all.frames)) : 0.0;
    const auto between = [&](double fromDb, double toDb) {
        LevelClass sum;
        for (int i = 0; i < kClasses; ++i)
            if (const double levelDb = i + kLowestDb + 0.5 - meanDb; levelDb >= fromDb && levelDb < toDb) sum.add(classes_[i]);
        return sum;
    };
    const LevelClass loud = between(kLoudBelowDb, 300.0), quiet = between(kQuietFromDb, kQuietToDb);
    facts.loud = spectrumOf(loud, loud.frames);
    facts.quiet = spectrumOf(quiet, quiet.frames);
    LevelClass rest;  // the quietest frames
    for (int i = 0; i < kClasses && rest.frames < kLeastRestFrames && i + kLowestDb + 1 - meanDb < kRestBelowDb; ++i) rest.add(classes_[i]);
    if (rest.frames >= kLeastRestFrames) {
        facts.floorDb.emplace();
        for (int band = 0; band < kThirdOctaves; ++band) (*facts.floorDb)[band] = powerToDb((rest.mid[band] + rest.side[band]) / static_cast<double>(rest.frames));
    }
    return facts;
}

}  // namespace tonewright
