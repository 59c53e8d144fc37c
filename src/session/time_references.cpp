#include "session/time_references.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"

namespace tonewright {

namespace {

constexpr double kDaySeconds = 24.0 * 3600.0, kMinuteSeconds = 60.0;

double referenceSeconds(const Track& track) { return static_cast<double>(track.info.startFrame) / track.info.sampleRateHz; }

// The longest time between two tracks' sounds; tracks in order of their references.
double longestPause(const std::vector<Track*>& stamped) {
    double end = referenceSeconds(*stamped.front()), pause = 0.0;
    for (const Track* track : stamped) {
        pause = std::max(pause, referenceSeconds(*track) - end);
        end = std::max(end, referenceSeconds(*track) + track->info.seconds());
    }
    return pause;
}

bool believable(const std::vector<Track*>& stamped) {
    double longest = kMinuteSeconds;
    for (const Track* track : stamped) longest = std::max(longest, track->info.seconds());
    const double span = referenceSeconds(*stamped.back()) - referenceSeconds(*stamped.front());
    return referenceSeconds(*stamped.front()) >= 0.0 && span < kDaySeconds && longestPause(stamped) <= longest;
}

// A single reference among files without any is believed where it leads into the song: a track that ends with the others.
bool fitsAmongTheOthers(const Track& stamped, const std::vector<Track>& tracks) {
    constexpr double kMarginSeconds = 0.1;
    double end = 0.0;
    for (const Track& track : tracks)
        if (&track != &stamped) end = std::max(end, track.info.seconds());
    return referenceSeconds(stamped) > 0.0 && referenceSeconds(stamped) + stamped.info.seconds() <= end + kMarginSeconds;
}

void useReferences(Session& session) {
    std::vector<Track*> stamped;
    for (Track& track : session.tracks)
        if (track.info.hasStartFrame) stamped.push_back(&track);
    if (stamped.empty()) return;
    std::ranges::stable_sort(stamped, {}, [](const Track* track) { return referenceSeconds(*track); });
    const double first = referenceSeconds(*stamped.front()), span = referenceSeconds(*stamped.back()) - first;
    if (stamped.size() < 2) {
        if (fitsAmongTheOthers(*stamped.front(), session.tracks))
            stamped.front()->startFrame = std::llround(first * session.sampleRateHz);
        else if (first > 0.0 && session.tracks.size() > 1)
            session.warnings.push_back({"session.one-time-reference", stamped.front()->name + " alone carries a time reference (" + minutesSeconds(first) +
                                                                          "); it was ignored and all tracks start together."});
        return;
    }
    if (!believable(stamped)) {
        session.warnings.push_back({"session.time-references", "The files' time references lie " + minutesSeconds(span) +
                                                                   " apart and leave long pauses, so they are times of day rather than places in a song. "
                                                                   "They were ignored and all tracks start together."});
        return;
    }
    for (Track* track : stamped) track->startFrame = std::llround((referenceSeconds(*track) - first) * session.sampleRateHz);
    if (span > 0.0 && stamped.size() < session.tracks.size()) {
        std::vector<std::string> without;
        for (const Track& track : session.tracks)
            if (!track.info.hasStartFrame) without.push_back(track.name);
        session.warnings.push_back({"session.some-time-references", "Most files say where they start, these do not and start with the earliest: " + join(without, ", ") + "."});
    }
}

}  // namespace

void placeTracks(Session& session) {
    for (Track& track : session.tracks) track.startFrame = 0;
    useReferences(session);
    session.frames = 0;
    for (const Track& track : session.tracks) {
        const double length = std::ceil(track.info.seconds() * session.sampleRateHz - 1e-6);
        session.frames = std::max(session.frames, track.startFrame + static_cast<std::int64_t>(length));
    }
}

}  // namespace tonewright
