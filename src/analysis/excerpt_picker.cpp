#include "analysis/excerpt_picker.h"

#include <algorithm>
#include <cmath>

namespace tonewright {

namespace {

constexpr int kPartSeconds = 5;

// How much a recording's power rises within each second, as shares of the whole.
std::vector<double> risesPerSecond(const Sketch& sketch, int seconds) {
    std::vector<double> rises(seconds, 0.0);
    double before = 0.0, total = 0.0;
    for (int frame = 0; frame < sketch.frames; ++frame) {
        double power = 0.0;
        for (int band = 0; band < kErbBands; ++band) power += sketch.at(frame, band);
        const int second = std::min(seconds - 1, static_cast<int>(frame * sketch.frameSeconds));
        const double rise = std::sqrt(std::max(0.0, power - before));  // the root: one huge hit must not be everything
        rises[second] += rise;
        total += rise;
        before = power;
    }
    if (total > 0.0)
        for (double& rise : rises) rise /= total;
    return rises;
}

}  // namespace

std::vector<TimeSpan> pickExcerpts(std::span<const Sketch* const> sketches, double totalSeconds) {
    double longest = 0.0;
    for (const Sketch* sketch : sketches) longest = std::max(longest, sketch->frames * sketch->frameSeconds);
    if (longest <= totalSeconds) return longest > 0.0 ? std::vector<TimeSpan>{{0.0, longest}} : std::vector<TimeSpan>{};

    const int seconds = static_cast<int>(std::ceil(longest));
    std::vector<double> rises(seconds, 0.0);
    for (const Sketch* sketch : sketches) {
        const std::vector<double> own = risesPerSecond(*sketch, seconds);
        for (int s = 0; s < seconds; ++s) rises[s] += own[s];
    }
    std::vector<TimeSpan> parts;
    const int count = std::max(1, static_cast<int>(totalSeconds / kPartSeconds));
    for (int part = 0; part < count; ++part) {
        const int from = seconds * part / count, to = seconds * (part + 1) / count;
        int best = from;
        double most = -1.0;
        for (int start = from; start + kPartSeconds <= to || start == from; ++start) {
            double sum = 0.0;
            for (int s = start; s < std::min(seconds, start + kPartSeconds); ++s) sum += rises[s];
            if (sum > most) {
                most = sum;
                best = start;
            }
        }
        if (most > 0.0) parts.push_back({static_cast<double>(best), std::min(longest, static_cast<double>(best + kPartSeconds))});
    }
    return parts;
}

}  // namespace tonewright
