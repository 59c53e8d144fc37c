#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/facts.h"
#include "analysis/low_end.h"
#include "core/progress.h"
#include "core/work_pool.h"
#include "engineer/mix/plan_mix.h"
#include "session/session.h"

namespace tonewright {

// What was heard in the recordings of a session.
struct Listening {
    std::vector<Analysis> analyses;                    // one for each track
    std::vector<std::string> hashes;                   // contentHash() of each file
    std::map<std::string, TrackAlignment> alignments;  // by track id
    std::vector<GroupTreble> treble;                   // one for each group of microphones
    std::optional<LowEnd> lowEnd;                      // of all tracks together; nullopt: fewer than two sound
};

// Analyses every track, finishes the session's roles and groups, and compares the microphones of each group.
Listening listenTo(Session& session, WorkPool& pool, Progress& progress);

}  // namespace tonewright
