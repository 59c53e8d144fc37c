#include "engineer/mix/unmask.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "engineer/decision.h"

namespace tonewright {

namespace {

constexpr double kPlaysDb = -40.0;        // frames this far under a track's loudest count as playing
constexpr double kThresholdDb = 4.0;      // as mix.masking has it
constexpr double kRatio = 3.0;
constexpr double kQ = 0.7;
constexpr double kAttackMs = 25.0;
constexpr double kReleaseMs = 250.0;      // of a word's length: it does not flutter with syllables
constexpr double kFullyDownAt = 0.35;     // share of the voice's frames in which it has not yet stepped back all the way

// Share of a sound's power at `hz` that a band-pass of that centre and width lets through.
double bandPassPower(double hz, double centreHz, double q) {
    const double detune = q * (hz / centreHz - centreHz / hz);
    return 1.0 / (1.0 + detune * detune);
}

// Level (dB) of each frame in the band that a bell's detector hears. The sketch has both channels added and the detector
// hears the louder one: half of what is in both.
std::vector<double> heardLevelsDb(const TrackSketch& heard, const DynamicEqualizer::Band& band) {
    constexpr double kLouderChannel = 0.5;
    std::array<double, kErbBands> weights{};
    for (int b = 0; b < kErbBands; ++b) weights[b] = kLouderChannel * bandPassPower(erbCentreHz(b), band.frequencyHz, band.q);
    std::vector<double> levels(heard.frames());
    for (int f = 0; f < heard.frames(); ++f) {
        double power = 0.0;
        for (int b = 0; b < kErbBands; ++b) power += weights[b] * heard.at(f, b);
        levels[f] = powerToDb(power);
    }
    return levels;
}

double loudest(const std::vector<double>& powers) { return powers.empty() ? 0.0 : *std::max_element(powers.begin(), powers.end()); }

bool stepsAside(const MixTrack& track, const MixTrack& lead) {
    const std::string family = track.family();
    if (family == "drums" || family == "bass" || track.isLeadVocal()) return false;
    return track.track->group.empty() || track.track->group != lead.track->group;
}

// What one track has to do with a voice's being covered.
struct Blame {
    int track = 0;
    double part = 0.0;       // of what covers it, weighted by the voice's energy
    double centreHz = 0.0;   // where it does so
};

}  // namespace

double coveredShareBetween(const MixTrack& track, const TrackSketch& sum, double lowHz, double highHz, double thresholdDb) {
    const std::vector<double> frames = track.sketch.framePower();
    const double gate = loudest(frames) * dbToPower(kPlaysDb), threshold = dbToPower(thresholdDb);
    double all = 0.0, covered = 0.0;
    for (int f = 0; f < sum.frames(); ++f) {
        if (!(frames[f] > gate)) continue;
        for (int band = 0; band < kErbBands; ++band) {
            if (erbCentreHz(band) < lowHz || erbCentreHz(band) > highHz) continue;
            const double own = track.sketch.at(f, band);
            all += own;
            if (sum.at(f, band) - own > own * threshold) covered += own;
        }
    }
    return all > 0.0 ? covered / all : 0.0;
}

std::vector<float> dynamicGains(const DynamicEqualizer::Params& params, const TrackSketch& heard, double frameSeconds) {
    std::vector<float> gains(static_cast<std::size_t>(heard.frames()) * kErbBands, 1.0f);
    for (const DynamicEqualizer::Band& band : params.bands) {
        if (band.type != DynamicEqualizer::Shape::bell || band.rangeDb <= 0.0) continue;
        const std::vector<double> levels = heardLevelsDb(heard, band);
        const double sign = band.direction == DynamicEqualizer::Direction::cut ? -1.0 : 1.0;
        const double release = 1.0 - std::exp(-1000.0 * frameSeconds / band.releaseMs), attack = 1.0 - std::exp(-1000.0 * frameSeconds / std::max(1.0, band.attackMs));
        constexpr double kStepDb = 0.1;
        std::vector<BandGains> shapes;   // of the bell, by its depth in steps
        for (int step = 0; step * kStepDb < band.rangeDb + kStepDb; ++step)
            shapes.push_back(bandGains({.bands = {{.type = BandType::bell, .frequencyHz = band.frequencyHz, .gainDb = sign * step * kStepDb, .q = band.q}}}));
        double depthDb = 0.0;
        for (int f = 0; f < heard.frames(); ++f) {
            const double wantedDb = std::clamp((1.0 - 1.0 / band.ratio) * (levels[f] - band.thresholdDb), 0.0, band.rangeDb);
            depthDb += (wantedDb > depthDb ? attack : release) * (wantedDb - depthDb);
            const BandGains& shape = shapes[static_cast<std::size_t>(std::lround(depthDb / kStepDb))];
            for (int b = 0; b < kErbBands; ++b) gains[static_cast<std::size_t>(f) * kErbBands + b] *= static_cast<float>(shape[b]);
        }
    }
    return gains;
}

std::vector<MaskingDecision> decideUnmask(const MixState& state, double intensity, const UnmaskTuning& tuning) {
    // The lead that is heard most; a second one sings with it or in its place, and has the same room then.
    int lead = -1;
    for (int i : state.byContent)
        if (state.tracks[i].isLeadVocal() && (lead < 0 || state.loudnessOf(state.tracks[i]) > state.loudnessOf(state.tracks[lead]))) lead = i;
    if (lead < 0 || intensity <= 0.0) return {};
    const MixTrack& voice = state.tracks[lead];
    const TrackSketch sum = state.sum();
    const double covered = coveredShareBetween(voice, sum, tuning.lowHz, tuning.highHz, kThresholdDb);
    if (covered < tuning.leastCoveredShare) return {};

    const std::vector<double> frames = voice.sketch.framePower();
    const double gate = loudest(frames) * dbToPower(kPlaysDb), threshold = dbToPower(kThresholdDb);
    std::vector<Blame> blames;
    for (int i : state.byContent) {
        if (i == lead || !stepsAside(state.tracks[i], voice)) continue;
        const TrackSketch& other = state.tracks[i].sketch;
        double weight = 0.0, part = 0.0, octaves = 0.0, ofOctaves = 0.0;
        for (int f = 0; f < sum.frames(); ++f) {
            if (!(frames[f] > gate)) continue;
            for (int band = 0; band < kErbBands; ++band) {
                const double hz = erbCentreHz(band), own = voice.sketch.at(f, band), rest = sum.at(f, band) - own;
                if (hz < tuning.lowHz || hz > tuning.highHz || !(own > 0.0) || !(rest > own * threshold)) continue;
                const double share = other.at(f, band) / rest;
                weight += own;
                part += own * share;
                octaves += own * share * std::log2(hz);
                ofOctaves += own * share;
            }
        }
        if (weight > 0.0 && part / weight >= tuning.leastPart) blames.push_back({i, part / weight, std::exp2(octaves / ofOctaves)});
    }
    std::stable_sort(blames.begin(), blames.end(), [](const Blame& a, const Blame& b) { return a.part > b.part; });
    if (static_cast<int>(blames.size()) > tuning.mostTracks) blames.resize(tuning.mostTracks);

    if (blames.empty()) return {};

    TrackSketch heard = voice.sketch;
    heard.applyGain(-voice.faderDb);   // the key is taken before the fader
    const auto bellFor = [&](const Blame& blame, double strength) {
        const double mostDb = state.tracks[blame.track].family() == "mix" ? tuning.mostOfAMixDb : tuning.mostDb;
        const double rangeDb = roundDb(strength * mostDb * std::sqrt(blame.part / blames.front().part) * std::min(intensity, 1.5));
        DynamicEqualizer::Band bell{.frequencyHz = roundHz(blame.centreHz), .q = kQ, .ratio = kRatio, .rangeDb = rangeDb, .attackMs = kAttackMs, .releaseMs = kReleaseMs};
        const std::vector<double> levels = heardLevelsDb(heard, bell);
        std::vector<double> singing;
        for (int f = 0; f < sum.frames(); ++f)
            if (frames[f] > gate) singing.push_back(levels[f]);
        std::sort(singing.begin(), singing.end());
        bell.thresholdDb = std::clamp(roundDb(percentile(singing, kFullyDownAt) - rangeDb / (1.0 - 1.0 / kRatio)), -100.0, 0.0);
        return bell;
    };

    // No more than it takes: the weakest strength that uncovers half of what is covered. Nothing where drums and bass, which
    // stay, are to blame.
    std::vector<DynamicEqualizer::Band> bells(blames.size());
    double after = covered;
    for (double strength = 0.25; strength <= 1.0 && after > tuning.leftCovered * covered; strength += 0.25) {
        TrackSketch without = sum;
        for (std::size_t b = 0; b < blames.size(); ++b) {
            bells[b] = bellFor(blames[b], strength);
            without.addChange(state.tracks[blames[b].track].sketch, dynamicGains({.bands = {bells[b]}}, heard, state.grid.frameSeconds));
        }
        after = coveredShareBetween(voice, without, tuning.lowHz, tuning.highHz, kThresholdDb);
    }
    if (after > tuning.mostLeftCovered * covered) return {};
    std::vector<MaskingDecision> decisions;
    for (std::size_t b = 0; b < blames.size(); ++b) {
        if (bells[b].rangeDb < tuning.leastDb) continue;
        const MixTrack& track = state.tracks[blames[b].track];
        Step step = makeStep(track.stepId("eq.unmask"), DynamicEqualizer::Params{.bands = {bells[b]}},
                             {.rule = "mix.unmask",
                              .text = "It covers " + voice.track->name + " where words are understood; around " + hertz(bells[b].frequencyHz) + " it steps back by up to " +
                                      fixed(bells[b].rangeDb, 1) + " dB while the voice sings, and only then.",
                              .evidence = {evidence("leadCoveredShare1to4kHz", covered, "", "limit " + fixed(tuning.leastCoveredShare, 2)),
                                           evidence("itsPartInThat", blames[b].part, "", "limit " + fixed(tuning.leastPart, 2)),
                                           evidence("leadCoveredShareAfterPredicted", after, "", "with all that step back")},
                              .confidence = 0.7});
        step.key = voice.track->id;
        decisions.push_back({blames[b].track, std::move(step)});
    }
    return decisions;
}

}  // namespace tonewright
