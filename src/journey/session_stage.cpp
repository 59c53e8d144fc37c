#include "journey/session_stage.h"

#include "journey/listening.h"
#include "session/import.h"
#include "session/session_json.h"

namespace tonewright {

Session recogniseSession(const std::vector<std::filesystem::path>& inputs, const std::filesystem::path& rolesFile, int threads, Progress& progress) {
    WorkPool pool(threads);
    Session session = importSession(inputs, {.threads = threads}, &progress);
    if (!rolesFile.empty()) applyRoles(session, rolesFile);
    listenTo(session, pool, progress);
    return session;
}

}  // namespace tonewright
