#include "engineer/notes/request_changes.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "engineer/decision.h"

namespace tonewright {

namespace {

constexpr double kMutedDb = -120.0, kMostSendDb = 6.0, kMostReturnDb = 12.0;
constexpr double kLoudAboveDb = 10.0;  // how far the loud moments rise above a compressor's threshold

std::string dbWords(double db) { return (db > 0.0 ? "+" : "") + fixed(db, 1) + " dB"; }

// A share of what there is: "half as much".
double shareDb(const RequestWork& work) { return roundDb(20.0 * std::log10(std::max(0.06, 1.0 + work.sign() * std::min(work.request.number, 300.0) / 100.0))); }

double levelDb(const RequestWork& work) {
    const NoteTuning& t = work.tuning;
    if (work.request.amount == AmountKind::percent) return shareDb(work);
    return work.sign() * work.amount(t.levelLittleDb, t.levelUsualDb, t.levelLotDb, t.mostLevelDb);
}

double sendDb(const RequestWork& work) {
    const NoteTuning& t = work.tuning;
    if (work.request.amount == AmountKind::percent) return shareDb(work);
    return work.sign() * work.amount(t.sendLittleDb, t.sendUsualDb, t.sendLotDb, 12.0);
}

// A gain in some parts of the song alone.
GainEnvelope::Params envelope(const RequestWork& work, double gainDb, double ramp) {
    GainEnvelope::Params params;
    double last = 0.0;
    const auto point = [&](double seconds, double db) {
        last = std::max(last, roundTo(std::max(0.0, seconds), 0.01));
        params.points.push_back({last, db});
    };
    std::vector<std::pair<double, double>> spans = work.spans;
    std::ranges::sort(spans);
    for (const auto& [from, to] : spans) {
        if (from > 0.0) point(from - ramp, 0.0);
        point(from, gainDb);
        point(to, gainDb);
        point(to + ramp, 0.0);
    }
    return params;
}

ChangeResult changeLevel(RequestWork& work, TrackPlan& track, double db, double& soFarDb) {
    if (track.fader.locked || track.fader.origin == Origin::user) return {false, "its fader is yours and stays"};
    const double bounded = roundDb(std::clamp(soFarDb + db, -work.tuning.mostLevelDb, work.tuning.mostLevelDb) - soFarDb);
    if (bounded == 0.0) return {false, "its level is at the bound of " + fixed(work.tuning.mostLevelDb, 0) + " dB already"};
    const std::string words = "level " + dbWords(bounded) + (std::abs(bounded - db) > 0.05 ? " (the bound is " + fixed(work.tuning.mostLevelDb, 0) + " dB)" : "");
    if (work.spans.empty()) {
        soFarDb += bounded;
        track.chain.push_back(work.step(track.id, "level", Gain::Params{.gainDb = bounded}, words));
        return {true, words};
    }
    GainEnvelope::Params params = envelope(work, bounded, work.tuning.levelRampSeconds);
    track.chain.push_back(work.step(track.id, "level", std::move(params), words + " there"));
    return {true, words + " there"};
}

ChangeResult muteTrack(RequestWork& work, TrackPlan& track, const std::string& words) {
    if (!work.spans.empty()) {
        GainEnvelope::Params params = envelope(work, kMutedDb, work.tuning.muteRampSeconds);
        track.chain.push_back(work.step(track.id, "mute", std::move(params), words + " there"));
        return {true, words + " there"};
    }
    track.mute = work.step(track.id, "mute", Gain::Params{.gainDb = kMutedDb}, words);
    return {true, words};
}

ChangeResult changePan(RequestWork& work, TrackPlan& track) {
    if (track.pan.locked || track.pan.origin == Origin::user) return {false, "its place is yours and stays"};
    const NoteTuning& t = work.tuning;
    auto params = std::get<Panner::Params>(track.pan.params);
    const double before = params.position;
    const double side = work.request.direction == Direction::left ? -1.0 : 1.0;
    double place = work.request.amount == AmountKind::percent ? std::min(1.0, work.request.number / 100.0) : work.amount(t.panLittle, t.panUsual, t.panLot, 1.0);
    if (work.request.amount == AmountKind::decibels) return {false, "a place is not counted in decibels; say how many percent"};
    if (work.request.text.find("hard") != std::string::npos || work.request.text.find("all the way") != std::string::npos || work.request.text.find("fully") != std::string::npos) place = 1.0;
    if (work.request.direction == Direction::centre)
        params.position = 0.0;
    else if (work.request.amount == AmountKind::percent)
        params.position = side * place;
    else  // at least a step from where it stands
        params.position = side * std::min(1.0, std::max(place, side * before + t.panStep));
    params.position = roundTo(params.position, 0.05);
    if (params.position == before) return {false, "it stands there already"};
    Step step = work.step(track.id, "pan", params, "from " + fixed(100.0 * before, 0) + " to " + fixed(100.0 * params.position, 0) + " % (negative: left)");
    step.id = track.pan.id;
    step.because.insert(step.because.end(), track.pan.because.begin(), track.pan.because.end());
    track.pan = std::move(step);
    return {true, "stands at " + (params.position == 0.0 ? "the centre" : fixed(100.0 * std::abs(params.position), 0) + " % " + (params.position < 0.0 ? "left" : "right"))};
}

// Wider or narrower: the sides of a stereo track, or the places of mono tracks.
ChangeResult changeWidth(RequestWork& work, TrackPlan& track) {
    const NoteTuning& t = work.tuning;
    const bool off = work.request.direction == Direction::off;
    if (work.request.amount == AmountKind::decibels) return {false, "width is not counted in decibels here"};
    const double factor = off ? 0.0 : std::pow(work.amount(t.widthLittle, t.widthUsual, t.widthLot, 2.0), work.sign());
    if (track.source.usedChannels() == 2) {
        const double width = std::clamp(roundTo(factor, 0.05), 0.0, 2.0);
        track.chain.push_back(work.step(track.id, "width", StereoWidth::Params{.lowWidth = std::min(width, 1.0), .midWidth = width, .highWidth = width}, "sides times " + fixed(width, 2)));
        return {true, "sides times " + fixed(width, 2)};
    }
    if (off) return {true, "it is mono already"};
    if (track.pan.locked || track.pan.origin == Origin::user) return {false, "its place is yours and stays"};
    auto params = std::get<Panner::Params>(track.pan.params);
    const double before = params.position;
    if (before == 0.0) return {false, "it is one mono track in the centre, which has no width to change"};
    const double move = 0.15 * (work.request.amount == AmountKind::little ? 1.0 : work.request.amount == AmountKind::lot ? 4.0 : 2.0);
    const double distance = std::clamp(std::abs(before) + work.sign() * move, 0.0, 1.0);
    params.position = roundTo(std::copysign(distance, before), 0.05);
    if (params.position == before) return {false, "it stands at the side already"};
    Step step = work.step(track.id, "pan", params, "from " + fixed(100.0 * before, 0) + " to " + fixed(100.0 * params.position, 0) + " %");
    step.id = track.pan.id;
    step.because.insert(step.because.end(), track.pan.because.begin(), track.pan.because.end());
    track.pan = std::move(step);
    return {true, "from " + fixed(100.0 * std::abs(before), 0) + " to " + fixed(100.0 * std::abs(params.position), 0) + " % off the centre"};
}

bool feeds(const BusPlan& bus, Attribute attribute) {
    return bus.kind == BusKind::effect && std::ranges::any_of(bus.chain, [&](const Step& step) { return step.type() == (attribute == Attribute::delay ? "delay" : "reverb"); });
}

// A send's change is a ride on top of the level that the rules set: without the ride, that level is back. Where the rules ride
// it already, their ride moves as a whole; false: not in one part of the song then.
bool rideSend(const RequestWork& work, const TrackPlan& track, Send& send, double db, const std::string& returnName) {
    const std::string does = "send to " + returnName + " " + (db <= kMutedDb ? "off" : dbWords(db));
    if (!send.ride) {
        GainEnvelope::Params params = work.spans.empty() ? GainEnvelope::Params{{{0.0, db}}} : envelope(work, db, work.tuning.levelRampSeconds);
        send.ride = work.step(track.id, "send-" + send.to, std::move(params), does);
        return true;
    }
    if (!work.spans.empty() || send.ride->locked || send.ride->origin == Origin::user) return false;
    auto params = std::get<GainEnvelope::Params>(send.ride->params);
    for (GainEnvelope::Point& point : params.points) point.gainDb = std::max(kMutedDb, point.gainDb + db);
    send.ride->params = std::move(params);
    send.ride->because.insert(send.ride->because.begin(), work.step(track.id, "send", Gain::Params{}, does).because.front());
    return true;
}

ChangeResult changeSends(RequestWork& work, TrackPlan& track, Attribute attribute, double db) {
    const std::string effect = attribute == Attribute::delay ? "delay" : "reverb";
    const BusPlan* bus = nullptr;
    std::string words;
    bool found = false, locked = false;
    for (const BusPlan& each : work.plan.buses) {
        if (!feeds(each, attribute)) continue;
        if (!bus || each.id == "return-plate") bus = &each;
        for (Send& send : track.sends) {
            if (send.to != each.id) continue;
            found = true;
            if (send.level.locked || send.level.origin == Origin::user) {
                locked = true;
                continue;
            }
            const double before = std::get<Gain::Params>(send.level.params).gainDb;
            const double change = db <= kMutedDb ? kMutedDb : roundDb(std::clamp(before + db, kMutedDb, kMostSendDb) - before);
            if (rideSend(work, track, send, change, each.name)) words = db <= kMutedDb ? "no " + effect : effect + " " + dbWords(change) + (work.spans.empty() ? "" : " there");
        }
    }
    if (found && !words.empty()) return {true, words};
    if (locked) return {false, "its send is yours and stays"};
    if (found) return {false, "its send is ridden already; not in one part of the song alone"};
    if (db <= 0.0) return {false, "there is no " + effect + " of ours on it: nothing to take away"};
    if (!bus) return {false, "this mix has no " + effect + " to send to"};
    if (!work.spans.empty()) return {false, "there is no " + effect + " of ours on it that could rise there"};
    track.sends.push_back({bus->id, work.step(track.id, "send", Gain::Params{.gainDb = work.tuning.newSendDb}, "a send to " + bus->name + " at " + fixed(work.tuning.newSendDb, 0) + " dB"), {}});
    return {true, "sent to " + bus->name + " at " + fixed(work.tuning.newSendDb, 0) + " dB"};
}

ChangeResult changeCompression(RequestWork& work, TrackPlan& track) {
    const NoteTuning& t = work.tuning;
    const double amount = work.amount(t.thresholdLittleDb, t.thresholdUsualDb, t.thresholdLotDb, 8.0);
    const auto found = std::ranges::find_if(track.chain, [](const Step& step) { return step.type() == "compressor" && step.enabled && step.key.empty(); });
    if (work.sign() <= 0) {
        if (found == track.chain.end()) return {false, "there is no compressor of ours on it: nothing to take away"};
        if (found->locked || found->origin == Origin::user) return {false, "its compressor is yours and stays"};
        auto params = std::get<Compressor::Params>(found->params);
        if (work.request.direction == Direction::off) {
            params.ratio = 1.0;
            params.makeupGainDb = 0.0;
        } else {
            params.thresholdDb = std::min(12.0, roundDb(params.thresholdDb + amount));
            params.makeupGainDb = roundDb(std::max(0.0, params.makeupGainDb - 0.5 * amount));
        }
        Step step = work.step(track.id, "compress", params, work.request.direction == Direction::off ? "no compression" : "threshold " + dbWords(amount));
        step.id = found->id;
        step.because.insert(step.because.end(), found->because.begin(), found->because.end());
        *found = std::move(step);
        return {true, work.request.direction == Direction::off ? "no compression" : "compressor's threshold " + dbWords(amount)};
    }
    if (found != track.chain.end()) {
        if (found->locked || found->origin == Origin::user) return {false, "its compressor is yours and stays"};
        // A second one where the first lets go: as much more reduction of what is loud as a lower threshold would give.
        const auto& first = std::get<Compressor::Params>(found->params);
        Compressor::Params params = first;
        const double moreDb = amount * (1.0 - 1.0 / first.ratio);
        params.thresholdDb = std::clamp(roundDb(first.thresholdDb + first.makeupGainDb), -80.0, 12.0);
        params.ratio = roundTo(1.0 / (1.0 - std::clamp(moreDb * first.ratio / kLoudAboveDb, 0.15, 0.75)), 0.1);
        params.makeupGainDb = roundDb(0.5 * moreDb);
        const std::string words = "one more compressor, " + fixed(params.ratio, 1) + ":1 above " + fixed(params.thresholdDb, 1) + " dB";
        track.chain.insert(found + 1, work.step(track.id, "compress", params, words));
        return {true, words};
    }
    double rms = -200.0;
    for (std::size_t i = 0; i < work.context.session.tracks.size() && i < work.context.analyses.size(); ++i)
        if (work.context.session.tracks[i].id == track.id) rms = work.context.analyses[i].dynamics.rmsDbfs;
    if (!std::isfinite(rms) || rms < -70.0) return {false, "it is too quiet to compress"};
    // Where the loud moments are, a few dB over the mean level.
    const Compressor::Params params{.thresholdDb = std::clamp(roundDb(rms + 6.0 - amount), -80.0, 0.0), .ratio = 3.0, .attackMs = 12.0, .releaseMs = 150.0, .makeupGainDb = roundDb(0.4 * amount)};
    track.chain.push_back(work.step(track.id, "compress", params, "compressor, 3:1 above " + fixed(params.thresholdDb, 1) + " dB"));
    return {true, "a compressor, 3:1 above " + fixed(params.thresholdDb, 1) + " dB"};
}

ChangeResult changeSaturation(RequestWork& work, TrackPlan& track) {
    const NoteTuning& t = work.tuning;
    if (work.sign() <= 0) {
        const auto found = std::ranges::find_if(track.chain, [](const Step& step) { return step.type() == "saturator" && step.enabled; });
        if (found == track.chain.end()) return {false, "there is no saturation of ours on it, and what was recorded distorted stays so"};
        if (found->locked || found->origin == Origin::user) return {false, "its saturator is yours and stays"};
        auto params = std::get<SaturatorParams>(found->params);
        params.mix = work.request.direction == Direction::off ? 0.0 : roundTo(0.5 * params.mix, 0.05);
        found->params = params;
        found->because.insert(found->because.begin(), work.step(track.id, "saturate", params, "share " + fixed(params.mix, 2)).because.front());
        return {true, "saturation's share " + fixed(100.0 * params.mix, 0) + " %"};
    }
    double rms = -24.0;
    for (std::size_t i = 0; i < work.context.session.tracks.size() && i < work.context.analyses.size(); ++i)
        if (work.context.session.tracks[i].id == track.id) rms = work.context.analyses[i].dynamics.rmsDbfs;
    const double reach = std::isfinite(rms) ? std::clamp(-18.0 - rms, -12.0, 14.0) : 0.0;  // the curve bends near full scale
    const double drive = std::clamp(roundDb(reach + work.amount(t.driveLittleDb, t.driveUsualDb, t.driveLotDb, 12.0)), -12.0, 24.0);
    track.chain.push_back(work.step(track.id, "saturate", SaturatorParams{.kind = SaturatorKind::tube, .driveDb = drive, .mix = 0.6}, "tube saturation, drive " + dbWords(drive)));
    return {true, "tube saturation, drive " + dbWords(drive)};
}

void shapeTransients(RequestWork& work, TrackPlan& track, double attackDb, double sustainDb, const std::string& words) {
    track.chain.push_back(work.step(track.id, "transients", TransientShaper::Params{.attackDb = attackDb, .sustainDb = sustainDb}, words));
}

void equalize(RequestWork& work, TrackPlan& track, std::vector<EqualizerBand> bands, const std::string& words) {
    track.chain.push_back(work.step(track.id, "tone", Equalizer::Params{std::move(bands)}, words));
}

double toneDb(const RequestWork& work) {
    const NoteTuning& t = work.tuning;
    return work.sign() * work.amount(t.toneLittleDb, t.toneUsualDb, t.toneLotDb, t.mostToneDb);
}

}  // namespace

ChangeResult changeTrack(RequestWork& work, TrackPlan& track, double& levelSoFarDb) {
    const NoteTuning& t = work.tuning;
    const Attribute attribute = work.request.attribute;
    if (attribute == Attribute::level) return changeLevel(work, track, levelDb(work), levelSoFarDb);
    if (attribute == Attribute::mute) return muteTrack(work, track, "silent");
    if (attribute == Attribute::distance || attribute == Attribute::energy || attribute == Attribute::size) {
        // Nearer is louder, more present and drier; more energy is louder and harder; bigger is louder and fuller.
        const double db = work.sign() * work.amount(0.7, 1.0, 2.0, 4.0);
        ChangeResult level = changeLevel(work, track, db, levelSoFarDb);
        if (!level.done || !work.spans.empty()) return level;
        if (attribute == Attribute::distance) {
            equalize(work, track, toneBands(Attribute::presence, 1.5 * db, track.role), "presence " + dbWords(1.5 * db));
            const ChangeResult sends = changeSends(work, track, Attribute::reverb, -1.5 * db);
            return {true, level.words + ", presence " + dbWords(1.5 * db) + (sends.done ? ", " + sends.words : "")};
        }
        if (attribute == Attribute::size) {
            equalize(work, track, toneBands(Attribute::body, 1.5 * db, track.role), "body " + dbWords(1.5 * db));
            return {true, level.words + ", body " + dbWords(1.5 * db)};
        }
        shapeTransients(work, track, roundDb(2.0 * db), 0.0, "attacks " + dbWords(2.0 * db));
        return {true, level.words + ", attacks " + dbWords(2.0 * db)};
    }
    if (attribute == Attribute::reverb || attribute == Attribute::delay)
        return changeSends(work, track, attribute, work.request.direction == Direction::off ? kMutedDb : sendDb(work));
    if (!work.spans.empty()) return {false, "only level, reverb, delay and mute can change within the song so far"};
    if (attribute == Attribute::pan) return changePan(work, track);
    if (attribute == Attribute::width) return changeWidth(work, track);
    if (attribute == Attribute::compression) return changeCompression(work, track);
    if (attribute == Attribute::saturation) return changeSaturation(work, track);
    if (attribute == Attribute::sibilance && work.sign() < 0) {
        const double range = work.amount(3.0, 5.0, 8.0, 12.0);
        track.chain.push_back(work.step(track.id, "de-ess", DeEsser::Params{.frequencyHz = 5500.0, .thresholdDb = -10.0, .rangeDb = range}, "de-esser, at most " + fixed(range, 1) + " dB"));
        return {true, "a de-esser, at most " + fixed(range, 1) + " dB"};
    }
    const double transientDb = work.sign() * work.amount(t.transientLittleDb, t.transientUsualDb, t.transientLotDb, 8.0);
    if (attribute == Attribute::punch) {
        shapeTransients(work, track, transientDb, 0.0, "attacks " + dbWords(transientDb));
        return {true, "attacks " + dbWords(transientDb)};
    }
    if (attribute == Attribute::tightness || attribute == Attribute::sustain) {
        const double sustainDb = attribute == Attribute::tightness ? -transientDb : transientDb;
        shapeTransients(work, track, 0.0, sustainDb, "what rings after each hit " + dbWords(sustainDb));
        return {true, "what rings after each hit " + dbWords(sustainDb)};
    }
    const std::vector<EqualizerBand> bands = toneBands(attribute, toneDb(work), track.role);
    if (bands.empty()) return {false, "I cannot change the " + std::string(kAttributeNames[static_cast<std::size_t>(attribute)]) + " of a track"};
    const std::string words = describe(Step{.id = {}, .params = Equalizer::Params{bands}});
    equalize(work, track, bands, words);
    return {true, words};
}

ChangeResult changeMix(RequestWork& work) {
    const Attribute attribute = work.request.attribute;
    const auto put = [&](const std::string& what, StepParams params, const std::string& words) {
        work.plan.mixBus.push_back(work.step("mix", what, std::move(params), words));
        return ChangeResult{true, words};
    };
    if (attribute == Attribute::level || attribute == Attribute::energy || attribute == Attribute::size) {
        const double db = attribute == Attribute::level ? std::clamp(levelDb(work), -12.0, 12.0) : work.sign() * work.amount(0.7, 1.0, 2.0, 4.0);
        if (!work.spans.empty()) {
            GainEnvelope::Params params = envelope(work, db, work.tuning.levelRampSeconds);
            return put("level", std::move(params), "level " + dbWords(db) + " there");
        }
        if (attribute == Attribute::level) {
            put("level", Gain::Params{.gainDb = db}, "level " + dbWords(db));
            return {true, "mix " + dbWords(db) + "; how loud the master is, --loudness says"};
        }
        if (attribute == Attribute::size) return put("tone", Equalizer::Params{toneBands(Attribute::body, db, "mix")}, "body " + dbWords(db));
        return put("transients", TransientShaper::Params{.attackDb = roundDb(1.5 * db), .sustainDb = 0.0}, "attacks " + dbWords(1.5 * db));
    }
    if (!work.spans.empty()) return {false, "only level and mute can change within the song so far"};
    if (attribute == Attribute::width) {
        const NoteTuning& t = work.tuning;
        if (work.request.amount == AmountKind::decibels) return {false, "width is not counted in decibels here"};
        const double factor = work.request.direction == Direction::off ? 0.0 : roundTo(std::pow(work.amount(t.widthLittle, t.widthUsual, t.widthLot, 2.0), work.sign()), 0.05);
        return put("width", StereoWidth::Params{.lowWidth = std::min(1.0, factor), .midWidth = factor, .highWidth = factor}, "sides times " + fixed(factor, 2));
    }
    if (attribute == Attribute::punch || attribute == Attribute::tightness) {
        const double db = work.sign() * work.amount(1.0, 2.0, 3.0, 4.0);
        return attribute == Attribute::punch ? put("transients", TransientShaper::Params{.attackDb = db, .sustainDb = 0.0}, "attacks " + dbWords(db))
                                             : put("transients", TransientShaper::Params{.attackDb = 0.0, .sustainDb = -db}, "what rings after each hit " + dbWords(-db));
    }
    if (attribute == Attribute::reverb || attribute == Attribute::delay) {
        std::string names;
        for (BusPlan& bus : work.plan.buses) {
            if (!feeds(bus, attribute) || bus.fader.locked || bus.fader.origin == Origin::user) continue;
            const double before = std::get<Gain::Params>(bus.fader.params).gainDb;
            const double change = work.request.direction == Direction::off ? kMutedDb : roundDb(std::min(before + sendDb(work), kMostReturnDb) - before);
            bus.chain.push_back(work.step(bus.id, "level", Gain::Params{.gainDb = change}, "return " + dbWords(change)));
            names += (names.empty() ? "" : " and ") + bus.name + " " + (change <= kMutedDb ? "off" : dbWords(change));
        }
        return names.empty() ? ChangeResult{false, "this mix has none that could be changed"} : ChangeResult{true, names};
    }
    const double db = work.sign() * work.amount(0.7, 1.5, 3.0, 4.0);
    const std::vector<EqualizerBand> bands = toneBands(attribute, db, "mix");
    if (bands.empty()) return {false, "I cannot do that to the whole mix; name the tracks"};
    return put("tone", Equalizer::Params{bands}, describe(Step{.id = {}, .params = Equalizer::Params{bands}}));
}

}  // namespace tonewright
