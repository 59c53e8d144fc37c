#pragma once
#include <string>
#include <vector>

#include "analysis/song_structure.h"
#include "engineer/mix/mix_sketch.h"
#include "engineer/mix/mix_wishes.h"
#include "engineer/mix/plan_mix.h"
#include "engineer/mix/role_profile.h"

namespace tonewright {

// A track while its mix is being decided. `sketch` is what the chain and fader decided so far make of the recording.
struct MixTrack {
    const Track* track = nullptr;
    const Analysis* analysis = nullptr;
    const RoleProfile* profile = nullptr;
    TrackPlan plan;
    TrackSketch sketch;
    double loudnessLufs = kSilentDb;   // of the sketch at the reference level, before balance
    std::vector<double> recordedPower; // of each frame of the recording
    double faderDb = 0.0;
    double inSum = 1.0;                // what its power counts in a sum: more for microphones that hear the same hits in step
    double width = 1.0;                // of the sides of a stereo recording
    bool leads = false;                // carries the melody where nobody sings

    bool audible() const { return !plan.muted(); }
    bool isLeadVocal() const { return track->role == "vocals/lead" || track->role == "vocals/speech"; }
    std::string family() const { return std::string(roleFamily(track->role)); }
    std::string stepId(const char* word) const { return track->id + "." + word; }
};

// Everything that is being decided. Rules read it; plan_mix.cpp alone writes it.
struct MixState {
    const MixFacts& facts;
    const Intent& intent;
    MixWishes wishes;                       // what style, moods and reference ask of it
    SketchGrid grid;
    std::vector<MixTrack> tracks;           // the session's order
    std::vector<int> byContent;             // audible tracks, in an order that names and files have no say in
    std::vector<BusPlan> buses;
    std::vector<Step> mixBus;
    std::vector<Warning> warnings;
    double tempoBpm = 0.0;                  // 0: not known well enough to play on
    std::optional<BandGains> target = {};   // power in each band that the sum should have, at any level; 0: no wish there
    SongStructure song = {};                // of the tracks that play

    // Sums over the audible tracks, faders included.
    TrackSketch sum() const;
    std::vector<double> mixLoudnessPower() const;
    double mixLoudnessLufs() const;
    // Somebody speaks, nobody sings, and what plays is a bed for it: a podcast, not a song.
    bool isTalk() const;
    double loudnessOf(const MixTrack& track) const { return sketchLoudness(track.sketch.loudnessPower(), grid.frameSeconds); }
};

// Puts a step into a track's chain and its effect on level and tone into the sketch. Keyed steps hear another track of the state.
void append(MixState& state, int track, Step step);

}  // namespace tonewright
