#include "engineer/mix/mix_sketch.h"

#include <algorithm>
#include <cmath>

#include "analysis/loudness_meter.h"
#include "core/decibels.h"

namespace tonewright {

namespace {

constexpr int kMaxFrames = 8192;
constexpr double kActiveRangeDb = 30.0;
constexpr double kUnknownCrest = 10.0;   // of a moment: its highest sample squared over its power

double mean(const std::vector<double>& values, double above) {
    double sum = 0.0;
    int count = 0;
    for (double value : values)
        if (value > above) {
            sum += value;
            ++count;
        }
    return count ? sum / count : 0.0;
}

// Mean power of 400 ms blocks, one every 100 ms (or as the frames allow); all of it where it is shorter. Never empty.
std::vector<double> blockPowers(std::span<const double> power, double frameSeconds) {
    const int frames = static_cast<int>(power.size());
    const int window = std::clamp(static_cast<int>(std::lround(0.4 / frameSeconds)), 1, std::max(1, frames));
    const int hop = std::max(1, window / 4);
    std::vector<double> blocks;
    for (int start = 0; start + window <= frames; start += hop) {
        double sum = 0.0;
        for (int f = start; f < start + window; ++f) sum += power[f];
        blocks.push_back(sum / window);
    }
    if (blocks.empty()) blocks.push_back(0.0);
    return blocks;
}

// Weighted sum over the bands of each frame, in four chains that do not wait for each other.
std::vector<double> weightedPower(const TrackSketch& sketch, const BandGains& weights) {
    constexpr int kChains = 4;
    static_assert(kErbBands % kChains == 0);
    std::vector<double> result(sketch.frames());
    for (int f = 0; f < sketch.frames(); ++f) {
        const std::span<const float> power = sketch.frame(f);
        double sums[kChains] = {};
        for (int band = 0; band < kErbBands; band += kChains)
            for (int chain = 0; chain < kChains; ++chain) sums[chain] += weights[band + chain] * power[band + chain];
        result[f] = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    }
    return result;
}

}  // namespace

const BandGains& loudnessWeights() {
    static const BandGains weights = [] {
        const KWeighting weighting = KWeighting::design(48000.0);
        BandGains result{};
        for (int band = 0; band < kErbBands; ++band) result[band] = dbToPower(weighting.responseDb(erbCentreHz(band), 48000.0));
        return result;
    }();
    return weights;
}

BandGains bandGains(const Equalizer::Params& equalizer) {
    BandGains gains{};
    for (int band = 0; band < kErbBands; ++band) gains[band] = dbToPower(analogueGainDb(equalizer, erbCentreHz(band)));
    return gains;
}

BandGains bandsOf(const std::array<double, kThirdOctaves>& thirdOctaveDb) {
    constexpr double kLowHz = 80.0, kHighHz = 12500.0, kThirdOctave = 0.2316;   // width of a third octave over its centre
    BandGains bands{};
    for (int band = 0; band < kErbBands; ++band) {
        const double hz = erbCentreHz(band);
        if (hz < kLowHz || hz > kHighHz) continue;
        // Density between the third octaves' centres, times the band's width.
        const double place = 10.0 * std::log10(hz) - 13.0;
        const int below = std::clamp(static_cast<int>(place), 0, kThirdOctaves - 2);
        const double densityDb = std::lerp(thirdOctaveDb[below], thirdOctaveDb[below + 1], place - below);
        bands[band] = dbToPower(densityDb) * (erbEdgeHz(band + 1) - erbEdgeHz(band)) / (kThirdOctave * hz);
    }
    return bands;
}

SketchGrid SketchGrid::covering(double seconds, double finestFrameSeconds) {
    SketchGrid grid{.frameSeconds = std::max(0.05, finestFrameSeconds), .frames = 0};
    while (seconds / grid.frameSeconds > kMaxFrames) grid.frameSeconds *= 2.0;
    grid.frames = std::max(1, static_cast<int>(std::ceil(seconds / grid.frameSeconds)));
    return grid;
}

TrackSketch::TrackSketch(const Sketch& sketch, double startSeconds, const SketchGrid& grid)
    : frames_(grid.frames), power_(static_cast<std::size_t>(grid.frames) * kErbBands) {
    for (int f = 0; f < sketch.frames; ++f) {
        // The frame's span on the grid, in grid frames; its mean power counts by how much of each it covers.
        const double from = (startSeconds + f * sketch.frameSeconds) / grid.frameSeconds;
        const double to = from + sketch.frameSeconds / grid.frameSeconds;
        for (int g = std::max(0, static_cast<int>(from)); g < std::min<double>(to, frames_); ++g) {
            const double share = std::min<double>(to, g + 1) - std::max<double>(from, g);
            if (share <= 0.0) continue;
            for (int band = 0; band < kErbBands; ++band)
                power_[static_cast<std::size_t>(g) * kErbBands + band] += static_cast<float>(share * sketch.at(f, band));
        }
    }
    if (!sketch.levels.power.empty()) placeLevels(sketch.levels, startSeconds, grid);
}

void TrackSketch::placeLevels(const LevelSteps& levels, double startSeconds, const SketchGrid& grid) {
    const std::size_t steps = static_cast<std::size_t>(frames_) * kSteps;
    const double stepSeconds = grid.frameSeconds / kSteps, ratio = levels.stepSeconds / stepSeconds;
    std::vector<double> power(steps), peak(steps);
    // Steps as long as the grid's stand whole in the nearest: shared between two, every attack would be blunt.
    const double first = ratio == 1.0 ? std::round(startSeconds / stepSeconds) : startSeconds / stepSeconds;
    for (std::size_t s = 0; s < levels.power.size(); ++s) {
        const double from = first + static_cast<double>(s) * ratio, to = from + ratio;
        for (auto g = static_cast<std::size_t>(std::max(0.0, from)); static_cast<double>(g) < std::min(to, static_cast<double>(steps)); ++g) {
            const double share = std::min(to, static_cast<double>(g + 1)) - std::max(from, static_cast<double>(g));
            if (share <= 0.0) continue;
            power[g] += share * levels.power[s];
            peak[g] = std::max(peak[g], static_cast<double>(levels.peak[s]));
        }
    }
    std::vector<double> framePower(frames_);
    shape_.assign(steps, 1.0f);
    crest_.assign(steps, static_cast<float>(kUnknownCrest));
    for (std::size_t g = 0; g < steps; ++g) framePower[g / kSteps] += power[g] / kSteps;
    for (std::size_t g = 0; g < steps; ++g) {
        if (framePower[g / kSteps] > 0.0) shape_[g] = static_cast<float>(power[g] / framePower[g / kSteps]);
        if (power[g] > 0.0) crest_[g] = static_cast<float>(peak[g] * peak[g] / power[g]);
    }
    sharpen(framePower);
}

// Below 600 Hz a frame's energy comes from windows of 171 ms, above from 43 ms: the highs keep their place, the lows get what is left of
// the frame's true power, and then both together get all of it.
void TrackSketch::sharpen(std::span<const double> framePower) {
    constexpr double kSmearedBelowHz = 600.0, kMostRaise = 4.0;   // a hit shorter than a frame is smeared over about four
    int split = 0;
    while (split < kErbBands && erbCentreHz(split) < kSmearedBelowHz) ++split;
    std::vector<double> lows(frames_), highs(frames_), raise(frames_, 1.0);
    double before = 0.0, after = 0.0, inBands = 0.0, inAll = 0.0;
    for (int f = 0; f < frames_; ++f) {
        for (int band = 0; band < kErbBands; ++band) (band < split ? lows : highs)[f] += at(f, band);
        inBands += lows[f] + highs[f];
        inAll += framePower[f];
    }
    const double share = inAll > 0.0 ? std::clamp(inBands / inAll, 0.1, 1.5) : 1.0;   // what lies below and above the bands stays outside
    for (int f = 0; f < frames_; ++f) {
        if (lows[f] > 0.0) raise[f] = std::clamp((share * framePower[f] - highs[f]) / lows[f], 0.0, kMostRaise);
        before += lows[f];
        after += raise[f] * lows[f];
    }
    const double kept = after > 0.0 ? std::clamp(before / after, 0.5, 2.0) : 1.0;   // what was there of the lows stays there in sum
    for (int f = 0; f < frames_; ++f) {
        const double low = kept * raise[f], all = low * lows[f] + highs[f], whole = all > 0.0 ? share * framePower[f] / all : 0.0;
        for (int band = 0; band < kErbBands; ++band) power_[static_cast<std::size_t>(f) * kErbBands + band] *= static_cast<float>(band < split ? low * whole : whole);
    }
}

void TrackSketch::weighLowsAs(const SpectrumFacts& spectrum) {
    static const KWeighting weighting = KWeighting::design(48000.0);
    const double halfBand = std::pow(10.0, 0.05);
    for (int band = 0; band < kLowBands; ++band) {
        double all = 0.0, heard = 0.0;
        for (int third = 0; third < kThirdOctaves; ++third) {
            const double centreHz = thirdOctaveCentreHz(third);
            if (!std::isfinite(spectrum.thirdOctaveDb[third])) continue;
            const auto within = [&](double fromHz, double toHz) {   // adds what is heard of the third octave's part there; its power
                const double lowHz = std::max(fromHz, centreHz / halfBand), highHz = std::min(toHz, centreHz * halfBand);
                if (lowHz >= highHz) return 0.0;
                const double power = dbToPower(spectrum.thirdOctaveDb[third]) * 0.5 * std::log(highHz / lowHz) / std::log(halfBand);
                heard += power * dbToPower(weighting.responseDb(std::sqrt(lowHz * highHz), 48000.0));
                return power;
            };
            all += within(erbEdgeHz(band), erbEdgeHz(band + 1));
            if (band == 0) within(0.0, erbEdgeHz(0));   // what lies below all bands is heard too, a little
        }
        if (all > 0.0) lowWeights_[band] = heard / all;
    }
}

double TrackSketch::totalIn(int band) const {
    double sum = 0.0;
    for (int f = 0; f < frames_; ++f) sum += at(f, band);
    return sum;
}

void TrackSketch::applyGain(double db) {
    const float gain = static_cast<float>(dbToPower(db));
    for (float& power : power_) power *= gain;
}

void TrackSketch::add(const TrackSketch& other) {
    for (int band = 0; band < kLowBands; ++band) {
        const double mine = totalIn(band), theirs = other.totalIn(band);
        if (mine + theirs > 0.0) lowWeights_[band] = (mine * lowWeights_[band] + theirs * other.lowWeights_[band]) / (mine + theirs);
    }
    for (std::size_t i = 0; i < power_.size(); ++i) power_[i] += other.power_[i];
}

void TrackSketch::addScaled(const TrackSketch& other, std::span<const double> overTime, const BandGains& bands) {
    for (int band = 0; band < kLowBands; ++band) {
        const double mine = totalIn(band);
        double theirs = 0.0;
        for (int f = 0; f < frames_; ++f) theirs += overTime[f] * bands[band] * other.at(f, band);
        if (mine + theirs > 0.0) lowWeights_[band] = (mine * lowWeights_[band] + theirs * other.lowWeights_[band]) / (mine + theirs);
    }
    for (int f = 0; f < frames_; ++f)
        for (int band = 0; band < kErbBands; ++band)
            power_[static_cast<std::size_t>(f) * kErbBands + band] += static_cast<float>(overTime[f] * bands[band]) * other.at(f, band);
}

void TrackSketch::addChange(const TrackSketch& part, std::span<const float> powerGains) {
    for (std::size_t i = 0; i < power_.size(); ++i) power_[i] += part.power_[i] * (powerGains[i] - 1.0f);
}

void TrackSketch::applyBands(const BandGains& gains) {
    for (int f = 0; f < frames_; ++f)
        for (int band = 0; band < kErbBands; ++band) power_[static_cast<std::size_t>(f) * kErbBands + band] *= static_cast<float>(gains[band]);
}

void TrackSketch::applyOverTime(std::span<const double> powerGains) {
    for (int f = 0; f < frames_; ++f)
        for (int band = 0; band < kErbBands; ++band) power_[static_cast<std::size_t>(f) * kErbBands + band] *= static_cast<float>(powerGains[f]);
}

void TrackSketch::applyOverTimeAndBands(std::span<const float> powerGains) {
    for (std::size_t i = 0; i < power_.size(); ++i) power_[i] *= powerGains[i];
}

void TrackSketch::applyOverSteps(std::span<const double> powerGains) {
    if (shape_.empty()) shape_.assign(static_cast<std::size_t>(frames_) * kSteps, 1.0f);
    std::vector<double> ofFrame(frames_);
    for (int f = 0; f < frames_; ++f) {
        const std::size_t from = static_cast<std::size_t>(f) * kSteps;
        double sum = 0.0;
        for (std::size_t s = from; s < from + kSteps; ++s) sum += shape_[s] * powerGains[s];
        ofFrame[f] = sum / kSteps;
        for (std::size_t s = from; s < from + kSteps && sum > 0.0; ++s) shape_[s] = static_cast<float>(shape_[s] * powerGains[s] * kSteps / sum);
    }
    applyOverTime(ofFrame);
}

std::vector<double> TrackSketch::stepPower() const {
    const std::vector<double> frames = framePower();
    std::vector<double> steps(frames.size() * kSteps);
    for (std::size_t s = 0; s < steps.size(); ++s) steps[s] = frames[s / kSteps] * (shape_.empty() ? 1.0 : static_cast<double>(shape_[s]));
    return steps;
}

std::vector<double> TrackSketch::stepPeaks() const {
    std::vector<double> peaks = stepPower();
    for (std::size_t s = 0; s < peaks.size(); ++s) peaks[s] *= crest_.empty() ? kUnknownCrest : static_cast<double>(crest_[s]);
    return peaks;
}

std::vector<double> TrackSketch::loudnessPower() const {
    BandGains weights = loudnessWeights();
    std::ranges::copy(lowWeights_, weights.begin());
    return weightedPower(*this, weights);
}

std::vector<double> TrackSketch::framePower() const {
    BandGains flat;
    flat.fill(1.0);
    return weightedPower(*this, flat);
}

BandGains TrackSketch::activeSpectrum() const {
    const std::vector<double> levels = framePower();
    const double gate = levels.empty() ? 0.0 : *std::max_element(levels.begin(), levels.end()) * dbToPower(-kActiveRangeDb);
    BandGains spectrum{};
    int count = 0;
    for (int f = 0; f < frames_; ++f) {
        if (!(levels[f] > gate)) continue;
        ++count;
        for (int band = 0; band < kErbBands; ++band) spectrum[band] += at(f, band);
    }
    for (double& power : spectrum) power /= std::max(1, count);
    return spectrum;
}

double sketchLoudness(std::span<const double> loudnessPower, double frameSeconds) {
    const std::vector<double> blocks = blockPowers(loudnessPower, frameSeconds);
    const double loudest = *std::max_element(blocks.begin(), blocks.end());
    if (!(loudest > 0.0)) return kSilentDb;
    const double floor = loudest * 1e-4;
    return -0.691 + powerToDb(mean(blocks, std::max(floor, 0.1 * mean(blocks, floor))));
}

double measuredLoudness(std::span<const double> loudnessPower, double frameSeconds, double gainDb) {
    constexpr double kAbsoluteGateLufs = -70.0, kOffsetDb = 0.691;
    const std::vector<double> blocks = blockPowers(loudnessPower, frameSeconds);
    const double floor = dbToPower(kAbsoluteGateLufs + kOffsetDb - gainDb), loud = mean(blocks, floor);
    return loud > 0.0 ? gainDb - kOffsetDb + powerToDb(mean(blocks, std::max(floor, 0.1 * loud))) : kSilentDb;
}

double hitLoudness(std::span<const double> loudnessPower, double frameSeconds) {
    const std::vector<double> blocks = blockPowers(loudnessPower, frameSeconds);
    const double loudest = *std::max_element(blocks.begin(), blocks.end());
    return loudest > 0.0 ? -0.691 + powerToDb(mean(blocks, 0.1 * loudest)) : kSilentDb;
}

std::vector<double> activeLevelsDb(std::span<const double> framePower) {
    const double loudest = framePower.empty() ? 0.0 : *std::max_element(framePower.begin(), framePower.end());
    std::vector<double> levels;
    if (!(loudest > 0.0)) return levels;
    for (double power : framePower)
        if (power > loudest * dbToPower(-kActiveRangeDb)) levels.push_back(powerToDb(power));
    std::sort(levels.begin(), levels.end());
    return levels;
}

double percentile(std::span<const double> ascending, double share) {
    if (ascending.empty()) return kSilentDb;
    return ascending[static_cast<std::size_t>(std::lround(share * static_cast<double>(ascending.size() - 1)))];
}

}  // namespace tonewright
