#include <algorithm>
#include <cmath>
#include <map>

#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/mix/bus_model.h"
#include "engineer/mix/colour.h"
#include "engineer/mix/dynamics.h"
#include "engineer/mix/mix_rules.h"

namespace tonewright {

namespace {

const std::map<std::string, std::string>& busNames() {
    static const std::map<std::string, std::string> names = {{"drums", "Drums"}, {"bass", "Bass"},   {"guitars", "Guitars"},
                                                             {"keys", "Keys"},   {"vocals", "Vocals"}, {"orchestra", "Orchestra"}};
    return names;
}

// How far the loud moments of a group stand over its usual level.
struct GroupMovement {
    double loudDb = kSilentDb, usualDb = kSilentDb;
    bool known = false;
};

GroupMovement movementOf(std::span<const double> heard) {
    const std::vector<double> levels = activeLevelsDb(framesOf(heard));
    if (levels.size() < 40) return {};
    return {percentile(levels, 0.9), percentile(levels, 0.5), true};
}

std::optional<Step> decideParallel(const MixState& state, const std::vector<int>& members, std::vector<double>& heard, double intensity, const ParallelTuning& tuning) {
    const GroupMovement movement = movementOf(heard);
    const bool hits = std::ranges::any_of(members, [&](int i) { return state.tracks[i].track->role == "drums/kick" || state.tracks[i].track->role == "drums/snare"; });
    if (!movement.known || !hits || members.size() < 3) return std::nullopt;
    const double spreadDb = movement.loudDb - movement.usualDb;
    const double share = std::clamp((spreadDb - tuning.leastSpreadDb) / (tuning.fullSpreadDb - tuning.leastSpreadDb), 0.0, 1.0);
    const double mix = roundTo(tuning.mostMix * share * std::min(1.5, intensity), 0.01);
    if (mix < tuning.leastMix) return std::nullopt;

    Compressor::Params params{.ratio = tuning.ratio, .kneeDb = 6.0, .attackMs = tuning.attackMs, .releaseMs = tuning.releaseMs, .mix = mix, .detector = DetectorKind::rms};
    params.thresholdDb = std::clamp(roundDb(movement.loudDb - tuning.hardReductionDb / (1.0 - 1.0 / params.ratio)), -80.0, 0.0);
    const double stepSeconds = state.grid.frameSeconds / TrackSketch::kSteps;
    const Reduction hard = reductionOf(heard, params, stepSeconds);
    params.makeupGainDb = roundDb(std::clamp(hard.ofLoudDb, 0.0, 12.0));
    // What comes out against what went in, loud and usual moments: the usual ones come up.
    const std::vector<double> gains = compressionOverTime(heard, params, stepSeconds);
    for (std::size_t s = 0; s < heard.size(); ++s) heard[s] *= gains[s];
    const GroupMovement after = movementOf(heard);
    return makeStep("bus-drums.parallel", params,
                    {.rule = "mix.parallel",
                     .text = "A hard compressed copy of the kit is mixed in at " + fixed(100.0 * mix, 0) + " %: what sounds between the hits comes up by " + fixed(after.usualDb - movement.usualDb, 1) +
                             " dB, and the hits keep their shape.",
                     .evidence = {evidence("loudOverUsual", spreadDb, "dB", "from " + fixed(tuning.leastSpreadDb, 0)),
                                  evidence("loudOverUsualPredicted", after.loudDb - after.usualDb, "dB"),
                                  evidence("reductionPredicted", hard.meanDb, "dB", "of the copy, on average while acting"),
                                  evidence("mostReductionPredicted", hard.mostDb, "dB", "of the copy")},
                     .confidence = 0.6});
}

// Gentle glue on the sum of a group.
std::optional<Step> decideGlue(const MixState& state, const std::string& bus, const std::vector<int>& members, const std::vector<double>& heard, double intensity, const GlueTuning& tuning) {
    const bool drums = bus == "drums";
    if (members.size() < (drums ? 3u : 2u) || bus == "bass") return std::nullopt;
    const GroupMovement movement = movementOf(heard);
    if (!movement.known) return std::nullopt;
    const double spreadDb = movement.loudDb - movement.usualDb, wantedDb = drums ? tuning.drumsSpreadDb : tuning.spreadDb;
    const double reductionDb = std::min(drums ? tuning.mostDrumsDb : tuning.mostDb, tuning.part * (spreadDb - wantedDb)) * std::min(1.5, intensity);
    if (reductionDb < tuning.leastDb) return std::nullopt;
    Compressor::Params params{.ratio = drums ? 2.0 : 1.5, .kneeDb = 8.0, .attackMs = drums ? 15.0 : 30.0, .releaseMs = drums ? 120.0 : 250.0, .detector = DetectorKind::rms};
    const double stepSeconds = state.grid.frameSeconds / TrackSketch::kSteps;
    params.thresholdDb = std::clamp(roundDb(thresholdFor(heard, params, reductionDb, movement.loudDb, stepSeconds)), -80.0, 0.0);
    const Reduction reduction = reductionOf(heard, params, stepSeconds);
    params.makeupGainDb = roundDb(0.5 * reduction.ofLoudDb);
    return makeStep("bus-" + bus + ".compress", params,
                    {.rule = "mix.bus-compress",
                     .text = drums ? "A little compression over the whole kit makes one instrument of its microphones; its attack lets the first of each hit through."
                                   : "A little compression over all of them together, slow and by " + fixed(reduction.meanDb, 1) + " dB on average, lets them move as one.",
                     .evidence = {evidence("loudOverUsual", spreadDb, "dB", "wanted " + fixed(wantedDb, 0)), evidence("reductionPredicted", reduction.meanDb, "dB", "on average while acting"),
                                  evidence("mostReductionPredicted", reduction.mostDb, "dB")},
                     .confidence = 0.7});
}

}  // namespace

void decideGroups(MixState& state, double intensity) {
    std::map<std::string, std::vector<int>> members;
    for (int i : state.byContent)
        if (!state.tracks[i].profile->bus.empty()) members[state.tracks[i].profile->bus].push_back(i);
    for (const auto& [id, tracks] : members) {
        if (tracks.size() < 2) continue;  // a group of one is only a second fader
        BusPlan bus;
        bus.id = "bus-" + id;
        bus.name = busNames().contains(id) ? busNames().at(id) : id;
        if (intensity > 0.0) {
            std::vector<double> heard = heardOnBus(state, tracks);
            if (id == "drums")
                if (auto step = decideParallel(state, tracks, heard, intensity, {})) bus.chain.push_back(std::move(*step));
            if (auto step = decideGlue(state, id, tracks, heard, intensity, {})) bus.chain.push_back(std::move(*step));
            if (id == "drums") {
                const Style* style = findStyle(state.intent.style == "auto" ? "neutral" : state.intent.style);
                const double loudDb = percentile(activeLevelsDb(framesOf(heard)), 0.9);
                if (auto step = decideKitColour(state, tracks, loudDb, colourWish(state.intent, style), intensity)) bus.chain.push_back(std::move(*step));
            }
        }
        bus.fader = makeStep(bus.id + ".fader", Gain::Params{},
                             {.rule = "mix.groups",
                              .text = std::to_string(tracks.size()) + " tracks of one kind share this fader: move it to move them together.",
                              .evidence = {evidence("tracks", static_cast<double>(tracks.size()), "")}});
        for (int i : tracks) state.tracks[i].plan.output = bus.id;
        state.buses.push_back(std::move(bus));
    }
}

}  // namespace tonewright
