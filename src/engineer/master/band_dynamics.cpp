#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "core/text.h"
#include "dsp/multiband_compressor.h"
#include "engineer/decision.h"
#include "engineer/master/detector.h"
#include "engineer/master/master_rules.h"
#include "engineer/mix/mix_sketch.h"

namespace tonewright {

namespace {

constexpr std::array<const char*, kSpreadBands> kBandWords = {"bass", "low mids", "mids", "treble"};

struct Unsteady {
    std::size_t band = 0;
    double spreadDb = 0.0, othersDb = 0.0;  // others: the middle one of the three
};

// The band that moves most against the rest, if it moves far more than the others do.
std::optional<Unsteady> unsteadyBand(const DynamicsFacts& dynamics, const BandDynamicsTuning& tuning) {
    std::optional<Unsteady> found;
    for (std::size_t band = 0; band < kSpreadBands; ++band) {
        std::vector<double> others;
        for (std::size_t other = 0; other < kSpreadBands; ++other)
            if (other != band && dynamics.bandSpreadDb[other]) others.push_back(*dynamics.bandSpreadDb[other]);
        if (!dynamics.bandSpreadDb[band] || others.size() + 1 < kSpreadBands) continue;
        std::sort(others.begin(), others.end());
        const Unsteady here{band, *dynamics.bandSpreadDb[band], others[1]};
        if (here.spreadDb >= tuning.leastSpreadDb && here.spreadDb - here.othersDb >= tuning.leastExcessDb && (!found || here.spreadDb > found->spreadDb)) found = here;
    }
    return found;
}

}  // namespace

std::optional<Step> decideBandDynamics(const MasterBrief& brief, const Equalizer::Params& tone, const BandDynamicsTuning& tuning) {
    if (!brief.densityMayChange()) return std::nullopt;
    const auto unsteady = unsteadyBand(brief.programme.dynamics, tuning);
    if (!unsteady) return std::nullopt;
    const double excessDb = unsteady->spreadDb - unsteady->othersDb;
    const double wanted = std::min(tuning.mostDb, brief.intensity * tuning.perExcessDb * excessDb);
    if (wanted < tuning.leastDb) return std::nullopt;

    const double lowHz = kSpreadBandsHz[unsteady->band], highHz = kSpreadBandsHz[unsteady->band + 1];
    const bool lowest = unsteady->band == 0, highest = unsteady->band + 1 == kSpreadBands;
    const std::vector<double> power = detectorPower(brief, tone, {.lowestHz = lowest ? 0.0 : lowHz, .highestHz = highest ? 24000.0 : highHz});
    const std::vector<double> levels = activeLevelsDb(power);
    if (levels.size() < 40) return std::nullopt;
    MultibandCompressor::Band working{.upperHz = highest ? 20000.0 : highHz, .ratio = tuning.ratio, .attackMs = tuning.attackMs, .releaseMs = tuning.releaseMs};
    double low = levels.back() - 40.0, high = levels.back() + 6.0;
    for (int i = 0; i < 40; ++i) {
        const double middle = 0.5 * (low + high);
        (loudReductionDb(levels, GainComputer(middle, working.ratio, working.kneeDb)) > wanted ? low : high) = middle;
    }
    working.thresholdDb = std::clamp(roundDb(0.5 * (low + high)), -80.0, 12.0);
    // What the band loses on the average comes back, so that its tone stays and only its loud moments come down.
    const GainComputer curve(working.thresholdDb, working.ratio, working.kneeDb);
    double before = 0.0, after = 0.0;
    for (const double db : levels) {
        before += dbToPower(db);
        after += dbToPower(db - std::abs(curve.reductionDb(db)));
    }
    working.makeupGainDb = roundDb(powerToDb(before / after));

    MultibandCompressor::Params params;
    if (!lowest) params.bands.push_back({.upperHz = lowHz});
    params.bands.push_back(working);
    if (!highest) params.bands.push_back({});
    const std::string words = kBandWords[unsteady->band];
    return makeStep("master.band-dynamics", params,
                    {.rule = "master.band-dynamics",
                     .text = "The level of the " + words + " moves far more against the rest of the music than that of any other range; " + (lowest ? "there" : "in that band") +
                             " alone, loud moments are eased by about " + fixed(loudReductionDb(levels, curve), 1) + " dB.",
                     .evidence = {evidence("dynamics.bandSpreadDb[" + std::to_string(unsteady->band) + "]", unsteady->spreadDb, "dB",
                                           "the other ranges " + fixed(unsteady->othersDb, 1))},
                     .confidence = 0.6});
}

}  // namespace tonewright
