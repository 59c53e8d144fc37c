#include "report/decisions.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace tonewright {

namespace {

// How much a change of each kind weighs, in decibels of change that a listener would find as striking.
constexpr double kDiagnosis = 100.0;
constexpr double kRepair = 12.0;

bool isNeutral(const Step& step) {
    if (const auto* gain = std::get_if<Gain::Params>(&step.params)) return gain->gainDb == 0.0;
    if (const auto* pan = std::get_if<Panner::Params>(&step.params)) return pan->position == 0.0 && pan->width == 1.0;
    return false;
}

double medianFaderDb(const Plan& plan) {
    std::vector<double> gains;
    for (const TrackPlan& track : plan.tracks)
        if (const auto* gain = std::get_if<Gain::Params>(&track.fader.params); gain && !track.muted()) gains.push_back(gain->gainDb);
    if (gains.empty()) return 0.0;
    const auto middle = gains.begin() + static_cast<std::ptrdiff_t>(gains.size() / 2);
    std::nth_element(gains.begin(), middle, gains.end());
    return *middle;
}

// Sizes each processor by its own settings.
struct Size {
    double medianFader;
    bool isFader, isPreparation;  // preparation: sends, and the gains that bring a signal to the level that what follows works at
    double reductionDb;  // measured while rendering, >= 0

    double operator()(const Gain::Params& p) const {
        if (isPreparation) return 0.0;
        return isFader ? 0.5 * std::abs(p.gainDb - medianFader) : std::abs(p.gainDb);
    }
    double operator()(const Panner::Params& p) const { return 4.0 * std::abs(p.position); }
    double operator()(const Alignment::Params& p) const {
        if (p.invertPolarity) return kDiagnosis;
        return p.delayFrames != 0.0 ? 0.5 * kDiagnosis : 0.0;
    }
    double operator()(const DcFilter::Params&) const { return 1.0; }
    double operator()(const HumFilter::Params&) const { return kRepair; }
    double operator()(const Gate::Params&) const { return 5.0; }
    double operator()(const Equalizer::Params& p) const {
        double largest = 0.0;
        for (const auto& band : p.bands) {
            const bool cut = band.type == BandType::lowCut || band.type == BandType::highCut || band.type == BandType::notch;
            if (band.enabled) largest = std::max(largest, cut ? 1.5 : std::abs(band.gainDb));
        }
        return 2.0 * largest;
    }
    double operator()(const DynamicEqualizer::Params& p) const {
        double largest = 0.0;
        for (const auto& band : p.bands) largest = std::max(largest, band.rangeDb);
        return largest;
    }
    double operator()(const ComponentEqualizer::Params& p) const { return std::abs(p.gainDb); }
    double operator()(const CurveFilter::Params& p) const {
        double largest = 0.0;
        for (const auto& point : p.points) largest = std::max(largest, std::abs(point.gainDb));
        return 2.0 * largest;
    }
    double operator()(const DeEsser::Params&) const { return std::max(2.0, reductionDb); }
    double operator()(const Compressor::Params& p) const { return p.mix * std::max(2.0, 1.5 * reductionDb); }
    double operator()(const MultibandCompressor::Params&) const { return std::max(2.0, 1.5 * reductionDb); }
    double operator()(const TransientShaper::Params& p) const { return std::max(std::abs(p.attackDb), std::abs(p.sustainDb)); }
    double operator()(const SaturatorParams& p) const { return 4.0 * p.mix; }
    double operator()(const StereoWidth::Params& p) const {
        return 6.0 * std::max({std::abs(p.lowWidth - 1.0), std::abs(p.midWidth - 1.0), std::abs(p.highWidth - 1.0)});
    }
    double operator()(const Delay::Params&) const { return 4.0; }
    double operator()(const ReverbParams&) const { return 5.0; }
    double operator()(const GainEnvelope::Params&) const { return 4.0; }
    double operator()(const Fade::Params&) const { return 1.0; }
    double operator()(const Trim::Params&) const { return 1.0; }
    double operator()(const ChannelMatrix::Params&) const { return 5.0; }
    double operator()(const Limiter::Params& p) const { return 2.0 * std::abs(p.inputGainDb) + reductionDb; }
};

template <class List>
auto byId(const List& list, const std::string& id) {
    return std::find_if(list.begin(), list.end(), [&](const auto& item) { return item.id == id; });
}

std::string withoutPrefix(const std::string& text, std::string_view prefix) {
    return text.starts_with(prefix) ? text.substr(prefix.size()) : std::string();
}

const TrackPlan* trackOf(const Plan& plan, const std::string& target) {
    const auto found = byId(plan.tracks, withoutPrefix(target, "tracks/"));
    return found == plan.tracks.end() ? nullptr : &*found;
}

// What a track that was turned over for what it shares with others gains by it. That it was upside down was no fault. nullopt for other steps.
std::optional<double> turnedOverForDb(const Step& step) {
    if (step.because.empty() || step.because.front().rule != "mix.polarity") return std::nullopt;
    for (const Evidence& evidence : step.because.front().evidence)
        if (evidence.measure == "fullerByDb") return std::abs(evidence.value);
    return std::nullopt;
}

}  // namespace

std::vector<Decision> decisionsOf(const Plan& plan) {
    std::vector<Decision> decisions;
    forEachStep(plan, [&](const std::string& target, const Step& step) {
        const bool wanted = !step.because.empty() || step.locked || step.origin == Origin::user || !step.note.empty();
        if (wanted || !isNeutral(step)) decisions.push_back({target, &step});
    });
    return decisions;
}

Reason mainReason(const Step& step) { return reasonsOf(step).front(); }

std::vector<Reason> reasonsOf(const Step& step) {
    if (!step.because.empty()) return step.because;
    if (step.origin == Origin::user) return {{.rule = "user", .text = step.note.empty() ? "You decided this." : step.note}};
    return {{.rule = "none", .text = "No reason was recorded.", .confidence = 0.0}};
}

std::string targetName(const Plan& plan, const std::string& target) {
    if (const TrackPlan* track = trackOf(plan, target)) return track->name.empty() ? track->id : track->name;
    const auto bus = byId(plan.buses, withoutPrefix(target, "buses/"));
    if (bus != plan.buses.end()) return bus->name.empty() ? bus->id : bus->name;
    return target;
}

std::string describeFully(const Plan& plan, const std::string& target, const Step& step) {
    Step active = step;
    active.enabled = true;
    const std::string words = describe(active);
    const TrackPlan* track = trackOf(plan, target);
    if (track && track->mute && &*track->mute == &step) return "left out of the mix";
    if (track && &track->fader == &step) return "level " + words;
    if (track && &track->pan == &step) return (words.starts_with("centre") ? "placed in the " : "placed ") + words;
    if (track)
        for (const Send& send : track->sends) {
            if (&send.level == &step) return "sent to " + targetName(plan, "buses/" + send.to) + " at " + words;
            if (send.ride && &*send.ride == &step) return "its send to " + targetName(plan, "buses/" + send.to) + ": " + words;
        }
    const std::string_view type = step.type();
    if (type == "gain") return "gain " + words;
    if (type == "gate" || type == "dynamicEqualizer" || type == "deEsser" || type == "compressor" || type == "multibandCompressor" ||
        type == "humFilter" || type == "saturator" || type == "limiter" || type == "reverb") {
        const std::string_view name = type == "dynamicEqualizer"      ? "dynamic EQ"
                                      : type == "deEsser"             ? "de-esser"
                                      : type == "multibandCompressor" ? "multiband compressor"
                                      : type == "humFilter"           ? "hum removed"
                                                                      : type;
        return std::string(name) + ": " + words;
    }
    return words;
}

std::vector<Decision> biggestDecisions(const Report& report, std::size_t count) {
    std::map<std::string, double> reductions;
    for (const StepWork& work : report.work)
        if (std::isfinite(work.maxReductionDb)) reductions[work.stepId] = std::abs(work.maxReductionDb);
    const double median = medianFaderDb(report.plan);

    struct Ranked {
        Decision decision;
        double size;
    };
    std::vector<Ranked> ranked;
    for (const Decision& decision : decisionsOf(report.plan)) {
        const Step& step = *decision.step;
        if (!step.enabled) continue;
        const TrackPlan* track = trackOf(report.plan, decision.target);
        const bool isMute = track && track->mute && &*track->mute == &step;
        if (track && track->muted() && !isMute) continue;  // what is done to a track that nobody hears
        const bool isFader = track && &track->fader == &step;
        const bool inChain = track ? !isFader : decision.target == "mix" || decision.target == "master";
        const Size size{median, isFader, inChain && step.origin == Origin::automatic, reductions[step.id]};
        constexpr double kReturn = 0.4;   // what happens in a reverb is heard less than what happens in the music
        const double share = decision.target.starts_with("buses/return") ? kReturn : 1.0;
        const double value = share * (isMute ? 0.4 * kDiagnosis : turnedOverForDb(step) ? *turnedOverForDb(step) : std::visit(size, step.params));
        if (value > 0.0 && std::isfinite(value)) ranked.push_back({decision, value});
    }
    std::stable_sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) { return a.size > b.size; });

    std::vector<Decision> biggest;
    std::map<std::string_view, int> ofType;
    for (const Ranked& item : ranked) {
        if (biggest.size() == count) break;
        if (++ofType[item.decision.step->type()] <= 2) biggest.push_back(item.decision);
    }
    return biggest;
}

Alignment::Params alignmentOf(const TrackPlan& track) {
    Alignment::Params sum;
    for (const Step& step : track.chain)
        if (const auto* params = std::get_if<Alignment::Params>(&step.params); params && step.enabled && !(!step.because.empty() && step.because.front().rule == "mix.polarity")) {
            sum.delayFrames += params->delayFrames;
            sum.invertPolarity = sum.invertPolarity != params->invertPolarity;
        }
    return sum;
}

}  // namespace tonewright
