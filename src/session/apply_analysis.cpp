#include <algorithm>
#include <cassert>

#include "session/grouping.h"
#include "session/import.h"
#include "session/track_role.h"

namespace tonewright {

namespace {

bool isVocal(const Track& track) { return track.role == "vocals/lead" || track.role == "vocals/backing"; }

// A name that only says "vocals", or the sound alone, leaves open which of several leads. The one that sings most of the time does.
void chooseLeadVocal(Session& session, const std::vector<Analysis>& analyses) {
    constexpr double kSure = 0.85;  // the name said which
    constexpr double kChosen = 0.7;
    const auto isOpen = [](const Track& track) { return isVocal(track) && !track.silent && track.roleSource != role_source::kUser && track.roleConfidence <= kSure; };
    std::vector<std::size_t> open;
    bool hasLead = false;
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        const Track& track = session.tracks[i];
        if (isOpen(track) && track.role == "vocals/lead") open.push_back(i);
        else if (track.role == "vocals/lead" && !track.silent) hasLead = true;
    }
    if (open.size() + (hasLead ? 1 : 0) < 2) return;
    const auto soundingSeconds = [&](std::size_t i) { return analyses[i].activity.activeShare * static_cast<double>(analyses[i].frames) / analyses[i].spec.sampleRateHz; };
    const std::size_t longest = *std::ranges::max_element(open, [&](std::size_t a, std::size_t b) { return soundingSeconds(a) < soundingSeconds(b); });
    for (const std::size_t i : open) {
        Track& track = session.tracks[i];
        // Takes of different parts of the song (verse, chorus) are all leads: support sings at the same time, and less.
        const bool leads = !hasLead && (i == longest || (!track.nameKey.empty() && track.nameKey == session.tracks[longest].nameKey));
        track.role = leads ? "vocals/lead" : "vocals/backing";
        track.roleConfidence = std::min(track.roleConfidence, kChosen);
        track.roleSource = role_source::kNameContent;
    }
}

}  // namespace

void applyAnalysis(Session& session, const std::vector<Analysis>& analyses) {
    assert(session.tracks.size() == analyses.size());
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        Track& track = session.tracks[i];
        track.silent = analyses[i].activity.silent;
        if (track.silent || track.roleSource == role_source::kUser) continue;
        const TrackRole role = roleOf(track.role, track.roleConfidence, soundOf(analyses[i]));
        if (!role.doubt.empty())
            session.warnings.push_back({"session.role-doubtful", track.name + ": its name says " + std::string(roleName(role.role)) + ", but " + role.doubt +
                                                                    ". The name was believed; if it is wrong, say what it is with --roles."});
        track.role = role.role;
        track.roleConfidence = role.confidence;
        track.roleSource = role.source;
    }
    chooseLeadVocal(session, analyses);
    formGroups(session);
}

}  // namespace tonewright
