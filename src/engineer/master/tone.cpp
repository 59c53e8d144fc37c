#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

namespace {

// Regions as a musician names them, and what lives there.
struct Region {
    ToneRegion measured;
    const char* name;
    const char* word;
    double lowHz, highHz;
    const char* range;
    const char* tooMuch;    // what to do about it in the mix
    const char* tooLittle;
};
constexpr Region kRegions[] = {
    {ToneRegion::deepBass, "deep-bass", "deep bass", 50.0, 90.0, "50-80 Hz", "turn down what plays deepest, kick or bass, or cut it below 80 Hz",
     "give kick or bass more below 80 Hz"},
    {ToneRegion::bass, "bass", "bass", 90.0, 170.0, "100-160 Hz", "turn the bass or the kick down", "turn the bass or the kick up"},
    {ToneRegion::lowMids, "low-mids", "low mids", 170.0, 560.0, "200-500 Hz", "cut guitars, keys or room sound between 200 and 500 Hz",
     "give guitars, keys or voice more body between 200 and 500 Hz"},
    {ToneRegion::mids, "mids", "middle", 560.0, 2250.0, "630 Hz-2 kHz", "cut what is boxy or nasal between 600 Hz and 2 kHz, or turn voice and guitars down",
     "turn voice or guitars up"},
    {ToneRegion::presence, "presence", "presence range", 2250.0, 5700.0, "2.5-5 kHz", "tame harsh guitars, voices or snare between 2 and 5 kHz",
     "give voice or snare more presence between 2 and 5 kHz"},
    {ToneRegion::treble, "treble", "treble", 5700.0, 14500.0, "6.3-12.5 kHz", "turn cymbals, hi-hats or sibilants down", "open cymbals, voice or strings above 6 kHz"},
};

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::optional<double> meanOver(const ToneDeviation& deviation, const Region& region) {
    double sum = 0.0;
    int count = 0;
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double hz = thirdOctaveCentreHz(band);
        if (hz < region.lowHz || hz >= region.highHz || !deviation[band]) continue;
        sum += *deviation[band];
        ++count;
    }
    return count > 0 ? std::optional(sum / count) : std::nullopt;
}

double meanGainDb(const Equalizer::Params& equalizer, const Region& region) {
    double sum = 0.0;
    int count = 0;
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double hz = thirdOctaveCentreHz(band);
        if (hz < region.lowHz || hz >= region.highHz) continue;
        sum += analogueGainDb(equalizer, hz);
        ++count;
    }
    return sum / count;
}

// A third of an octave to each side: the edge of the tolerance must not become the edge of a filter.
std::array<double, kThirdOctaves> smoothed(const std::array<double, kThirdOctaves>& curve) {
    std::array<double, kThirdOctaves> result{};
    for (int band = 0; band < kThirdOctaves; ++band)
        result[band] = 0.25 * curve[std::max(0, band - 1)] + 0.5 * curve[band] + 0.25 * curve[std::min(kThirdOctaves - 1, band + 1)];
    return result;
}

std::string moreOrLess(double db) { return fixed(std::abs(db), 1) + " dB " + (db > 0.0 ? "more" : "less"); }
std::string overOrUnder(double db) { return fixed(std::abs(db), 1) + " dB " + (db > 0.0 ? "over" : "under"); }

}  // namespace

ToneDeviation toneDeviationDb(const Analysis& programme, const Style& style, double topHz, const MasterToneTuning& tuning, const ToneCurve& correctedDb) {
    const auto target = targetSpectrumDb(style);
    ToneDeviation raw;
    std::vector<double> all;
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double hz = thirdOctaveCentreHz(band);
        const double level = programme.spectrum.thirdOctaveDb[band];
        // A band must lie below the cut-off with its whole width.
        if (hz < tuning.lowestHz || hz > tuning.highestHz || 1.13 * hz > topHz || 1.13 * hz > 0.5 * programme.spec.sampleRateHz || !std::isfinite(level)) continue;
        raw[band] = level + correctedDb[band] - target[band];
        all.push_back(*raw[band]);
    }
    if (all.size() < 12) return {};
    const double aligned = median(all);  // empty ends do not tilt it
    for (auto& band : raw) {
        if (!band) continue;
        *band -= aligned;
        if (*band < -tuning.emptyDb) band.reset();  // not played there: nothing that could be compared
    }
    ToneDeviation smooth;
    for (int band = 0; band < kThirdOctaves; ++band) {
        if (!raw[band]) continue;
        double sum = 0.0, weights = 0.0;
        for (int offset = -2; offset <= 2; ++offset) {
            const int other = band + offset;
            if (other < 0 || other >= kThirdOctaves || !raw[other]) continue;
            const double weight = 3.0 - std::abs(offset);
            sum += weight * *raw[other];
            weights += weight;
        }
        smooth[band] = sum / weights;
    }
    return smooth;
}

ToneDecision decideMasterTone(const MasterBrief& brief, const MasterToneTuning& tuning) {
    ToneDecision decision;
    if (!brief.soundMayChange()) return decision;
    const ToneDeviation deviation = toneDeviationDb(brief.programme, brief.style, brief.condition.topHz, tuning, brief.correctedDb);

    const auto& snr = brief.programme.noise.signalToNoiseDb;
    const bool noisy = (snr && *snr < tuning.noisySnrDb) || brief.condition.topHz < 18000.0;
    // To the edge of the tolerance, at most half the distance.
    std::array<double, kThirdOctaves> wished{};
    for (int band = 0; band < kThirdOctaves; ++band) {
        if (!deviation[band]) continue;
        const double off = *deviation[band];
        if (off < 0.0 && noisy && thirdOctaveCentreHz(band) > 4000.0) continue;
        const double move = std::min(std::max(0.0, std::abs(off) - toleranceDbAt(brief.style, thirdOctaveCentreHz(band))), 0.5 * std::abs(off));
        wished[band] = std::clamp(-std::copysign(brief.intensity * move, off), -tuning.mostDb, tuning.mostDb);
    }
    const Equalizer::Params equalizer =
        fitBroadBands(smoothed(wished), {tuning.lowestHz, tuning.highestHz, tuning.mostDb, tuning.leastDb, tuning.mostBands});

    std::vector<std::string> phrases;
    std::vector<Evidence> shown;
    for (const Region& region : kRegions) {
        const auto off = meanOver(deviation, region);
        if (!off) continue;
        const double done = meanGainDb(equalizer, region);
        const double toleranceDb = toleranceDbAt(brief.style, std::sqrt(region.lowHz * region.highHz));
        const bool moved = std::abs(done) >= 0.3 && std::abs(*off) > 0.5 * toleranceDb;
        if (moved && done * *off < 0.0) phrases.push_back(std::string(region.word) + " " + moreOrLess(*off));
        if (moved)
            shown.push_back(evidence(std::string("regions.") + kToneRegionRanges[static_cast<std::size_t>(region.measured)].name + ".levelDb",
                                     brief.programme.spectrum.region(region.measured).levelDb, "dB",
                                     overOrUnder(*off) + " the target of " + brief.style.name + ", left alone within " + fixed(toleranceDb, 1)));
        const double left = std::abs(*off) - toleranceDb - std::abs(done);
        if (std::abs(*off) > toleranceDb + tuning.mostDb && left >= 1.0) {
            decision.advice.push_back(
                {std::string("master.mix-") + region.name,
                 std::string("The ") + region.word + " (" + region.range + ") has " + moreOrLess(*off) + " than " +
                     (brief.style.name == "neutral" ? "released music usually has" : brief.style.name + " usually has") + ". " +
                     (std::abs(done) >= 0.3 ? "The master moves it by " + fixed(std::abs(done), 1) + " dB and no more" : "The master leaves it") +
                     ", because more would be a remix. If it is not meant so, this is a mix problem: " + (*off > 0.0 ? region.tooMuch : region.tooLittle) + ", by about " +
                     fixed(std::max(1.0, left), 0) + " dB."});
        }
    }
    if (equalizer.bands.empty()) return decision;
    const std::string than = brief.style.name == "neutral" ? "released music usually has" : brief.style.name + " usually has";
    decision.step = makeStep("master.tone", equalizer,
                             {.rule = "master.tone",
                              .text = phrases.empty() ? "The tone stands outside of what " + than + "; it is moved part of the way."
                                                      : "Compared with what " + than + ": " + join(phrases, ", ") + ". It is moved part of the way.",
                              .evidence = shown,
                              .confidence = 0.8});
    return decision;
}

}  // namespace tonewright
