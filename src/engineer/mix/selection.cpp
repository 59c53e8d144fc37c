#include <cmath>

#include "engineer/decision.h"
#include "engineer/mix/mix_rules.h"

namespace tonewright {

namespace {

Step mute(const MixTrack& track, Reason reason) { return makeStep(track.stepId("mute"), Gain::Params{.gainDb = -120.0}, std::move(reason)); }

// Cosine of two tracks' amplitudes over the frames: never less than that over frames and bands, and quick.
double mostSimilarity(const std::vector<double>& a, const std::vector<double>& b) {
    double ab = 0.0, aa = 0.0, bb = 0.0;
    for (std::size_t f = 0; f < a.size(); ++f) {
        ab += std::sqrt(a[f] * b[f]);
        aa += a[f];
        bb += b[f];
    }
    return aa > 0.0 && bb > 0.0 ? ab / std::sqrt(aa * bb) : 0.0;
}

// Cosine of two sketches' amplitudes over all frames and bands: 1 for the same performance at any level.
double similarity(const TrackSketch& a, const TrackSketch& b) {
    double ab = 0.0, aa = 0.0, bb = 0.0;
    for (int f = 0; f < a.frames(); ++f)
        for (int band = 0; band < kErbBands; ++band) {
            const double pa = a.at(f, band), pb = b.at(f, band);
            ab += std::sqrt(pa * pb);
            aa += pa;
            bb += pb;
        }
    return aa > 0.0 && bb > 0.0 ? ab / std::sqrt(aa * bb) : 0.0;
}

bool playsOnPurposeTogether(const Track& a, const Track& b) {
    return a.isDouble || b.isDouble || (roleFamily(a.role) == "drums" && !a.group.empty() && a.group == b.group) || (!a.side.empty() && !b.side.empty() && a.side != b.side) ||
           (!a.microphone.empty() && !b.microphone.empty() && a.microphone != b.microphone);
}

// Of two files of one performance the stereo one stays; of two alike, the first by id.
bool yieldsTo(const MixTrack& track, const MixTrack& other) {
    if (track.track->info.channels != other.track->info.channels) return track.track->info.channels < other.track->info.channels;
    return other.track->id < track.track->id;
}

}  // namespace

std::optional<Step> decideMute(const MixTrack& track, const std::vector<MixTrack>& all, const SelectionTuning& tuning) {
    if (track.track->silent || !std::isfinite(track.loudnessLufs))
        return mute(track, {.rule = "mix.silent",
                            .text = "Nothing is on this track. If something should be, export it again.",
                            .evidence = {evidence("samplePeakDbfs", track.analysis->loudness.samplePeakDbfs, "dBFS", "silent below -90")}});
    if (track.family() == "utility")
        return mute(track, {.rule = "mix.utility", .text = "A click or guide is for the players, not for the mix.", .evidence = {}, .confidence = track.track->roleConfidence});
    if (track.track->heldShare > 0.0)
        return mute(track, {.rule = "mix.bounce",
                            .text = "It holds what the other tracks play: a mix of them. Playing it too would double everything.",
                            .evidence = {evidence("heldShare", track.track->heldShare, "", "of its power, explained by gains of the others; at least 0.70")},
                            .confidence = track.track->roleConfidence});
    if (track.track->role == "mix/programme" && all.size() > 1)
        return mute(track, {.rule = "mix.utility", .text = "This is a finished or rough mix; playing it under its own tracks would double everything.", .evidence = {}, .confidence = track.track->roleConfidence});
    for (const MixTrack& other : all) {
        if (&other == &track || !other.audible() || other.track->silent || playsOnPurposeTogether(*track.track, *other.track) || !yieldsTo(track, other)) continue;
        if (mostSimilarity(track.recordedPower, other.recordedPower) < tuning.sameSimilarity) continue;
        const double same = similarity(track.sketch, other.sketch);
        if (same < tuning.sameSimilarity) continue;
        return mute(track, {.rule = "mix.duplicate",
                            .text = "This is the same performance as " + other.track->name +
                                    (other.track->info.channels > track.track->info.channels ? ", which is stereo; playing both would only make it louder and hollow."
                                                                                             : "; playing both would only make it louder and hollow."),
                            .evidence = {evidence("similarity", same, "", "limit " + fixed(tuning.sameSimilarity, 2))},
                            .confidence = 0.9});
    }
    return std::nullopt;
}

}  // namespace tonewright
