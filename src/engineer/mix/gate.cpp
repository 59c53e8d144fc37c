#include "engineer/mix/gate.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/mix/envelope.h"

namespace tonewright {

namespace {

// A gate hears peaks, frames are RMS over 50 ms: what lies between them where it was not measured.
constexpr double kPeakOverFrameDb = 10.0;
// Bleed is the start of another drum's hit, shorter than a frame.
constexpr double kBleedPeakOverFrameDb = 13.0;

double peakOverFrameDb(const MixTrack& track, const SketchGrid& grid) { return std::clamp(crestDb(track, grid).value_or(kPeakOverFrameDb), 6.0, 14.0) + detectorDb(track); }

// What the rest of the kit does to a close microphone.
struct Bleed {
    double loudestDb = kSilentDb;    // of its frames, exceeded in one of twenty; -infinity: none was found
    double softestHitDb = kSilentDb; // a tenth of its own hits are softer
    double decaySeconds = 0.3;       // a hit's way down to the bleed
    int hits = 0, moments = 0;
};

bool isClose(const std::string& role) { return role == "drums/kick" || role == "drums/snare" || role == "drums/tom" || role == "drums/hihat"; }

Bleed bleedIn(const MixTrack& track, const MixState& state, const GateTuning& tuning) {
    // Every close microphone's level against its own hits: who stands nearest is who is played.
    struct Other {
        std::vector<double> power;
        double hitPower;
    };
    std::vector<Other> others;
    const auto hitPowerOf = [](const std::vector<double>& power) {
        const std::vector<double> levels = activeLevelsDb(power);
        return levels.empty() ? 0.0 : dbToPower(percentile(levels, 0.98));
    };
    for (int i : state.byContent) {
        const MixTrack& other = state.tracks[i];
        const bool sameDrum = other.track->role == track.track->role && track.track->role != "drums/tom";
        if (&other == &track || sameDrum || !isClose(other.track->role) || other.track->group != track.track->group) continue;
        Other heard{other.sketch.framePower(), 0.0};
        heard.hitPower = hitPowerOf(heard.power);
        if (heard.hitPower > 0.0) others.push_back(std::move(heard));
    }
    const std::vector<double> own = track.sketch.framePower();
    const double ownHit = hitPowerOf(own);
    if (others.empty() || !(ownHit > 0.0)) return {};

    const int frames = static_cast<int>(own.size()), tail = std::max(1, static_cast<int>(std::lround(0.5 / state.grid.frameSeconds)));
    // What another drum does to this microphone comes up with it; a tail of its own only falls.
    const auto rises = [&](int f) { return own[f] > dbToPower(3.0) * own[std::max(0, f - 2)] || own[f] > dbToPower(3.0) * own[std::max(0, f - 1)]; };
    const auto othersNear = [&](int f) {
        double nearest = 0.0;
        for (const Other& other : others)
            for (int g = std::max(0, f - 1); g <= std::min(frames - 1, f + 1); ++g) nearest = std::max(nearest, other.power[g] / other.hitPower);
        return nearest;
    };
    Bleed result;
    std::vector<double> hits, decays, bleed;
    int lastHit = -tail;
    std::vector<int> ownHits;
    for (int f : hitFrames(own))
        if (own[f] / ownHit > othersNear(f) * dbToPower(-6.0)) ownHits.push_back(f);
    std::size_t next = 0;
    for (int f = 0; f < frames; ++f) {
        if (next < ownHits.size() && ownHits[next] == f) {
            hits.push_back(powerToDb(own[f]));
            lastHit = f;
            ++next;
        }
        const bool free = f - lastHit >= tail && (next >= ownHits.size() || ownHits[next] - f > 1);
        if (free && own[f] > 0.0 && rises(f) && othersNear(f) > own[f] / ownHit * dbToPower(tuning.othersLouderDb) && othersNear(f) > dbToPower(-12.0)) bleed.push_back(powerToDb(own[f]));
    }
    result.hits = static_cast<int>(hits.size());
    result.moments = static_cast<int>(bleed.size());
    if (hits.empty() || bleed.empty()) return result;
    std::ranges::sort(hits);
    std::ranges::sort(bleed);
    result.softestHitDb = percentile(hits, 0.1);
    result.loudestDb = percentile(bleed, 0.95);
    for (int hit : ownHits) {
        int f = hit;
        while (f < frames && powerToDb(std::max(own[f], 1e-20)) > result.loudestDb && f - hit < 4 * tail) ++f;
        decays.push_back((f - hit) * state.grid.frameSeconds);
    }
    std::ranges::sort(decays);
    result.decaySeconds = percentile(decays, 0.5);
    return result;
}

double rangeOf(const std::string& role, const GateTuning& tuning) { return role == "drums/tom" ? tuning.tomRangeDb : role == "drums/kick" ? tuning.kickRangeDb : tuning.snareRangeDb; }

// A tom that is the only close microphone: what lies between its hits is what it hears of the rest.
std::optional<Step> gateAlone(const MixTrack& track, const SketchGrid& grid, const GateTuning& tuning) {
    std::vector<double> levels;
    for (double power : track.sketch.framePower())
        if (power > 0.0) levels.push_back(powerToDb(power));
    if (levels.size() < 40) return std::nullopt;
    std::ranges::sort(levels);
    const double hitDb = percentile(levels, 0.99), restDb = percentile(levels, 0.6);
    if (hitDb - restDb < tuning.leastContrastDb) return std::nullopt;
    return makeStep(track.stepId("gate"),
                    Gate::Params{.thresholdDb = std::clamp(roundDb(0.5 * (hitDb + restDb) + peakOverFrameDb(track, grid)), -120.0, 0.0), .hysteresisDb = 6.0, .ratio = 10.0, .rangeDb = tuning.tomRangeDb, .attackMs = 0.5, .holdMs = 120.0,
                                 .releaseMs = 250.0, .lookaheadMs = 2.0},
                    {.rule = "mix.gate",
                     .text = "Between its hits this tom microphone hears only the rest of the kit and rings along; it is turned down until the tom is played.",
                     .evidence = {evidence("hitsOverRest", hitDb - restDb, "dB", "limit " + fixed(tuning.leastContrastDb, 0))},
                     .confidence = 0.8});
}

}  // namespace

std::optional<Step> decideGate(const MixTrack& track, const MixState& state, const GateTuning& tuning) {
    const std::string& role = track.track->role;
    if (role != "drums/tom" && role != "drums/kick" && role != "drums/snare") return std::nullopt;
    // Without a kit around it nothing bleeds: what a single sound does between its hits is its own.
    const Bleed bleed = track.track->group.empty() ? Bleed{} : bleedIn(track, state, tuning);
    if (bleed.moments < tuning.leastMoments) return role == "drums/tom" ? gateAlone(track, state.grid, tuning) : std::nullopt;
    // A bottom microphone hears the kick in the wires, a room of its own: only what stands clear of its bleed is gated.
    const double gapDb = bleed.softestHitDb - bleed.loudestDb, leastDb = role == "drums/snare" ? tuning.leastSnareGapDb : tuning.leastGapDb;
    if (bleed.hits < (role == "drums/tom" ? 1 : tuning.leastHits) || gapDb < leastDb) return std::nullopt;
    const double thresholdDb = std::min(bleed.loudestDb + tuning.overBleedDb + kBleedPeakOverFrameDb + detectorDb(track), bleed.softestHitDb - tuning.underHitsDb + peakOverFrameDb(track, state.grid));
    return makeStep(track.stepId("gate"),
                    Gate::Params{.thresholdDb = std::clamp(roundDb(thresholdDb), -120.0, 0.0), .hysteresisDb = 4.0, .ratio = role == "drums/snare" ? 3.0 : 10.0, .rangeDb = rangeOf(role, tuning), .attackMs = 0.5, .holdMs = 120.0,
                                 .releaseMs = std::clamp(roundTo(500.0 * bleed.decaySeconds, 10.0), 150.0, 500.0), .lookaheadMs = 2.0},
                    {.rule = "mix.gate",
                     .text = "Between its hits this microphone hears the rest of the kit; it opens just above that and is turned down by up to " + fixed(rangeOf(role, tuning), 0) + " dB until the drum is played.",
                     .evidence = {evidence("softestHitsOverBleed", gapDb, "dB", "limit " + fixed(leastDb, 0)), evidence("bleedMoments", bleed.moments, ""), evidence("hits", bleed.hits, ""),
                                  evidence("decaySeconds", bleed.decaySeconds, "s")},
                     .confidence = 0.7});
}

std::optional<Step> decideBreaths(const MixTrack& track, const SketchGrid& grid, const BreathTuning& tuning) {
    if (track.family() != "vocals" || track.track->role == "vocals/choir") return std::nullopt;
    // Noise that is turned down already (repair.noise) takes its breaths with it.
    if (std::ranges::any_of(track.plan.chain, [](const Step& step) { return step.type() == "gate"; })) return std::nullopt;
    const std::vector<double> power = track.sketch.framePower();
    const std::vector<double> levels = activeLevelsDb(power);
    if (levels.size() < 40) return std::nullopt;
    const double usualDb = percentile(levels, 0.5), wordPower = dbToPower(usualDb - tuning.wordsWithinDb);
    const auto framesOf = [&](double seconds) { return static_cast<int>(std::lround(seconds / grid.frameSeconds)); };

    const std::vector<double> peaks = track.sketch.stepPeaks();
    std::vector<double> rest, restPeaks;
    std::vector<int> restFrames;
    int pauses = 0, began = -1;
    bool sung = false;
    for (int f = 0; f < static_cast<int>(power.size()); ++f) {
        if (power[f] < wordPower) {
            if (began < 0) began = f;
            continue;
        }
        if (sung && began >= 0 && f - began >= framesOf(tuning.leastPauseSeconds)) {
            ++pauses;
            for (int g = began + framesOf(tuning.tailSeconds); g < f - framesOf(tuning.onsetSeconds); ++g)
                if (power[g] > 0.0) {
                    rest.push_back(powerToDb(power[g]));
                    restPeaks.push_back(powerToDb(*std::max_element(peaks.begin() + g * TrackSketch::kSteps, peaks.begin() + (g + 1) * TrackSketch::kSteps)));
                    restFrames.push_back(g);
                }
        }
        began = -1;
        sung = true;
    }
    if (pauses < tuning.leastPauses || rest.size() < 10) return std::nullopt;
    std::ranges::sort(rest);
    const double restDb = percentile(rest, 0.95), distanceDb = usualDb - restDb;
    if (distanceDb < tuning.leastDistanceDb || distanceDb > tuning.quietEnoughDb) return std::nullopt;
    const double rangeDb = std::clamp(tuning.quietEnoughDb - distanceDb, 0.0, tuning.mostRangeDb);
    if (rangeDb < tuning.leastRangeDb) return std::nullopt;
    // A gate hears peaks: those of what sounds in pauses, which are not a voice's.
    std::ranges::sort(restPeaks);
    const double thresholdDb = std::min(percentile(restPeaks, 0.95) + detectorDb(track) + tuning.overRestDb, usualDb - tuning.mostUnderWordsDb + peakOverFrameDb(track, grid));
    const Gate::Params params{.thresholdDb = std::clamp(roundDb(thresholdDb), -120.0, 0.0), .hysteresisDb = 6.0, .ratio = 4.0, .rangeDb = roundDb(rangeDb), .attackMs = 4.0, .holdMs = 300.0, .releaseMs = 180.0, .lookaheadMs = 20.0};
    const std::vector<double> gains = gateOverTime(track, params, grid.frameSeconds / TrackSketch::kSteps);
    double lowered = 0.0, all = 0.0;
    for (const int f : restFrames)
        for (int step = f * TrackSketch::kSteps; step < (f + 1) * TrackSketch::kSteps; ++step) {
            all += power[f];
            lowered += power[f] * gains[step];
        }
    const double loweredDb = lowered > 0.0 ? -powerToDb(lowered / all) : 0.0;
    if (loweredDb < tuning.leastLoweredDb) return std::nullopt;
    return makeStep(track.stepId("breaths"), params,
                    {.rule = "mix.breaths",
                     .text = "Between its phrases breaths and noise are heard, " + fixed(distanceDb, 0) + " dB under the voice; there it is turned down by up to " + fixed(rangeDb, 0) +
                             " dB. It opens before a word begins and waits until one has faded.",
                     .evidence = {evidence("pausesUnderVoice", distanceDb, "dB", "between " + fixed(tuning.leastDistanceDb, 0) + " and " + fixed(tuning.quietEnoughDb, 0)),
                                  evidence("pausesLoweredPredicted", loweredDb, "dB", "what sounds there, on the whole"), evidence("pauses", pauses, "")},
                     .confidence = 0.7});
}

std::vector<double> gateOverTime(const MixTrack& track, const Gate::Params& params, double stepSeconds) {
    // The gate's own envelope and timing (dsp/gate.h), a few milliseconds at a time.
    constexpr double kInnerSeconds = 0.0025, kEnvelopeSeconds = 0.01;
    std::vector<double> peaks = track.sketch.stepPeaks();
    for (double& peak : peaks) peak *= dbToPower(detectorDb(track) - track.faderDb);
    const int inner = std::max(1, static_cast<int>(std::lround(stepSeconds / kInnerSeconds)));
    const double seconds = stepSeconds / inner, decay = std::exp(-2.0 * seconds / kEnvelopeSeconds);
    const auto part = [&](double ms) { return ms > 0.0 ? 1.0 - std::exp(-1000.0 * seconds / ms) : 1.0; };
    const double attack = part(params.attackMs), release = part(params.releaseMs);
    const double openPower = dbToPower(params.thresholdDb), closePower = dbToPower(params.thresholdDb - params.hysteresisDb);
    const int ahead = static_cast<int>(std::lround(0.001 * params.lookaheadMs / seconds));
    const int all = static_cast<int>(peaks.size()) * inner;
    double envelope = 0.0, gainDb = -params.rangeDb, belowSeconds = 0.0;
    bool open = false;
    std::vector<double> gains(peaks.size());
    // What it hears now it does so much earlier.
    for (int n = 0; n < all + ahead; ++n) {
        envelope = std::max(n < all ? peaks[n / inner] : 0.0, envelope * decay);
        if (envelope > openPower) {
            open = true;
            belowSeconds = 0.0;
        } else if (open) {
            belowSeconds = envelope < closePower ? belowSeconds + seconds : 0.0;
            open = belowSeconds <= 0.001 * params.holdMs;
        }
        const double targetDb = open ? 0.0 : std::max(-params.rangeDb, envelope > 0.0 ? std::min(0.0, (params.ratio - 1.0) * (powerToDb(envelope) - params.thresholdDb)) : -params.rangeDb);
        gainDb += (targetDb - gainDb) * (targetDb > gainDb ? attack : release);
        if (n >= ahead) gains[(n - ahead) / inner] += dbToPower(gainDb) / inner;
    }
    return gains;
}

}  // namespace tonewright
