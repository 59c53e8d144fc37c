#pragma once
#include <filesystem>

#include "core/progress.h"
#include "engineer/mix/rough.h"
#include "journey/listening.h"
#include "plan/plan.h"

namespace tonewright {

// Fits the session's recordings to a rough mix of them: finds where it begins, then the gains and pans as waveforms, or - where effects
// have changed those too much - the levels alone. Streams. warnings: what the user should know of the fit. Throws InputError if the file
// is not a mono or stereo sound file, is silent, or holds nothing of the session.
RoughBalance readRough(const std::filesystem::path& file, const Session& session, const Listening& heard, std::vector<Warning>& warnings, Progress& progress);

}  // namespace tonewright
