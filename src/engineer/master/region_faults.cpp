#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

namespace {

// Where a fault is looked for, and with what it is taken back.
struct RegionFault {
    const char* rule;
    ToneRegion region;
    const char* words;
    const char* range;
    double centreHz, q;
    double attackMs, releaseMs;
};
constexpr RegionFault kMud{"master.mud", ToneRegion::lowMids, "low mids", "200-500 Hz", 315.0, 1.0, 20.0, 150.0};
constexpr RegionFault kHarshness{"master.harshness", ToneRegion::presence, "presence range", "2.5-5 kHz", 3500.0, 1.2, 5.0, 80.0};
constexpr RegionFault kSibilance{"master.sibilance", ToneRegion::sibilance, "highs", "5-10 kHz", 7000.0, 1.0, 1.0, 60.0};

double targetLevelDb(const std::array<double, kThirdOctaves>& targetDb, ToneRegion region) {
    const ToneRegionRange& range = kToneRegionRanges[static_cast<std::size_t>(region)];
    double power = 0.0;
    for (int band = 0; band < kThirdOctaves; ++band)
        if (thirdOctaveCentreHz(band) > 0.95 * range.lowHz && thirdOctaveCentreHz(band) < 1.05 * range.highHz) power += dbToPower(targetDb[band]);
    return powerToDb(power);
}

// How far a region stands over what the regions beside it suggest, were the shape the style's. Never negative where a
// neighbour is hardly played: then nothing can be told.
double humpDb(const MasterBrief& brief, ToneRegion region, ToneRegion below, ToneRegion above) {
    const auto target = targetSpectrumDb(brief.style);
    const auto overDb = [&](ToneRegion which) { return brief.programme.spectrum.region(which).levelDb - targetLevelDb(target, which); };
    const double own = overDb(region), low = overDb(below), high = overDb(above);
    if (!std::isfinite(own) || !std::isfinite(low) || !std::isfinite(high) || std::abs(low - high) > 12.0) return 0.0;
    return own - std::max(0.5 * (low + high), std::max(low, high) - 3.0);
}

// The level at which a region of this level arrives in a filter's detector (the louder channel) at the working level.
double detectorDb(const MasterBrief& brief, double regionDb) {
    double body = 0.0;
    for (int band = 0; band < kThirdOctaves; ++band)
        if (thirdOctaveCentreHz(band) > 95.0 && thirdOctaveCentreHz(band) < 10500.0) body += dbToPower(brief.programme.spectrum.thirdOctaveDb[band]);
    return powerToDb(body / std::max(1, brief.programme.spec.channels)) + brief.gainDb() + regionDb;
}

Step heldBack(const MasterBrief& brief, const RegionFault& fault, double cutDb, Reason reason) {
    constexpr double kRatio = 3.0;
    const double loudDb = detectorDb(brief, brief.programme.spectrum.region(fault.region).loudDb);
    const DynamicEqualizer::Band band{.frequencyHz = fault.centreHz,
                                      .q = fault.q,
                                      .thresholdDb = std::clamp(roundDb(loudDb - cutDb / (1.0 - 1.0 / kRatio)), -100.0, 12.0),
                                      .ratio = kRatio,
                                      .rangeDb = cutDb,
                                      .attackMs = fault.attackMs,
                                      .releaseMs = fault.releaseMs};
    return makeStep(fault.rule, DynamicEqualizer::Params{.bands = {band}}, std::move(reason));
}

std::string name(const RegionFault& fault) { return std::string("regions.") + kToneRegionRanges[static_cast<std::size_t>(fault.region)].name; }

// A hump that stays is cut; one that comes and goes is held back while it is there.
std::optional<Step> decideHump(const MasterBrief& brief, const RegionFault& fault, double overDb, const char* text, const RegionFaultTuning& tuning) {
    const double cutDb = roundDb(std::min(tuning.mostDb, 0.5 * (overDb - tuning.quietHumpDb)) * std::min(1.0, brief.intensity));
    if (overDb < tuning.leastHumpDb || cutDb < 0.5) return std::nullopt;
    const RegionFacts& facts = brief.programme.spectrum.region(fault.region);
    const bool comesAndGoes = facts.loudDb - facts.medianDb >= tuning.comesAndGoesDb;
    Reason reason{.rule = fault.rule,
                  .text = std::string("The ") + fault.words + " (" + fault.range + ") " + text + ": " + fixed(overDb, 1) + " dB more than the ranges on both sides suggest. " +
                          (comesAndGoes ? "It comes and goes, so it is held back only while it is there." : "It is always there, so it is turned down."),
                  .evidence = {evidence(name(fault) + ".levelDb", facts.levelDb, "dB", fixed(overDb, 1) + " over its surroundings, limit " + fixed(tuning.leastHumpDb, 0))},
                  .confidence = 0.7};
    if (comesAndGoes) {
        reason.evidence.push_back(evidence(name(fault) + ".loudDb", facts.loudDb, "dB", "median " + fixed(facts.medianDb, 1)));
        return heldBack(brief, fault, cutDb, std::move(reason));
    }
    return makeStep(fault.rule, Equalizer::Params{.bands = {{.type = BandType::bell, .frequencyHz = fault.centreHz, .gainDb = -cutDb, .q = fault.q}}}, std::move(reason));
}

// Loud moments in which the region comes near to everything else together.
std::optional<Step> decideBursts(const MasterBrief& brief, const RegionFault& fault, double limitDb, const char* text, const RegionFaultTuning& tuning) {
    const RegionFacts& facts = brief.programme.spectrum.region(fault.region);
    if (!(facts.loudDb >= limitDb) || !(facts.loudDb - facts.medianDb >= tuning.comesAndGoesDb)) return std::nullopt;
    const double wantedDb = std::clamp(0.5 * (facts.loudDb - limitDb) + tuning.leastDb, tuning.leastDb, tuning.mostDb);
    const double cutDb = roundDb(wantedDb * std::min(1.0, brief.intensity));
    if (cutDb < 0.5) return std::nullopt;
    return heldBack(brief, fault, cutDb,
                    {.rule = fault.rule,
                     .text = std::string(text) + " (" + fault.range + ") stand far out of the rest for moments; they are held back by up to " + fixed(cutDb, 1) + " dB while they last.",
                     .evidence = {evidence(name(fault) + ".loudDb", facts.loudDb, "dB", "limit " + fixed(limitDb, 0)),
                                  evidence(name(fault) + ".medianDb", facts.medianDb, "dB", fixed(facts.loudDb - facts.medianDb, 1) + " under the loud moments, limit " +
                                                                                              fixed(tuning.comesAndGoesDb, 0))},
                     .confidence = 0.7});
}

// What a resonance raises is that rule's business.
bool hasResonance(const MasterBrief& brief, ToneRegion region) {
    const auto step = decideResonance(brief);
    if (!step) return false;
    const ToneRegionRange& range = kToneRegionRanges[static_cast<std::size_t>(region)];
    const auto& bands = std::get<Equalizer::Params>(step->params).bands;
    return std::any_of(bands.begin(), bands.end(), [&](const EqualizerBand& band) { return band.frequencyHz > 0.89 * range.lowHz && band.frequencyHz < 1.12 * range.highHz; });
}

}  // namespace

std::optional<Step> decideMud(const MasterBrief& brief, const RegionFaultTuning& tuning) {
    if (!brief.soundMayChange()) return std::nullopt;
    return decideHump(brief, kMud, humpDb(brief, ToneRegion::lowMids, ToneRegion::bass, ToneRegion::mids), "cover the rest", tuning);
}

std::optional<Step> decideHarshness(const MasterBrief& brief, const RegionFaultTuning& tuning) {
    if (!brief.soundMayChange() || hasResonance(brief, ToneRegion::presence)) return std::nullopt;
    if (auto step = decideHump(brief, kHarshness, humpDb(brief, ToneRegion::presence, ToneRegion::mids, ToneRegion::treble), "is hard", tuning)) return step;
    return decideBursts(brief, kHarshness, tuning.loudHarshnessDb, "Hard moments", tuning);
}

std::optional<Step> decideSibilance(const MasterBrief& brief, const RegionFaultTuning& tuning) {
    if (!brief.soundMayChange() || hasResonance(brief, ToneRegion::sibilance)) return std::nullopt;
    return decideBursts(brief, kSibilance, tuning.loudSibilanceDb, "Sharp s-sounds or cymbals", tuning);
}

ToneCurve meanEffectDb(const Step& step) {
    ToneCurve curve{};
    Equalizer::Params shape;
    if (const auto* equalizer = std::get_if<Equalizer::Params>(&step.params)) shape = *equalizer;
    if (const auto* moving = std::get_if<DynamicEqualizer::Params>(&step.params))
        for (const DynamicEqualizer::Band& band : moving->bands)
            shape.bands.push_back({.type = BandType::bell, .frequencyHz = band.frequencyHz, .gainDb = -0.5 * band.rangeDb, .q = band.q});
    for (int band = 0; band < kThirdOctaves; ++band) curve[band] = analogueGainDb(shape, thirdOctaveCentreHz(band));
    return curve;
}

}  // namespace tonewright
