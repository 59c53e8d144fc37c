#include "report/sound_comparison.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "core/text.h"
#include "report/plain_text.h"

namespace tonewright {

namespace {

// Below these nobody hears a difference without looking for it.
constexpr double kHeardLu = 0.3, kHeardToneDb = 0.7, kHeardWidthDb = 1.0, kHeardPlrDb = 1.0, kHeardRangeLu = 1.0;

std::optional<double> finite(double value) { return std::isfinite(value) ? std::optional(value) : std::nullopt; }
std::optional<double> finite(const std::optional<double>& value) { return value ? finite(*value) : std::nullopt; }

// Mean power of some octaves.
std::optional<double> region(const SoundFacts& facts, int first, int last) {
    double sum = 0.0;
    for (int o = first; o <= last; ++o) {
        if (!facts.octaveDb[o]) return std::nullopt;
        sum += dbToPower(*facts.octaveDb[o]);
    }
    return powerToDb(sum);
}

}  // namespace

double octaveCentreHz(int octave) { return thirdOctaveCentreHz(3 * octave + 2); }

SoundFacts soundFacts(const Analysis& facts) {
    SoundFacts result{.integratedLufs = facts.loudness.integratedLufs,
                      .truePeakDbtp = facts.loudness.truePeakDbtp,
                      .loudnessRangeLu = finite(facts.loudness.loudnessRangeLu),
                      .peakToLoudnessDb = finite(facts.dynamics.peakToLoudnessDb),
                      .dynamicRangeDb = finite(facts.dynamics.dynamicRangeDb),
                      .crestDb = finite(facts.dynamics.crestDb),
                      .widthDb = finite(facts.stereo.widthDb),
                      .correlation = finite(facts.stereo.correlation),
                      .monoLossLu = finite(facts.stereo.monoLossLu),
                      .octaveDb = {},
                      .seconds = static_cast<double>(facts.frames) / facts.spec.sampleRateHz};
    if (!std::isfinite(facts.loudness.integratedLufs)) return result;
    for (int octave = 0; octave < kOctaves; ++octave) {
        double power = 0.0;
        for (int band = 3 * octave + 1; band <= 3 * octave + 3; ++band) power += dbToPower(facts.spectrum.thirdOctaveDb[band]);
        if (power > 0.0) result.octaveDb[octave] = powerToDb(power) - facts.loudness.integratedLufs;
    }
    return result;
}

std::vector<MeasureChange> compareSounds(const SoundFacts& a, const SoundFacts& b) {
    return {{"integratedLufs", "LUFS", finite(a.integratedLufs), finite(b.integratedLufs)},
            {"truePeakDbtp", "dBTP", finite(a.truePeakDbtp), finite(b.truePeakDbtp)},
            {"loudnessRangeLu", "LU", a.loudnessRangeLu, b.loudnessRangeLu},
            {"peakToLoudnessDb", "dB", a.peakToLoudnessDb, b.peakToLoudnessDb},
            {"dynamicRangeDb", "dB", a.dynamicRangeDb, b.dynamicRangeDb},
            {"crestDb", "dB", a.crestDb, b.crestDb},
            {"widthDb", "dB", a.widthDb, b.widthDb},
            {"correlation", "", a.correlation, b.correlation},
            {"monoLossLu", "LU", a.monoLossLu, b.monoLossLu},
            {"seconds", "s", a.seconds, b.seconds}};
}

std::vector<BandChange> compareThirdOctaves(const Analysis& before, const Analysis& after) {
    std::vector<BandChange> bands;
    const double louderDb = after.loudness.integratedLufs - before.loudness.integratedLufs;
    for (int band = 0; band < kThirdOctaves; ++band) {
        BandChange change{.centreHz = thirdOctaveCentreHz(band), .levelDb = {}, .widthDb = {}};
        change.levelDb = finite(after.spectrum.thirdOctaveDb[band] - before.spectrum.thirdOctaveDb[band] - louderDb);
        if (before.spec.channels == 2 && after.spec.channels == 2)
            change.widthDb = finite(after.stereo.thirdOctaveWidthDb[band] - before.stereo.thirdOctaveWidthDb[band]);
        bands.push_back(change);
    }
    return bands;
}

std::vector<std::string> soundWords(const SoundFacts& a, const SoundFacts& b) {
    struct Said {
        std::string text;
        double times;  // how many times over what can just be heard
    };
    std::vector<Said> said;
    const auto say = [&](const std::optional<double>& before, const std::optional<double>& after, double heard, const auto& text) {
        if (!before || !after || !std::isfinite(*before) || !std::isfinite(*after)) return;
        const double change = *after - *before;
        if (std::abs(change) >= heard) said.push_back({text(change), std::abs(change) / heard});
    };
    const auto db = [](double value) { return shown(std::abs(value), 1); };
    say(a.integratedLufs, b.integratedLufs, kHeardLu, [&](double d) { return db(d) + " LU " + (d > 0.0 ? "louder" : "quieter"); });
    struct Region {
        int first, last;
        const char *more, *less, *where;
    };
    static constexpr Region kRegions[] = {{0, 1, "deeper", "less deep", "below 90 Hz"},          {2, 3, "more bass and warmth", "leaner", "from 90 to 350 Hz"},
                                          {4, 5, "more middle", "less middle", "from 350 Hz to 1.4 kHz"}, {6, 7, "more present", "less present", "from 1.4 to 5.6 kHz"},
                                          {8, 9, "brighter", "darker", "above 5.6 kHz"}};
    for (const Region& r : kRegions)
        say(region(a, r.first, r.last), region(b, r.first, r.last), kHeardToneDb,
            [&](double d) { return std::string(d > 0.0 ? r.more : r.less) + ": " + shownSigned(d, 1) + " dB " + r.where + " at equal loudness"; });
    say(a.widthDb, b.widthDb, kHeardWidthDb, [&](double d) { return std::string(d > 0.0 ? "wider" : "narrower") + ": sides " + shownSigned(d, 1) + " dB against the middle"; });
    say(a.peakToLoudnessDb, b.peakToLoudnessDb, kHeardPlrDb, [&](double d) { return (d > 0.0 ? "less compressed: peaks " : "denser: peaks ") + db(d) + " dB " + (d > 0.0 ? "further above" : "nearer to") + " the loudness"; });
    say(a.loudnessRangeLu, b.loudnessRangeLu, kHeardRangeLu, [&](double d) { return std::string(d > 0.0 ? "more" : "less") + " difference between loud and quiet: range " + shownSigned(d, 1) + " LU"; });
    std::stable_sort(said.begin(), said.end(), [](const Said& x, const Said& y) { return x.times > y.times; });
    std::vector<std::string> words;
    for (const Said& one : said) words.push_back(one.text);
    return words;
}

}  // namespace tonewright
