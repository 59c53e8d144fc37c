#include "engineer/mix/space.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <optional>

#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/mix/bus_model.h"
#include "engineer/mix/dynamics.h"

namespace tonewright {

namespace {

constexpr double kLowCutHz = 200.0;
constexpr double kUsualBeatSeconds = 60.0 / 110.0;
constexpr double kMostLiftDb = 6.0, kMostCutDb = 8.0;   // of all sends together, against what the roles say

// What the returns of a song are chosen by.
struct Song {
    double tempoBpm = 0.0;                  // 0: not known
    double beatSeconds = kUsualBeatSeconds;
    double snareSeconds = 0.0;              // usual time from one snare to the next; 0: there is none
    double flux = 0.0;
    bool hasHall = false, hasEcho = false;
};

// Usual distance of the hits of the loudest snare: the median.
double snareInterval(const MixState& state) {
    const MixTrack* snare = nullptr;
    double loudest = kSilentDb;
    for (int i : state.byContent) {
        const MixTrack& track = state.tracks[i];
        if (track.track->role != "drums/snare") continue;
        if (const double lufs = state.loudnessOf(track); lufs > loudest) {
            loudest = lufs;
            snare = &track;
        }
    }
    if (!snare) return 0.0;
    const std::vector<int> hits = hitFrames(snare->sketch.framePower());
    std::vector<double> apart;
    for (std::size_t h = 1; h < hits.size(); ++h)
        if (const double seconds = (hits[h] - hits[h - 1]) * state.grid.frameSeconds; seconds > 0.2 && seconds < 3.0) apart.push_back(seconds);
    if (apart.size() < 8) return 0.0;
    std::ranges::sort(apart);
    return percentile(apart, 0.5);
}

Song songOf(const MixState& state, const SpaceTuning& tuning) {
    Song song;
    song.tempoBpm = state.tempoBpm;
    if (song.tempoBpm > 0.0) song.beatSeconds = 60.0 / song.tempoBpm;
    song.snareSeconds = snareInterval(state);
    song.flux = spectralFlux(state.sum(), state.grid);
    const std::string& style = state.intent.style;
    const bool wide = style == "orchestral" || style == "ambient", close = style == "metal" || style == "hip-hop";
    const bool slow = song.tempoBpm > 0.0 && song.beatSeconds >= tuning.leastHallBeatSeconds;
    const bool time = (slow && song.flux <= tuning.mostSlowHallFlux) || song.flux <= tuning.mostHallFlux;
    song.hasHall = wide || (!close && time);
    song.hasEcho = song.tempoBpm > 0.0 && song.flux <= tuning.mostEchoFlux && style != "orchestral";
    return song;
}

// The note value that lies within 30 ... 50 ms, where a pre-delay sets a lead apart without being heard as an echo; else the nearest end.
double leadPreDelayMs(double beatSeconds) {
    for (const double notes : {16.0, 8.0, 24.0, 12.0})   // 1/64, 1/32, and their triplets
        if (const double ms = 1000.0 * beatSeconds / notes; ms >= 30.0 && ms <= 50.0) return roundMs(ms);
    return roundMs(std::clamp(1000.0 * beatSeconds / 16.0, 30.0, 50.0));
}

// A return as it will be: its effect, and what one second of its ringing is like on the sketch.
struct Return {
    std::string id, name, text;
    StepParams effect;
    Equalizer::Params filters;              // what goes in
    double delaySeconds = 0.0, decaySeconds = 0.0, feedback = 0.0;
    double duckDb = 0.0;
    std::vector<std::pair<int, double>> senders;   // track, and the role's level

    // On the sketch, before all sends are shifted together:
    std::vector<double> feedSteps, loudness;  // power that comes in, step by step; loudness-weighted power that comes out
    BandGains spectrum{};                   // of what comes out, its energy in sum over the frames
    std::optional<Compressor::Params> duck; // its threshold is for the feed as it is here
    Reduction duckReduction;
};

Equalizer::Params filters(double highCutHz) {
    return {.bands = {{.type = BandType::lowCut, .frequencyHz = kLowCutHz, .slopeDbPerOctave = 12}, {.type = BandType::highCut, .frequencyHz = highCutHz, .slopeDbPerOctave = 12}}};
}

Return reverb(const std::string& id, const std::string& name, const std::string& text, const ReverbParams& params, double duckDb) {
    return {.id = id, .name = name, .text = text, .effect = params, .filters = filters(params.highCutHz), .delaySeconds = 0.001 * params.preDelayMs, .decaySeconds = params.decaySeconds, .feedback = 0.0, .duckDb = duckDb,
            .senders = {}, .feedSteps = {}, .loudness = {}, .duck = {}, .duckReduction = {}};
}

std::vector<Return> returnsFor(const Song& song, const SpaceTuning& tuning) {
    const std::string timed = song.tempoBpm > 0.0 ? fixed(song.tempoBpm, 0) + " beats a minute" : std::string("a medium tempo (none was found)");
    const double plateSeconds = song.snareSeconds > 0.0 ? song.snareSeconds * 60.0 / tuning.goneByNextSnareDb : 2.5 * song.beatSeconds;
    std::vector<Return> returns;
    returns.push_back(reverb("plate", "Plate",
                             song.snareSeconds > 0.0 ? "A plate for what stands in front: it starts after a pre-delay, so that leads stay close, and has died away before the next snare."
                                                     : "A plate for what stands in front, timed to " + timed + ": it starts after a pre-delay, so that leads stay close, and is gone before it blurs what follows.",
                             {.type = ReverbType::plate, .decaySeconds = roundTo(std::clamp(plateSeconds, 0.8, 2.2), 0.05), .preDelayMs = leadPreDelayMs(song.beatSeconds), .lowCutHz = kLowCutHz, .highCutHz = 8000.0}, tuning.duckPlateDb));
    returns.push_back(reverb("room", "Room", "A small room, mostly its early reflections: it puts drums and what supports behind the leads without a tail.",
                             {.type = ReverbType::room, .decaySeconds = roundTo(std::clamp(song.beatSeconds, 0.4, 0.8), 0.05), .preDelayMs = 8.0, .earlyLevelDb = 0.0, .lowCutHz = kLowCutHz, .highCutHz = 7000.0}, 0.0));
    if (song.hasHall)
        returns.push_back(reverb("hall", "Hall", "A hall for what stands at the back: the song leaves it time. It starts at once, which tells the ear of distance, and it is darker than the plate.",
                                 {.type = ReverbType::hall, .decaySeconds = roundTo(std::clamp(4.0 * song.beatSeconds * (1.25 - 0.8 * song.flux), 1.4, 2.6), 0.05), .preDelayMs = 18.0, .trebleDecayRatio = 0.5, .lowCutHz = kLowCutHz,
                                  .highCutHz = 6000.0}, 0.0));
    if (song.hasEcho) {
        const bool dotted = song.tempoBpm < 135.0;
        const double ms = roundTo(1000.0 * song.beatSeconds * (dotted ? 0.75 : 1.0), 0.1);
        returns.push_back({.id = "echo", .name = "Echo", .text = std::string("A soft echo of the lead, a ") + (dotted ? "dotted eighth" : "quarter") + " at " + timed + ": it fills the ends of lines and steps back while the lead sounds.",
                           .effect = Delay::Params{.timeLeftMs = ms, .timeRightMs = ms, .feedback = 0.28, .lowCutHz = kLowCutHz, .highCutHz = 5000.0}, .filters = filters(5000.0), .delaySeconds = 0.001 * ms, .decaySeconds = 0.0,
                           .feedback = 0.28, .duckDb = tuning.duckEchoDb, .senders = {}, .feedSteps = {}, .loudness = {}, .duck = {}, .duckReduction = {}});
    }
    return returns;
}

// What an effect makes of frames that go in: energy is kept, later and spread over its decay. An echo repeats, weaker each time.
std::vector<double> rungOut(const std::vector<double>& in, const Return& to, double frameSeconds) {
    const int late = static_cast<int>(std::lround(to.delaySeconds / frameSeconds));
    std::vector<double> out(in.size());
    const double keep = to.decaySeconds > 0.0 ? std::pow(10.0, -6.0 * frameSeconds / to.decaySeconds) : 0.0;
    double ringing = 0.0;
    for (int f = 0; f < static_cast<int>(in.size()); ++f) {
        const double now = f >= late ? in[f - late] : 0.0;
        if (to.feedback > 0.0) {
            out[f] = f >= late ? now + to.feedback * to.feedback * out[f - late] : 0.0;
        } else {
            ringing = keep * ringing + (1.0 - keep) * now;
            out[f] = ringing;
        }
    }
    return out;
}

// What was recorded or made in stereo with sides of its own stands in a room already: a second one on top only blurs it.
bool bringsItsOwnSpace(const MixTrack& track, const SpaceTuning& tuning) {
    const StereoFacts& stereo = track.analysis->stereo;
    return track.track->info.channels == 2 && !stereo.dualMono && stereo.widthDb && *stereo.widthDb > tuning.ownSpaceWidthDb;
}

// Who sends where (a hall's go to the plate where there is no hall), and what comes out.
void fill(Return& to, const MixState& state, const Song& song, const SpaceTuning& tuning) {
    to.feedSteps.assign(static_cast<std::size_t>(state.grid.frames) * TrackSketch::kSteps, 0.0);
    std::vector<double> in(state.grid.frames);
    const BandGains gains = bandGains(to.filters);
    for (int i : state.byContent) {
        if (bringsItsOwnSpace(state.tracks[i], tuning)) continue;
        const std::map<std::string, double>& levels = state.tracks[i].profile->sendsDb;
        auto send = levels.find(to.id);
        if (send == levels.end() && to.id == "plate" && !song.hasHall) send = levels.find("hall");
        if (send == levels.end()) continue;
        to.senders.emplace_back(i, send->second);
        TrackSketch sent = state.tracks[i].sketch;
        sent.applyGain(send->second);
        const std::vector<double> all = sent.stepPower();
        sent.applyBands(gains);
        for (int f = 0; f < state.grid.frames; ++f)
            for (int band = 0; band < kErbBands; ++band) to.spectrum[band] += static_cast<double>(sent.at(f, band));
        const std::vector<double> filtered = sent.loudnessPower();
        for (std::size_t s = 0; s < all.size(); ++s) to.feedSteps[s] += 0.5 * all[s];   // of what stands in the middle either channel has half
        for (int f = 0; f < state.grid.frames; ++f) in[f] += filtered[f];
    }
    to.loudness = rungOut(in, to, state.grid.frameSeconds);
}

// A compressor on the return that hears what feeds it.
void decideDucking(Return& to, const MixState& state, double intensity, const SpaceTuning& tuning) {
    if (to.duckDb <= 0.0 || to.senders.empty()) return;
    const std::vector<double> levels = activeLevelsDb(framesOf(to.feedSteps));
    if (levels.size() < 20) return;
    const double loudDb = percentile(levels, 0.9), reductionDb = to.duckDb * std::min(1.0, intensity);
    const double resting = 1.0 - static_cast<double>(levels.size()) / state.grid.frames;
    if (loudDb - percentile(levels, 0.1) < tuning.leastDuckSpreadDb && resting < 0.1) return;
    Compressor::Params params{.ratio = 3.0, .kneeDb = 6.0, .attackMs = 15.0, .releaseMs = 220.0, .detector = DetectorKind::rms};
    const double stepSeconds = state.grid.frameSeconds / TrackSketch::kSteps;
    params.thresholdDb = thresholdFor(to.feedSteps, params, reductionDb, loudDb, stepSeconds);
    to.duckReduction = reductionOf(to.feedSteps, params, stepSeconds);
    const std::vector<double> gains = framesOf(compressionOverTime(to.feedSteps, params, stepSeconds));
    double before = 0.0, after = 0.0;
    for (std::size_t f = 0; f < to.loudness.size(); ++f) {
        before += to.loudness[f];
        after += to.loudness[f] *= gains[f];
    }
    for (double& power : to.spectrum) power *= before > 0.0 ? after / before : 1.0;
    to.duck = params;
}

struct Design {
    Song song;
    std::vector<Return> returns;            // those that anything feeds
    std::vector<double> wet;                // of all together, sends as the roles say
    double mixLufs = kSilentDb, wetLufs = kSilentDb, shiftDb = 0.0;
};

std::optional<Design> design(const MixState& state, double intensity, const SpaceTuning& tuning) {
    Design result;
    result.mixLufs = state.mixLoudnessLufs();
    if (intensity <= 0.0 || !std::isfinite(result.mixLufs)) return std::nullopt;
    result.song = songOf(state, tuning);
    result.wet.assign(state.grid.frames, 0.0);
    for (Return& each : returnsFor(result.song, tuning)) {
        fill(each, state, result.song, tuning);
        if (each.senders.empty()) continue;
        decideDucking(each, state, intensity, tuning);
        for (int f = 0; f < state.grid.frames; ++f) result.wet[f] += each.loudness[f];
        result.returns.push_back(std::move(each));
    }
    result.wetLufs = sketchLoudness(result.wet, state.grid.frameSeconds);
    if (!std::isfinite(result.wetLufs)) return std::nullopt;
    // Where only little is sent anywhere, the rest brings its own space: the returns follow what feeds them.
    std::set<int> senders;
    for (const Return& each : result.returns)
        for (const auto& [i, db] : each.senders) senders.insert(i);
    std::vector<double> dry(state.grid.frames);
    for (int i : senders) {
        const std::vector<double> power = state.tracks[i].sketch.loudnessPower();
        for (int f = 0; f < state.grid.frames; ++f) dry[f] += power[f];
    }
    const double littleLu = std::min(0.0, sketchLoudness(dry, state.grid.frameSeconds) - result.mixLufs + tuning.usualSendersUnderMixLu);
    const double wanted = result.mixLufs + littleLu + tuning.returnUnderMixLu + state.wishes.reverbLu + 3.0 * std::log2(std::clamp(intensity, 0.25, 2.0));
    result.shiftDb = std::clamp(wanted - result.wetLufs, -kMostCutDb, kMostLiftDb);
    return result;
}

std::string ruleOf(const Return& to) { return to.id == "echo" ? "mix.echo" : "mix.space"; }

BusPlan busOf(const Return& to, const Design& space, double frameSeconds) {
    BusPlan bus;
    bus.id = "return-" + to.id;
    bus.name = to.name;
    bus.kind = BusKind::effect;
    std::vector<Evidence> proof = {evidence("tempoBpm", space.song.tempoBpm, "bpm"),
                                   evidence("returnReMixPredicted", sketchLoudness(to.loudness, frameSeconds) + space.shiftDb - space.mixLufs, "LU",
                                            "all returns together " + fixed(space.wetLufs + space.shiftDb - space.mixLufs, 1) + ", usual -14"),
                                   evidence("spectralFlux", space.song.flux, "")};
    if (to.id == "plate" && space.song.snareSeconds > 0.0) proof.push_back(evidence("snareInterval", space.song.snareSeconds, "s"));
    bus.chain.push_back(makeStep(bus.id + (to.id == "echo" ? ".delay" : ".reverb"), to.effect, {.rule = ruleOf(to), .text = to.text + " Lows and extreme highs stay dry.", .evidence = std::move(proof), .confidence = 0.7}));
    if (to.duck) {
        Compressor::Params params = *to.duck;
        params.thresholdDb = std::clamp(roundDb(params.thresholdDb + space.shiftDb), -80.0, 0.0);
        Step step = makeStep(bus.id + ".duck", params,
                             {.rule = "mix.return-duck",
                              .text = "While what feeds it sounds, it is held back by " + fixed(to.duckReduction.meanDb, 1) + " dB on average; in the pauses it comes up: clear words, and still a space around them.",
                              .evidence = {evidence("reductionPredicted", to.duckReduction.meanDb, "dB", "on average while acting"), evidence("mostReductionPredicted", to.duckReduction.mostDb, "dB")},
                              .confidence = 0.7});
        step.key = bus.id;
        bus.chain.push_back(std::move(step));
    }
    bus.fader = makeStep(bus.id + ".fader", Gain::Params{}, {.rule = ruleOf(to), .text = "More or less of the whole " + to.id + ".", .evidence = {}});
    return bus;
}

}  // namespace

double spectralFlux(const TrackSketch& sum, const SketchGrid& grid) {
    // Frames of a long recording are longer; what changes between them is taken as spread evenly.
    const std::vector<double> power = sum.loudnessPower();
    std::vector<double> ascending = power;
    std::ranges::sort(ascending);
    const double median = percentile(ascending, 0.5);
    const BandGains& weights = loudnessWeights();
    double flux = 0.0;
    int frames = 0;
    for (int f = 1; f < sum.frames(); ++f) {
        if (!(power[f] >= median) || !(power[f] > 0.0)) continue;
        double rise = 0.0, all = 0.0;
        for (int band = 0; band < kErbBands; ++band) {
            const double now = std::sqrt(weights[band] * sum.at(f, band)), before = std::sqrt(weights[band] * sum.at(f - 1, band));
            rise += std::max(0.0, now - before);
            all += now;
        }
        flux += rise / all;
        ++frames;
    }
    return frames ? flux / frames * 0.05 / grid.frameSeconds : 0.0;
}

ReturnsForecast forecastReturns(const MixState& state, double intensity, const SpaceTuning& tuning) {
    ReturnsForecast result;
    result.loudnessPower.assign(state.grid.frames, 0.0);
    const std::optional<Design> space = design(state, intensity, tuning);
    if (!space) return result;
    std::vector<double> both = state.mixLoudnessPower();
    for (int f = 0; f < state.grid.frames; ++f) both[f] += result.loudnessPower[f] = space->wet[f] * dbToPower(space->shiftDb);
    for (const Return& each : space->returns)
        for (int band = 0; band < kErbBands; ++band) result.spectrum[band] += dbToPower(space->shiftDb) * each.spectrum[band] / state.grid.frames;
    result.reMixLu = space->wetLufs + space->shiftDb - space->mixLufs;
    result.addedLu = sketchLoudness(both, state.grid.frameSeconds) - space->mixLufs;
    return result;
}

void decideSpace(MixState& state, double intensity, const SpaceTuning& tuning) {
    const std::optional<Design> space = design(state, intensity, tuning);
    if (!space) return;
    for (const Return& to : space->returns) {
        BusPlan bus = busOf(to, *space, state.grid.frameSeconds);
        for (const auto& [i, db] : to.senders) {
            MixTrack& track = state.tracks[i];
            const double level = roundDb(db + space->shiftDb);
            track.plan.sends.push_back({bus.id, makeStep(track.track->id + ".to." + to.id, Gain::Params{.gainDb = level},
                                                         {.rule = ruleOf(to),
                                                          .text = to.id == "echo"           ? "Echoes at the ends of its lines, in time with the song."
                                                                  : track.isLeadVocal()     ? "Enough space to sit in the song, dry enough to stay in front."
                                                                                            : "Puts it into the same space as the others; further back the less it leads.",
                                                          .evidence = {evidence("sendDb", level, "dB", "usual for the role " + fixed(db, 0))},
                                                          .confidence = 0.7})});
        }
        state.buses.push_back(std::move(bus));
    }
}

}  // namespace tonewright
