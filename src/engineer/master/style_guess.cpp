#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

namespace {

struct Feature {
    double value;
    const std::array<double, 2> Style::Sound::*typical;
    const char* words;
    const char* unit;
    int decimals;
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
    const auto add = [&](const std::optional<double>& value, const std::array<double, 2> Style::Sound::*typical, const char* words, const char* unit, int decimals) {
        if (value && std::isfinite(*value)) features.push_back({*value, typical, words, unit, decimals});
    };
    Style average;  // bass and treble 0: released music on the whole
    const ToneDeviation deviation = toneDeviationDb(programme, average, 20000.0, {.emptyDb = 60.0});
    add(meanOver(deviation, 48.0, 82.0), &Style::Sound::deepBassDb, "deep bass", " dB against the average", 1);
    add(meanOver(deviation, 60.0, 165.0), &Style::Sound::bassDb, "bass", " dB against the average", 1);
    add(meanOver(deviation, 2400.0, 5200.0), &Style::Sound::presenceDb, "presence", " dB against the average", 1);
    add(meanOver(deviation, 6000.0, 13000.0), &Style::Sound::trebleDb, "treble", " dB against the average", 1);
    add(programme.rhythm.percussiveness, &Style::Sound::percussiveness, "percussiveness", "", 2);
    add(programme.rhythm.onsetsPerSecond, &Style::Sound::onsetsPerSecond, "onsets", " a second", 1);
    add(programme.rhythm.tempoConfidence, &Style::Sound::pulse, "confidence of the tempo", "", 2);
    add(programme.spectrum.flatness, &Style::Sound::flatness, "flatness", "", 2);
    add(programme.dynamics.peakToLoudnessDb, &Style::Sound::peakToLoudnessDb, "peaks over loudness", " dB", 1);
    add(programme.loudness.loudnessRangeLu, &Style::Sound::loudnessRangeLu, "loudness range", " LU", 1);
    const bool stereo = programme.spec.channels == 2 && !programme.stereo.dualMono && !programme.stereo.oneChannelSilent;
    add(stereo ? programme.stereo.bandWidthDb[1] : std::optional(-40.0), &Style::Sound::widthDb, "width", " dB side against mid", 1);
    return features;
}

// The two measures that speak most for a style, against music of no particular style.
std::string strongest(const std::vector<Feature>& features, const Style& style) {
    const Style& neutral = *findStyle("neutral");
    std::vector<std::pair<double, const Feature*>> arguments;
    for (const Feature& feature : features)
        arguments.emplace_back(logLikelihood(feature.value, style.sound.*feature.typical) - logLikelihood(feature.value, neutral.sound.*feature.typical), &feature);
    std::stable_sort(arguments.begin(), arguments.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::string> words;
    for (std::size_t i = 0; i < std::min<std::size_t>(2, arguments.size()) && arguments[i].first > 0.0; ++i) {
        const Feature& feature = *arguments[i].second;
        words.push_back(std::string(feature.words) + " " + fixed(feature.value, feature.decimals) + feature.unit);
    }
    return join(words, ", ");
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
    guess.because = strongest(features, *findStyle(guess.nearest));
    guess.confidence = roundTo(1.0 / sum, 0.01);
    if (guess.confidence >= tuning.leastConfidence) guess.name = guess.nearest;
    return guess;
}

}  // namespace tonewright
