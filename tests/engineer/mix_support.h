#pragma once
#include <cmath>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/decibels.h"
#include "engineer/mix/mix_rules.h"
#include "engineer/mix/plan_mix.h"

// Sessions in words, as import and analysis would describe them.
namespace tonewright::testing {

inline constexpr double kFrameSeconds = 0.05;

// A recording whose level (dBFS of each frame) follows `levelDb(seconds)`, -200 for silence; its energy lies between lowHz and highHz.
inline Analysis played(double seconds, double lowHz, double highHz, const std::function<double(double)>& levelDb) {
    Analysis facts;
    facts.spec = {48000.0, 1};
    facts.frames = static_cast<std::int64_t>(seconds * 48000.0);
    facts.sketch.frameSeconds = kFrameSeconds;
    facts.sketch.frames = static_cast<int>(seconds / kFrameSeconds);
    facts.sketch.power.assign(static_cast<std::size_t>(facts.sketch.frames) * kErbBands, 0.0f);
    int bands = 0;
    for (int band = 0; band < kErbBands; ++band) bands += erbCentreHz(band) >= lowHz && erbCentreHz(band) <= highHz;
    int active = 0;
    double sum = 0.0;
    for (int f = 0; f < facts.sketch.frames; ++f) {
        const double level = levelDb(f * kFrameSeconds);
        if (level < -150.0) continue;
        ++active;
        sum += dbToPower(level);
        for (int band = 0; band < kErbBands; ++band)
            if (erbCentreHz(band) >= lowHz && erbCentreHz(band) <= highHz)
                facts.sketch.power[static_cast<std::size_t>(f) * kErbBands + band] = static_cast<float>(dbToPower(level) / bands);
    }
    facts.activity = {.firstSoundSeconds = 0.0, .lastSoundSeconds = seconds, .activeShare = static_cast<double>(active) / facts.sketch.frames, .silent = active == 0};
    facts.dynamics.rmsDbfs = powerToDb(sum / facts.sketch.frames);
    facts.loudness.integratedLufs = facts.dynamics.rmsDbfs;
    facts.spectrum.centroidHz = std::sqrt(lowHz * highHz);
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double hz = thirdOctaveCentreHz(band);
        facts.spectrum.thirdOctaveDb[band] = hz >= lowHz && hz <= highHz ? -40.0 : -90.0;
    }
    return facts;
}

inline double steady(double) { return -20.0; }
// A hit every half second, gone after 150 ms; -60 dB of the rest of the band between.
inline double hits(double seconds) {
    const double since = std::fmod(seconds, 0.5);
    return since < 0.05 ? -12.0 : since < 0.15 ? -22.0 : -60.0;
}

// A session under construction. Addresses of what was added stay valid.
struct Band {
    Session session{.sampleRateHz = 48000, .frames = 0, .tracks = {}, .groups = {}, .warnings = {}};
    std::vector<Analysis> analyses;
    std::map<std::string, TrackAlignment> alignments;

    Track& add(const std::string& id, const std::string& role, Analysis facts, int channels = 1) {
        Track track;
        track.id = id;
        track.name = id;
        track.nameKey = id;
        track.role = role;
        track.roleConfidence = role == "unknown" ? 0.0 : 0.95;
        track.info.sampleRateHz = 48000;
        track.info.channels = channels;
        track.info.frames = facts.frames;
        track.silent = facts.activity.silent;
        facts.spec.channels = channels;
        session.frames = std::max(session.frames, facts.frames);
        session.tracks.push_back(track);
        analyses.push_back(std::move(facts));
        return session.tracks.back();
    }

    Plan plan(const Intent& intent = {}) const { return planMix({session, analyses, alignments}, intent); }
};

// A mix that is being decided: every track of a band as it was recorded, nothing done to it yet. The band must outlive it.
struct Deciding {
    Intent intent;
    MixFacts facts;
    MixState state;

    explicit Deciding(const Band& band)
        : facts{band.session, band.analyses, band.alignments},
          state{.facts = facts, .intent = intent, .grid = SketchGrid::covering(static_cast<double>(band.session.frames) / 48000.0, kFrameSeconds), .tracks = {}, .byContent = {}, .buses = {}, .mixBus = {}, .warnings = {}} {
        for (std::size_t i = 0; i < band.session.tracks.size(); ++i) {
            MixTrack track;
            track.track = &band.session.tracks[i];
            track.analysis = &band.analyses[i];
            track.profile = &roleProfile(track.track->role);
            track.plan.id = track.track->id;
            track.sketch = TrackSketch(track.analysis->sketch, 0.0, state.grid);
            track.recordedPower = track.sketch.framePower();
            state.tracks.push_back(std::move(track));
            state.byContent.push_back(static_cast<int>(i));
        }
    }
    Deciding(const Deciding&) = delete;
    Deciding& operator=(const Deciding&) = delete;
};

inline const TrackPlan& trackOf(const Plan& plan, const std::string& id) {
    for (const TrackPlan& track : plan.tracks)
        if (track.id == id) return track;
    throw std::out_of_range(id);
}

inline const Step* stepOf(const TrackPlan& track, const std::string& word) {
    for (const Step& step : track.chain)
        if (step.id == track.id + "." + word) return &step;
    return nullptr;
}

inline double faderDb(const Plan& plan, const std::string& id) { return std::get<Gain::Params>(trackOf(plan, id).fader.params).gainDb; }
inline double trimDb(const Plan& plan, const std::string& id) {
    const Step* trim = stepOf(trackOf(plan, id), "trim");
    return trim ? std::get<Gain::Params>(trim->params).gainDb : 0.0;
}
inline double levelDb(const Plan& plan, const std::string& id) { return trimDb(plan, id) + faderDb(plan, id); }
inline double position(const Plan& plan, const std::string& id) { return std::get<Panner::Params>(trackOf(plan, id).pan.params).position; }

inline double measured(const Step& step, const std::string& measure) {
    for (const Reason& reason : step.because)
        for (const Evidence& evidence : reason.evidence)
            if (evidence.measure == measure) return evidence.value;
    throw std::out_of_range(measure);
}
inline double predictedLu(const Plan& plan, const std::string& id) { return measured(trackOf(plan, id).fader, "loudnessReMixPredicted"); }
inline double predictedHitsLu(const Plan& plan, const std::string& id) { return measured(trackOf(plan, id).fader, "hitsReMixPredicted"); }

}  // namespace tonewright::testing
