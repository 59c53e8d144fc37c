#include "engineer/mix/plan_mix.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/decibels.h"
#include "core/error.h"
#include "engineer/decision.h"
#include "engineer/mix/advice.h"
#include "engineer/mix/automation.h"
#include "engineer/mix/colour.h"
#include "engineer/mix/depth.h"
#include "engineer/mix/dynamics.h"
#include "engineer/mix/forecast.h"
#include "engineer/mix/gate.h"
#include "engineer/mix/instruments.h"
#include "engineer/mix/mix_rules.h"
#include "engineer/mix/polarity.h"
#include "engineer/mix/song_voices.h"
#include "engineer/mix/space.h"
#include "engineer/mix/together.h"
#include "engineer/mix/unmask.h"
#include "engineer/repair/repair_rules.h"

namespace tonewright {

namespace {

constexpr double kTailSeconds = 3.0;   // for what rings on after the last note
// The microphones of one kit hear the same hits: measured on aligned kits, their sum is up to 3 dB louder than their powers'.
constexpr double kKitCoherenceDb = 1.2;
constexpr double kSureTempo = 0.35;
constexpr double kVeryQuietLufs = -50.0;
constexpr std::size_t kLeastFamilies = 3;   // of instruments, for a song that can be compared with released music

TrackPlan emptyPlan(const Track& track) {
    TrackPlan plan;
    plan.id = track.id;
    plan.name = track.name;
    plan.source = {track.path.string(), "", track.info.sampleRateHz, track.fileChannels(), track.info.frames, track.channelUse};
    plan.role = track.role;
    plan.roleConfidence = track.roleConfidence;
    plan.roleSource = track.roleSource;
    plan.group = track.group;
    plan.startFrame = track.startFrame;
    plan.fader.id = track.id + ".fader";
    plan.fader.params = Gain::Params{};
    plan.pan.id = track.id + ".pan";
    plan.pan.params = Panner::Params{.source = track.info.channels == 2 ? Panner::Source::stereo : Panner::Source::mono};
    return plan;
}

MixState begin(const MixFacts& facts, const Intent& intent) {
    MixState state{.facts = facts, .intent = intent, .wishes = mixWishes(intent, facts.reference), .grid = {}, .tracks = {}, .byContent = {}, .buses = {}, .mixBus = {}, .warnings = {}};
    double coarsest = 0.05;
    for (const Analysis& analysis : facts.analyses) coarsest = std::max(coarsest, analysis.sketch.frameSeconds);
    state.grid = SketchGrid::covering(static_cast<double>(facts.session.frames) / facts.session.sampleRateHz, coarsest);
    for (std::size_t i = 0; i < facts.session.tracks.size(); ++i) {
        const Track& track = facts.session.tracks[i];
        MixTrack mix{.track = &track, .analysis = &facts.analyses[i], .profile = &state.wishes.profile(track.role), .plan = emptyPlan(track), .sketch = {}};
        mix.sketch = TrackSketch(facts.analyses[i].sketch, static_cast<double>(track.startFrame) / facts.session.sampleRateHz, state.grid);
        mix.sketch.weighLowsAs(facts.analyses[i].spectrum);
        const std::vector<double> power = mix.sketch.loudnessPower();
        mix.loudnessLufs = isHeardByItsHits(mix) ? hitLoudness(power, state.grid.frameSeconds) : sketchLoudness(power, state.grid.frameSeconds);
        mix.recordedPower = mix.sketch.framePower();
        state.tracks.push_back(std::move(mix));
    }
    return state;
}

// By role, then by how bright it is, then by its energy's centre in time: nothing that a file's name or level could change.
void orderByContent(MixState& state) {
    const auto centreOfTime = [](const MixTrack& track) {
        const std::vector<double> power = track.sketch.framePower();
        double sum = 0.0, weighted = 0.0;
        for (std::size_t f = 0; f < power.size(); ++f) {
            sum += power[f];
            weighted += power[f] * static_cast<double>(f);
        }
        return sum > 0.0 ? weighted / sum : 0.0;
    };
    struct Key {
        std::string role;
        double centroidHz, centre;
    };
    std::vector<Key> keys;
    for (const MixTrack& track : state.tracks)
        keys.push_back({track.track->role, roundTo(track.analysis->spectrum.centroidHz.value_or(0.0), 1.0), roundTo(centreOfTime(track), 0.1)});
    state.byContent.clear();
    for (std::size_t i = 0; i < state.tracks.size(); ++i)
        if (state.tracks[i].audible()) state.byContent.push_back(static_cast<int>(i));
    std::stable_sort(state.byContent.begin(), state.byContent.end(), [&](int a, int b) {
        return std::tie(keys[a].role, keys[a].centroidHz, keys[a].centre) < std::tie(keys[b].role, keys[b].centroidHz, keys[b].centre);
    });
}

void select(MixState& state) {
    for (int i = 0; i < static_cast<int>(state.tracks.size()); ++i) {
        MixTrack& track = state.tracks[i];
        if (auto step = decideMute(track, state.tracks)) track.plan.mute = std::move(step);
        else if (auto absent = decideAbsence(track, state.facts)) track.plan.mute = std::move(absent);
        else if (auto spill = decideSpill(state, i)) track.plan.mute = std::move(spill);
    }
}

void repair(MixState& state) {
    for (int i : state.byContent) {
        MixTrack& track = state.tracks[i];
        if (auto step = decideTrim(track)) append(state, i, std::move(*step));
        for (auto decide : {+[](const MixTrack& t, const MixState& s) { return decideAlignment(t, s.facts); },
                            +[](const MixTrack& t, const MixState&) { return decideDc(t); },
                            +[](const MixTrack& t, const MixState&) { return decideHum(t); },
                            +[](const MixTrack& t, const MixState&) { return decideNoise(t); },
                            +[](const MixTrack& t, const MixState&) { return decideLowCut(t); }})
            if (auto step = decide(track, state)) append(state, i, std::move(*step));
    }
}

// Tone and dynamics of each track alone. A submix is someone's work already: it is left as it is.
void shape(MixState& state, const ColourWish& colour, double intensity) {
    for (int i : state.byContent) {
        MixTrack& track = state.tracks[i];
        limitMonoLoss(track);
        if (track.family() == "mix") continue;
        if (intensity > 0.0)
            for (auto step : {decideGate(track, state), decideBreaths(track, state.grid)})
                if (step) append(state, i, std::move(*step));
        for (Step& step : decideTone(track, intensity)) append(state, i, std::move(step));
        for (Step& step : decideCompression(track, state.grid, intensity)) append(state, i, std::move(step));
        if (auto step = decidePunch(track, state.grid, intensity)) append(state, i, std::move(*step));
        if (intensity > 0.0)
            if (auto step = decideDeEss(track, state.grid)) append(state, i, std::move(*step));
        if (auto step = decideColour(track, state, colour, intensity)) append(state, i, std::move(*step));
    }
}

void unmask(MixState& state, double intensity) {
    for (MaskingDecision& decision : decideMasking(state, intensity)) append(state, decision.track, std::move(decision.step));
    for (MaskingDecision& decision : decideUnmask(state, intensity)) append(state, decision.track, std::move(decision.step));
    for (MaskingDecision& decision : decideDepth(state, intensity)) append(state, decision.track, std::move(decision.step));
}

// A few instruments are not a song: how much bass or treble they have together says nothing.
bool isArrangement(const MixState& state) {
    if (state.isTalk()) return false;
    std::set<std::string> families;
    for (int i : state.byContent) {
        const MixTrack& track = state.tracks[i];
        if (track.family() == "mix") return true;
        families.insert(track.family() == kUnknownRole ? track.track->id : track.family());
    }
    return families.size() >= kLeastFamilies;
}

void countKitMicrophones(MixState& state) {
    std::map<std::string, std::vector<int>> kits;
    for (int i : state.byContent)
        if (state.tracks[i].family() == "drums" && !state.tracks[i].track->group.empty()) kits[state.tracks[i].track->group].push_back(i);
    for (const auto& [group, members] : kits)
        if (members.size() > 2)
            for (int i : members) state.tracks[i].inSum = dbToPower(kKitCoherenceDb);
}

void warnOfQuietRecordings(MixState& state) {
    for (int i : state.byContent) {
        const MixTrack& track = state.tracks[i];
        const double lufs = track.analysis->loudness.integratedLufs;
        if (std::isfinite(lufs) && lufs < kVeryQuietLufs)
            state.warnings.push_back({"recording.very-quiet", track.track->name + ": At " + fixed(lufs, 0) + " LUFS it is so quiet that its hiss and spill come up with it. "
                                                              "If nothing is played on it, leave it out; if something is, record it louder."});
    }
}

void warnOfFaults(MixState& state) {
    for (const MixTrack& track : state.tracks)
        for (const Fault& fault : track.analysis->faults)
            if (fault.severity != Severity::info && (fault.kind == "clipping" || fault.kind == "clicks" || fault.kind == "lossy-cutoff" || fault.kind == "not-finite" ||
                                                     fault.kind == "starts-cut" || fault.kind == "ends-cut"))
                state.warnings.push_back({"recording." + fault.kind, track.track->name + ": " + fault.text});
}

}  // namespace

Plan planMix(const MixFacts& facts, const Intent& intent, MixForecast* forecast) {
    MixState state = begin(facts, intent);
    select(state);
    orderByContent(state);
    if (state.byContent.empty())
        throw InputError("there is nothing to mix: every track is silent, or a click or guide. Check that the recordings are the right ones");
    state.song = songStructure(state);
    if (state.song.song.tempoConfidence >= kSureTempo) state.tempoBpm = state.song.song.tempoBpm;
    const Style* style = findStyle(intent.style == "auto" ? "neutral" : intent.style);
    const bool hasTarget = style && isArrangement(state);
    if (hasTarget) state.target = bandsOf(state.wishes.spectrumDb(*style));

    countKitMicrophones(state);
    repair(state);
    shape(state, colourWish(intent, style), intent.intensity);
    setUsualLevels(state);
    decidePolarity(state);  // before anything asks what tracks add up to: no decision depends on a polarity as recorded
    countTogether(state);
    decideBalance(state);
    if (intent.intensity > 0.0) {
        unmask(state, intent.intensity);
        if (auto duck = decideDuck(state, intent.intensity)) append(state, duck->track, std::move(duck->step));
    }
    countTogether(state);
    decideBalance(state);  // what gave way or came forward changed the picture
    decidePan(state);
    decideGroups(state, intent.intensity);
    decideSpace(state, intent.intensity);
    automate(state, intent.intensity);
    if (hasTarget)
        if (auto tilt = decideTilt(state, *style, intent.intensity)) state.mixBus.push_back(std::move(*tilt));
    for (MixTrack& track : state.tracks) tellWish(state.wishes, track.plan);
    warnOfQuietRecordings(state);
    warnOfFaults(state);
    if (forecast) *forecast = forecastMix(state);
    std::vector<Advice> advice = giveAdvice(state);

    Plan plan;
    plan.intent = intent;
    plan.sampleRateHz = facts.session.sampleRateHz;
    plan.frames = facts.session.frames + static_cast<std::int64_t>(kTailSeconds * facts.session.sampleRateHz);
    plan.song = state.song.song;
    for (MixTrack& track : state.tracks) plan.tracks.push_back(std::move(track.plan));
    plan.buses = std::move(state.buses);
    plan.mixBus = std::move(state.mixBus);
    plan.warnings = std::move(state.warnings);
    plan.advice = std::move(advice);
    return plan;
}

}  // namespace tonewright
