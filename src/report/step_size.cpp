#include "report/step_size.h"

#include <algorithm>
#include <cmath>

#include "analysis/facts.h"

namespace tonewright {

namespace {

constexpr double kDiagnosis = 20.0;   // a polarity, a channel: nothing gradual
constexpr double kDynamics = 0.5;     // a dB of threshold or range, against a dB of level
constexpr double kPlace = 4.0;        // from the centre to one side

template <class Curve>
double largest(const Curve& curveDb) {
    double most = 0.0;
    for (int band = 2; band < kThirdOctaves - 1; ++band) most = std::max(most, std::abs(std::clamp(curveDb(thirdOctaveCentreHz(band)), -24.0, 24.0)));
    return most;
}

struct Distance {
    double operator()(const Gain::Params& a, const Gain::Params& b) const { return std::min(std::abs(b.gainDb - a.gainDb), 40.0); }
    double operator()(const Panner::Params& a, const Panner::Params& b) const { return kPlace * (std::abs(b.position - a.position) + 0.5 * std::abs(b.width - a.width)); }
    double operator()(const Alignment::Params& a, const Alignment::Params& b) const {
        return a.invertPolarity != b.invertPolarity ? kDiagnosis : std::min(0.1 * std::abs(b.delayFrames - a.delayFrames), 10.0);
    }
    double operator()(const Equalizer::Params& a, const Equalizer::Params& b) const {
        return largest([&](double hz) { return analogueGainDb(b, hz) - analogueGainDb(a, hz); });
    }
    double operator()(const CurveFilter::Params& a, const CurveFilter::Params& b) const {
        const auto curve = [](const CurveFilter::Params& p, double hz) { return p.points.empty() ? 0.0 : CurveFilter::curveDb(p.points, hz); };
        return largest([&](double hz) { return curve(b, hz) - curve(a, hz); });
    }
    double operator()(const Compressor::Params& a, const Compressor::Params& b) const {
        return kDynamics * (std::abs(b.thresholdDb - a.thresholdDb) + 6.0 * std::abs(b.mix / b.ratio - a.mix / a.ratio) + 6.0 * std::abs(b.mix - a.mix)) + std::abs(b.makeupGainDb - a.makeupGainDb) * 0.25;
    }
    double operator()(const Gate::Params& a, const Gate::Params& b) const { return kDynamics * std::min(std::abs(b.thresholdDb - a.thresholdDb) + std::abs(b.rangeDb - a.rangeDb), 20.0); }
    double operator()(const DeEsser::Params& a, const DeEsser::Params& b) const { return kDynamics * (std::abs(b.rangeDb - a.rangeDb) + std::abs(b.thresholdDb - a.thresholdDb)); }
    double operator()(const TransientShaper::Params& a, const TransientShaper::Params& b) const { return std::max(std::abs(b.attackDb - a.attackDb), std::abs(b.sustainDb - a.sustainDb)); }
    double operator()(const SaturatorParams& a, const SaturatorParams& b) const { return 2.0 * std::abs(b.mix - a.mix) + 0.2 * std::abs(b.driveDb - a.driveDb) * std::max(a.mix, b.mix); }
    double operator()(const StereoWidth::Params& a, const StereoWidth::Params& b) const {
        return 6.0 * std::max({std::abs(b.lowWidth - a.lowWidth), std::abs(b.midWidth - a.midWidth), std::abs(b.highWidth - a.highWidth)});
    }
    double operator()(const ReverbParams& a, const ReverbParams& b) const { return 2.0 * std::abs(std::log2(b.decaySeconds / a.decaySeconds)) + 0.02 * std::abs(b.preDelayMs - a.preDelayMs); }
    double operator()(const Limiter::Params& a, const Limiter::Params& b) const { return std::abs(b.inputGainDb - a.inputGainDb) + std::abs(b.ceilingDb - a.ceilingDb); }
    template <class P>
    double operator()(const P&, const P&) const { return 1.0; }
    template <class P, class Q>
    double operator()(const P&, const Q&) const { return 6.0; }
};

// Against nothing: a step of its kind that is neutral, or what it is usually worth.
struct Size {
    double operator()(const Gain::Params& p) const { return std::min(std::abs(p.gainDb), 40.0); }
    double operator()(const Panner::Params& p) const { return Distance()(Panner::Params{.source = p.source}, p); }
    double operator()(const Alignment::Params& p) const { return Distance()(Alignment::Params{}, p); }
    double operator()(const Equalizer::Params& p) const { return Distance()(Equalizer::Params{}, p); }
    double operator()(const CurveFilter::Params& p) const { return Distance()(CurveFilter::Params{}, p); }
    double operator()(const Compressor::Params& p) const { return p.ratio > 1.0 ? 3.0 * p.mix : std::abs(p.makeupGainDb); }
    double operator()(const DynamicEqualizer::Params& p) const {
        double most = 0.0;
        for (const auto& band : p.bands) most = std::max(most, kDynamics * band.rangeDb);
        return most;
    }
    double operator()(const ComponentEqualizer::Params& p) const { return std::abs(p.gainDb); }
    double operator()(const TransientShaper::Params& p) const { return Distance()(TransientShaper::Params{.attackDb = 0.0, .sustainDb = 0.0}, p); }
    double operator()(const SaturatorParams& p) const { return 2.0 * p.mix; }
    double operator()(const StereoWidth::Params& p) const { return Distance()(StereoWidth::Params{}, p); }
    double operator()(const Limiter::Params& p) const { return 2.0 + std::abs(p.inputGainDb); }
    double operator()(const Delay::Params&) const { return 2.0; }
    double operator()(const ReverbParams&) const { return 3.0; }
    double operator()(const Gate::Params&) const { return 3.0; }
    double operator()(const HumFilter::Params&) const { return 3.0; }
    double operator()(const GainEnvelope::Params& p) const { return p.points.empty() ? 0.0 : 2.0; }
    template <class P>
    double operator()(const P&) const { return 1.0; }
};

}  // namespace

Aspect aspectOf(const Step& step) {
    const std::string_view type = step.type();
    if (type == "gain") return Aspect::level;
    if (type == "pan") return Aspect::pan;
    if (type == "stereoWidth") return Aspect::width;
    if (type == "equalizer" || type == "curveFilter" || type == "dynamicEqualizer" || type == "componentEqualizer") return Aspect::tone;
    if (type == "compressor" || type == "multibandCompressor" || type == "gate" || type == "deEsser" || type == "transientShaper") return Aspect::dynamics;
    if (type == "reverb" || type == "delay") return Aspect::space;
    if (type == "saturator") return Aspect::colour;
    if (type == "alignment" || type == "dcFilter" || type == "humFilter" || type == "trim" || type == "channelMatrix") return Aspect::repair;
    if (type == "gainEnvelope" || type == "fade") return Aspect::automation;
    if (type == "limiter") return Aspect::loudness;
    return Aspect::other;
}

double stepSizeDb(const Step& step) { return std::visit(Size(), step.params); }

double stepDistanceDb(const Step& before, const Step& after) {
    if (!before.enabled || !after.enabled) return before.enabled ? stepSizeDb(before) : stepSizeDb(after);
    return std::visit(Distance(), before.params, after.params);
}

}  // namespace tonewright
