#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/mix/automation.h"
#include "engineer/mix/automation_curve.h"
#include "engineer/mix/instruments.h"
#include "engineer/mix/sung_phrases.h"

namespace tonewright {

namespace {

struct Frames {
    int first = 0, last = 0;
};

Frames framesOf(const SongPart& part, const SketchGrid& grid) {
    const auto frame = [&](double seconds) { return std::clamp(static_cast<int>(std::lround(seconds / grid.frameSeconds)), 0, grid.frames); };
    return {frame(part.startSeconds), frame(part.endSeconds)};
}

double sum(const std::vector<double>& power, const Frames& frames) {
    double all = 0.0;
    for (int f = frames.first; f < frames.last; ++f) all += power[f];
    return all;
}

// Mean level of all parts of a name, -infinity if there is none that is sure enough.
double levelOf(const Song& song, const char* name, const std::vector<double>& power, const MixState& state, double leastConfidence) {
    double all = 0.0;
    int count = 0;
    for (const SongPart& part : song.parts) {
        if (part.name != name || part.confidence < leastConfidence) continue;
        const Frames frames = framesOf(part, state.grid);
        all += sum(power, frames);
        count += frames.last - frames.first;
    }
    return count ? powerToDb(all / count) : kSilentDb;
}

bool isMelodic(const MixTrack& track) {
    const std::string family = track.family();
    return family == "guitar" || family == "keys" || family == "synth" || family == "strings" || family == "winds" || family == "brass" || family == "mallets";
}

// Share of the frames in which a track is within 25 dB of its loud moments.
double playingShare(const std::vector<double>& power, double loud, const Frames& frames) {
    int playing = 0;
    for (int f = frames.first; f < frames.last; ++f) playing += power[f] > loud * dbToPower(-25.0);
    return frames.last > frames.first ? static_cast<double>(playing) / (frames.last - frames.first) : 0.0;
}

}  // namespace

std::optional<Step> decideSectionLift(const MixState& state, double intensity, const SectionLiftTuning& tuning) {
    if (intensity <= 0.0 || state.facts.rough) return std::nullopt;
    const Song& song = state.song.song;
    const std::vector<double> power = state.mixLoudnessPower();
    const double chorus = levelOf(song, "chorus", power, state, tuning.leastConfidence), verse = levelOf(song, "verse", power, state, 0.5);
    if (!std::isfinite(chorus) || !std::isfinite(verse)) return std::nullopt;
    const double liftDb = roundDb(std::clamp(0.5 * intensity * (tuning.wantedLu - (chorus - verse)), 0.0, tuning.mostDb));
    if (liftDb < tuning.leastDb) return std::nullopt;
    std::vector<LevelMove> moves;
    for (const SongPart& part : song.parts) {
        if (part.name != "chorus" || part.confidence < tuning.leastConfidence) continue;
        if (!moves.empty() && part.startSeconds - moves.back().endSeconds < 2.0 * tuning.rampSeconds) moves.back().endSeconds = part.endSeconds;
        else moves.push_back({part.startSeconds, part.endSeconds, liftDb});
    }
    return makeStep("mix.section-lift", excursions(moves, tuning.rampSeconds, tuning.rampSeconds),
                    {.rule = "mix.section-lift",
                     .text = "The chorus is hardly louder than the verse as it was played and balanced. A small lift lets it open up.",
                     .evidence = {evidence("chorusReVersePredicted", chorus - verse, "LU", "usual " + fixed(tuning.wantedLu, 1) + " or more; after the lift " + fixed(chorus - verse + liftDb, 1))},
                     .confidence = 0.6});
}

std::vector<MaskingDecision> decideSolos(const MixState& state, double intensity, const SoloTuning& tuning) {
    std::vector<MaskingDecision> decisions;
    const Singing singing = singingOf(state, {});
    if (intensity <= 0.0 || state.facts.rough || singing.tracks.empty()) return decisions;
    const std::vector<double> mix = state.mixLoudnessPower();
    const std::vector<Instrument> instruments = instrumentsOf(state);
    for (const SongPart& part : state.song.song.parts) {
        const Frames here = framesOf(part, state.grid);
        const auto sung = std::count(singing.sings.begin() + here.first, singing.sings.begin() + here.last, 1);
        if (part.seconds() < tuning.leastSeconds || static_cast<double>(sung) > 0.1 * (here.last - here.first)) continue;
        // Who plays here and hardly anywhere else; one at most, or nobody leads.
        const Instrument* soloist = nullptr;
        int found = 0;
        double level = 0.0;
        for (const Instrument& instrument : instruments) {
            const MixTrack& track = state.tracks[instrument.front()];
            if (!isMelodic(track)) continue;
            const std::vector<double> power = track.sketch.loudnessPower();
            const double loud = percentile(activeLevelsDb(power), 0.9);
            if (!std::isfinite(loud)) continue;
            const double inside = playingShare(power, dbToPower(loud), here);
            const double before = playingShare(power, dbToPower(loud), {0, here.first}), behind = playingShare(power, dbToPower(loud), {here.last, state.grid.frames});
            const int outside = state.grid.frames - (here.last - here.first);
            const double elsewhere = outside > 0 ? (before * here.first + behind * (state.grid.frames - here.last)) / outside : 1.0;
            if (inside < 0.5 || elsewhere > tuning.onlyHereShare * inside) continue;
            ++found;
            soloist = &instrument;
            double all = 0.0;
            for (int i : instrument) all += sum(state.tracks[i].sketch.loudnessPower(), here);
            level = powerToDb(all / std::max(1e-30, sum(mix, here)));
        }
        if (found != 1) continue;
        const double liftDb = roundDb(std::clamp(0.5 * intensity * (tuning.leadUnderMixLu - level), 0.0, tuning.mostDb));
        if (liftDb < tuning.leastDb) continue;
        const std::vector<LevelMove> moves = {{part.startSeconds, part.endSeconds, liftDb}};
        for (int i : *soloist) {
            // One envelope a track, however many solos it has.
            const std::string id = state.tracks[i].stepId("solo");
            const auto same = std::ranges::find_if(decisions, [&](const MaskingDecision& decision) { return decision.step.id == id; });
            const GainEnvelope::Params params = excursions(moves, tuning.rampSeconds, tuning.rampSeconds);
            if (same != decisions.end()) {
                auto& points = std::get<GainEnvelope::Params>(same->step.params).points;
                if (points.back().timeSeconds <= params.points.front().timeSeconds) points.insert(points.end(), params.points.begin(), params.points.end());
                continue;
            }
            decisions.push_back({i, makeStep(id, params,
                                             {.rule = "mix.solo",
                                              .text = "Nobody sings here, and this plays here and hardly anywhere else: it leads, and is lifted to where a lead belongs.",
                                              .evidence = {evidence("soloReMixPredicted", level, "LU", "a leading instrument " + fixed(tuning.leadUnderMixLu, 1) + "; half-way, at most " + fixed(tuning.mostDb, 1) + " dB")},
                                              .confidence = 0.6})});
        }
    }
    return decisions;
}

}  // namespace tonewright
