#include "session/sound_features.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "core/decibels.h"

namespace tonewright {

namespace {

constexpr double kFloorDb = -60.0;  // below the whole
constexpr int kParts = 6;
constexpr std::array<int, kParts + 1> kPartEdges = {0, 4, 8, 16, 24, 32, kErbBands};  // 30, 130, 290, 870 Hz, 2.1, 5 kHz (about)

using Sink = std::function<void(const std::string& name, double value)>;

double quantile(std::vector<double> values, double share) {
    if (values.empty()) return 0.0;
    const std::size_t at = std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())));
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
    return values[at];
}

struct Spread {
    double mean = 0.0, deviation = 0.0, skewness = 0.0;
};
Spread spreadOf(const std::vector<double>& values) {
    Spread spread;
    if (values.empty()) return spread;
    const double n = static_cast<double>(values.size());
    for (const double v : values) spread.mean += v / n;
    double second = 0.0, third = 0.0;
    for (const double v : values) {
        second += (v - spread.mean) * (v - spread.mean) / n;
        third += (v - spread.mean) * (v - spread.mean) * (v - spread.mean) / n;
    }
    spread.deviation = std::sqrt(second);
    if (spread.deviation > 1e-9) spread.skewness = std::clamp(third / (second * spread.deviation), -4.0, 4.0);
    return spread;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
    const Spread ofA = spreadOf(a), ofB = spreadOf(b);
    if (ofA.deviation < 0.1 || ofB.deviation < 0.1) return 0.0;
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - ofA.mean) * (b[i] - ofB.mean);
    return sum / (static_cast<double>(a.size()) * ofA.deviation * ofB.deviation);
}

// The sketch as dB against its loud frames (their 95th percentile), floored 60 dB below.
struct Canvas {
    std::vector<double> level;                           // of every frame from the first sound to the last
    std::array<std::vector<double>, kParts> part;        // of the sounding ones, as are the next
    std::vector<double> sounding, centre, width, movement;
    std::vector<std::size_t> soundingFrames;

    explicit Canvas(const Sketch& sketch);
};

Canvas::Canvas(const Sketch& sketch) {
    std::vector<double> power(static_cast<std::size_t>(sketch.frames)), heard;
    double loudest = 0.0;
    for (int frame = 0; frame < sketch.frames; ++frame) {
        for (int band = 0; band < kErbBands; ++band) power[frame] += sketch.at(frame, band);
        loudest = std::max(loudest, power[frame]);
    }
    if (!(loudest > 0.0)) return;
    for (const double p : power)
        if (p > loudest * dbToPower(-40.0)) heard.push_back(p);
    const double loud = quantile(heard, 0.95), least = loud * dbToPower(-35.0);
    int first = sketch.frames, last = -1;
    for (int frame = 0; frame < sketch.frames; ++frame)
        if (power[frame] > least) {
            first = std::min(first, frame);
            last = frame;
        }
    const auto floored = [&](double p) { return std::max(kFloorDb, p > 0.0 ? powerToDb(p / loud) : kFloorDb); };
    std::array<double, kErbBands> before{};
    bool hasBefore = false;
    for (int frame = first; frame <= last; ++frame) {
        level.push_back(floored(power[frame]));
        if (power[frame] <= least) {
            hasBefore = false;
            continue;
        }
        soundingFrames.push_back(level.size() - 1);
        sounding.push_back(level.back());
        double mean = 0.0, square = 0.0, difference = 0.0;
        for (int p = 0; p < kParts; ++p) {
            double sum = 0.0;
            for (int band = kPartEdges[p]; band < kPartEdges[p + 1]; ++band) sum += sketch.at(frame, band);
            part[p].push_back(floored(sum));
        }
        for (int band = 0; band < kErbBands; ++band) {
            const double share = sketch.at(frame, band) / power[frame];
            mean += share * band;
            square += share * band * band;
            if (hasBefore) difference += 0.5 * std::abs(share - before[band]);
            before[band] = share;
        }
        centre.push_back(mean);
        width.push_back(std::sqrt(std::max(0.0, square - mean * mean)));
        if (hasBefore) movement.push_back(difference);
        hasBefore = true;
    }
}

void addSpectrum(const SpectrumFacts& spectrum, const Sink& add) {
    double total = 0.0;
    for (const double db : spectrum.erbDb) total += dbToPower(db);
    for (int pair = 0; pair < kErbBands / 2; ++pair) {
        const double power = dbToPower(spectrum.erbDb[2 * pair]) + dbToPower(spectrum.erbDb[2 * pair + 1]);
        add("band" + std::to_string(pair), power > 0.0 && total > 0.0 ? std::max(kFloorDb, powerToDb(power / total)) : kFloorDb);
    }
    add("flatness", spectrum.flatness.value_or(0.0));
    add("tilt", std::clamp(spectrum.tiltDbPerOctave.value_or(0.0), -20.0, 20.0));
}

void addParts(const Canvas& canvas, const Sink& add) {
    for (int p = 0; p < kParts; ++p) {
        const std::string name = "part" + std::to_string(p);
        const double high = quantile(canvas.part[p], 0.9), middle = quantile(canvas.part[p], 0.5), low = quantile(canvas.part[p], 0.1);
        add(name + ".loud", high);
        add(name + ".above", high - middle);
        add(name + ".below", middle - low);
        for (int q = p + 1; q < kParts; ++q) add(name + ".with" + std::to_string(q), correlation(canvas.part[p], canvas.part[q]));
    }
}

void addShape(const Canvas& canvas, const Sink& add) {
    add("centre.mean", spreadOf(canvas.centre).mean);
    add("centre.deviation", spreadOf(canvas.centre).deviation);
    add("centre.low", quantile(canvas.centre, 0.1));
    add("centre.high", quantile(canvas.centre, 0.9));
    add("centre.withLevel", correlation(canvas.centre, canvas.sounding));
    add("width.mean", spreadOf(canvas.width).mean);
    add("width.deviation", spreadOf(canvas.width).deviation);
    add("movement.mean", spreadOf(canvas.movement).mean);
    add("movement.median", quantile(canvas.movement, 0.5));
    add("movement.high", quantile(canvas.movement, 0.9));
}

void addLevel(const Canvas& canvas, const Sink& add) {
    add("level.p50", quantile(canvas.sounding, 0.5));
    add("level.p10", quantile(canvas.sounding, 0.1));
    add("level.p25", quantile(canvas.sounding, 0.25));
    add("level.p75", quantile(canvas.sounding, 0.75));
    add("sounding", static_cast<double>(canvas.sounding.size()) / static_cast<double>(std::max<std::size_t>(1, canvas.level.size())));
    for (const std::size_t lag : {1, 2, 4, 8, 16}) {
        std::vector<double> changes;
        for (const std::size_t i : canvas.soundingFrames)
            if (i >= lag) changes.push_back(std::clamp(canvas.level[i] - canvas.level[i - lag], -40.0, 40.0));
        const Spread spread = spreadOf(changes);
        add("change" + std::to_string(lag), spread.deviation);
        if (lag <= 2) add("skewness" + std::to_string(lag), spread.skewness);
    }
}

void addTimbre(const TimbreFacts& timbre, const Sink& add) {
    add("strikes", timbre.strikeShare);
    add("rise", timbre.riseDb);
    for (int band = 0; band < TimbreFacts::kBands; ++band)
        for (int i = 0; i < TimbreFacts::kDecays; ++i) add("decay" + std::to_string(band) + "." + std::to_string(i), timbre.decayDb[band][i]);
    add("peakShare", timbre.peakShare);
    add("peakCount", timbre.peakCount);
    add("harmonicity", timbre.harmonicity);
    add("followed", timbre.followedShare);
    add("glide", timbre.glideCents);
    add("gliding", timbre.glidingShare);
    add("grid", timbre.grid);
    add("voiced", timbre.voicedShare);
    add("pitch", timbre.pitchSemitones);
    add("pitch.spread", timbre.pitchSpreadSemitones);
    add("pitch.step", timbre.pitchStepSemitones);
    add("fundamental", timbre.fundamentalShare);
    add("attack", timbre.attackDb);
    add("gap", timbre.strikeGapOctaves);
    add("gap.spread", timbre.strikeGapSpreadOctaves);
    add("decay.spread", timbre.decaySpreadDb);
    add("strikeLow.spread", timbre.strikeLowSpreadDb);
    add("strikeHigh.spread", timbre.strikeHighSpreadDb);
    add("peakChange", timbre.peakChangeDb);
    add("peakRising", timbre.peakRisingShare);
    add("peakWobble", timbre.peakWobbleDb);
    add("lowPeakWidth", timbre.lowPeakWidth);
    add("highPeakWidth", timbre.highPeakWidth);
    add("twoTones", timbre.twoTonesShare);
    add("odd", timbre.oddShare);
    add("second", timbre.secondDb);
    add("highPeakShare", timbre.highPeakShare);
    add("holding", timbre.holdingShare);
    add("wavering", timbre.waveringShare);
}

// Side / (side + mid) power.
double widthOf(std::optional<double> widthDb) {
    if (!widthDb) return 0.0;
    const double ratio = dbToPower(*widthDb);
    return ratio / (1.0 + ratio);
}

void addAll(const Analysis& analysis, const Canvas& canvas, const Sink& add) {
    addSpectrum(analysis.heard.spectrum, add);
    addParts(canvas, add);
    addShape(canvas, add);
    addLevel(canvas, add);
    addTimbre(analysis.timbre, add);
    add("crest", std::min(60.0, analysis.dynamics.crestDb.value_or(0.0)));
    add("wide", widthOf(analysis.stereo.widthDb));
    add("wide.high", widthOf(analysis.stereo.bandWidthDb[2]));
}

}  // namespace

std::vector<double> soundFeatures(const Analysis& analysis) {
    const Canvas canvas(analysis.heard.sketch);
    std::vector<double> values;
    if (canvas.sounding.empty()) return values;
    addAll(analysis, canvas, [&](const std::string&, double value) { values.push_back(value); });
    return values;
}

const std::vector<std::string>& soundFeatureNames() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> result;
        addAll(Analysis{}, Canvas(Sketch{}), [&](const std::string& name, double) { result.push_back(name); });
        return result;
    }();
    return names;
}

}  // namespace tonewright
