#include "session/kinship.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "session/level_course.h"

namespace tonewright {

namespace {

constexpr double kTogether = 0.4;  // correlation of levels

bool isOpen(const Track& track) {
    constexpr double kClearName = 0.75;
    return track.group.empty() && !track.silent && track.roleSource != role_source::kUser &&
           (track.roleSource == role_source::kContent || track.roleSource == role_source::kNone || track.roleConfidence < kClearName);
}

// Sets that `joined` ties together, each in order, those of one left out.
std::vector<std::vector<std::size_t>> components(const std::vector<std::size_t>& of, const std::function<bool(std::size_t, std::size_t)>& joined) {
    std::vector<std::size_t> first(of.size());  // the earliest member of its set
    std::iota(first.begin(), first.end(), std::size_t{0});
    for (std::size_t i = 0; i < of.size(); ++i)
        for (std::size_t j = i + 1; j < of.size(); ++j)
            if (first[i] != first[j] && joined(of[i], of[j])) {
                const std::size_t kept = std::min(first[i], first[j]), gone = std::max(first[i], first[j]);
                std::ranges::replace(first, gone, kept);
            }
    std::vector<std::vector<std::size_t>> sets;
    for (std::size_t root = 0; root < of.size(); ++root) {
        std::vector<std::size_t> set;
        for (std::size_t i = 0; i < of.size(); ++i)
            if (first[i] == root) set.push_back(of[i]);
        if (set.size() > 1) sets.push_back(std::move(set));
    }
    return sets;
}

// The family is what all the members' sounds together make likeliest.
void shareFamily(Session& session, const std::vector<std::size_t>& members, const std::vector<Sound>& sounds) {
    constexpr double kLeast = 1e-3;  // no single sound decides alone
    std::string_view best;
    double bestSum = 0.0;
    for (const std::string_view role : {"drums/kit", "bass/electric", "guitar/electric", "keys/piano", "vocals/lead", "strings/ensemble"}) {  // one of each family that is told apart
        double sum = 0.0;
        for (const std::size_t i : members) sum += std::log(std::max(kLeast, familyProbability(sounds[i], role)));
        if (best.empty() || sum > bestSum) {
            best = role;
            bestSum = sum;
        }
    }
    for (const std::size_t i : members) {
        Track& track = session.tracks[i];
        const ContentReading reading = roleOfSound(sounds[i], best);
        if (track.roleSettled || track.heldShare > 0.0 || (track.roleSource != role_source::kContent && track.roleSource != role_source::kNone) || reading.role == kUnknownRole) continue;
        track.role = reading.role;
        track.roleConfidence = reading.confidence;
        track.roleSource = role_source::kContent;
    }
}

}  // namespace

bool areKin(const Sound& a, const Sound& b, const MicrophoneOffset& found) {
    constexpr double kMayBeDrums = 0.3, kAlike = 0.3;
    if (found.correlation >= kAlike) return true;
    return familyProbability(a, "drums/kit") >= kMayBeDrums && familyProbability(b, "drums/kit") >= kMayBeDrums;
}

std::vector<std::vector<std::size_t>> likelyKin(const Session& session, const std::vector<Analysis>& analyses) {
    std::vector<std::size_t> open;
    std::vector<LevelCourse> courses(session.tracks.size());
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        if (!isOpen(session.tracks[i])) continue;
        courses[i] = levelCourse(session.tracks[i], analyses[i].sketch, session.sampleRateHz);
        if (!courses[i].levelDb.empty()) open.push_back(i);
    }
    return components(open, [&](std::size_t a, std::size_t b) {
        return analyses[a].sketch.frameSeconds == analyses[b].sketch.frameSeconds && correlation(courses[a], courses[b]) >= kTogether;
    });
}

void groupKin(Session& session, const std::vector<std::size_t>& set, const std::vector<Sound>& sounds, const std::function<bool(std::size_t, std::size_t)>& sameSource) {
    std::set<std::string> taken;
    for (const Track& track : session.tracks) taken.insert(track.id);
    for (const Group& group : session.groups) taken.insert(group.id);
    for (const std::vector<std::size_t>& members : components(set, sameSource)) {
        shareFamily(session, members, sounds);
        const bool drums = std::ranges::any_of(members, [&](std::size_t i) { return roleFamily(session.tracks[i].role) == "drums"; });
        const bool kit = drums && members.size() > 2;
        const std::string wanted = kit ? "kit" : session.tracks[members.front()].id + "-group";
        Group group{wanted, kit ? "kit" : "multi-mic", {}};
        for (int i = 2; !taken.insert(group.id).second; ++i) group.id = wanted + "-" + std::to_string(i);
        for (const std::size_t i : members) {
            session.tracks[i].group = group.id;
            group.trackIds.push_back(session.tracks[i].id);
        }
        session.groups.push_back(std::move(group));
    }
}

}  // namespace tonewright
