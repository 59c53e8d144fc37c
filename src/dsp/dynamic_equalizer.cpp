#include "dsp/dynamic_equalizer.h"

#include <algorithm>
#include <cmath>

#include "dsp/log_gain.h"
#include "dsp/sample_guard.h"

namespace tonewright {

namespace {

constexpr double kKneeDb = 6.0;
constexpr double kStepDb = 0.01;  // a filter moves in steps that nobody hears
constexpr int kMostKeyChannels = 2;

using Shape = DynamicEqualizer::Shape;

Svf::Coefficients earFor(Shape shape, double warped, double q) {
    switch (shape) {
        case Shape::bell: return Svf::bandPass(warped, q);
        case Shape::lowShelf: return Svf::lowPass(warped, std::sqrt(0.5));
        case Shape::highShelf: return Svf::highPass(warped, std::sqrt(0.5));
    }
    return {};
}

Svf::Coefficients filterFor(Shape shape, double warped, double q, double gainDb) {
    const double amplitude = fastDbToGain(0.5 * gainDb);
    switch (shape) {
        case Shape::bell: return Svf::bell(warped, q, amplitude);
        case Shape::lowShelf: return Svf::lowShelf(warped, q, amplitude);
        case Shape::highShelf: return Svf::highShelf(warped, q, amplitude);
    }
    return {};
}

}  // namespace

DynamicEqualizer::DynamicEqualizer(const Params& params, const StreamSpec& spec) {
    const int ears = std::max(spec.channels, kMostKeyChannels);
    for (const Band& band : validated(params, "dynamic equalizer").bands) {
        const double warped = Svf::warped(std::min(band.frequencyHz, 0.45 * spec.sampleRateHz), spec.sampleRateHz);
        const GainComputer curve{band.thresholdDb, band.ratio, kKneeDb};
        voices_.push_back({.shape = band.type,
                           .warped = warped,
                           .q = band.q,
                           .rangeDb = band.rangeDb,
                           .sign = band.direction == Direction::cut ? -1.0 : 1.0,
                           .idlePower = curve.idlePower(),
                           .curve = curve,
                           .ballistics = Ballistics(ReleaseKind::branching, band.attackMs, band.releaseMs, spec.sampleRateHz),
                           .ears = std::vector<Svf>(ears, Svf(earFor(band.type, warped, band.q))),
                           .filters = std::vector<Svf>(spec.channels, Svf(filterFor(band.type, warped, band.q, 0.0))),
                           .detectors = std::vector<LevelDetector>(ears, LevelDetector(DetectorKind::rms, spec.sampleRateHz)),
                           .neutral = band.ratio == 1.0 || band.rangeDb == 0.0});
    }
}

void DynamicEqualizer::reset() {
    for (Voice& voice : voices_) {
        voice.ballistics.reset();
        for (Svf& ear : voice.ears) ear.reset();
        for (Svf& filter : voice.filters) filter.reset();
        for (LevelDetector& detector : voice.detectors) detector.reset();
        voice.setGain(0.0);
        voice.extremeDb = voice.sumDb = 0.0;
    }
    frames_ = 0;
}

void DynamicEqualizer::process(Block block) noexcept {
    const FlushDenormals guard;
    makeUsable(block);
    frames_ += block.numFrames;
    // Frame by frame, a voice hears before it filters: it may hear the block itself.
    for (Voice& voice : voices_)
        if (!voice.neutral) voice.process(block, block);
}

void DynamicEqualizer::processWithKey(Block block, ConstBlock key) noexcept {
    const FlushDenormals guard;
    makeUsable(block);
    frames_ += block.numFrames;
    for (Voice& voice : voices_)
        if (!voice.neutral) voice.process(block, key);
}

void DynamicEqualizer::Voice::setGain(double db) {
    gainDb = db;
    const Svf::Coefficients c = filterFor(shape, warped, q, db);
    for (Svf& filter : filters) filter.set(c);
}

void DynamicEqualizer::Voice::process(Block block, ConstBlock heard) noexcept {
    const int listening = std::min(heard.numChannels, static_cast<int>(ears.size()));
    for (int n = 0; n < block.numFrames; ++n) {
        double power = 0.0;
        for (int c = 0; c < listening; ++c) power = std::max(power, detectors[c](ears[c](usableSample(heard.channels[c][n]))));
        const double overDb = power > idlePower ? std::min(rangeDb, curve.reductionDb(fastPowerToDb(power))) : 0.0;
        const double wantedDb = sign * ballistics(overDb);
        if (std::abs(wantedDb - gainDb) > kStepDb || (wantedDb == 0.0 && gainDb != 0.0)) setGain(wantedDb);
        if (std::abs(gainDb) > std::abs(extremeDb)) extremeDb = gainDb;
        sumDb += gainDb;
        for (int c = 0; c < block.numChannels; ++c) block.channels[c][n] = static_cast<float>(filters[c](block.channels[c][n]));
    }
}

double DynamicEqualizer::extremeGainDb(int band) const { return voices_[band].extremeDb; }
double DynamicEqualizer::meanGainDb(int band) const {
    return frames_ > 0 ? voices_[band].sumDb / static_cast<double>(frames_) : 0.0;
}

}  // namespace tonewright
