#include "engineer/mix/rough.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "core/decibels.h"
#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/mix/mix_rules.h"
#include "engineer/mix/mix_sketch.h"

namespace tonewright {

namespace {

constexpr int kRounds = 300;           // of the multiplicative update
constexpr double kGridSeconds = 0.5;
constexpr double kLevelsConfidence = 0.7;

double positionOf(double theta) { return std::clamp(theta / (0.25 * std::numbers::pi) - 1.0, -1.0, 1.0); }

// The panner's mono law: left = g cos theta, right = g sin theta.
RoughBalance::Place monoPlace(double left, double right) {
    const double gainDb = gainToDb(std::hypot(left, right));
    return {.gainDb = gainDb, .position = positionOf(std::atan2(right, left)), .confidence = 0.0, .fileGainDb = gainDb};
}

// Its stereo law: the near side at g, the far one at g sqrt(2) cos theta or sin theta.
RoughBalance::Place stereoPlace(double left, double right) {
    const double near = std::max(left, right), far = std::min(left, right);
    const double theta = near > 0.0 ? std::acos(std::clamp(far / near / std::numbers::sqrt2, 0.0, 1.0)) : 0.25 * std::numbers::pi;
    const double away = positionOf(theta);
    return {.gainDb = gainToDb(near), .position = right >= left ? away : -away, .confidence = 0.0, .fileGainDb = gainToDb(near)};
}

}  // namespace

RoughBalance balanceFromGains(const Session& session, const RoughGains& gains, std::span<const int> channelOf) {
    RoughBalance balance{.name = {}, .method = RoughBalance::Method::waveforms, .explainedShare = gains.explainedShare, .tracks = {}};
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        const Track& track = session.tracks[i];
        const bool stereo = track.info.channels == 2;
        const auto& first = gains.left[channelOf[i]];
        const auto& second = gains.right[channelOf[i] + (stereo ? 1 : 0)];
        if (!first || !second) continue;
        // A polarity that the rough mix has turned is the repair's business; the level is what is kept.
        const double left = std::abs(first->value), right = std::abs(second->value), error = std::max(first->error, second->error);
        RoughBalance::Place place = stereo ? stereoPlace(left, right) : monoPlace(left, right);
        if (track.channelUse != ChannelUse::both) place.fileGainDb = gainToDb(std::max(left, right));
        const double power = left * left + right * right;
        place.confidence = power > 0.0 ? roundTo(power / (power + 16.0 * error * error), 0.01) : (error > 0.0 ? 0.0 : 1.0);
        balance.tracks[track.id] = place;
    }
    return balance;
}

RoughBalance balanceFromLevels(const Session& session, std::span<const Analysis> analyses, const Analysis& rough, std::int64_t startFrame) {
    const SketchGrid grid = [&] {
        double coarsest = kGridSeconds;
        for (const Analysis& analysis : analyses) coarsest = std::max(coarsest, analysis.sketch.frameSeconds);
        return SketchGrid::covering(static_cast<double>(session.frames) / session.sampleRateHz, coarsest);
    }();
    const auto secondsOf = [&](std::int64_t frame) { return static_cast<double>(frame) / session.sampleRateHz; };
    const TrackSketch goal(rough.sketch, secondsOf(startFrame), grid);
    std::vector<TrackSketch> sketches;
    std::vector<const Track*> tracks;
    std::vector<double> total;
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        TrackSketch sketch(analyses[i].sketch, secondsOf(session.tracks[i].startFrame), grid);
        const std::vector<double> power = sketch.framePower();
        double sum = 0.0;
        for (const double p : power) sum += p;
        if (session.tracks[i].silent || !(sum > 0.0)) continue;
        sketches.push_back(std::move(sketch));
        tracks.push_back(&session.tracks[i]);
        total.push_back(sum);
    }
    RoughBalance balance{.name = {}, .method = RoughBalance::Method::levels, .explainedShare = 0.0, .tracks = {}};
    double wanted = 0.0;
    for (const double p : goal.framePower()) wanted += p;
    if (tracks.empty() || !(wanted > 0.0)) return balance;

    const int count = static_cast<int>(tracks.size());
    std::vector<double> gain(count), sums(count);
    for (int i = 0; i < count; ++i) gain[i] = wanted / total[i] / count;
    std::vector<double> made(static_cast<std::size_t>(grid.frames) * kErbBands);
    for (int round = 0; round < kRounds; ++round) {
        std::fill(made.begin(), made.end(), 1e-9 * wanted / static_cast<double>(made.size()));
        for (int i = 0; i < count; ++i)
            for (int f = 0; f < grid.frames; ++f)
                for (int band = 0; band < kErbBands; ++band) made[static_cast<std::size_t>(f) * kErbBands + band] += gain[i] * static_cast<double>(sketches[i].at(f, band));
        for (int f = 0; f < grid.frames; ++f)
            for (int band = 0; band < kErbBands; ++band) {
                double& m = made[static_cast<std::size_t>(f) * kErbBands + band];
                m = static_cast<double>(goal.at(f, band)) / m;
            }
        for (int i = 0; i < count; ++i) {
            double ratio = 0.0;
            for (int f = 0; f < grid.frames; ++f)
                for (int band = 0; band < kErbBands; ++band) ratio += static_cast<double>(sketches[i].at(f, band)) * made[static_cast<std::size_t>(f) * kErbBands + band];
            gain[i] *= ratio / total[i];
        }
    }
    double explained = 0.0;
    for (int f = 0; f < grid.frames; ++f)
        for (int band = 0; band < kErbBands; ++band) {
            double sum = 0.0;
            for (int i = 0; i < count; ++i) sum += gain[i] * static_cast<double>(sketches[i].at(f, band));
            explained += std::min(sum, static_cast<double>(goal.at(f, band)));
        }
    balance.explainedShare = std::min(1.0, explained / wanted);
    for (int i = 0; i < count; ++i) {
        const double gainDb = powerToDb(gain[i]), bothSidesDb = tracks[i]->channelUse != ChannelUse::both ? powerToDb(2.0) : 0.0;
        balance.tracks[tracks[i]->id] = {.gainDb = gainDb, .position = std::nullopt, .confidence = roundTo(kLevelsConfidence * balance.explainedShare, 0.01), .fileGainDb = gainDb - bothSidesDb};
    }
    return balance;
}

const RoughBalance::Place* roughPlace(const MixTrack& track, const MixFacts& facts, const RoughTuning& tuning) {
    if (!facts.rough) return nullptr;
    const auto found = facts.rough->tracks.find(track.track->id);
    return found == facts.rough->tracks.end() || found->second.confidence < tuning.leastConfidence || !std::isfinite(found->second.gainDb) ? nullptr : &found->second;
}

std::optional<Step> decideAbsence(const MixTrack& track, const MixFacts& facts, const RoughTuning& tuning) {
    if (!facts.rough || facts.rough->method != RoughBalance::Method::waveforms) return std::nullopt;
    const auto found = facts.rough->tracks.find(track.track->id);
    if (found == facts.rough->tracks.end()) return std::nullopt;
    const double levelLufs = track.loudnessLufs + found->second.gainDb, under = levelLufs - facts.rough->loudnessLufs;
    if (under > tuning.absentLu) return std::nullopt;
    return makeStep(track.stepId("mute"), Gain::Params{.gainDb = -120.0},
                    {.rule = "mix.rough",
                     .text = "It is not in the rough mix, so it does not play; enable it if you want it.",
                     .evidence = {evidence("loudnessReRough", std::max(-120.0, under), "LU", "absent below " + fixed(tuning.absentLu, 0))},
                     .confidence = 0.8});
}

}  // namespace tonewright
