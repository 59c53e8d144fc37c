#include "journey/bounces.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "engineer/mix/rough.h"
#include "journey/mix_material.h"

namespace tonewright {

namespace {

constexpr int kBlockFrames = PlacedReader::kBlockFrames;
constexpr std::size_t kMostCandidates = 3;
constexpr double kWeakName = 0.6;
constexpr double kMostOfTheSong = 0.8;     // of the time that the longest other track sounds
constexpr double kLeastExplained = 0.7;    // of its power
constexpr double kLeastHeld = 0.6;         // of the other tracks
constexpr double kComparedSeconds = 40.0;

double soundingSeconds(const Analysis& analysis) { return analysis.activity.activeShare * static_cast<double>(analysis.frames) / analysis.spec.sampleRateHz; }

bool mayBeBounce(const Track& track) {
    const bool saysNothing = track.role == kUnknownRole || track.roleConfidence <= kWeakName || track.role == "mix/submix";
    return !track.roleSettled && track.info.channels == 2 && saysNothing;
}

// How much of a track is explained by gains of the others, and how many of them it holds.
struct Held {
    double share = 0.0;
    std::size_t tracks = 0;
};

Held othersIn(const Session& session, std::size_t candidate, Progress& progress) {
    Session others = session;
    others.tracks.erase(others.tracks.begin() + static_cast<std::ptrdiff_t>(candidate));
    MixMaterial material(others, session.tracks[candidate].path);
    const std::int64_t frames = material.mixFrames();
    const std::int64_t start = material.findStart(session.frames, progress).value_or(session.tracks[candidate].startFrame);
    material.moveMix(start);
    RoughFit fit(material.feeds);
    // From the middle of what both have.
    std::int64_t from = std::max<std::int64_t>(0, start), end = std::min(session.frames, start + frames);
    const auto most = static_cast<std::int64_t>(kComparedSeconds * session.sampleRateHz);
    if (end - from > most) {
        from += (end - from - most) / 2;
        end = from + most;
    }
    for (std::int64_t at = from; at < end; at += kBlockFrames) {
        progress.throwIfCancelled();
        const int count = static_cast<int>(std::min<std::int64_t>(kBlockFrames, end - at));
        material.read(at, count);
        fit.add(material.recordings(count), material.mix(count));
    }
    const RoughBalance balance = balanceFromGains(others, fit.result(), material.channelOf);
    const auto held = std::ranges::count_if(balance.tracks, [](const auto& entry) { return entry.second.confidence >= RoughTuning{}.leastConfidence && std::isfinite(entry.second.gainDb); });
    return {balance.explainedShare, static_cast<std::size_t>(held)};
}

}  // namespace

void recogniseBounces(Session& session, const std::vector<Analysis>& analyses, Progress& progress) {
    constexpr std::size_t kLeastOthers = 2;
    double longest = 0.0;
    std::size_t sounding = 0;
    std::vector<std::size_t> candidates;
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        if (analyses[i].activity.silent) continue;
        ++sounding;
        if (mayBeBounce(session.tracks[i])) candidates.push_back(i);
        else longest = std::max(longest, soundingSeconds(analyses[i]));
    }
    std::erase_if(candidates, [&](std::size_t i) { return soundingSeconds(analyses[i]) < kMostOfTheSong * longest; });
    std::ranges::stable_sort(candidates, std::ranges::greater{}, [&](std::size_t i) { return soundingSeconds(analyses[i]); });
    if (candidates.size() > kMostCandidates) candidates.resize(kMostCandidates);
    for (const std::size_t i : candidates) {
        const std::size_t others = sounding - 1;
        if (others < kLeastOthers) return;
        const Held held = othersIn(session, i, progress);
        if (held.share < kLeastExplained || static_cast<double>(held.tracks) < std::max<double>(kLeastOthers, kLeastHeld * static_cast<double>(others))) continue;
        Track& track = session.tracks[i];
        track.role = "mix/programme";
        track.roleConfidence = std::min(held.share, 0.98);
        track.roleSource = role_source::kContent;
        track.heldShare = held.share;
        session.warnings.push_back({"session.bounce", track.name + ": stays out of the mix, because " + std::to_string(held.tracks) + " of the other tracks are in it and explain " + fixed(100.0 * held.share, 0) +
                                                          " % of it: it is a mix of them. To keep its balance, give it with --rough; if it is a track of its own, say so with --roles."});
    }
}

}  // namespace tonewright
