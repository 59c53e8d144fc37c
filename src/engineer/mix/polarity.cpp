#include "engineer/mix/polarity.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/low_end.h"
#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/repair/repair_rules.h"

namespace tonewright {

namespace {

using Bands = std::array<double, LowEnd::kBands>;

constexpr double kHeardDb = 40.0;
constexpr double kHardlyHeardDb = 0.5;

const Alignment::Params* alignmentOf(const MixTrack& track) {
    for (const Step& step : track.plan.chain)
        if (const auto* params = std::get_if<Alignment::Params>(&step.params)) return params;
    return nullptr;
}

// What chain and fader make of each band, as a factor on amplitude; 0 where the recording has nothing.
Bands amplitudes(const MixTrack& track, const SketchGrid& grid) {
    Bands gains{};
    for (int band = 0; band < LowEnd::kBands; ++band) {
        const double hz = thirdOctaveCentreHz(LowEnd::kFirstBand + band);
        int nearest = 0;
        for (int erb = 1; erb < kErbBands; ++erb)
            if (std::abs(std::log(erbCentreHz(erb) / hz)) < std::abs(std::log(erbCentreHz(nearest) / hz))) nearest = erb;
        double recorded = 0.0, now = 0.0;
        for (int f = 0; f < track.analysis->sketch.frames; ++f) recorded += track.analysis->sketch.at(f, nearest);
        for (int f = 0; f < grid.frames; ++f) now += track.sketch.at(f, nearest);
        recorded *= track.analysis->sketch.frameSeconds;
        now *= grid.frameSeconds;
        // One channel reaches both loudspeakers, each at -3 dB.
        if (recorded > 0.0) gains[band] = std::sqrt(now / recorded * (track.track->info.channels == 1 ? 2.0 : 1.0));
    }
    return gains;
}

// Tracks whose polarity to each other is settled.
struct Cluster {
    std::vector<int> tracks;     // as they stand in state.tracks
    std::vector<int> signs;      // +1: as decided so far; -1: turned over
};

// Between both polarities, of a whole that shares so much.
double decibels(double share) {
    share = std::clamp(share, -0.95, 0.95);
    return powerToDb((1.0 + share) / (1.0 - share));
}

class Polarities {
public:
    Polarities(const MixState& state, const PolarityTuning& tuning) : state_(state), tuning_(tuning) {
        const int count = static_cast<int>(state.tracks.size());
        std::vector<double> delays(count);
        std::vector<Bands> gains(count);
        std::vector<int> signs(count, 1);
        for (int i : state.byContent) {
            gains[i] = amplitudes(state.tracks[i], state.grid);
            if (const Alignment::Params* align = alignmentOf(state.tracks[i])) {
                delays[i] = align->delayFrames;
                signs[i] = align->invertPolarity ? -1 : 1;
            }
        }
        crossings_ = state.facts.lowEnd->sums(delays);
        for (int j = 0; j < count; ++j)
            for (int i = 0; i <= j; ++i)
                for (int band = 0; band < LowEnd::kBands; ++band)
                    crossings_.power[LowEnd::Sums::pair(i, j) * LowEnd::kBands + static_cast<std::size_t>(band)] *= gains[i][band] * gains[j][band] * signs[i] * signs[j];
        for (int i : state.byContent)
            for (int band = 0; band < LowEnd::kBands; ++band) whole_[band] += crossings_.at(i, i, band);
        const double least = dbToPower(-kHeardDb) * *std::ranges::max_element(whole_);
        for (double& power : whole_)
            if (power < least) power = 0.0;   // what the mix hardly has, nobody misses
    }

    std::vector<Cluster> settle(std::vector<Cluster> clusters) const {
        for (;;) {
            int a = -1, b = -1;
            double most = 0.0;
            Bands together{};
            for (int j = 1; j < static_cast<int>(clusters.size()); ++j)
                for (int i = 0; i < j; ++i) {
                    const Bands shared = between(clusters[i], clusters[j]);
                    if (const double size = std::abs(sum(shared)); size > most && mostDb(shared) >= tuning_.leastBandDb) {
                        most = size;
                        a = i;
                        b = j;
                        together = shared;
                    }
                }
            if (a < 0) return clusters;
            const int turn = sum(together) < 0.0 ? -1 : 1;
            for (std::size_t k = 0; k < clusters[b].tracks.size(); ++k) {
                clusters[a].tracks.push_back(clusters[b].tracks[k]);
                clusters[a].signs.push_back(turn * clusters[b].signs[k]);
            }
            clusters.erase(clusters.begin() + b);
        }
    }

    // What a sum gains in each band, as a share of the whole, by both being there: 2 Re S / whole.
    Bands between(const Cluster& one, const Cluster& other) const {
        Bands shared{};
        for (std::size_t a = 0; a < one.tracks.size(); ++a)
            for (std::size_t b = 0; b < other.tracks.size(); ++b)
                for (int band = 0; band < LowEnd::kBands; ++band)
                    if (whole_[band] > 0.0) shared[band] += 2.0 * one.signs[a] * other.signs[b] * crossings_.at(one.tracks[a], other.tracks[b], band) / whole_[band];
        return shared;
    }

    static double sum(const Bands& bands) {
        double all = 0.0;
        for (double band : bands) all += band;
        return all;
    }
    // How far apart both polarities are where they differ most.
    static double mostDb(const Bands& shared) { return std::abs(decibels(*std::ranges::max_element(shared, {}, [](double share) { return std::abs(share); }))); }

private:
    const MixState& state_;
    const PolarityTuning& tuning_;
    LowEnd::Sums crossings_;
    Bands whole_{};              // power of all tracks, as if none had anything to do with another
};

// Those whose polarity the alignment of microphones settled stay together.
std::vector<Cluster> settledBefore(const MixState& state) {
    std::vector<Cluster> clusters;
    std::vector<std::string> groups;
    for (int i : state.byContent) {
        const MixTrack& track = state.tracks[i];
        const auto aligned = state.facts.alignments.find(track.track->id);
        const bool sure = aligned != state.facts.alignments.end() && aligned->second.confidence >= AlignmentTuning{}.sureConfidence;
        const auto known = sure ? std::ranges::find(groups, track.track->group) : groups.end();
        if (known != groups.end()) {
            Cluster& cluster = clusters[known - groups.begin()];
            cluster.tracks.push_back(i);
            cluster.signs.push_back(1);
            continue;
        }
        clusters.push_back({{i}, {1}});
        groups.push_back(sure ? track.track->group : "");
    }
    return clusters;
}

// Either way round the cluster sounds the same: the way that leaves more as they are.
void turnFewest(Cluster& cluster) {
    if (2 * std::ranges::count(cluster.signs, -1) > std::ssize(cluster.signs))
        for (int& sign : cluster.signs) sign = -sign;
}

// The step that turns one of a cluster over, with what it brings beside all others.
Step turnedOver(const MixState& state, const Polarities& polarities, const Cluster& cluster, std::size_t which) {
    const int i = cluster.tracks[which];
    const Cluster alone{{i}, {cluster.signs[which]}};
    Cluster others = cluster;
    others.tracks.erase(others.tracks.begin() + static_cast<std::ptrdiff_t>(which));
    others.signs.erase(others.signs.begin() + static_cast<std::ptrdiff_t>(which));
    // Of those that stay as they are: what is turned over with it was right to it before.
    int strongest = -1;
    double most = -1.0;
    for (std::size_t k = 0; k < others.tracks.size(); ++k) {
        if (others.signs[k] < 0) continue;
        const double size = std::abs(Polarities::sum(polarities.between(alone, {{others.tracks[k]}, {1}})));
        if (size > most) {
            most = size;
            strongest = others.tracks[k];
        }
    }

    const Bands shared = polarities.between(alone, others);
    const auto fullest = std::ranges::max_element(shared);
    const std::string hz = fixed(thirdOctaveCentreHz(LowEnd::kFirstBand + static_cast<int>(fullest - shared.begin())), 0) + " Hz";
    return makeStep(state.tracks[i].stepId("polarity"), Alignment::Params{.invertPolarity = true},
                    {.rule = "mix.polarity",
                     .text = "It shares notes or hits with others (" + state.tracks[strongest].track->name + " most of all), upside down. Turned over, what they share adds up instead of thinning out" +
                             (decibels(*fullest) < kHardlyHeardDb ? ": hardly to be heard, but so the mix is the same whichever way round it was recorded." : "."),
                     .evidence = {evidence("fullerByDb", decibels(*fullest), "dB", "of the whole mix at " + hz + ", between both polarities"),
                                  evidence("fullerOverAllDb", decibels(Polarities::sum(shared) / LowEnd::kBands), "dB", "31.5 Hz to 2 kHz")},
                     .confidence = 0.6});
}

}  // namespace

void decidePolarity(MixState& state, const PolarityTuning& tuning) {
    if (!state.facts.lowEnd || state.byContent.size() < 2) return;
    const Polarities polarities(state, tuning);
    for (Cluster& cluster : polarities.settle(settledBefore(state))) {
        turnFewest(cluster);
        for (std::size_t which = 0; which < cluster.tracks.size() && cluster.tracks.size() > 1; ++which)
            if (cluster.signs[which] < 0) {
                std::vector<Step>& chain = state.tracks[cluster.tracks[which]].plan.chain;
                chain.insert(chain.begin(), turnedOver(state, polarities, cluster, which));
            }
    }
}

}  // namespace tonewright
