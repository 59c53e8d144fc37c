#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/mix/automation.h"
#include "engineer/mix/automation_curve.h"
#include "engineer/mix/sung_phrases.h"

namespace tonewright {

namespace {

const BusPlan* delayReturn(const MixState& state) {
    const auto found = std::ranges::find_if(state.buses, [](const BusPlan& bus) {
        return bus.kind == BusKind::effect && std::ranges::any_of(bus.chain, [](const Step& step) { return step.type() == "delay"; });
    });
    return found == state.buses.end() ? nullptr : &*found;
}

// The ends of phrases after which the voice rests, those at the end of a part of the song first.
std::vector<double> throwsAt(const MixState& state, const Singing& singing, const ThrowTuning& tuning) {
    const double frameSeconds = state.grid.frameSeconds;
    RideTuning whole;
    whole.longestSeconds = 1e6;   // phrases in one piece
    const std::vector<Phrase> phrases = phrasesOf(singing, frameSeconds, whole);
    struct End {
        double seconds, pause;
    };
    std::vector<End> ends;
    for (std::size_t p = 0; p < phrases.size(); ++p) {
        const double end = phrases[p].last * frameSeconds;
        const double next = p + 1 < phrases.size() ? phrases[p + 1].first * frameSeconds : state.grid.frames * frameSeconds;
        const bool endsPart = std::ranges::any_of(state.song.song.parts, [&](const SongPart& part) { return std::abs(part.endSeconds - end) < tuning.leastPauseSeconds; });
        if (next - end >= tuning.leastPauseSeconds) ends.push_back({end, next - end + (endsPart ? 100.0 : 0.0)});
    }
    std::ranges::stable_sort(ends, std::greater<>(), &End::pause);
    const double minutes = state.grid.frames * frameSeconds / 60.0;
    ends.resize(std::min(ends.size(), static_cast<std::size_t>(std::ceil(tuning.mostPerMinute * minutes))));
    std::vector<double> times;
    for (const End& end : ends) times.push_back(end.seconds);
    std::ranges::sort(times);
    return times;
}

}  // namespace

void decideThrows(MixState& state, double intensity, const ThrowTuning& tuning) {
    const BusPlan* delay = delayReturn(state);
    if (intensity <= 0.0 || !delay || state.song.song.tempoBpm <= 0.0) return;
    const Singing singing = singingOf(state, {});
    if (singing.tracks.empty()) return;
    const std::vector<double> times = throwsAt(state, singing, tuning);
    if (times.empty()) return;
    std::vector<LevelMove> moves;
    for (double end : times) moves.push_back({std::max(0.0, end - tuning.wordSeconds), end, tuning.upDb * std::min(1.0, intensity)});
    for (int i : singing.tracks)
        for (Send& send : state.tracks[i].plan.sends) {
            if (send.to != delay->id || send.ride) continue;
            send.ride = makeStep(state.tracks[i].stepId("throw"), excursions(moves, tuning.rampSeconds, tuning.rampSeconds),
                                 {.rule = "mix.throw",
                                  .text = "The last word before a pause goes further into the delay and rings on in time, where nothing is sung that it could blur.",
                                  .evidence = {evidence("throws", static_cast<double>(times.size()), "", "pauses of " + fixed(tuning.leastPauseSeconds, 0) + " s or more, at most " + fixed(tuning.mostPerMinute, 0) + " a minute"),
                                               evidence("tempoBpm", state.song.song.tempoBpm, "bpm")},
                                  .confidence = 0.6});
        }
}

}  // namespace tonewright
