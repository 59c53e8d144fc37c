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

std::vector<double> shapingOverTime(std::span<const double> peaks, const TransientShaper::Params& params, double stepSeconds) {
    // The shaper's envelopes (dsp/transient_shaper.h), a few milliseconds at a time.
    constexpr double kInnerSeconds = 0.0025, kHoldSeconds = 0.015, kFloor = 1e-12, kFullDb = 12.0;
    const int inner = std::max(1, static_cast<int>(std::lround(stepSeconds / kInnerSeconds)));
    const double ms = 1000.0 * stepSeconds / inner;
    const auto part = [&](double timeMs) { return 1.0 - std::exp(-ms / timeMs); };
    const double crest = std::exp(-ms / 5.0), slowRise = part(20.0), fall = part(60.0), tightFall = part(25.0), longFall = part(250.0);
    const auto follow = [](double& envelope, double level, double rise, double down) { envelope += (level - envelope) * (level > envelope ? rise : down); };
    const auto share = [](double upper, double lower) { return upper > lower ? std::min(1.0, 20.0 * std::log10((upper + kFloor) / (lower + kFloor)) / kFullDb) : 0.0; };
    double level = 0.0, heldSeconds = 0.0, fast = 0.0, slow = 0.0, tight = 0.0, longer = 0.0;
    std::vector<double> gains(peaks.size(), 1.0);
    for (std::size_t s = 0; s < peaks.size(); ++s) {
        const double peak = std::sqrt(peaks[s]);
        double sum = 0.0;
        for (int n = 0; n < inner; ++n) {
            if (peak >= level) {
                level = peak;
                heldSeconds = 0.0;
            } else if ((heldSeconds += 0.001 * ms) > kHoldSeconds) {
                level = std::max(peak, level * crest);
            }
            follow(fast, level, 1.0, fall);
            follow(slow, level, slowRise, fall);
            follow(tight, level, 1.0, tightFall);
            follow(longer, level, 1.0, longFall);
            sum += dbToPower(params.attackDb * share(fast, slow) + params.sustainDb * share(longer, tight));
        }
        gains[s] = sum / inner;
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
