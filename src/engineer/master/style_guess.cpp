#include <algorithm>
#include <cmath>

#include "engineer/master/master_rules.h"

namespace tonewright {

namespace {

struct Feature {
    double value;
    const std::array<double, 2> Style::Sound::*typical;
};

// log of a normal density, with outliers held at three deviations: one odd measure never decides alone.
double logLikelihood(double value, const std::array<double, 2>& meanAndDeviation) {
    const double z = std::clamp((value - meanAndDeviation[0]) / meanAndDeviation[1], -3.0, 3.0);
    return -0.5 * z * z - std::log(meanAndDeviation[1]);
}

std::optional<double> meanOver(const ToneDeviation& deviation, double lowHz, double highHz) {
    double sum = 0.0;
    int count = 0;
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double hz = thirdOctaveCentreHz(band);
        if (hz < lowHz || hz > highHz || !deviation[band]) continue;
        sum += *deviation[band];
        ++count;
    }
    return count > 0 ? std::optional(sum / count) : std::nullopt;
}

// What is measured, of each kind where it can be.
std::vector<Feature> featuresOf(const Analysis& programme) {
    std::vector<Feature> features;
    const auto add = [&](const std::optional<double>& value, const std::array<double, 2> Style::Sound::*typical) {
        if (value && std::isfinite(*value)) features.push_back({*value, typical});
    };
    Style average;  // bass and treble 0: released music on the whole
    const ToneDeviation deviation = toneDeviationDb(programme, average, 20000.0);
    add(meanOver(deviation, 60.0, 165.0), &Style::Sound::bassDb);
    add(meanOver(deviation, 6000.0, 13000.0), &Style::Sound::trebleDb);
    add(programme.rhythm.percussiveness, &Style::Sound::percussiveness);
    add(programme.rhythm.onsetsPerSecond, &Style::Sound::onsetsPerSecond);
    add(programme.rhythm.tempoConfidence, &Style::Sound::pulse);
    add(programme.spectrum.flatness, &Style::Sound::flatness);
    add(programme.dynamics.peakToLoudnessDb, &Style::Sound::peakToLoudnessDb);
    const bool stereo = programme.spec.channels == 2 && !programme.stereo.dualMono && !programme.stereo.oneChannelSilent;
    add(stereo ? programme.stereo.bandWidthDb[1] : std::optional(-40.0), &Style::Sound::widthDb);
    return features;
}

}  // namespace

StyleGuess guessStyle(const Analysis& programme, const StyleTuning& tuning) {
    StyleGuess guess{.name = "neutral", .confidence = 0.0, .nearest = "neutral"};
    const double activeSeconds = programme.activity.activeShare * static_cast<double>(programme.frames) / programme.spec.sampleRateHz;
    if (programme.activity.silent || activeSeconds < tuning.leastSeconds) return guess;

    const std::vector<Feature> features = featuresOf(programme);
    std::vector<double> scores;
    for (const Style& style : styles()) {
        double score = 0.0;
        for (const Feature& feature : features) score += logLikelihood(feature.value, style.sound.*feature.typical);
        scores.push_back(tuning.independence * score);
    }
    const double best = *std::max_element(scores.begin(), scores.end());
    double sum = 0.0;
    for (double score : scores) sum += std::exp(score - best);
    guess.nearest = styles()[static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin())].name;
    guess.confidence = roundTo(1.0 / sum, 0.01);
    if (guess.confidence >= tuning.leastConfidence) guess.name = guess.nearest;
    return guess;
}

}  // namespace tonewright
