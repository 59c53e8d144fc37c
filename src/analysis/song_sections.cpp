#include "analysis/song_sections.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include "analysis/loudness_meter.h"
#include "core/decibels.h"

namespace tonewright {

namespace {

constexpr double kPlayingRangeDb = 24.0;   // a voice that much under its loud moments says nothing
constexpr double kSoundingRangeDb = 20.0;
constexpr double kHeardShare = 0.02;       // of a unit
constexpr double kBandRangeDb = 36.0;      // bands further under the strongest are one floor
constexpr double kUnitDb = 6.0;            // a change of the spectrum or the level that counts as much as one voice
constexpr int kPairs = kErbBands / 2;
constexpr double kManyVoices = 8.0;        // where there are more, each counts less

constexpr double kLeastSeconds = 5.5, kLeastEdgeSeconds = 3.5;   // of a part in the middle; of the first and the last
constexpr double kNoiseFactor = 5.0;       // penalty of a cut, in wanderings from unit to unit
constexpr double kUnevenBars = 0.15, kTwoBars = 0.06;   // of the penalty: parts of odd length, and of two bars over
constexpr double kWholeBar = 0.7;           // of the next: a shorter first bar is a pick-up
constexpr double kLeastPenaltySeconds = 8.0;  // and at least as much as one voice's half for so long
constexpr double kAlike = 0.22;            // of the largest distance between two parts
constexpr double kAlwaysAlike = 0.35, kNeverAlike = 1.8;   // distances squared

double levelDb(double power, double floorDb) { return std::max(floorDb, powerToDb(std::max(power, 1e-30))); }

// Sums over prefixes of the units, for means and scatters of any stretch.
class Stretches {
public:
    explicit Stretches(const SongFeatures& features) : dims_(features.dims) {
        const int units = features.units();
        sums_.assign(static_cast<std::size_t>(units + 1) * dims_, 0.0);
        squares_.assign(units + 1, 0.0);
        weights_.assign(units + 1, 0.0);
        for (int u = 0; u < units; ++u) {
            const double w = features.seconds(u);
            weights_[u + 1] = weights_[u] + w;
            squares_[u + 1] = squares_[u];
            for (int d = 0; d < dims_; ++d) {
                sums_[index(u + 1, d)] = sums_[index(u, d)] + w * features.at(u, d);
                squares_[u + 1] += w * features.at(u, d) * features.at(u, d);
            }
        }
    }

    double seconds(int first, int last) const { return weights_[last] - weights_[first]; }
    double mean(int first, int last, int dim) const { return (sums_[index(last, dim)] - sums_[index(first, dim)]) / std::max(1e-9, seconds(first, last)); }
    // Integral of |x - mean|^2 over the stretch.
    double scatter(int first, int last) const {
        double square = 0.0;
        for (int d = 0; d < dims_; ++d) {
            const double sum = sums_[index(last, d)] - sums_[index(first, d)];
            square += sum * sum;
        }
        return std::max(0.0, squares_[last] - squares_[first] - square / std::max(1e-9, seconds(first, last)));
    }
    double distance(const SongSegment& a, const SongSegment& b) const {
        double sum = 0.0;
        for (int d = 0; d < dims_; ++d) {
            const double difference = mean(a.firstUnit, a.lastUnit, d) - mean(b.firstUnit, b.lastUnit, d);
            sum += difference * difference;
        }
        return sum;
    }

private:
    std::size_t index(int unit, int dim) const { return static_cast<std::size_t>(unit) * dims_ + dim; }

    int dims_;
    std::vector<double> sums_, squares_, weights_;
};

// How much a unit differs from its neighbour where nothing begins: the median, as scatter per second.
double wandering(const SongFeatures& features) {
    std::vector<double> steps;
    for (int u = 1; u < features.units(); ++u) {
        double sum = 0.0;
        for (int d = 0; d < features.dims; ++d) sum += std::pow(features.at(u, d) - features.at(u - 1, d), 2);
        steps.push_back(0.5 * sum);
    }
    if (steps.empty()) return 0.0;
    std::nth_element(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2), steps.end());
    return steps[steps.size() / 2];
}

// Music comes in fours. A pick-up is no bar, and the last part has a tail.
double unevenness(const SongFeatures& features, int first, int last) {
    if (!features.areBars || last == features.units()) return 0.0;
    const bool pickUp = first == 0 && features.units() > 1 && features.seconds(0) < kWholeBar * features.seconds(1);
    const int bars = last - first - (pickUp ? 1 : 0);
    return bars % 4 == 0 ? 0.0 : bars % 2 == 0 ? kTwoBars : kUnevenBars;
}

// First units of the parts with the least scatter and penalty.
std::vector<int> cheapestCuts(const SongFeatures& features, const Stretches& stretches, double penalty) {
    const int units = features.units();
    std::vector<double> cost(units + 1, std::numeric_limits<double>::infinity());
    std::vector<int> before(units + 1, 0);
    cost[0] = 0.0;
    for (int last = 1; last <= units; ++last)
        for (int first = last - 1; first >= 0; --first) {
            const bool edge = first == 0 || last == units;
            const bool all = first == 0 && last == units;
            if (!all && stretches.seconds(first, last) < (edge ? kLeastEdgeSeconds : kLeastSeconds)) continue;
            const double sum = cost[first] + stretches.scatter(first, last) + penalty * (1.0 + unevenness(features, first, last));
            if (sum < cost[last]) {
                cost[last] = sum;
                before[last] = first;
            }
        }
    std::vector<int> starts;
    for (int last = units; last > 0; last = before[last]) starts.push_back(before[last]);
    std::reverse(starts.begin(), starts.end());
    return starts;
}

// Average linkage of the parts until the nearest two are no longer alike.
void labelSegments(std::vector<SongSegment>& segments, const Stretches& stretches) {
    const std::size_t count = segments.size();
    std::vector<std::vector<double>> distance(count, std::vector<double>(count, 0.0));
    double largest = 0.0;
    for (std::size_t a = 0; a < count; ++a)
        for (std::size_t b = 0; b < count; ++b) {
            distance[a][b] = stretches.distance(segments[a], segments[b]);
            largest = std::max(largest, distance[a][b]);
        }
    const double alike = std::clamp(kAlike * largest, kAlwaysAlike, kNeverAlike);
    std::vector<std::vector<std::size_t>> groups(count);
    for (std::size_t i = 0; i < count; ++i) groups[i] = {i};
    for (;;) {
        double least = alike;
        std::size_t one = 0, other = 0;
        for (std::size_t a = 0; a < groups.size(); ++a)
            for (std::size_t b = a + 1; b < groups.size(); ++b) {
                double sum = 0.0;
                for (std::size_t i : groups[a])
                    for (std::size_t j : groups[b]) sum += distance[i][j];
                sum /= static_cast<double>(groups[a].size() * groups[b].size());
                if (sum < least) {
                    least = sum;
                    one = a;
                    other = b;
                }
            }
        if (other == 0) break;
        groups[one].insert(groups[one].end(), groups[other].begin(), groups[other].end());
        groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(other));
    }
    std::vector<int> group(count);
    for (std::size_t g = 0; g < groups.size(); ++g)
        for (std::size_t i : groups[g]) group[i] = static_cast<int>(g);
    std::vector<int> names(groups.size(), -1);
    int next = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (names[group[i]] < 0) names[group[i]] = next++;
        segments[i].label = names[group[i]];
    }
}

// From the share of the time in which a voice sounds (a kick's is small) to 0 ... 1 of what it plays where it plays all the time.
std::vector<double> relative(std::vector<double> shares) {
    std::vector<double> heard;
    std::copy_if(shares.begin(), shares.end(), std::back_inserter(heard), [](double share) { return share > kHeardShare; });
    std::sort(heard.begin(), heard.end());
    const double usual = heard.empty() ? 1.0 : heard[static_cast<std::size_t>(0.9 * static_cast<double>(heard.size() - 1))];
    for (double& share : shares) share = heard.empty() ? 0.0 : std::min(1.0, share / usual);
    return shares;
}

}  // namespace

SongFeatures songFeatures(const SongCanvas& canvas, std::vector<double> edges) {
    SongFeatures features;
    features.edges = std::move(edges);
    const int units = features.units(), voices = static_cast<int>(canvas.voices.size());
    features.dims = voices + kPairs + 1;
    features.values.assign(static_cast<std::size_t>(units) * features.dims, 0.0);
    const auto frames = [&](int u) {
        const int first = std::min(canvas.frameAt(features.edges[u]), canvas.frames - 1);
        return std::pair(first, std::max(first + 1, std::min(canvas.frames, canvas.frameAt(features.edges[u + 1]))));
    };
    const auto value = [&](int unit, int dim) -> double& { return features.values[static_cast<std::size_t>(unit) * features.dims + dim]; };

    // Level, and the strongest band of all.
    const KWeighting weighting = KWeighting::design(48000.0);
    std::array<double, kErbBands> weights{};
    for (int band = 0; band < kErbBands; ++band) weights[band] = dbToPower(weighting.responseDb(erbCentreHz(band), 48000.0));
    double top = 1e-30, loudest = 1e-30;
    for (int u = 0; u < units; ++u) {
        const auto [first, last] = frames(u);
        double loudness = 0.0;
        for (int band = 0; band < kErbBands; ++band) {
            double sum = 0.0;
            for (int f = first; f < last; ++f) sum += canvas.sum[static_cast<std::size_t>(f) * kErbBands + band];
            top = std::max(top, sum / (last - first));
            loudness += weights[band] * sum / (last - first);
        }
        features.loudness.push_back(loudness);
        loudest = std::max(loudest, loudness);
    }
    for (int u = 0; u < units; ++u) value(u, voices + kPairs) = levelDb(features.loudness[u] / loudest, -kPlayingRangeDb) / kUnitDb;

    // The spectrum: means of decibels, so that a moment counts as a moment.
    for (int u = 0; u < units; ++u) {
        const auto [first, last] = frames(u);
        for (int f = first; f < last; ++f)
            for (int p = 0; p < kPairs; ++p) {
                const float* power = canvas.sum.data() + static_cast<std::size_t>(f) * kErbBands + 2 * p;
                value(u, voices + p) += levelDb((power[0] + power[1]) / top, -kBandRangeDb) / (kUnitDb * std::sqrt(kPairs) * (last - first));
            }
    }

    double elements = 0.0;
    for (double weight : canvas.weights) elements += weight;
    const double voiceScale = std::sqrt(kManyVoices / std::max(kManyVoices, elements));
    for (int v = 0; v < voices; ++v) {
        std::vector<double> &sounding = features.sounding.emplace_back(units), &activity = features.activity.emplace_back(units);
        for (int u = 0; u < units; ++u) {
            const auto [first, last] = frames(u);
            for (int f = first; f < last; ++f) {
                const double db = levelDb(canvas.voices[v][f], -kPlayingRangeDb);
                sounding[u] += (db > -kSoundingRangeDb) / static_cast<double>(last - first);
                activity[u] += std::min(1.0, 1.0 + db / kPlayingRangeDb) / (last - first);
            }
        }
        activity = relative(std::move(activity));
        for (int u = 0; u < units; ++u) value(u, v) = voiceScale * std::sqrt(canvas.weights[v]) * activity[u];
    }
    return features;
}

std::vector<SongSegment> segmentSong(const SongFeatures& features) {
    const Stretches stretches(features);
    const double unitSeconds = stretches.seconds(0, features.units()) / features.units();
    const double noise = wandering(features) * unitSeconds;
    const double penalty = std::max(kNoiseFactor * noise, 0.25 * kLeastPenaltySeconds);
    const std::vector<int> starts = cheapestCuts(features, stretches, penalty);
    std::vector<SongSegment> segments;
    for (std::size_t i = 0; i < starts.size(); ++i)
        segments.push_back({.firstUnit = starts[i], .lastUnit = i + 1 < starts.size() ? starts[i + 1] : features.units(), .label = 0, .contrast = 0.0});
    labelSegments(segments, stretches);

    // Neighbours that are alike are one part.
    std::vector<SongSegment> parts;
    for (const SongSegment& segment : segments)
        if (!parts.empty() && parts.back().label == segment.label)
            parts.back().lastUnit = segment.lastUnit;
        else
            parts.push_back(segment);
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const SongSegment whole{.firstUnit = parts[i - 1].firstUnit, .lastUnit = parts[i].lastUnit, .label = 0, .contrast = 0.0};
        const double gain = stretches.scatter(whole.firstUnit, whole.lastUnit) - stretches.scatter(parts[i - 1].firstUnit, parts[i - 1].lastUnit) -
                            stretches.scatter(parts[i].firstUnit, parts[i].lastUnit);
        parts[i].contrast = gain / (gain + penalty);
    }
    return parts;
}

}  // namespace tonewright
