#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/mix/dynamics.h"
#include "engineer/mix/mix_rules.h"

namespace tonewright {

namespace {

constexpr double kActiveDb = -40.0;   // frames this far under a track's loudest count as playing
constexpr int kEssentialBands = 10;   // Hafezi and Reiss 2015

// Rank of each band in a track's own loudness-weighted spectrum: 0 is the strongest.
std::array<int, kErbBands> ranks(const TrackSketch& sketch) {
    BandGains spectrum = sketch.activeSpectrum();
    for (int band = 0; band < kErbBands; ++band) spectrum[band] *= loudnessWeights()[band];
    std::array<int, kErbBands> order{}, rank{};
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return spectrum[a] > spectrum[b]; });
    for (int place = 0; place < kErbBands; ++place) rank[order[place]] = place;
    return rank;
}

double loudest(const std::vector<double>& powers) { return powers.empty() ? 0.0 : *std::max_element(powers.begin(), powers.end()); }

// How often a band of a track is covered by the rest of the mix while it plays, what part of that one other track is to
// blame for, and by how much on average.
struct Cover {
    double share = 0.0;
    double part = 0.0;
    double excessDb = 0.0;
};

Cover coverIn(const MixTrack& masker, const MixTrack& maskee, const std::vector<double>& maskeeFrames, const TrackSketch& sum, int band, double thresholdDb) {
    const double gate = loudest(maskeeFrames) * dbToPower(-25.0), threshold = dbToPower(thresholdDb);
    int playing = 0, covered = 0;
    double part = 0.0;
    for (int f = 0; f < sum.frames(); ++f) {
        if (!(maskeeFrames[f] > gate)) continue;
        ++playing;
        const double own = maskee.sketch.at(f, band), rest = sum.at(f, band) - own;
        if (!(rest > own * threshold) || !(own > 0.0)) continue;
        ++covered;
        part += masker.sketch.at(f, band) / rest;
    }
    if (!playing || !covered) return {};
    return {static_cast<double>(covered) / playing, part / covered, 0.0};
}

// By how much a band of a track is covered on average while it is.
double excessDb(const MixTrack& maskee, const std::vector<double>& maskeeFrames, const TrackSketch& sum, int band, double thresholdDb) {
    const double gate = loudest(maskeeFrames) * dbToPower(-25.0), threshold = dbToPower(thresholdDb);
    int covered = 0;
    double excess = 0.0;
    for (int f = 0; f < sum.frames(); ++f) {
        const double own = maskee.sketch.at(f, band), rest = sum.at(f, band) - own;
        if (!(maskeeFrames[f] > gate) || !(rest > own * threshold) || !(own > 0.0)) continue;
        ++covered;
        excess += powerToDb(rest / own) - thresholdDb;
    }
    return covered ? excess / covered : 0.0;
}

}  // namespace

double maskedShare(const MixTrack& track, const TrackSketch& sum, double thresholdDb) {
    const std::vector<double> frames = track.sketch.framePower();
    const double gate = loudest(frames) * dbToPower(kActiveDb), threshold = dbToPower(thresholdDb);
    const BandGains& weights = loudnessWeights();
    double all = 0.0, masked = 0.0;
    for (int f = 0; f < sum.frames(); ++f) {
        if (!(frames[f] > gate)) continue;
        for (int band = 0; band < kErbBands; ++band) {
            const double own = track.sketch.at(f, band);
            all += own * weights[band];
            if (sum.at(f, band) - own > own * threshold) masked += own * weights[band];
        }
    }
    return all > 0.0 ? masked / all : 0.0;
}

std::vector<MaskingDecision> decideMasking(const MixState& state, double intensity, const MaskingTuning& tuning) {
    struct Candidate {
        int masker, maskee, band;
        Cover cover;
        double weight;
    };
    std::vector<Candidate> candidates;
    std::vector<std::array<int, kErbBands>> rank(state.tracks.size());
    std::vector<std::vector<double>> frames(state.tracks.size());
    for (int i : state.byContent) {
        rank[i] = ranks(state.tracks[i].sketch);
        frames[i] = state.tracks[i].sketch.framePower();
    }
    const TrackSketch sum = state.sum();
    for (int j : state.byContent) {
        for (int i : state.byContent) {
            const MixTrack &maskee = state.tracks[j], &masker = state.tracks[i];
            if (i == j || maskee.profile->priority < tuning.leastPriority || masker.profile->priority + 10.0 > maskee.profile->priority) continue;
            if (masker.family() == "mix" || maskee.family() == "mix") continue;
            if (!masker.track->group.empty() && masker.track->group == maskee.track->group) continue;  // microphones of one thing
            for (int band = 0; band < kErbBands; ++band) {
                if (rank[j][band] >= kEssentialBands || rank[i][band] < kEssentialBands) continue;
                Cover cover = coverIn(masker, maskee, frames[j], sum, band, tuning.thresholdDb);
                if (cover.share < tuning.leastCoveredShare || cover.part < tuning.leastPart) continue;
                cover.excessDb = excessDb(maskee, frames[j], sum, band, tuning.thresholdDb);
                candidates.push_back({i, j, band, cover, cover.share * cover.part * cover.excessDb * (maskee.profile->priority / 100.0)});
            }
        }
    }
    std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) { return a.weight > b.weight; });

    std::vector<MaskingDecision> decisions;
    for (const Candidate& c : candidates) {
        if (static_cast<int>(decisions.size()) >= tuning.mostCuts) break;
        const auto ofTrack = std::count_if(decisions.begin(), decisions.end(), [&](const MaskingDecision& d) { return d.track == c.masker; });
        const double hz = erbCentreHz(c.band);
        const bool near = std::any_of(decisions.begin(), decisions.end(), [&](const MaskingDecision& d) {
            return d.track == c.masker && std::abs(std::log2(std::get<Equalizer::Params>(d.step.params).bands[0].frequencyHz / hz)) < 0.8;
        });
        if (ofTrack >= tuning.mostCutsPerTrack || near) continue;
        const double cutDb = std::min(tuning.mostCutDb, (1.0 + 0.25 * c.cover.excessDb) * c.cover.share * intensity);
        if (cutDb < 0.8) continue;
        const MixTrack &masker = state.tracks[c.masker], &maskee = state.tracks[c.maskee];
        decisions.push_back({c.masker, makeStep(masker.track->id + ".eq.masking" + (ofTrack ? "." + std::to_string(ofTrack + 1) : ""),
                                                Equalizer::Params{.bands = {{.type = BandType::bell, .frequencyHz = roundHz(hz), .gainDb = roundDb(-cutDb), .q = 2.0}}},
                                                {.rule = "mix.masking",
                                                 .text = "Around " + hertz(roundHz(hz)) + " it covers " + maskee.track->name +
                                                         ", which lives there and matters more; it gives way where it loses little itself.",
                                                 .evidence = {evidence("coveredShare", c.cover.share, "", "limit " + fixed(tuning.leastCoveredShare, 2)),
                                                              evidence("itsPartInThat", c.cover.part, "", "limit " + fixed(tuning.leastPart, 2)),
                                                              evidence("coveredBy", c.cover.excessDb, "dB")},
                                                 .confidence = 0.7})});
    }
    return decisions;
}

std::optional<MaskingDecision> decideDuck(const MixState& state, double intensity, const DuckTuning& tuning) {
    const auto lowShare = [&](const MixTrack& track) {
        const BandGains spectrum = track.sketch.activeSpectrum();
        double low = 0.0, all = 0.0;
        for (int band = 0; band < kErbBands; ++band) {
            all += spectrum[band];
            if (erbCentreHz(band) < tuning.belowHz) low += spectrum[band];
        }
        return all > 0.0 ? low / all : 0.0;
    };
    // The loudest of each kind with weight below.
    int kick = -1, bass = -1;
    for (int i : state.byContent) {
        const MixTrack& track = state.tracks[i];
        if (lowShare(track) < tuning.leastShare) continue;
        const auto louder = [&](int than) { return than < 0 || state.loudnessOf(track) > state.loudnessOf(state.tracks[than]); };
        if (track.track->role == "drums/kick" && louder(kick)) kick = i;
        if (track.family() == "bass" && louder(bass)) bass = i;
    }
    const double reductionDb = tuning.reductionDb * std::min(intensity, 1.5);
    if (kick < 0 || bass < 0 || reductionDb < 0.5) return std::nullopt;

    // What the compressor on the bass will hear: the kick as its chain leaves it. The fader comes after.
    const MixTrack& heard = state.tracks[kick];
    const double stepSeconds = state.grid.frameSeconds / TrackSketch::kSteps;
    std::vector<double> power = heard.sketch.stepPower();
    for (double& p : power) p *= dbToPower(detectorDb(heard) - heard.faderDb);
    Compressor::Params params{.ratio = 4.0, .kneeDb = 3.0, .attackMs = 5.0, .releaseMs = 90.0, .detector = DetectorKind::rms};
    const double loudestDb = loudestMomentDb(power, stepSeconds), slope = 1.0 - 1.0 / params.ratio;
    const double thresholdDb = thresholdFor(power, params, reductionDb, loudestDb, stepSeconds);
    params.thresholdDb = std::clamp(roundDb(std::max(thresholdDb, loudestDb - 1.5 * reductionDb / slope)), -80.0, 0.0);  // the hardest hit: half as much again
    const Reduction reduction = reductionOf(power, params, stepSeconds);
    Step step = makeStep(state.tracks[bass].stepId("duck"), params,
                         {.rule = "mix.duck",
                          .text = "Kick and bass live in the same octaves; the bass steps back by about " + fixed(reduction.ofLoudDb, 1) + " dB for the moment of each kick, so that both are heard.",
                          .evidence = {evidence("kickShareBelow200Hz", lowShare(state.tracks[kick]), "", "limit " + fixed(tuning.leastShare, 2)),
                                       evidence("bassShareBelow200Hz", lowShare(state.tracks[bass]), "", "limit " + fixed(tuning.leastShare, 2)),
                                       evidence("reductionPredicted", reduction.meanDb, "dB", "on average while acting"),
                                       evidence("mostReductionPredicted", reduction.mostDb, "dB")},
                          .confidence = 0.7});
    step.key = state.tracks[kick].track->id;
    return MaskingDecision{bass, std::move(step)};
}

}  // namespace tonewright
