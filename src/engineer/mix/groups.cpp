#include <algorithm>
#include <cmath>
#include <map>

#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/mix/mix_rules.h"

namespace tonewright {

namespace {

const std::map<std::string, std::string>& busNames() {
    static const std::map<std::string, std::string> names = {{"drums", "Drums"}, {"bass", "Bass"},   {"guitars", "Guitars"},
                                                             {"keys", "Keys"},   {"vocals", "Vocals"}, {"orchestra", "Orchestra"}};
    return names;
}

// Gentle glue on the sum of a group.
std::optional<Step> decideBusCompression(const MixState& state, const std::string& bus, const std::vector<int>& members, double intensity) {
    if (bus != "drums" || members.size() < 3 || intensity <= 0.0) return std::nullopt;
    std::vector<double> sum(state.grid.frames);
    for (int i : members) {
        const std::vector<double> power = state.tracks[i].sketch.framePower();
        for (int f = 0; f < state.grid.frames; ++f) sum[f] += power[f];
    }
    const std::vector<double> levels = activeLevelsDb(sum);
    if (levels.size() < 40) return std::nullopt;
    const double loudDb = percentile(levels, 0.9), usualDb = percentile(levels, 0.5);
    constexpr double kWantedSpreadDb = 5.0, kRatio = 2.0;
    const double reductionDb = std::min(2.0, 0.5 * (loudDb - usualDb - kWantedSpreadDb)) * intensity;
    if (reductionDb < 0.7) return std::nullopt;
    return makeStep("bus-" + bus + ".compress",
                    Compressor::Params{.thresholdDb = std::clamp(roundDb(loudDb - 2.0 * reductionDb), -80.0, 0.0),
                                       .ratio = kRatio,
                                       .kneeDb = 8.0,
                                       .attackMs = 25.0,
                                       .releaseMs = 120.0,
                                       .makeupGainDb = roundDb(0.5 * reductionDb),
                                       .detector = DetectorKind::rms},
                    {.rule = "mix.bus-compress",
                     .text = "A little compression over the whole kit makes one instrument of its microphones; the slow attack leaves the hits their punch.",
                     .evidence = {evidence("loudOverUsual", loudDb - usualDb, "dB", "wanted " + fixed(kWantedSpreadDb, 0))},
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
        if (auto step = decideBusCompression(state, id, tracks, intensity)) bus.chain.push_back(std::move(*step));
        bus.fader = makeStep(bus.id + ".fader", Gain::Params{},
                             {.rule = "mix.groups",
                              .text = std::to_string(tracks.size()) + " tracks of one kind share this fader: move it to move them together.",
                              .evidence = {evidence("tracks", static_cast<double>(tracks.size()), "")}});
        for (int i : tracks) state.tracks[i].plan.output = bus.id;
        state.buses.push_back(std::move(bus));
    }
}

}  // namespace tonewright
