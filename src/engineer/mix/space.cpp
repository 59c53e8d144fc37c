#include <algorithm>
#include <cmath>
#include <map>

#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/mix/mix_rules.h"

namespace tonewright {

namespace {

struct ReturnKind {
    const char* id;
    const char* name;
    ReverbType type;
    double beats;                       // decay, in beats of the song
    double leastSeconds, mostSeconds;
    double preDelayMs;
    double highCutHz;
};

constexpr double kLowCutHz = 200.0;

constexpr ReturnKind kReturns[] = {
    {"plate", "Plate", ReverbType::plate, 2.5, 1.0, 2.2, 40.0, 8000.0},
    {"room", "Room", ReverbType::room, 1.0, 0.4, 0.8, 12.0, 7000.0},
};

constexpr double kUsualTempoBpm = 110.0;

// A thirty-second note, in the range in which a pre-delay separates without being heard as an echo.
double preDelayMs(const ReturnKind& kind, double tempoBpm) {
    if (kind.type == ReverbType::room || tempoBpm <= 0.0) return kind.preDelayMs;
    return roundMs(std::clamp(60000.0 / tempoBpm / 8.0, 30.0, 60.0));
}

// What goes into the return: lows and extreme highs stay dry.
Equalizer::Params filtersOf(const ReturnKind& kind) {
    return {.bands = {{.type = BandType::lowCut, .frequencyHz = kLowCutHz, .slopeDbPerOctave = 12},
                      {.type = BandType::highCut, .frequencyHz = kind.highCutHz, .slopeDbPerOctave = 12}}};
}

double decaySeconds(const ReturnKind& kind, double tempoBpm) {
    const double beat = 60.0 / (tempoBpm > 0.0 ? tempoBpm : kUsualTempoBpm);
    return roundTo(std::clamp(kind.beats * beat, kind.leastSeconds, kind.mostSeconds), 0.05);
}

}  // namespace

void decideSpace(MixState& state, double intensity, const SpaceTuning& tuning) {
    if (intensity <= 0.0) return;
    const double mixLufs = state.mixLoudnessLufs();
    if (!std::isfinite(mixLufs)) return;

    // Role by role, relative to each other; then all returns together to their place under the mix. A reverberator keeps
    // the energy of what its filters let in.
    std::map<std::string, std::vector<std::pair<int, double>>> sends;
    std::vector<double> wet(state.grid.frames);
    std::map<std::string, std::vector<double>> wetOf;
    for (const ReturnKind& kind : kReturns) {
        const BandGains filters = bandGains(filtersOf(kind));
        for (int i : state.byContent) {
            const MixTrack& track = state.tracks[i];
            const auto send = track.profile->sendsDb.find(kind.id);
            if (send == track.profile->sendsDb.end()) continue;
            sends[kind.id].emplace_back(i, send->second);
            TrackSketch sent = track.sketch;
            sent.applyBands(filters);
            sent.applyGain(send->second);
            const std::vector<double> power = sent.loudnessPower();
            std::vector<double>& sum = wetOf[kind.id];
            sum.resize(state.grid.frames);
            for (int f = 0; f < state.grid.frames; ++f) {
                wet[f] += power[f];
                sum[f] += power[f];
            }
        }
    }
    const double wetLufs = sketchLoudness(wet, state.grid.frameSeconds);
    if (!std::isfinite(wetLufs)) return;
    const double wanted = mixLufs + tuning.returnUnderMixLu + 6.0 * std::log2(std::clamp(intensity, 0.25, 2.0)) * 0.5;
    const double shiftDb = std::clamp(wanted - wetLufs, -8.0, 6.0);

    for (const ReturnKind& kind : kReturns) {
        if (!sends.contains(kind.id)) continue;
        BusPlan bus;
        bus.id = std::string("return-") + kind.id;
        bus.name = kind.name;
        bus.kind = BusKind::effect;
        ReverbParams params;
        params.type = kind.type;
        params.decaySeconds = decaySeconds(kind, state.tempoBpm);
        params.preDelayMs = preDelayMs(kind, state.tempoBpm);
        params.lowCutHz = kLowCutHz;
        params.highCutHz = kind.highCutHz;
        const std::string tempo = state.tempoBpm > 0.0 ? "the song's " + fixed(state.tempoBpm, 0) + " beats a minute" : "a medium tempo (none was found)";
        bus.chain.push_back(makeStep(bus.id + ".reverb", params,
                                     {.rule = "mix.space",
                                      .text = "One " + std::string(kind.id) + " for all that share this space, timed to " + tempo +
                                              ": it is gone before it blurs what follows. Lows and extreme highs stay dry.",
                                      .evidence = {evidence("tempoBpm", state.tempoBpm, "bpm"), evidence("returnReMixPredicted", sketchLoudness(wetOf.at(kind.id), state.grid.frameSeconds) + shiftDb - mixLufs, "LU",
                                                            "all returns together " + fixed(wetLufs + shiftDb - mixLufs, 1) + ", usual -14")},
                                      .confidence = 0.7}));
        bus.fader = makeStep(bus.id + ".fader", Gain::Params{}, {.rule = "mix.space", .text = "More or less of the whole " + std::string(kind.id) + ".", .evidence = {}});
        const std::string returnId = bus.id;
        state.buses.push_back(std::move(bus));
        for (const auto& [i, db] : sends.at(kind.id)) {
            MixTrack& track = state.tracks[i];
            const double level = roundDb(db + shiftDb);
            track.plan.sends.push_back({returnId, makeStep(track.track->id + ".to." + kind.id, Gain::Params{.gainDb = level},
                                                          {.rule = "mix.space",
                                                           .text = track.isLeadVocal() ? "Enough space to sit in the song, dry enough to stay in front."
                                                                                       : "Puts it into the same space as the others; further back the less it leads.",
                                                           .evidence = {evidence("sendDb", level, "dB", "usual for the role " + fixed(db, 0))},
                                                           .confidence = 0.7})});
        }
    }
}

}  // namespace tonewright
