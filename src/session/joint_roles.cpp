#include "session/joint_roles.h"

#include <algorithm>

namespace tonewright {

namespace {

constexpr FamilyProbabilities kUsual = {0.30, 0.09, 0.17, 0.11, 0.16, 0.17};  // drums, bass, guitar, keys, vocals, other: shares of multitrack sessions
constexpr std::size_t kDrums = 0, kBass = 1;
constexpr double kSure = 0.8, kAlready = 0.6;

double highest(const FamilyProbabilities& families) { return *std::ranges::max_element(families); }

bool isSettled(const TrackHearing& track) { return !track.isOpen || highest(track.families) >= kSure; }

// Of each family: what doubtful tracks may be is no evidence, or doubts would confirm each other.
FamilyProbabilities companyOf(const std::vector<TrackHearing>& tracks) {
    constexpr double kOfUsual = 8.0, kMost = 1.4;
    FamilyProbabilities company{};
    double count = kOfUsual;
    for (const TrackHearing& track : tracks)
        if (isSettled(track)) {
            for (std::size_t family = 0; family < company.size(); ++family) company[family] += track.families[family];
            count += 1.0;
        }
    for (std::size_t family = 0; family < company.size(); ++family)
        company[family] = std::clamp((kOfUsual * kUsual[family] + company[family]) / count / kUsual[family], 1.0 / kMost, kMost);
    return company;
}

double registerOfBass(std::size_t track, const std::vector<TrackHearing>& tracks, const std::vector<FamilyProbabilities>& heard) {
    constexpr double kLowest = 3.0, kOctave = 2.0;
    if (!(tracks[track].lowestHz > 0.0)) return 1.0;
    bool isLowest = true, hasBass = false;
    for (std::size_t other = 0; other < tracks.size(); ++other) {
        if (other == track || !(tracks[other].lowestHz > 0.0) || heard[other][kDrums] >= 0.5) continue;
        if (heard[other][kBass] >= kAlready) {
            hasBass = true;
            if (tracks[track].lowestHz > kOctave * tracks[other].lowestHz) return 1.0 / kLowest;
        }
        isLowest = isLowest && tracks[track].lowestHz < tracks[other].lowestHz;
    }
    return tracks.size() > 1 && isLowest && !hasBass && heard[track][kDrums] < 0.5 ? kLowest : 1.0;
}

}  // namespace

std::vector<FamilyProbabilities> jointFamilies(const std::vector<TrackHearing>& tracks) {
    constexpr int kTimes = 2;
    const FamilyProbabilities company = companyOf(tracks);
    std::vector<FamilyProbabilities> heard;
    for (const TrackHearing& track : tracks) heard.push_back(track.families);
    for (int time = 0; time < kTimes; ++time) {
        const std::vector<FamilyProbabilities> before = heard;
        for (std::size_t t = 0; t < tracks.size(); ++t) {
            if (isSettled(tracks[t])) continue;
            double sum = 0.0;
            for (std::size_t family = 0; family < kUsual.size(); ++family) {
                heard[t][family] = tracks[t].families[family] * company[family] * (family == kBass ? registerOfBass(t, tracks, before) : 1.0);
                sum += heard[t][family];
            }
            if (!(sum > 0.0)) {
                heard[t] = tracks[t].families;  // silence
                continue;
            }
            for (double& probability : heard[t]) probability /= sum;
        }
    }
    return heard;
}

}  // namespace tonewright
