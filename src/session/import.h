#pragma once
#include <filesystem>
#include <vector>

#include "analysis/facts.h"
#include "core/progress.h"
#include "session/session.h"

namespace tonewright {

struct ImportOptions {
    int threads = 1;       // that read; 0: one per processor
    int sampleRateHz = 0;  // of the session; 0: the rate of most of the material (by length; ties: the higher)
};

// Finds the recordings and what their names say of them. Folders are searched to the bottom; hidden files, files that are
// not sound, results of earlier runs and finished mixes lying among the tracks are left out, the last with a warning.
// The session does not depend on the order of `inputs` nor of the folder. Roles are final only after applyAnalysis().
//
// Throws InputError for inputs that do not exist, hold no sound, have more than two channels, and for files named like
// sound that cannot be read (all of them are named).
Session importSession(const std::vector<std::filesystem::path>& inputs, const ImportOptions& options = {}, Progress* progress = nullptr);

// Puts in what the recordings sound like: silent tracks, roles where the names said little or the wrong thing, groups.
// `analyses` stand in the order of session.tracks. Tracks whose role the user gave stay as they are. The result does not
// depend on how loud any track is.
void applyAnalysis(Session& session, const std::vector<Analysis>& analyses);

}  // namespace tonewright
