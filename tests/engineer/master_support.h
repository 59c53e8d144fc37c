#pragma once
#include <algorithm>
#include <cmath>

#include "engineer/master/master_rules.h"
#include "engineer/style.h"

// Programmes in words, as the analysis would describe them.
namespace tonewright::testing {

// A balanced stereo mix of four minutes that nobody has mastered: the neutral style's spectrum and width, -18 LUFS, peaks at
// -4 dBTP, steady but for a phrase-long swell.
// Regions as the spectrum has them; loud moments 5 dB over the mean.
inline Analysis withRegions(Analysis facts) {
    const auto power = [&](double lowHz, double highHz) {
        double sum = 0.0;
        for (int band = 0; band < kThirdOctaves; ++band)
            if (thirdOctaveCentreHz(band) > 0.95 * lowHz && thirdOctaveCentreHz(band) < 1.05 * highHz) sum += std::pow(10.0, facts.spectrum.thirdOctaveDb[band] / 10.0);
        return sum;
    };
    for (std::size_t region = 1; region < kToneRegions; ++region) {
        const ToneRegionRange& range = kToneRegionRanges[region];
        const double levelDb = 10.0 * std::log10(power(range.lowHz, range.highHz) / power(100.0, 10000.0));
        facts.spectrum.regions[region] = {.levelDb = levelDb, .medianDb = levelDb - 1.0, .loudDb = levelDb + 5.0};
    }
    facts.spectrum.regions[0] = {.levelDb = -45.0, .medianDb = -46.0, .loudDb = -40.0};
    return facts;
}

inline Analysis balancedMix() {
    Analysis facts;
    facts.spec = {48000.0, 2};
    facts.frames = 240 * 48000;
    facts.loudness = {.integratedLufs = -18.03, .maxMomentaryLufs = -13.4, .maxShortTermLufs = -15.2, .loudnessRangeLu = 6.1, .truePeakDbtp = -4.03, .samplePeakDbfs = -4.21};
    facts.dynamics.rmsDbfs = -19.7;
    facts.dynamics.crestDb = 15.5;
    facts.dynamics.peakToLoudnessDb = 14.0;
    facts.dynamics.minPeakToShortTermDb = 11.2;
    const Style& neutral = *findStyle("neutral");
    const auto target = targetSpectrumDb(neutral);
    for (int band = 0; band < kThirdOctaves; ++band) facts.spectrum.thirdOctaveDb[band] = target[band] - 30.02;
    facts.spectrum.flatness = 0.07;
    facts.stereo.correlation = 0.8;
    facts.stereo.widthDb = -10.0;
    facts.stereo.bandCorrelation = {0.98, 0.8, 0.7};
    for (std::size_t band = 0; band < 3; ++band) facts.stereo.bandWidthDb[band] = neutral.widthDb[band];
    for (int band = 0; band < kThirdOctaves; ++band) facts.stereo.thirdOctaveWidthDb[band] = thirdOctaveCentreHz(band) < 200.0 ? -22.0 : -10.0;
    facts.stereo.monoLossLu = -0.4;
    facts.rhythm = {.onsetsPerSecond = 2.8, .tempoBpm = 120.0, .tempoConfidence = 0.4, .percussiveness = 0.3};
    facts.activity = {.firstSoundSeconds = 0.0, .lastSoundSeconds = 240.0, .activeShare = 1.0, .silent = false};
    facts.sketch.frameSeconds = 0.05;
    facts.sketch.frames = 4800;
    facts.sketch.power.resize(4800u * kErbBands);
    for (int frame = 0; frame < 4800; ++frame) {
        const double swellDb = 4.0 * std::sin(frame * 0.02), beatDb = frame % 10 < 3 ? 3.0 : 0.0;
        std::fill_n(facts.sketch.power.begin() + static_cast<std::ptrdiff_t>(frame) * kErbBands, kErbBands, static_cast<float>(std::pow(10.0, (-34.0 + swellDb + beatDb) / 10.0)));
    }
    for (int i = 0; i < 1000; ++i) {  // every hit has its own height
        const float peak = 0.2f + 0.4f * static_cast<float>((i * 37) % 100) / 100.0f;
        facts.peakEnvelope.push_back(-peak);
        facts.peakEnvelope.push_back(peak);
    }
    return withRegions(facts);
}

// The same recording, exported louder or quieter.
inline Analysis atGain(Analysis facts, double db) {
    const double gain = std::pow(10.0, db / 20.0), power = gain * gain;
    for (double* level : {&facts.loudness.integratedLufs, &facts.loudness.maxMomentaryLufs, &facts.loudness.maxShortTermLufs, &facts.loudness.truePeakDbtp,
                          &facts.loudness.samplePeakDbfs, &facts.dynamics.rmsDbfs})
        *level += db;
    for (double& level : facts.spectrum.thirdOctaveDb) level += db;
    for (double& level : facts.spectrum.erbDb) level += db;
    for (float& level : facts.dynamics.shortTermLufs) level += static_cast<float>(db);
    for (double& offset : facts.dcOffset) offset *= gain;
    for (float& value : facts.sketch.power) value = static_cast<float>(value * power);
    for (float& value : facts.peakEnvelope) value = static_cast<float>(value * gain);
    return facts;
}

// More or less in a range of third octaves.
inline Analysis withTone(Analysis facts, double lowHz, double highHz, double db) {
    for (int band = 0; band < kThirdOctaves; ++band)
        if (thirdOctaveCentreHz(band) >= lowHz && thirdOctaveCentreHz(band) <= highHz) facts.spectrum.thirdOctaveDb[band] += db;
    return withRegions(facts);
}

// Peaks so far over the loudness.
inline Analysis withPlr(Analysis facts, double plrDb) {
    facts.loudness.truePeakDbtp = facts.loudness.integratedLufs + plrDb;
    facts.loudness.samplePeakDbfs = facts.loudness.truePeakDbtp - 0.2;
    facts.dynamics.peakToLoudnessDb = plrDb;
    facts.dynamics.minPeakToShortTermDb = plrDb - 2.5;
    return facts;
}

inline MasterBrief briefFor(const Analysis& facts, const char* style = "neutral", double targetLufs = -14.0, double intensity = 1.0) {
    return {.programme = facts, .style = *findStyle(style), .condition = findCondition(facts), .intensity = intensity,
            .loudnessLufs = facts.loudness.integratedLufs, .peakToLoudnessDb = facts.loudness.truePeakDbtp - facts.loudness.integratedLufs,
            .targetLufs = targetLufs, .ceilingDbtp = -1.0};
}

inline bool warnsOf(const std::vector<Warning>& warnings, const std::string& code) {
    return std::any_of(warnings.begin(), warnings.end(), [&](const Warning& warning) { return warning.code == code; });
}

}  // namespace tonewright::testing
