#include "engineer/master/reference_profile.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/master/sections.h"

namespace tonewright {

namespace {

constexpr double kAudibleHz = 22500.0;
constexpr int kHumHarmonics = 4;  // the strongest; higher ones drown in their third octaves

// With its whole width; that of 20 kHz reaches 1.5 % beyond half of 44.1 kHz.
bool liesBelow(int band, double topHz) { return thirdOctaveCentreHz(band) * std::pow(10.0, 0.05) <= 1.02 * topHz; }

const Fault* findFault(const Analysis& facts, const char* kind) {
    const auto found = std::find_if(facts.faults.begin(), facts.faults.end(), [&](const Fault& fault) { return fault.kind == kind; });
    return found == facts.faults.end() ? nullptr : &*found;
}

double programmeDbfs(const BalanceFacts& balance) {
    double power = 0.0;
    for (int band = 0; band < kThirdOctaves; ++band) power += dbToPower(balance.whole.midDb[band]) + dbToPower(balance.whole.sideDb[band]);
    return powerToDb(power);
}

bool holdsHum(int band, const HumFacts& hum) {
    const double centre = thirdOctaveCentreHz(band), edge = std::pow(10.0, 0.05);
    for (int k = 1; k <= std::min(hum.harmonics, kHumHarmonics); ++k)
        if (k * hum.fundamentalHz >= centre / edge && k * hum.fundamentalHz < centre * edge) return true;
    return false;
}

// A line of hum stands out of its band; the bands beside it say what the music would have there.
void flattenHum(BandLevels& levels, const HumFacts& hum) {
    const BandLevels raw = levels;
    for (int band = 1; band + 1 < kThirdOctaves; ++band)
        if (holdsHum(band, hum) && raw[band] && raw[band - 1] && raw[band + 1]) levels[band] = std::min(*raw[band], 0.5 * (*raw[band - 1] + *raw[band + 1]));
}

std::optional<double> average(std::vector<double> values) {
    if (values.empty()) return std::nullopt;
    std::sort(values.begin(), values.end());
    if (values.size() == 1) return values.front();
    if (values.size() == 2) return powerToDb(0.5 * (dbToPower(values[0]) + dbToPower(values[1])));
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
}

// A level of which most of the songs have a value.
std::optional<double> averageLevel(const std::vector<ReferenceProfile>& profiles, const BandLevels& (*levels)(const ReferenceProfile&), int band, bool stereoOnly) {
    std::vector<double> values;
    std::size_t count = 0;
    for (const ReferenceProfile& profile : profiles) {
        if (stereoOnly && !profile.stereo) continue;
        ++count;
        if (const auto& level = levels(profile)[band]) values.push_back(*level);
    }
    return 2 * values.size() >= std::max<std::size_t>(count, 1) ? average(std::move(values)) : std::nullopt;
}

double mean(const std::vector<double>& values) {
    double sum = 0.0;
    for (double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

double middle(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

}  // namespace

ReferenceProfile describeReference(const std::string& name, const std::string& hash, const Analysis& facts, const BalanceFacts& balance,
                                   const ReferenceTuning& tuning) {
    ReferenceProfile profile;
    const auto warn = [&](const char* code, const std::string& text) { profile.warnings.push_back({code, name + ": " + text}); };
    profile.songs.push_back({name, hash, static_cast<double>(facts.frames) / facts.spec.sampleRateHz});
    profile.integratedLufs = facts.loudness.integratedLufs + (facts.spec.channels == 1 ? 10.0 * std::log10(2.0) : 0.0);
    profile.peakToLoudnessDb = facts.loudness.truePeakDbtp - profile.integratedLufs;
    profile.loudnessRangeLu = facts.loudness.loudnessRangeLu;
    if (const auto sections = findSections(facts.dynamics.shortTermLufs, profile.songs.back().seconds)) profile.sections = {sections->contrastLu, sections->confidence};

    const bool oneChannel = facts.stereo.oneChannelSilent || findFault(facts, "silent-channel");
    const bool inverted = !oneChannel && findFault(facts, "inverted-channel");
    profile.stereo = balance.stereo && !oneChannel && !facts.stereo.dualMono && facts.spec.channels >= 2;
    if (oneChannel)
        warn("reference.channel-silent", "one channel is silent, so only the other is listened to, and nothing is said about width.");
    else if (!profile.stereo)
        warn("reference.mono", "is mono, so the width is not matched.");
    if (inverted) warn("reference.channel-inverted", "one channel is inverted against the other; it is listened to as if that were put right.");

    profile.topHz = std::min(kAudibleHz, 0.5 * facts.spec.sampleRateHz);
    if (facts.lossyCutoffHz > 0.0 && facts.lossyCutoffHz < profile.topHz) {
        profile.topHz = facts.lossyCutoffHz;
        warn("reference.lossy", "nothing is above " + hertz(roundHz(facts.lossyCutoffHz)) + " (an MP3 or AAC once); above it nothing is matched.");
    }
    if (const Fault* clipping = findFault(facts, "clipping"); clipping && clipping->severity >= Severity::warning)
        warn("reference.clipped", "is clipped; its level and tone are matched, its clipping is not.");
    if (profile.peakToLoudnessDb < tuning.leastPlrDb)
        warn("reference.over-limited", "its peaks stand only " + fixed(profile.peakToLoudnessDb, 1) + " dB over its loudness; it is not followed so far.");

    // Noise: what a band holds also while the music rests.
    int noisyBands = 0;
    const auto isNoise = [&](int band) {
        if (!balance.floorDb || !facts.noise.floorDbfs) return false;
        const double power = dbToPower(balance.whole.midDb[band]) + dbToPower(balance.whole.sideDb[band]);
        return powerToDb(power) - (*balance.floorDb)[band] < tuning.noiseMarginDb;
    };
    const bool humming = facts.hum.found && facts.hum.levelDbfs > programmeDbfs(balance) + tuning.humShareDb;
    const auto fill = [&](const MidSideSpectrum& spectrum, BalanceTarget& target) {
        for (int band = 0; band < kThirdOctaves; ++band) {
            const double mid = inverted ? spectrum.sideDb[band] : spectrum.midDb[band], side = inverted ? spectrum.midDb[band] : spectrum.sideDb[band];
            if (!liesBelow(band, profile.topHz) || isNoise(band)) continue;
            if (std::isfinite(mid)) target.midDb[band] = mid - profile.integratedLufs;
            if (profile.stereo && std::isfinite(side) && std::isfinite(mid) && side > mid + tuning.emptySideDb) target.sideDb[band] = side - profile.integratedLufs;
        }
        if (humming) {
            flattenHum(target.midDb, facts.hum);
            flattenHum(target.sideDb, facts.hum);
        }
    };
    fill(balance.whole, profile.whole);
    fill(balance.loud, profile.loud);
    fill(balance.quiet, profile.quiet);
    for (int band = 3; band < 30; ++band) noisyBands += isNoise(band);
    if (noisyBands > 0) warn("reference.noise", std::to_string(noisyBands) + " third octaves hold little but its own noise; they are not matched.");
    if (humming) warn("reference.hum", "hums at " + fixed(facts.hum.fundamentalHz, 0) + " Hz; that is not matched.");
    return profile;
}

ReferenceProfile averageReferences(std::vector<ReferenceProfile> profiles) {
    if (profiles.size() == 1) return std::move(profiles.front());
    std::sort(profiles.begin(), profiles.end(), [](const auto& a, const auto& b) { return a.songs.front().hash < b.songs.front().hash; });
    ReferenceProfile result;
    std::vector<double> lufs, plr, ranges, contrasts, confidences;
    result.stereo = false;
    result.topHz = 0.0;
    for (const ReferenceProfile& profile : profiles) {
        result.songs.insert(result.songs.end(), profile.songs.begin(), profile.songs.end());
        result.warnings.insert(result.warnings.end(), profile.warnings.begin(), profile.warnings.end());
        lufs.push_back(profile.integratedLufs);
        plr.push_back(profile.peakToLoudnessDb);
        if (profile.loudnessRangeLu) ranges.push_back(*profile.loudnessRangeLu);
        if (profile.sections) {
            contrasts.push_back(profile.sections->contrastLu);
            confidences.push_back(profile.sections->confidence);
        }
        result.stereo = result.stereo || profile.stereo;
        result.topHz = std::max(result.topHz, profile.topHz);
    }
    const auto typical = [](const std::vector<double>& values) { return values.size() == 2 ? mean(values) : middle(values); };
    result.integratedLufs = typical(lufs);
    result.peakToLoudnessDb = typical(plr);
    if (!ranges.empty()) result.loudnessRangeLu = typical(ranges);
    if (2 * contrasts.size() > profiles.size()) result.sections = {typical(contrasts), typical(confidences)};
    for (int band = 0; band < kThirdOctaves; ++band) {
        using P = ReferenceProfile;
        result.whole.midDb[band] = averageLevel(profiles, [](const P& p) -> const BandLevels& { return p.whole.midDb; }, band, false);
        result.whole.sideDb[band] = averageLevel(profiles, [](const P& p) -> const BandLevels& { return p.whole.sideDb; }, band, true);
        result.loud.midDb[band] = averageLevel(profiles, [](const P& p) -> const BandLevels& { return p.loud.midDb; }, band, false);
        result.loud.sideDb[band] = averageLevel(profiles, [](const P& p) -> const BandLevels& { return p.loud.sideDb; }, band, true);
        result.quiet.midDb[band] = averageLevel(profiles, [](const P& p) -> const BandLevels& { return p.quiet.midDb; }, band, false);
        result.quiet.sideDb[band] = averageLevel(profiles, [](const P& p) -> const BandLevels& { return p.quiet.sideDb; }, band, true);
    }
    return result;
}

}  // namespace tonewright
