#include <algorithm>
#include <map>
#include <set>

#include "core/error.h"
#include "core/text.h"
#include "render/mix_graph.h"

namespace tonewright {

namespace {

// Levels of dependency: tracks whose compressors hear others come after those.
std::vector<std::vector<int>> levelsOf(const std::vector<std::unique_ptr<TrackStream>>& tracks, const std::map<std::string, int>& indexOf) {
    std::vector<int> level(tracks.size(), -1);
    std::vector<std::vector<int>> levels;
    std::size_t placed = 0;
    while (placed < tracks.size()) {
        std::vector<int> now;
        for (std::size_t i = 0; i < tracks.size(); ++i) {
            if (level[i] >= 0) continue;
            bool ready = true;
            for (const Step& step : tracks[i]->plan().chain) {
                if (!step.enabled || step.key.empty()) continue;
                const auto heard = indexOf.find(step.key);
                ready = ready && (heard == indexOf.end() || level[heard->second] >= 0);
            }
            if (ready) now.push_back(static_cast<int>(i));
        }
        if (now.empty()) throw InputError("the plan's compressors listen to each other in a circle (keys); remove one of the keys");
        for (int i : now) level[i] = static_cast<int>(levels.size());
        placed += now.size();
        levels.push_back(std::move(now));
    }
    return levels;
}

}  // namespace

MixGraph::MixGraph(const Plan& plan, const std::filesystem::path& baseFolder, int blockFrames, const std::vector<Alternate>& alternates, WorkPool& pool)
    : plan_(plan), blockFrames_(blockFrames), pool_(pool), spec_{static_cast<double>(plan.sampleRateHz), kStereo}, split_(partsFor(plan, alternates)),
      directParts_(split_.count, blockFrames), mixParts_(split_.count, blockFrames), version_(kStereo, blockFrames),
      mixBus_(plan.mixBus, spec_, split_.count, blockFrames), mix_(kStereo, blockFrames), mixDry_(kStereo, blockFrames), mixDryPad_(kStereo, mixBus_.latencyFrames()) {
    openTracks(baseFolder);
    openBuses();
    align();
    openOutlets();
}

void MixGraph::openTracks(const std::filesystem::path& baseFolder) {
    keys_.spec = [this](const std::string& id) { return keyTrack(id).spec(); };
    keys_.latencyFrames = [this](const std::string& id) { return keyTrack(id).keyLatencyFrames(); };
    keys_.block = [this](const std::string& id) { return keyTrack(id).keyBlock(frames_); };
    // A keyed track asks for its key's latency when it is made, so keys come first.
    std::vector<const TrackPlan*> waiting;
    for (const TrackPlan& track : plan_.tracks)
        if (!track.muted()) waiting.push_back(&track);
    const std::size_t count = waiting.size();
    std::map<std::string, std::unique_ptr<TrackStream>> opened;
    opened_ = &opened;
    while (!waiting.empty()) {
        const auto ready = std::find_if(waiting.begin(), waiting.end(), [&](const TrackPlan* track) {
            return std::all_of(track->chain.begin(), track->chain.end(), [&](const Step& step) {
                return !step.enabled || step.key.empty() || opened.contains(step.key);
            });
        });
        if (ready == waiting.end())
            throw InputError("a compressor in the plan listens to a track that is muted, or two listen to each other; change its \"key\"");
        checkSource((*ready)->source, baseFolder, false);
        opened.emplace((*ready)->id, std::make_unique<TrackStream>(**ready, sourcePath((*ready)->source, baseFolder), plan_.sampleRateHz,
                                                                   blockFrames_, keys_));
        waiting.erase(ready);
    }
    tracks_.reserve(count);
    for (const TrackPlan& track : plan_.tracks) {  // the plan's order, so that sums are always made in the same order
        if (track.muted()) continue;
        indexOf_[track.id] = static_cast<int>(tracks_.size());
        partOf_.push_back(split_.ofTrack[&track - plan_.tracks.data()]);
        tracks_.push_back(std::move(opened.at(track.id)));
    }
    opened_ = nullptr;
    for (const auto& track : tracks_)
        for (const Step& step : track->plan().chain)
            if (step.enabled && !step.key.empty()) tracks_[indexOf_.at(step.key)]->keyWanted = true;
    levels_ = levelsOf(tracks_, indexOf_);
    for (const auto& track : tracks_) trackLatency_ = std::max(trackLatency_, track->latencyFrames());
}

TrackStream& MixGraph::keyTrack(const std::string& id) {
    if (opened_) return *opened_->at(id);
    return *tracks_[indexOf_.at(id)];
}

void MixGraph::openBuses() {
    // All tracks come in here late by the same time; a key is taken where it is still early.
    busKeys_ = keys_;
    busKeys_.latencyFrames = [this](const std::string& id) { return keyTrack(id).keyLatencyFrames() - trackLatency_; };
    for (const BusPlan& bus : plan_.buses) {
        for (const Step& step : bus.chain) {
            if (!step.enabled || step.key.empty() || step.key == bus.id) continue;
            if (!indexOf_.contains(step.key)) throw InputError("the step \"" + step.id + "\" in the plan listens to a track that is muted; change its \"key\"");
            tracks_[indexOf_.at(step.key)]->keyWanted = true;
        }
        buses_.push_back(std::make_unique<BusStream>(bus, spec_, blockFrames_, partsFeeding(bus), busKeys_));
    }
    for (std::size_t i = 0; i < tracks_.size(); ++i) {
        const TrackPlan& track = tracks_[i]->plan();
        bool direct = true;
        for (const auto& bus : buses_) {
            if (bus->plan->kind == BusKind::group && bus->plan->id == track.output) {
                bus->members.push_back(static_cast<int>(i));
                direct = false;
            }
            for (const Send& send : track.sends)
                if (send.to == bus->plan->id && send.level.enabled)
                    bus->senders.push_back(sender(static_cast<int>(i), send));
        }
        if (direct) direct_.push_back(static_cast<int>(i));
    }
}

std::vector<int> MixGraph::partsFeeding(const BusPlan& bus) const {
    std::set<int> parts;
    for (std::size_t i = 0; i < tracks_.size() && split_.count > 0; ++i) {
        const TrackPlan& track = tracks_[i]->plan();
        const bool sent = std::any_of(track.sends.begin(), track.sends.end(), [&](const Send& send) { return send.to == bus.id && send.level.enabled; });
        if (sent || track.output == bus.id) parts.insert(partOf_[i]);
    }
    return {parts.begin(), parts.end()};
}

BusStream::Sender MixGraph::sender(int track, const Send& send) const {
    BusStream::Sender sender{.track = track, .gain = dbToGain(std::get<Gain::Params>(send.level.params).gainDb), .ride = {}, .moved = BlockBuffer(kStereo, send.ride ? blockFrames_ : 0)};
    if (send.ride && send.ride->enabled) sender.ride.emplace(std::get<GainEnvelope::Params>(send.ride->params), spec_);
    return sender;
}

void MixGraph::align() {
    for (const auto& track : tracks_) track->padTo(trackLatency_);
    for (const auto& bus : buses_) busLatency_ = std::max(busLatency_, bus->latencyFrames());
    for (const auto& bus : buses_) bus->padTo(busLatency_);
    directSum_.emplace(kStereo, blockFrames_);
    directPad_.emplace(kStereo, busLatency_);
    directParts_.padTo(busLatency_);
}

void MixGraph::openOutlets() {
    const std::vector<StemInfo> stems = stemsOf(plan_);
    std::map<std::string, int> place;
    for (std::size_t i = 0; i < stems.size(); ++i) {
        place[stems[i].id] = static_cast<int>(i);
        const int latency = stems[i].kind == StemInfo::Kind::track ? trackLatency_
                            : stems[i].id == "mix"                 ? trackLatency_ + busLatency_ + mixBus_.latencyFrames()
                                                                   : trackLatency_ + busLatency_;
        outlets_.push_back(std::make_unique<Outlet>(latency, plan_.frames, spec_));
    }
    const auto placeOf = [&](const std::string& id) { return place.contains(id) ? place.at(id) : -1; };
    for (const auto& track : tracks_) trackStem_.push_back(placeOf(track->plan().id));
    for (const auto& bus : buses_) busStem_.push_back(placeOf(bus->plan->id));
    mixStem_ = placeOf("mix");
    const int mixLatency = trackLatency_ + busLatency_ + mixBus_.latencyFrames();
    mixOutlet_ = std::make_unique<Outlet>(mixLatency, plan_.frames, std::nullopt);
    for (std::size_t v = 0; v < split_.heard.size(); ++v) versionOutlets_.push_back(std::make_unique<Outlet>(mixLatency, plan_.frames, spec_));
}

}  // namespace tonewright
