#include <algorithm>
#include <cmath>
#include <map>

#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/mix/mix_rules.h"

namespace tonewright {

namespace {

constexpr double kMostFaderDb = 24.0;
// The microphones of one kit hear the same hits at the same time: their sum is louder than the sum of their powers.
constexpr double kKitCoherenceDb = 1.5;
// The returns add to everything but the lead's own sound.
constexpr double kReturnsLu = 0.4;

bool isKitRole(const MixTrack& track) { return track.family() == "drums"; }

// Indices of the audible tracks that share a target: one role of a family, the kit's parts apart.
std::map<std::string, std::vector<int>> byRole(const MixState& state) {
    std::map<std::string, std::vector<int>> roles;
    for (int i : state.byContent) roles[state.tracks[i].profile->role].push_back(i);
    return roles;
}

// What leads where nobody sings: the melodic track with the highest claim that plays for most of the song.
int leadInstrument(const MixState& state) {
    int best = -1;
    double bestScore = 0.0;
    for (int i : state.byContent) {
        const MixTrack& track = state.tracks[i];
        if (track.isLeadVocal()) return -1;
        const std::string family = track.family();
        if (family == "drums" || family == "bass" || family == "pad" || family == "effects" || family == "unknown" || family == "mix") continue;
        const double claim = track.track->role == "synth/lead" || family == "winds" ? 1.5 : family == "guitar" || family == "keys" || family == "mallets" ? 1.0 : 0.8;
        const double score = claim * (0.2 + track.analysis->activity.activeShare);
        if (score > bestScore + 1e-6) {
            bestScore = score;
            best = i;
        }
    }
    return best;
}

void setFader(MixState& state, int i, double db) {
    MixTrack& track = state.tracks[i];
    const double wanted = std::clamp(db, -60.0, kMostFaderDb);
    track.sketch.applyGain(wanted - track.faderDb);
    track.faderDb = wanted;
}

// Target loudness of each audible track, LU re the mix, before the whole is fitted together.
std::vector<double> targetsLu(const MixState& state, const BalanceTuning& tuning) {
    std::vector<double> targets(state.tracks.size(), kSilentDb);
    const int lead = leadInstrument(state);
    for (const auto& [role, members] : byRole(state)) {
        const double share = powerToDb(static_cast<double>(members.size()));  // several of one kind share its place
        for (int i : members) targets[i] = state.tracks[i].profile->levelLu - share;
    }
    // The kit's parts are relative to the kit: fitted so that together they are as loud as a kit is.
    double kitPower = 0.0;
    int kitParts = 0;
    for (int i : state.byContent)
        if (isKitRole(state.tracks[i])) {
            kitPower += dbToPower(targets[i]);
            ++kitParts;
        }
    for (int i : state.byContent)
        if (isKitRole(state.tracks[i])) targets[i] += roleProfile("drums").levelLu - std::max(powerToDb(kitPower) + (kitParts > 2 ? kKitCoherenceDb : 0.0), -6.0);
    if (lead >= 0) targets[lead] = std::max(targets[lead], tuning.leadInstrumentLu);
    return targets;
}

// The accompaniment as one, so that the leads stand where they belong against the sum of everything.
void fitLeads(MixState& state, double leadUnderMixLu) {
    std::vector<int> leads, rest;
    for (int i : state.byContent) (state.tracks[i].isLeadVocal() ? leads : rest).push_back(i);
    if (leads.empty() || rest.empty()) return;
    for (int round = 0; round < 12; ++round) {
        std::vector<double> leadPower(state.grid.frames);
        for (int i : leads) {
            const std::vector<double> power = state.tracks[i].sketch.loudnessPower();
            for (int f = 0; f < state.grid.frames; ++f) leadPower[f] += power[f];
        }
        const double now = sketchLoudness(leadPower, state.grid.frameSeconds) - state.mixLoudnessLufs();
        const double error = leadUnderMixLu - now;
        if (std::abs(error) < 0.02) break;
        for (int i : leads) setFader(state, i, state.tracks[i].faderDb + 1.5 * error);
    }
}

// Important tracks that are still covered come up, within what engineers differ by.
std::map<int, double> uncover(MixState& state, const BalanceTuning& tuning) {
    std::map<int, double> raised;
    for (int i : state.byContent) {
        const MixTrack& track = state.tracks[i];
        if (track.profile->priority < 50.0 || isKitRole(track)) continue;
        const double masked = maskedShare(state, i);
        if (masked <= tuning.mostMasked) continue;
        const double byDb = std::min(0.5 * track.profile->spreadLu, 8.0 * (masked - tuning.mostMasked));
        if (byDb >= 0.3) raised[i] = byDb;
    }
    for (const auto& [i, byDb] : raised) setFader(state, i, state.tracks[i].faderDb + byDb);
    return raised;
}

}  // namespace

void decideBalance(MixState& state, const BalanceTuning& tuning) {
    if (state.byContent.empty()) return;
    const std::vector<double> targets = targetsLu(state, tuning);
    for (int i : state.byContent) setFader(state, i, state.tracks[i].faderDb + targets[i] + tuning.mixLufs - state.loudnessOf(state.tracks[i]));
    fitLeads(state, tuning.leadUnderMixLu + kReturnsLu);
    const std::map<int, double> raised = uncover(state, tuning);

    // All together to where the mix should land.
    const double shift = tuning.mixLufs - state.mixLoudnessLufs();
    for (int i : state.byContent) setFader(state, i, state.tracks[i].faderDb + shift);

    for (int i : state.byContent) setFader(state, i, roundDb(state.tracks[i].faderDb));
    const double mixLufs = state.mixLoudnessLufs();
    for (int i : state.byContent) {
        MixTrack& track = state.tracks[i];
        const double relative = state.loudnessOf(track) - mixLufs;
        std::string text = "Usual for this role (" + std::string(roleName(track.track->role)) + "): ";
        if (track.isLeadVocal())
            text = "The lead voice is the song: it is as loud as everything else together";
        else if (isKitRole(track))
            text = "Its place in the kit, and the kit's in the mix";
        else
            text += fixed(-targets[i], 0) + " LU under the whole mix" + (track.profile->role == "unknown" ? " (what it is was not recognised: it supports)" : "");
        if (const auto more = raised.find(i); more != raised.end()) text += "; it was still covered by others and is raised " + fixed(more->second, 1) + " dB";
        track.plan.fader = makeStep(track.stepId("fader"), Gain::Params{.gainDb = track.faderDb},
                                    {.rule = "mix.balance",
                                     .text = text + ".",
                                     .evidence = {evidence("loudnessReMixPredicted", relative, "LU", "target " + fixed(targets[i], 1)),
                                                  evidence("maskedShare", maskedShare(state, i), "", "")},
                                     .confidence = std::max(0.3, track.track->roleConfidence)});
    }
}

}  // namespace tonewright
