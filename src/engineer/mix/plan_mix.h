#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/facts.h"
#include "analysis/shared_treble.h"
#include "engineer/mix/rough.h"
#include "plan/plan.h"
#include "session/session.h"

namespace tonewright {

// How a microphone stands to the others of its group; found by analysis/alignment_finder.h.
struct TrackAlignment {
    double delayFrames = 0.0;   // at the session's rate: move it later by so much (negative: earlier)
    bool inverted = false;
    double confidence = 0.0;    // 0 ... 1
    std::string reference;      // id of the track that it was compared with; its own: the one that all others were compared with
    std::optional<double> lowAgreement;  // of both from 80 to 160 Hz once delay and polarity are right: -1 they cancel ... 1
};

// A group's microphones (indices of session.tracks), and what they have in common above 2 kHz.
struct GroupTreble {
    std::vector<int> tracks;
    SharedTreble shared;
};

class LowEnd;
struct MixForecast;
struct ReferenceProfile;

// Everything that a mix is decided from.
struct MixFacts {
    const Session& session;
    std::span<const Analysis> analyses;                  // one for each of session.tracks
    const std::map<std::string, TrackAlignment>& alignments;  // by track id; missing: nothing to say
    const RoughBalance* rough = nullptr;                 // the artist's own balance, which is kept; null: there is none
    const ReferenceProfile* reference = nullptr;         // a finished song whose sound is wanted; null: there is none
    const LowEnd* lowEnd = nullptr;                      // of session.tracks together; null: not compared
    std::span<const GroupTreble> treble = {};            // of each group whose microphones were compared
};

// Decides a mix: which tracks play, repair, balance, EQ, dynamics, pan, space and buses, each with its reasons. Rules live in
// this folder, one a file. The master is left empty: planMaster() decides it from the mix as rendered.
// Does not depend on the order of tracks, nor on the level at which any was recorded.
// `forecast`, if not null, is told what the mix should measure when it is rendered.
Plan planMix(const MixFacts& facts, const Intent& intent, MixForecast* forecast = nullptr);

}  // namespace tonewright
