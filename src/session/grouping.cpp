#include "session/grouping.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "session/name_text.h"

namespace tonewright {

namespace {

bool isOverview(const Track& track) { return track.role == "drums/overhead" || track.role == "drums/room"; }

bool isCloseDrum(const Track& track) {
    static const std::set<std::string, std::less<>> roles = {"drums/kick", "drums/snare", "drums/hihat", "drums/tom", "drums/ride", "drums/crash", "drums/cymbals"};
    return roles.contains(track.role);
}

class Grouping {
public:
    explicit Grouping(Session& session) : session_(session) {
        session_.groups.clear();
        for (Track& track : session_.tracks) {
            track.group.clear();
            takenIds_.insert(track.id);
        }
    }

    void kit() {
        std::vector<Track*> members;
        bool overview = false, close = false;
        for (Track* track : loose()) {
            if (!isOverview(*track) && !isCloseDrum(*track)) continue;
            overview = overview || isOverview(*track);
            close = close || isCloseDrum(*track);
            members.push_back(track);
        }
        if (overview && close) form("kit", "kit", members);
    }

    // Tracks of the same role and name (`side` too if it counts) that `fits` takes for one thing.
    void byName(const char* kind, bool sideCounts, const std::function<bool(const std::vector<Track*>&)>& fits) {
        std::map<std::string, std::vector<Track*>> alike;
        for (Track* track : loose())
            if (track->role != kUnknownRole)
                alike[track->role + "|" + track->nameKey + "|" + std::to_string(track->number) + (sideCounts ? "|" + track->side : "")].push_back(track);
        for (Track* track : loose())  // in the session's order, so that ids do not depend on the map's
            for (auto& [key, tracks] : alike)
                if (tracks.size() > 1 && tracks.front() == track && fits(tracks)) form(track->nameKey, kind, tracks);
    }

private:
    std::vector<Track*> loose() {
        std::vector<Track*> tracks;
        for (Track& track : session_.tracks)
            if (track.group.empty() && !track.silent) tracks.push_back(&track);
        return tracks;
    }

    void form(const std::string& name, const char* kind, const std::vector<Track*>& members) {
        const std::string slug = slugOf(name);
        Group group{slug, kind, {}};
        for (int i = 2; !takenIds_.insert(group.id).second; ++i) group.id = slug + "-" + std::to_string(i);
        for (Track* track : members) {
            track->group = group.id;
            group.trackIds.push_back(track->id);
        }
        session_.groups.push_back(std::move(group));
    }

    Session& session_;
    std::set<std::string> takenIds_;
};

bool isTwoSides(const std::vector<Track*>& tracks) {
    return tracks.size() == 2 && tracks[0]->info.channels == 1 && tracks[1]->info.channels == 1 && !tracks[0]->side.empty() &&
           !tracks[1]->side.empty() && tracks[0]->side != tracks[1]->side;
}

bool isUsuallyPlayedTwice(const Track& track) { return track.role.starts_with("guitar/electric") || roleFamily(track.role) == "vocals"; }

}  // namespace

void formGroups(Session& session) {
    Grouping grouping(session);
    grouping.kit();
    grouping.byName("multi-mic", true, [](const std::vector<Track*>& tracks) {
        std::set<std::string> microphones;
        for (const Track* track : tracks) microphones.insert(track->microphone);
        const auto unnamed = std::ranges::count_if(tracks, [](const Track* track) { return track->microphone.empty(); });
        return microphones.size() > 1 && unnamed <= 1;
    });
    grouping.byName("stereo-pair", false, [](const std::vector<Track*>& tracks) { return isTwoSides(tracks) && !isUsuallyPlayedTwice(*tracks[0]); });
    grouping.byName("doubles", false, [](const std::vector<Track*>& tracks) {
        return isTwoSides(tracks) || std::ranges::any_of(tracks, [](const Track* track) { return track->isDouble; });
    });
}

}  // namespace tonewright
