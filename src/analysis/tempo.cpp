#include "analysis/tempo.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tonewright {

namespace {

constexpr double kSlowestBpm = 50.0, kFastestBpm = 215.0;
constexpr double kFastestCutBpm = 190.0;   // beats are cut in parts up to here
constexpr double kAsStrongAsBeats = 0.92;  // what lies between the beats, for that
constexpr int kTeeth = 4;
constexpr double kLeastConfidence = 0.12;

// Autocorrelation at whole lags up to `lags`, of the envelope less its mean, smoothed a little so that beats which fall
// between two values meet. Normalised to 1 at lag 0, and for the overlap that shrinks with the lag.
std::vector<double> autocorrelation(const std::vector<float>& strength, int lags) {
    const int count = static_cast<int>(strength.size());
    const double mean = std::accumulate(strength.begin(), strength.end(), 0.0) / count;
    std::vector<double> x(count);
    for (int i = 0; i < count; ++i) {
        const auto at = [&](int j) { return std::max(0.0, strength[std::clamp(j, 0, count - 1)] - mean); };
        x[i] = 0.4 * at(i) + 0.24 * (at(i - 1) + at(i + 1)) + 0.06 * (at(i - 2) + at(i + 2));
    }
    const double smoothMean = std::accumulate(x.begin(), x.end(), 0.0) / count;
    for (double& value : x) value -= smoothMean;
    std::vector<double> result(lags + 1, 0.0);
    for (int lag = 0; lag <= std::min(lags, count - 1); ++lag) {
        double sum = 0.0;
        for (int i = lag; i < count; ++i) sum += x[i] * x[i - lag];
        result[lag] = sum / (count - lag) * std::min(1.0, (count - lag) / (0.25 * count));
    }
    const double power = result[0];
    if (power > 0.0)
        for (double& value : result) value /= power;
    return result;
}

double interpolated(const std::vector<double>& values, double position) {
    const int i = static_cast<int>(position);
    if (i < 1 || i + 2 >= static_cast<int>(values.size())) return 0.0;
    const double f = position - i;  // Catmull-Rom: peaks between two lags keep their height
    const double a = values[i - 1], b = values[i], c = values[i + 1], d = values[i + 2];
    return b + 0.5 * f * (c - a + f * (2.0 * a - 5.0 * b + 4.0 * c - d + f * (3.0 * (b - c) + d - a)));
}

double comb(const std::vector<double>& a, double lag) {
    double sum = 0.0;
    for (int tooth = 1; tooth <= kTeeth; ++tooth) sum += interpolated(a, tooth * lag);
    return sum / kTeeth;
}

// The best of nearby lags: multiples sharpen the period.
double refined(const std::vector<double>& a, double lag) {
    double best = lag, highest = comb(a, lag);
    for (double factor = 0.97; factor <= 1.03; factor += 0.0005)
        if (const double value = comb(a, lag * factor); value > highest) {
            highest = value;
            best = lag * factor;
        }
    return best;
}

// Strength between the beats, relative to that on the beats, for a period cut into `parts`.
double between(const std::vector<double>& a, double lag, int parts) {
    double off = 0.0;
    int count = 0;
    for (int i = 1; i <= kTeeth * parts; ++i)
        if (i % parts != 0) {
            off += interpolated(a, i * lag / parts);
            ++count;
        }
    return off / count / std::max(1e-9, comb(a, lag));
}

}  // namespace

std::optional<Tempo> findTempo(const OnsetEnvelope& envelope) {
    const double perMinute = 60.0 / envelope.stepSeconds;
    const int lags = static_cast<int>(perMinute / kSlowestBpm * (kTeeth + 0.2)) + 4;
    if (static_cast<int>(envelope.strength.size()) < lags / 2) return {};
    const std::vector<double> a = autocorrelation(envelope.strength, lags);
    if (!(a[0] > 0.0)) return {};

    double best = 0.0, bestScore = 0.0;
    for (double bpm = kSlowestBpm; bpm <= kFastestBpm; bpm *= 1.003) {
        const double octaves = std::log(bpm / 120.0) / std::log(2.2);
        const double score = comb(a, perMinute / bpm) * std::exp(-0.5 * octaves * octaves);
        if (score > bestScore) {
            bestScore = score;
            best = perMinute / bpm;
        }
    }
    if (best <= 0.0) return {};
    double lag = refined(a, best);
    for (bool faster = true; faster;) {
        faster = false;
        for (int parts : {2, 3})
            if (perMinute / lag * parts <= kFastestCutBpm && between(a, lag, parts) > kAsStrongAsBeats) {
                lag = refined(a, lag / parts);
                faster = true;
                break;
            }
    }
    // What a comb finds in noise of this length by chance.
    const double chance = 2.0 / std::sqrt(static_cast<double>(envelope.strength.size()));
    const double confidence = std::clamp((comb(a, lag) - chance) / 0.6, 0.0, 1.0);
    if (confidence < kLeastConfidence) return {};
    return Tempo{perMinute / lag, confidence};
}

}  // namespace tonewright
