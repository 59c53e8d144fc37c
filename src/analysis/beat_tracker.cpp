#include "analysis/beat_tracker.h"

#include <algorithm>
#include <cmath>

namespace tonewright {

namespace {

constexpr double kTightness = 100.0;
constexpr std::size_t kMaxBeats = 20000;

std::vector<double> normalised(const std::vector<float>& strength) {
    double sum = 0.0, squares = 0.0;
    for (float s : strength) { sum += s; squares += static_cast<double>(s) * s; }
    const double count = static_cast<double>(strength.size());
    const double deviation = std::sqrt(std::max(1e-12, squares / count - sum / count * (sum / count)));
    std::vector<double> result(strength.begin(), strength.end());
    for (double& value : result) value /= deviation;
    return result;
}

// Slope of the line through (index, seconds) if it fits within a tenth of a beat, else the median interval.
double periodOf(const std::vector<double>& seconds) {
    const double n = static_cast<double>(seconds.size());
    double meanT = 0.0;
    for (double t : seconds) meanT += t / n;
    const double meanK = 0.5 * (n - 1.0);
    double kk = 0.0, kt = 0.0;
    for (std::size_t k = 0; k < seconds.size(); ++k) {
        kk += (static_cast<double>(k) - meanK) * (static_cast<double>(k) - meanK);
        kt += (static_cast<double>(k) - meanK) * (seconds[k] - meanT);
    }
    const double slope = kt / kk;
    double error = 0.0;
    for (std::size_t k = 0; k < seconds.size(); ++k) {
        const double off = seconds[k] - meanT - slope * (static_cast<double>(k) - meanK);
        error += off * off / n;
    }
    if (std::sqrt(error) < 0.1 * slope) return slope;
    std::vector<double> intervals;
    for (std::size_t k = 1; k < seconds.size(); ++k) intervals.push_back(seconds[k] - seconds[k - 1]);
    std::nth_element(intervals.begin(), intervals.begin() + static_cast<std::ptrdiff_t>(intervals.size() / 2), intervals.end());
    return intervals[intervals.size() / 2];
}

}  // namespace

Beats trackBeats(const OnsetEnvelope& envelope, const Tempo& tempo) {
    Beats result;
    result.bpm = tempo.bpm;
    const int count = static_cast<int>(envelope.strength.size());
    const double period = 60.0 / tempo.bpm / envelope.stepSeconds;
    const int shortest = std::max(1, static_cast<int>(std::lround(0.5 * period))), longest = static_cast<int>(std::lround(2.0 * period));
    if (count <= longest) return result;

    const std::vector<double> onset = normalised(envelope.strength);
    std::vector<double> penalty(longest + 1, 0.0);
    for (int d = shortest; d <= longest; ++d) penalty[d] = kTightness * std::pow(std::log(d / period), 2);
    std::vector<double> score(count);
    std::vector<int> previous(count, -1);
    for (int t = 0; t < count; ++t) {
        double best = 0.0;
        for (int d = shortest; d <= std::min(longest, t); ++d)
            if (const double value = score[t - d] - penalty[d]; value > best) {
                best = value;
                previous[t] = t - d;
            }
        score[t] = onset[t] + best;
    }
    int last = count - 1;
    for (int t = std::max(0, count - longest); t < count; ++t)
        if (score[t] > score[last]) last = t;

    std::vector<int> frames;
    for (int t = last; t >= 0; t = previous[t]) frames.push_back(t);
    std::reverse(frames.begin(), frames.end());
    const auto weak = [&](int t) { return onset[t] < 0.5; };
    while (!frames.empty() && weak(frames.back())) frames.pop_back();
    frames.erase(frames.begin(), std::find_if_not(frames.begin(), frames.end(), weak));
    if (frames.size() > kMaxBeats) frames.resize(kMaxBeats);
    if (frames.size() < 4) return result;

    for (int frame : frames) {
        int peak = frame;
        while (peak > 0 && frame - peak < 2 && onset[peak - 1] > onset[peak]) --peak;
        while (peak + 1 < count && peak - frame < 2 && onset[peak + 1] > onset[peak]) ++peak;
        const double left = peak > 0 ? onset[peak - 1] : 0.0, right = peak + 1 < count ? onset[peak + 1] : 0.0;
        const double curve = left - 2.0 * onset[peak] + right;
        const double shift = curve < 0.0 ? std::clamp(0.5 * (left - right) / curve, -0.5, 0.5) : 0.0;
        result.seconds.push_back(std::max(0.0, envelope.seconds(peak + shift)));
    }
    result.bpm = 60.0 / periodOf(result.seconds);
    return result;
}

}  // namespace tonewright
