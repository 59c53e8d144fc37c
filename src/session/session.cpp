#include "session/session.h"

#include <algorithm>
#include <utility>

namespace tonewright {

const Track* findTrack(const Session& session, std::string_view id) {
    const auto found = std::ranges::find(session.tracks, id, &Track::id);
    return found == session.tracks.end() ? nullptr : &*found;
}

Track* findTrack(Session& session, std::string_view id) { return const_cast<Track*>(findTrack(std::as_const(session), id)); }

const Group* findGroup(const Session& session, std::string_view id) {
    const auto found = std::ranges::find(session.groups, id, &Group::id);
    return found == session.groups.end() ? nullptr : &*found;
}

}  // namespace tonewright
