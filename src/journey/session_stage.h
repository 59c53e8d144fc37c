#pragma once
#include <filesystem>
#include <vector>

#include "core/progress.h"
#include "session/session.h"

namespace tonewright {

// The session of these recordings as a mix would begin with it: every file found, listened to, recognised and grouped. Where rolesFile
// is not empty the user's word on roles in it wins (session_json.h). Decides nothing else and writes nothing.
Session recogniseSession(const std::vector<std::filesystem::path>& inputs, const std::filesystem::path& rolesFile, int threads, Progress& progress);

}  // namespace tonewright
