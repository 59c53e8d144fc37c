#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/mix/mix_rules.h"

namespace tonewright {

namespace {

constexpr double kLowHz = 200.0;

struct Place {
    double position = 0.0;
    std::string why;
    double confidence = 0.9;
};

// Share of a track's energy below 200 Hz: what carries the low end stays in the middle.
double lowShare(const MixTrack& track) {
    const BandGains spectrum = track.sketch.activeSpectrum();
    double low = 0.0, all = 0.0;
    for (int band = 0; band < kErbBands; ++band) {
        all += spectrum[band];
        if (erbCentreHz(band) < kLowHz) low += spectrum[band];
    }
    return all > 0.0 ? low / all : 0.0;
}

// How much of their time and bands two tracks share, 0 ... 1.
double overlap(const MixTrack& a, const MixTrack& b) {
    const BandGains sa = a.sketch.activeSpectrum(), sb = b.sketch.activeSpectrum();
    double ab = 0.0, aa = 0.0, bb = 0.0;
    for (int band = 0; band < kErbBands; ++band) {
        ab += std::sqrt(sa[band] * sb[band]);
        aa += sa[band];
        bb += sb[band];
    }
    return aa > 0.0 && bb > 0.0 ? ab / std::sqrt(aa * bb) : 0.0;
}

bool staysCentred(const MixTrack& track) {
    return track.profile->panWidth <= 0.0 || track.isLeadVocal() || (lowShare(track) > 0.5 && track.family() != "drums");
}

// Sides that were recorded as sides.
std::optional<Place> recordedSide(const MixTrack& track) {
    const double sign = track.track->side == "L" ? -1.0 : track.track->side == "R" ? 1.0 : 0.0;
    if (sign == 0.0) return std::nullopt;
    const double width = std::max(track.profile->panWidth, 0.7);
    return Place{sign * width, "It is the " + std::string(sign < 0 ? "left" : "right") + " one of a pair and stands on its side"};
}

// A drummer's kit as the audience sees it, where the overheads do not say otherwise.
std::optional<Place> kitConvention(const MixTrack& track) {
    const std::string& role = track.track->role;
    if (role == "drums/hihat") return Place{0.25, "The hi-hat stands right of the snare, as seen from the audience", 0.6};
    if (role == "drums/ride") return Place{-0.3, "The ride stands on the floor tom's side, as seen from the audience", 0.6};
    return std::nullopt;
}

}  // namespace

void decidePan(MixState& state) {
    const auto place = [&](int i, const Place& where) {
        MixTrack& track = state.tracks[i];
        const bool stereo = track.track->info.channels == 2;
        const double position = roundTo(std::clamp(where.position, -1.0, 1.0), 0.05);
        track.plan.pan = makeStep(track.stepId("pan"), Panner::Params{.position = position, .source = stereo ? Panner::Source::stereo : Panner::Source::mono},
                                  {.rule = "mix.pan",
                                   .text = where.why + ".",
                                   .evidence = {evidence("shareBelow200Hz", lowShare(track), "", "")},
                                   .confidence = where.confidence});
    };

    std::vector<int> free;
    std::vector<int> toms;
    for (int i : state.byContent) {
        const MixTrack& track = state.tracks[i];
        if (track.track->info.channels == 2)
            place(i, {0.0, "It was recorded in stereo and keeps its image"});
        else if (const auto side = recordedSide(track))
            place(i, *side);
        else if (staysCentred(track))
            place(i, {0.0, track.isLeadVocal() ? "The lead voice stands in the centre" : "What carries the low end or the beat stays in the centre, where both speakers share the work"});
        else if (const auto kit = kitConvention(track))
            place(i, *kit);
        else if (track.track->role == "drums/tom")
            toms.push_back(i);
        else
            free.push_back(i);
    }

    // Toms from high (right, by the hi-hat) to low (left), as seen from the audience.
    std::stable_sort(toms.begin(), toms.end(), [&](int a, int b) {
        return state.tracks[a].analysis->spectrum.centroidHz.value_or(0.0) > state.tracks[b].analysis->spectrum.centroidHz.value_or(0.0);
    });
    for (std::size_t n = 0; n < toms.size(); ++n) {
        const double t = toms.size() == 1 ? 0.5 : static_cast<double>(n) / static_cast<double>(toms.size() - 1);
        place(toms[n], {toms.size() == 1 ? 0.15 : 0.35 - 0.7 * t, "Toms run from high to low across the kit, as seen from the audience", 0.6});
    }

    // The rest: each where it collides least with what already stands there. The most overlapping pair goes to opposite sides, and the
    // sum of left minus right stays near zero.
    double balance = 0.0;  // power-weighted position so far
    std::vector<std::pair<int, double>> placed;
    for (int i : free) {
        const MixTrack& track = state.tracks[i];
        const double width = track.profile->panWidth;
        const double power = dbToPower(state.loudnessOf(track) + 40.0);
        double best = 0.0, bestCost = 1e300;
        int rival = -1;
        double rivalOverlap = 0.0;
        for (const auto& [j, position] : placed)
            if (const double shared = overlap(track, state.tracks[j]); shared > rivalOverlap) {
                rivalOverlap = shared;
                rival = j;
            }
        for (double candidate : {-width, width, -0.5 * width, 0.5 * width}) {
            double cost = 0.15 * std::abs(balance + power * candidate) / (std::abs(balance) + power);
            cost += 0.05 * (1.0 - std::abs(candidate) / width);
            for (const auto& [j, position] : placed) cost += overlap(track, state.tracks[j]) * std::exp(-3.0 * std::abs(position - candidate));
            if (cost < bestCost - 1e-9) {
                bestCost = cost;
                best = candidate;
            }
        }
        placed.emplace_back(i, best);
        balance += power * best;
        place(i, {best, rival >= 0 ? "It shares its range with " + state.tracks[rival].track->name + " and stands where the two get in each other's way least"
                                   : "Supporting parts leave the centre to the lead; this one is the first to step aside",
                  0.7});
    }
}

}  // namespace tonewright
