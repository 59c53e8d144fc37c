#include "render/alternates.h"

#include <algorithm>
#include <map>

#include "session/roles.h"

namespace tonewright {

namespace {

constexpr Alternate kAll[] = {Alternate::instrumental, Alternate::acappella, Alternate::tv, Alternate::drumless};

// Why a version would be the mix itself: what it leaves out is not there.
std::string nothingToLeaveOut(Alternate alternate) {
    switch (alternate) {
        case Alternate::instrumental: return "no track is a voice, so the mix is the instrumental";
        case Alternate::acappella: return "every track is a voice, so the mix is the a cappella";
        case Alternate::tv: return "no track is a lead vocal, so the mix is the TV mix";
        case Alternate::drumless: return "no track is drums or percussion, so the mix is without drums already";
    }
    return "";
}

// Why a version would be silent: there is nothing else.
std::string nothingLeft(Alternate alternate) {
    switch (alternate) {
        case Alternate::acappella: return "no track is a voice";
        case Alternate::drumless: return "there is nothing but drums";
        default: return "there is nothing but voices";
    }
}

int placeOf(std::string_view role) {
    if (!plays(Alternate::tv, role)) return 3;
    return !plays(Alternate::instrumental, role) ? 2 : !plays(Alternate::drumless, role) ? 1 : 0;
}

}  // namespace

bool plays(Alternate alternate, std::string_view role) {
    const std::string_view family = roleFamily(role);
    switch (alternate) {
        case Alternate::instrumental: return family != "vocals";
        case Alternate::acappella: return family == "vocals";
        case Alternate::tv: return role != "vocals/lead" && role != "vocals/speech";
        case Alternate::drumless: return family != "drums";
    }
    return true;
}

std::vector<AlternateInfo> alternatesOf(const Plan& plan, const std::vector<Alternate>& asked) {
    std::vector<AlternateInfo> result;
    for (Alternate alternate : kAll) {
        if (std::find(asked.begin(), asked.end(), alternate) == asked.end()) continue;
        AlternateInfo info{.kind = alternate, .leftOut = {}, .whyNot = {}, .note = {}};
        std::size_t kept = 0;
        for (const TrackPlan& track : plan.tracks) {
            if (track.muted()) continue;
            if (plays(alternate, track.role))
                ++kept;
            else
                info.leftOut.push_back(track.id);
        }
        if (kept == 0)
            info.whyNot = nothingLeft(alternate);
        else if (info.leftOut.empty())
            info.whyNot = nothingToLeaveOut(alternate);
        for (const AlternateInfo& earlier : result)
            if (info.whyNot.empty() && earlier.whyNot.empty() && earlier.leftOut == info.leftOut)
                info.note = "the same as the " + std::string(earlier.name()) + ": there are no backing vocals";
        result.push_back(std::move(info));
    }
    return result;
}

MixParts partsFor(const Plan& plan, const std::vector<Alternate>& versions) {
    MixParts parts;
    parts.ofTrack.assign(plan.tracks.size(), -1);
    parts.heard.resize(versions.size());
    if (versions.empty()) return parts;
    // Who plays in the same versions is one part.
    std::map<std::pair<int, std::vector<bool>>, std::vector<std::size_t>> members;
    std::map<std::vector<bool>, int> firstPlace;
    const auto heardIn = [&](const TrackPlan& track) {
        std::vector<bool> heard;
        for (Alternate version : versions) heard.push_back(plays(version, track.role));
        return heard;
    };
    for (const TrackPlan& track : plan.tracks)
        if (!track.muted()) {
            const auto [found, isNew] = firstPlace.emplace(heardIn(track), placeOf(track.role));
            if (!isNew) found->second = std::min(found->second, placeOf(track.role));
        }
    for (std::size_t i = 0; i < plan.tracks.size(); ++i)
        if (!plan.tracks[i].muted()) {
            const std::vector<bool> heard = heardIn(plan.tracks[i]);
            members[{firstPlace.at(heard), heard}].push_back(i);
        }
    for (const auto& [key, tracks] : members) {
        for (std::size_t i : tracks) parts.ofTrack[i] = parts.count;
        for (std::size_t v = 0; v < versions.size(); ++v)
            if (key.second[v]) parts.heard[v].push_back(parts.count);
        ++parts.count;
    }
    return parts;
}

}  // namespace tonewright
