#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/mix/automation.h"
#include "engineer/mix/automation_curve.h"
#include "engineer/mix/sung_phrases.h"

namespace tonewright {

namespace {

constexpr double kShortestRampSeconds = 0.4, kLongestRampSeconds = 1.0;
constexpr double kLeadSeconds = 0.1;       // the level is there before the word
constexpr double kLeastSeconds = 2.0;      // of singing in a section
constexpr double kHighestLu = -0.1;        // re the mix: alone it is 0
constexpr int kRounds = 4;

struct Powers {
    double voice = 0.0, rest = 0.0;
    double reMixLu() const { return powerToDb(voice / (voice + rest)); }
    double reBandDb() const { return powerToDb(voice / std::max(rest, 1e-9 * voice)); }
};

// The level re the band that has this level re the mix.
double reBandDb(double reMixLu) { return -powerToDb(dbToPower(-std::min(reMixLu, kHighestLu)) - 1.0); }

Powers sungIn(const Singing& singing, const std::vector<double>& gains, int first, int last) {
    Powers powers;
    for (int f = first; f < last; ++f)
        if (singing.sings[f]) {
            powers.voice += gains[f] * singing.voice[f];
            powers.rest += singing.rest[f];
        }
    return powers;
}

double worstSection(const Singing& singing, const std::vector<double>& gains, double frameSeconds, double sectionSeconds) {
    const int frames = static_cast<int>(singing.sings.size()), length = std::max(1, static_cast<int>(std::lround(sectionSeconds / frameSeconds)));
    const Powers song = sungIn(singing, gains, 0, frames);
    if (!(song.voice > 0.0)) return 0.0;
    double worst = 0.0;
    for (int first = 0; first < frames; first += length) {
        const int last = std::min(frames, first + length);
        const auto sung = std::count(singing.sings.begin() + first, singing.sings.begin() + last, 1);
        const Powers section = sungIn(singing, gains, first, last);
        if (static_cast<double>(sung) * frameSeconds >= kLeastSeconds && section.voice > 0.0) worst = std::max(worst, std::abs(section.reMixLu() - song.reMixLu()));
    }
    return worst;
}

}  // namespace

double worstSectionLu(const MixState& state, const RideTuning& tuning) {
    const Singing singing = singingOf(state, tuning);
    if (singing.tracks.empty()) return 0.0;
    return worstSection(singing, std::vector<double>(state.grid.frames, 1.0), state.grid.frameSeconds, tuning.sectionSeconds);
}

std::vector<MaskingDecision> decideRides(const MixState& state, double intensity, const RideTuning& tuning) {
    if (intensity <= 0.0 || state.facts.rough) return {};
    const Singing singing = singingOf(state, tuning);
    const double frameSeconds = state.grid.frameSeconds;
    const std::vector<Phrase> phrases = phrasesOf(singing, frameSeconds, tuning);
    const std::vector<double> still(state.grid.frames, 1.0);
    const Powers before = sungIn(singing, still, 0, state.grid.frames);
    if (phrases.size() < 2 || !(before.voice > 0.0) || !(before.rest > 0.0)) return {};

    // Every phrase to the edge of what is alike, then all together back to where the balance had put the song.
    const double song = before.reMixLu(), amount = std::min(1.0, intensity);
    std::vector<LevelMove> moves;
    double lowest = 0.0, highest = 0.0;
    for (const Phrase& phrase : phrases) {
        const Powers sung = sungIn(singing, still, phrase.first, phrase.last);
        double gainDb = 0.0;
        if (sung.voice > 0.0 && sung.rest > 0.0) {
            const double deviation = sung.reMixLu() - song;
            lowest = std::min(lowest, deviation);
            highest = std::max(highest, deviation);
            const double wanted = song + std::clamp(deviation, -tuning.alikeLu, tuning.alikeLu);
            if (std::abs(deviation) > tuning.alikeLu) gainDb = std::clamp(amount * (reBandDb(wanted) - sung.reBandDb()), -tuning.mostDownDb, tuning.mostUpDb);
        }
        moves.push_back({phrase.first * frameSeconds - kLeadSeconds, phrase.last * frameSeconds, gainDb});
    }
    GainEnvelope::Params params;
    double shiftDb = 0.0;
    for (int round = 0; round < kRounds; ++round) {
        for (LevelMove& move : moves) move.gainDb += shiftDb;
        params = heldLevels(moves, kShortestRampSeconds, kLongestRampSeconds);
        const Powers now = sungIn(singing, envelopeOverTime(params, state.grid), 0, state.grid.frames);
        shiftDb = reBandDb(song) - reBandDb(now.reMixLu());
    }
    double up = -1e9, down = 1e9;
    for (const LevelMove& move : moves) {
        up = std::max(up, move.gainDb);
        down = std::min(down, move.gainDb);
    }
    if (up - down < tuning.leastDb || std::max(up, -down) < tuning.leastDb) return {};
    const double worstBefore = worstSection(singing, still, frameSeconds, tuning.sectionSeconds);
    const double worstAfter = worstSection(singing, envelopeOverTime(params, state.grid), frameSeconds, tuning.sectionSeconds);

    std::vector<MaskingDecision> decisions;
    for (int i : singing.tracks)
        decisions.push_back({i, makeStep(state.tracks[i].stepId("ride"), params,
                                         {.rule = "mix.ride",
                                          .text = "The band is not equally loud behind every phrase. The voice is ridden from phrase to phrase so that it keeps its place; over the whole song it is as loud as before.",
                                          .evidence = {evidence("quietestPhraseLu", lowest, "LU", "re the voice's usual " + fixed(song, 1) + " under the mix"),
                                                       evidence("loudestPhraseLu", highest, "LU", "left alone within " + fixed(tuning.alikeLu, 1)),
                                                       evidence("worstSectionLu", worstBefore, "LU", "of 15 s, from the song's; predicted after the ride " + fixed(worstAfter, 1))},
                                          .confidence = 0.75})});
    return decisions;
}

}  // namespace tonewright
