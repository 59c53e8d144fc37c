#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/mix/dynamics.h"

namespace tonewright {

namespace {

double wantedCrestDb(const std::string& role, const PunchTuning& tuning) {
    if (role == "drums/kick") return tuning.kickCrestDb;
    if (role == "drums/snare") return tuning.snareCrestDb;
    return role == "drums/tom" ? tuning.tomCrestDb : 0.0;
}

// Level 150 ms after the hits against the hits themselves, the median; -infinity with few hits that stand alone.
double ringDb(const MixTrack& track, const SketchGrid& grid) {
    const std::vector<double> power = track.sketch.framePower();
    const int later = std::max(1, static_cast<int>(std::lround(0.15 / grid.frameSeconds)));
    std::vector<double> rings;
    for (int f : hitFrames(power))
        if (f + later < static_cast<int>(power.size()) && power[f + later] > 0.0) rings.push_back(powerToDb(power[f + later] / power[f]));
    if (rings.size() < 8) return kSilentDb;
    std::ranges::sort(rings);
    return percentile(rings, 0.5);
}

}  // namespace

std::vector<double> shapingOverTime(std::span<const double> framePower, const TransientShaper::Params& params, double frameSeconds) {
    // The shaper's envelopes at the frames' pace (dsp/transient_shaper.h). An attack fills a part of its frame only.
    constexpr double kFullDb = 12.0, kAttackPart = 0.6, kTightMs = 25.0, kLongMs = 250.0;
    const auto fall = [&](double ms) { return 1.0 - std::exp(-1000.0 * frameSeconds / ms); };
    const auto follow = [](double& envelope, double level, double part) { envelope = level > envelope ? level : envelope + (level - envelope) * part; };
    double before = 0.0, tight = 0.0, longer = 0.0;
    std::vector<double> gains(framePower.size(), 1.0);
    for (std::size_t f = 0; f < framePower.size(); ++f) {
        const double level = std::sqrt(framePower[f]);
        const double riseDb = level > 0.0 ? 20.0 * std::log10(level / std::max(before, 1e-12)) : 0.0;
        follow(before, level, fall(60.0));
        follow(tight, level, fall(kTightMs));
        follow(longer, level, fall(kLongMs));
        const double ringDb = tight > 0.0 ? 20.0 * std::log10(longer / std::max(tight, 1e-12)) : 0.0;
        gains[f] = dbToPower(kAttackPart * params.attackDb * std::clamp(riseDb / kFullDb, 0.0, 1.0) + params.sustainDb * std::clamp(ringDb / kFullDb, 0.0, 1.0));
    }
    return gains;
}

std::optional<Step> decidePunch(const MixTrack& track, const SketchGrid& grid, double intensity, const PunchTuning& tuning) {
    const double wantedDb = wantedCrestDb(track.track->role, tuning);
    if (wantedDb == 0.0 || intensity <= 0.0) return std::nullopt;
    const std::optional<double> crest = crestDb(track, grid);
    if (!crest || *crest < tuning.leastCrestDb) return std::nullopt;
    const double attackDb = roundDb(std::min(tuning.mostAttackDb, tuning.part * (wantedDb - *crest) * intensity));
    const bool raised = attackDb >= tuning.leastDb;

    // A tom's tail is its sound; a kick's or snare's only when it rings into the next beat.
    const double ring = track.track->role == "drums/tom" ? kSilentDb : ringDb(track, grid);
    const double sustainDb = std::isfinite(ring) ? roundDb(std::min(tuning.mostSustainDb, tuning.part * (ring - tuning.ringingDb) * intensity)) : 0.0;
    const bool shortened = sustainDb >= tuning.leastDb;
    if (!raised && !shortened) return std::nullopt;

    std::vector<Evidence> proof = {evidence("hitsCrest", *crest, "dB", "wanted " + fixed(wantedDb, 0))};
    if (std::isfinite(ring)) proof.push_back(evidence("ringAfterHits", ring, "dB", "limit " + fixed(tuning.ringingDb, 0)));
    return makeStep(track.stepId("punch"), TransientShaper::Params{.attackDb = raised ? attackDb : 0.0, .sustainDb = shortened ? -sustainDb : 0.0},
                    {.rule = "mix.punch",
                     .text = std::string(raised ? "Its hits are flat: their peaks stand " + fixed(*crest, 0) + " dB over their body, so attacks come up a little" : "") + (raised && shortened ? "; " : "") +
                             (shortened ? std::string(raised ? "i" : "I") + "t rings on: 150 ms after a hit it is only " + fixed(-ring, 0) + " dB softer, so what follows the hit is held back" : "") + ".",
                     .evidence = std::move(proof),
                     .confidence = 0.6 * track.track->roleConfidence});
}

}  // namespace tonewright
