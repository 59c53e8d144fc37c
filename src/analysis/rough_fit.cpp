#include "analysis/rough_fit.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>

#include "dsp/fft.h"

namespace tonewright {

namespace {

constexpr double kSilentPower = 1e-12;      // a frame's mean: -120 dBFS
constexpr double kLeastOwnShare = 1e-4;     // of a channel's power that no other explains; less cannot be told apart
constexpr int kPeakFrames = 1000;           // to either side, the correlation's peak itself
constexpr float kLeastStanding = 1.5f;      // how far it stands over all that is further away
constexpr float kAtOnce = 0.7f;             // of the highest: where music repeats itself, no lag is the likeliest

std::size_t triangle(int i, int j) { return static_cast<std::size_t>(j) * (j + 1) / 2 + i; }  // i <= j

double dot(const float* a, const float* b, int count) {
    double sum = 0.0;
    for (int start = 0; start < count; start += 256) {
        float lanes[8] = {};
        const int end = std::min(count, start + 256);
        int n = start;
        for (; n + 8 <= end; n += 8)
            for (int lane = 0; lane < 8; ++lane) lanes[lane] += a[n + lane] * b[n + lane];
        for (; n < end; ++n) lanes[0] += a[n] * b[n];
        for (const float lane : lanes) sum += static_cast<double>(lane);
    }
    return sum;
}

}  // namespace

RoughFit::RoughFit(std::vector<Feeds> channels)
    : channels_(std::move(channels)),
      count_(static_cast<int>(channels_.size())),
      products_(triangle(0, count_)),
      with_{std::vector<double>(count_), std::vector<double>(count_)} {}

void RoughFit::add(ConstBlock recordings, ConstBlock mix) {
    const int frames = recordings.numFrames;
    frames_ += frames;
    for (int j = 0; j < count_; ++j) {
        for (int i = 0; i <= j; ++i) products_[triangle(i, j)] += dot(recordings.channels[i], recordings.channels[j], frames);
        for (int c = 0; c < 2; ++c) with_[c][j] += dot(recordings.channels[j], mix.channels[c], frames);
    }
    for (int c = 0; c < 2; ++c) mixPower_[c] += dot(mix.channels[c], mix.channels[c], frames);
}

// Cholesky's decomposition in the order of the channels; one whose own part vanishes is left out.
RoughGains::Side RoughFit::solveSide(int side, double& explained) const {
    const auto product = [&](int i, int j) { return products_[triangle(std::min(i, j), std::max(i, j))]; };
    std::vector<int> used;
    std::vector<std::vector<double>> rows;   // of the lower factor, for `used`
    for (int i = 0; i < count_; ++i) {
        if (channels_[i] == (side == 0 ? Feeds::right : Feeds::left) || !(product(i, i) > kSilentPower * std::max(1.0, frames_))) continue;
        std::vector<double> row(used.size() + 1);
        double own = product(i, i);
        for (std::size_t k = 0; k < used.size(); ++k) {
            double sum = product(i, used[k]);
            for (std::size_t m = 0; m < k; ++m) sum -= row[m] * rows[k][m];
            row[k] = sum / rows[k][k];
            own -= row[k] * row[k];
        }
        if (!(own > kLeastOwnShare * product(i, i))) continue;
        row.back() = std::sqrt(own);
        used.push_back(i);
        rows.push_back(std::move(row));
    }
    const int size = static_cast<int>(used.size());
    const auto solve = [&](std::vector<double> values) {
        for (int k = 0; k < size; ++k) {
            for (int m = 0; m < k; ++m) values[k] -= rows[k][m] * values[m];
            values[k] /= rows[k][k];
        }
        for (int k = size - 1; k >= 0; --k) {
            for (int m = k + 1; m < size; ++m) values[k] -= rows[m][k] * values[m];
            values[k] /= rows[k][k];
        }
        return values;
    };
    std::vector<double> wanted(size);
    for (int k = 0; k < size; ++k) wanted[k] = with_[side][used[k]];
    const std::vector<double> gains = solve(wanted);
    double made = 0.0;
    for (int k = 0; k < size; ++k) made += gains[k] * wanted[k];
    explained += made;
    const double noise = std::max(0.0, mixPower_[side] - made) / std::max(1.0, frames_);
    RoughGains::Side result(count_);
    for (int k = 0; k < size; ++k) {
        std::vector<double> unit(size);
        unit[k] = 1.0;
        result[used[k]] = {.value = gains[k], .error = std::sqrt(std::max(0.0, solve(unit)[k]) * noise)};
    }
    return result;
}

RoughGains RoughFit::result() const {
    RoughGains result;
    double explained = 0.0;
    result.left = solveSide(0, explained);
    result.right = solveSide(1, explained);
    const double power = mixPower_[0] + mixPower_[1];
    result.explainedShare = power > 0.0 ? std::clamp(explained / power, 0.0, 1.0) : 0.0;
    return result;
}

void LagFinder::add(std::vector<float>& to, const float* samples, int count) const {
    to.insert(to.end(), samples, samples + std::min<std::size_t>(count, keep_ - std::min<std::size_t>(keep_, to.size())));
}

std::optional<int> LagFinder::lag() const {
    const std::size_t longest = std::max(reference_.size(), target_.size());
    if (reference_.empty() || target_.empty()) return std::nullopt;
    const int size = static_cast<int>(std::bit_ceil(longest + static_cast<std::size_t>(most_) + 1));
    RealFft fft(size);
    std::vector<float> time(size);
    std::vector<std::complex<float>> a(fft.bins()), b(fft.bins());
    std::copy(reference_.begin(), reference_.end(), time.begin());
    fft.forward(time, a);
    std::fill(time.begin(), time.end(), 0.0f);
    std::copy(target_.begin(), target_.end(), time.begin());
    fft.forward(time, b);
    for (int k = 0; k < fft.bins(); ++k) {  // whitened by half: neither the bass alone nor the hiss decides
        const std::complex<float> cross = std::conj(a[k]) * b[k];
        const float size2 = std::abs(cross);
        a[k] = size2 > 0.0f ? cross / std::sqrt(size2) : cross;
    }
    fft.inverse(a, time);
    const auto at = [&](int lag) { return std::abs(time[lag >= 0 ? lag : size + lag]); };
    int best = 0;
    for (int lag = -most_; lag <= most_; ++lag)
        if (at(lag) > at(best)) best = lag;
    if (at(0) >= kAtOnce * at(best)) return at(0) > 0.0f ? std::optional(0) : std::nullopt;
    float elsewhere = 0.0f;
    for (int lag = -most_; lag <= most_; ++lag)
        if (std::abs(lag - best) > kPeakFrames) elsewhere = std::max(elsewhere, at(lag));
    if (!(at(best) > kLeastStanding * elsewhere)) return std::nullopt;
    return best;
}

}  // namespace tonewright
