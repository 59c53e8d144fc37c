#include "render/mix_renderer.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>

#include "analysis/loudness_meter.h"
#include "audiofile/audio_reader.h"
#include "audiofile/resampler.h"
#include "core/content_hash.h"
#include "core/error.h"
#include "core/text.h"
#include "render/pad_delay.h"
#include "render/part_blocks.h"
#include "render/split_chain.h"

namespace tonewright {

namespace {

constexpr int kStereo = 2;

bool changesSomething(const BusPlan& bus) {
    const auto on = [](const Step& step) { return step.enabled; };
    return std::any_of(bus.chain.begin(), bus.chain.end(), on) || (bus.fader.enabled && std::get<Gain::Params>(bus.fader.params).gainDb != 0.0);
}

bool anyEnabled(const std::vector<Step>& chain) {
    return std::any_of(chain.begin(), chain.end(), [](const Step& step) { return step.enabled; });
}

void add(Block to, ConstBlock from) {
    for (int c = 0; c < to.numChannels; ++c)
        for (int n = 0; n < to.numFrames; ++n) to.channels[c][n] += from.channels[c][n];
}

void addScaled(Block to, ConstBlock from, float gain) {
    for (int c = 0; c < to.numChannels; ++c)
        for (int n = 0; n < to.numFrames; ++n) to.channels[c][n] += gain * from.channels[c][n];
}

void copy(Block to, ConstBlock from) {
    for (int c = 0; c < to.numChannels; ++c) std::copy_n(from.channels[c], to.numFrames, to.channels[c]);
}

// Hands a stream over from `latencyFrames` on and never beyond `frames`, measuring what passes.
class Outlet {
public:
    Outlet(std::int64_t latencyFrames, std::int64_t frames, std::optional<StreamSpec> measured)
        : drop_(latencyFrames), left_(frames) {
        if (measured) meter_.emplace(*measured);
    }

    void pass(ConstBlock block, const std::function<void(ConstBlock)>& sink) {
        const int skipped = static_cast<int>(std::min<std::int64_t>(drop_, block.numFrames));
        drop_ -= skipped;
        const int length = static_cast<int>(std::min<std::int64_t>(left_, block.numFrames - skipped));
        if (length <= 0) return;
        left_ -= length;
        const float* pointers[kStereo] = {block.channels[0] + skipped, block.channels[1] + skipped};
        const ConstBlock kept(pointers, kStereo, length);
        if (meter_) meter_->add(kept);
        if (sink) sink(kept);
    }

    LoudnessFacts loudness() { return meter_ ? toFacts(meter_->result()) : LoudnessFacts{}; }

private:
    std::int64_t drop_, left_;
    std::optional<LoudnessMeter> meter_;
};

// A recording on its way to its fader.
class TrackStream {
public:
    TrackStream(const TrackPlan& plan, const std::filesystem::path& file, int sampleRateHz, int blockFrames, const Chain::Keys& keys)
        : plan_(&plan),
          reader_(atRate(openAudio(file), sampleRateHz)),
          spec_{static_cast<double>(sampleRateHz), reader_->info().channels},
          input_(spec_.channels, blockFrames),
          output_(kStereo, blockFrames),
          chain_(plan.chain, spec_, &keys),
          fader_({&plan.fader, 1}, spec_),
          pan_({&plan.pan, 1}, {spec_.sampleRateHz, kStereo}),
          toWait_(plan.startFrame) {}

    const TrackPlan& plan() const { return *plan_; }
    const StreamSpec& spec() const { return spec_; }
    int latencyFrames() const { return chain_.latencyFrames() + fader_.latencyFrames() + pan_.latencyFrames(); }
    int keyLatencyFrames() const { return chain_.latencyFrames(); }
    void padTo(int latencyFrames) { pad_.emplace(kStereo, latencyFrames - this->latencyFrames()); }

    // The next frames: post-chain in keyBlock(), post-fader and panned in output().
    void advance(int frames) {
        read(frames);
        const Block block = input_.block(frames);
        chain_.process(block);
        if (keyWanted) {
            if (!key_) key_.emplace(spec_.channels, input_.maxFrames());
            copy(key_->block(frames), block);
        }
        fader_.process(block);
        for (int c = 0; c < kStereo; ++c) std::copy_n(input_.channel(std::min(c, spec_.channels - 1)), frames, output_.channel(c));
        pan_.process(output_.block(frames));
        pad_->process(output_.block(frames));
    }

    ConstBlock keyBlock(int frames) { return key_->block(frames); }
    Block output(int frames) { return output_.block(frames); }
    std::int64_t nonFiniteSamples() const { return reader_->nonFiniteSamples(); }
    std::vector<StepWork> work() const { return chain_.work(); }

    bool keyWanted = false;

private:
    void read(int frames) {
        int filled = static_cast<int>(std::min<std::int64_t>(toWait_, frames));
        toWait_ -= filled;
        for (int c = 0; c < spec_.channels; ++c) std::fill_n(input_.channel(c), filled, 0.0f);
        if (filled < frames && reader_->position() < reader_->info().frames) {
            std::vector<float*> pointers(spec_.channels);
            for (int c = 0; c < spec_.channels; ++c) pointers[c] = input_.channel(c) + filled;
            filled += reader_->read({pointers.data(), spec_.channels, frames - filled});
        }
        for (int c = 0; c < spec_.channels; ++c) std::fill(input_.channel(c) + filled, input_.channel(c) + frames, 0.0f);
    }

    const TrackPlan* plan_;
    std::unique_ptr<AudioReader> reader_;
    StreamSpec spec_;
    BlockBuffer input_, output_;
    std::optional<BlockBuffer> key_;
    Chain chain_, fader_, pan_;
    std::optional<PadDelay> pad_;
    std::int64_t toWait_;
};

// A group or a return: its members' sum through its chain and fader.
struct BusStream {
    // partsFed: the parts that feed it, in ascending order. ofTracks: what its keyed steps may hear beside its own input, with the
    // latencies that they have for what comes in here.
    BusStream(const BusPlan& p, StreamSpec spec, int blockFrames, std::vector<int> partsFed, const Chain::Keys& ofTracks)
        : plan(&p), partIds(std::move(partsFed)), parts(partIds.size() > 1 ? static_cast<int>(partIds.size()) : 0, blockFrames),
          input(hearsItself(p) ? kStereo : 0, blockFrames), keys(keysFor(ofTracks, spec)),
          chain(p.chain, spec, parts.count(), blockFrames, &keys), fader({&p.fader, 1}, spec, parts.count(), blockFrames), sum(kStereo, blockFrames), dry(kStereo, blockFrames) {}
    BusStream(const BusStream&) = delete;
    BusStream& operator=(const BusStream&) = delete;

    static bool hearsItself(const BusPlan& bus) {
        return std::any_of(bus.chain.begin(), bus.chain.end(), [&](const Step& step) { return step.enabled && step.key == bus.id; });
    }
    Chain::Keys keysFor(const Chain::Keys& ofTracks, const StreamSpec& spec) {
        return {.spec = [this, &ofTracks, spec](const std::string& id) { return id == plan->id ? spec : ofTracks.spec(id); },
                .latencyFrames = [this, &ofTracks](const std::string& id) { return id == plan->id ? 0 : ofTracks.latencyFrames(id); },
                .block = [this, &ofTracks](const std::string& id) { return id == plan->id ? ConstBlock(input.block(inputFrames)) : ofTracks.block(id); }};
    }
    // What came in, for steps that hear it after others have changed it.
    void keepInput(int n) {
        inputFrames = n;
        if (input.numChannels() > 0) copy(input.block(n), sum.block(n));
    }

    int latencyFrames() const { return chain.latencyFrames() + fader.latencyFrames(); }
    void padTo(int latencyFrames) {
        pad.emplace(kStereo, latencyFrames - this->latencyFrames());
        parts.padTo(latencyFrames - this->latencyFrames());
        dryPad.emplace(kStereo, latencyFrames);
    }
    int placeOf(int part) const { return static_cast<int>(std::find(partIds.begin(), partIds.end(), part) - partIds.begin()); }
    // What of the sum is this one of partIds: all of it where there is no other.
    Block part(int place, int frames) { return parts.empty() ? sum.block(frames) : parts.block(place, frames); }

    const BusPlan* plan;
    std::vector<int> partIds;
    PartBlocks parts;      // empty where only one feeds it
    BlockBuffer input;     // no channels where nothing listens to it
    int inputFrames = 0;
    Chain::Keys keys;      // before the chain, which holds on to them
    SplitChain chain, fader;
    BlockBuffer sum, dry;  // dry: what came in, as late as what goes out
    std::optional<PadDelay> pad, dryPad;
    std::vector<int> members;                     // groups: track indices
    struct Sender {
        int track = 0;
        double gain = 1.0;
        std::optional<GainEnvelope> ride;
        BlockBuffer moved;                        // what the ride makes of the track; empty without one
    };
    std::vector<Sender> senders;                  // returns
    bool measuredAsChange = false;
};

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

// The graph of a mix and one pass through it.
class MixGraph {
public:
    MixGraph(const Plan& plan, const std::filesystem::path& baseFolder, int blockFrames, const std::vector<Alternate>& alternates, WorkPool& pool)
        : plan_(plan), blockFrames_(blockFrames), pool_(pool), spec_{static_cast<double>(plan.sampleRateHz), kStereo}, split_(partsFor(plan, alternates)),
          directParts_(split_.count, blockFrames), mixParts_(split_.count, blockFrames), version_(kStereo, blockFrames),
          mixBus_(plan.mixBus, spec_, split_.count, blockFrames), mix_(kStereo, blockFrames), mixDry_(kStereo, blockFrames), mixDryPad_(kStereo, mixBus_.latencyFrames()) {
        openTracks(baseFolder);
        openBuses();
        align();
        openOutlets();
    }

    MixMeasurements run(const MixOutputs& outputs, Progress& progress) {
        const std::int64_t end = plan_.frames + trackLatency_ + busLatency_ + mixBus_.latencyFrames();
        int pending = 0;  // frames whose buses are done and whose sum is not
        for (std::int64_t start = 0; start < end; start += blockFrames_) {
            progress.throwIfCancelled();
            const int frames = static_cast<int>(std::min<std::int64_t>(blockFrames_, end - start));
            frames_ = frames;
            advanceTracks(frames, pending, outputs);
            pool_.forEach(static_cast<int>(buses_.size()) + 1, [&](int i) {
                if (i < static_cast<int>(buses_.size()))
                    advanceBus(*buses_[i], i, frames, outputs);
                else
                    advanceDirect(frames);
            });
            pending = frames;
            progress.advance(std::min<std::int64_t>(frames, std::max<std::int64_t>(0, plan_.frames - start)));
        }
        if (pending > 0) sumUp(pending, outputs);
        return measurements();
    }

private:
    void openTracks(const std::filesystem::path& baseFolder) {
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

    TrackStream& keyTrack(const std::string& id) {
        if (opened_) return *opened_->at(id);
        return *tracks_[indexOf_.at(id)];
    }

    void openBuses() {
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

    std::vector<int> partsFeeding(const BusPlan& bus) const {
        std::set<int> parts;
        for (std::size_t i = 0; i < tracks_.size() && split_.count > 0; ++i) {
            const TrackPlan& track = tracks_[i]->plan();
            const bool sent = std::any_of(track.sends.begin(), track.sends.end(), [&](const Send& send) { return send.to == bus.id && send.level.enabled; });
            if (sent || track.output == bus.id) parts.insert(partOf_[i]);
        }
        return {parts.begin(), parts.end()};
    }

    // The tracks' latency, some milliseconds, is nothing to the times of a ride.
    BusStream::Sender sender(int track, const Send& send) const {
        BusStream::Sender sender{.track = track, .gain = dbToGain(std::get<Gain::Params>(send.level.params).gainDb), .ride = {}, .moved = BlockBuffer(kStereo, send.ride ? blockFrames_ : 0)};
        if (send.ride && send.ride->enabled) sender.ride.emplace(std::get<GainEnvelope::Params>(send.ride->params), spec_);
        return sender;
    }

    void align() {
        for (const auto& track : tracks_) track->padTo(trackLatency_);
        for (const auto& bus : buses_) busLatency_ = std::max(busLatency_, bus->latencyFrames());
        for (const auto& bus : buses_) bus->padTo(busLatency_);
        directSum_.emplace(kStereo, blockFrames_);
        directPad_.emplace(kStereo, busLatency_);
        directParts_.padTo(busLatency_);
    }

    void openOutlets() {
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

    void passStem(int stem, ConstBlock block, const MixOutputs& outputs) {
        if (stem < 0) return;
        outlets_[stem]->pass(block, outputs.stem ? [&](ConstBlock kept) { outputs.stem(stem, kept); } : std::function<void(ConstBlock)>{});
    }

    // All tracks, and beside them the sum of the block before: the two do not touch each other's buffers.
    void advanceTracks(int frames, int pending, const MixOutputs& outputs) {
        for (std::size_t l = 0; l < levels_.size(); ++l) {
            const std::vector<int>& level = levels_[l];
            const bool withSum = l == 0 && pending > 0;
            pool_.forEach(static_cast<int>(level.size()) + (withSum ? 1 : 0), [&](int task) {
                if (withSum && task == 0) {
                    sumUp(pending, outputs);
                    return;
                }
                const int i = level[task - (withSum ? 1 : 0)];
                tracks_[i]->advance(frames);
                passStem(trackStem_[i], tracks_[i]->output(frames), outputs);
            });
        }
    }

    void advanceBus(BusStream& bus, int index, int frames, const MixOutputs& outputs) {
        const Block sum = bus.sum.block(frames);
        bus.sum.clear();
        bus.parts.clear();
        for (int i : bus.members) {
            add(sum, tracks_[i]->output(frames));
            if (!bus.parts.empty()) add(bus.parts.block(bus.placeOf(partOf_[i]), frames), tracks_[i]->output(frames));
        }
        for (BusStream::Sender& sender : bus.senders) {
            Block from = tracks_[sender.track]->output(frames);
            if (sender.ride) {
                const Block moved = sender.moved.block(frames);
                copy(moved, from);
                sender.ride->process(moved);
                from = moved;
            }
            addScaled(sum, from, static_cast<float>(sender.gain));
            if (!bus.parts.empty()) addScaled(bus.parts.block(bus.placeOf(partOf_[sender.track]), frames), from, static_cast<float>(sender.gain));
        }
        const bool isChange = bus.plan->kind == BusKind::group;
        const Block dry = bus.dry.block(frames);
        if (isChange && busStem_[index] >= 0) copy(dry, sum);
        bus.keepInput(frames);
        const std::span<const Block> parts = bus.parts.blocks(frames);
        bus.chain.process(sum, parts);
        bus.fader.process(sum, parts);
        bus.pad->process(sum);
        bus.parts.pad(frames);
        if (busStem_[index] < 0) return;
        if (isChange) {
            bus.dryPad->process(dry);
            for (int c = 0; c < kStereo; ++c)
                for (int n = 0; n < frames; ++n) dry.channels[c][n] = sum.channels[c][n] - dry.channels[c][n];
            passStem(busStem_[index], dry, outputs);
        } else {
            passStem(busStem_[index], sum, outputs);
        }
    }

    void advanceDirect(int frames) {
        const Block sum = directSum_->block(frames);
        directSum_->clear();
        directParts_.clear();
        for (int i : direct_) {
            add(sum, tracks_[i]->output(frames));
            if (!directParts_.empty()) add(directParts_.block(partOf_[i], frames), tracks_[i]->output(frames));
        }
        directPad_->process(sum);
        directParts_.pad(frames);
    }

    void sumUp(int frames, const MixOutputs& outputs) {
        const Block mix = mix_.block(frames);
        copy(mix, directSum_->block(frames));
        for (const auto& bus : buses_) add(mix, bus->sum.block(frames));
        if (mixStem_ >= 0) {
            copy(mixDry_.block(frames), mix);
            mixDryPad_.process(mixDry_.block(frames));
        }
        for (int p = 0; p < split_.count; ++p) {
            copy(mixParts_.block(p, frames), directParts_.block(p, frames));
            for (const auto& bus : buses_)
                if (const int place = bus->placeOf(p); place < static_cast<int>(bus->partIds.size())) add(mixParts_.block(p, frames), bus->part(place, frames));
        }
        mixBus_.process(mix, mixParts_.blocks(frames));
        mixOutlet_->pass(mix, outputs.mix);
        passVersions(frames, outputs);
        if (mixStem_ >= 0) {
            const Block change = mixDry_.block(frames);
            for (int c = 0; c < kStereo; ++c)
                for (int n = 0; n < frames; ++n) change.channels[c][n] = mix.channels[c][n] - change.channels[c][n];
            passStem(mixStem_, change, outputs);
        }
    }

    void passVersions(int frames, const MixOutputs& outputs) {
        for (std::size_t v = 0; v < split_.heard.size(); ++v) {
            const Block version = version_.block(frames);
            version_.clear();
            for (int part : split_.heard[v]) add(version, mixParts_.block(part, frames));
            versionOutlets_[v]->pass(version, [&](ConstBlock kept) { outputs.alternate(static_cast<int>(v), kept); });
        }
    }

    MixMeasurements measurements() {
        MixMeasurements result;
        for (const auto& outlet : outlets_) result.stems.push_back(outlet->loudness());
        for (const auto& outlet : versionOutlets_) result.alternates.push_back(outlet->loudness());
        const auto append = [&](std::vector<StepWork> work) { result.work.insert(result.work.end(), work.begin(), work.end()); };
        for (const auto& track : tracks_) {
            append(track->work());
            result.nonFiniteSamples += track->nonFiniteSamples();
        }
        for (const auto& bus : buses_) append(bus->chain.work());
        append(mixBus_.work());
        return result;
    }

    const Plan& plan_;
    int blockFrames_;
    WorkPool& pool_;
    StreamSpec spec_;
    int frames_ = 0;

    Chain::Keys keys_, busKeys_;
    std::map<std::string, std::unique_ptr<TrackStream>>* opened_ = nullptr;
    std::vector<std::unique_ptr<TrackStream>> tracks_;
    std::map<std::string, int> indexOf_;
    std::vector<std::vector<int>> levels_;
    std::vector<std::unique_ptr<BusStream>> buses_;
    std::vector<int> direct_;
    int trackLatency_ = 0, busLatency_ = 0;
    std::optional<BlockBuffer> directSum_;
    std::optional<PadDelay> directPad_;

    MixParts split_;
    std::vector<int> partOf_;  // of each of tracks_
    PartBlocks directParts_, mixParts_;
    BlockBuffer version_;
    std::vector<std::unique_ptr<Outlet>> versionOutlets_;
    SplitChain mixBus_;
    BlockBuffer mix_, mixDry_;
    PadDelay mixDryPad_;
    std::vector<std::unique_ptr<Outlet>> outlets_;
    std::vector<int> trackStem_, busStem_;
    int mixStem_ = -1;
    std::unique_ptr<Outlet> mixOutlet_;
};

}  // namespace

std::vector<StemInfo> stemsOf(const Plan& plan) {
    std::vector<StemInfo> stems;
    for (const TrackPlan& track : plan.tracks)
        if (!track.muted()) stems.push_back({StemInfo::Kind::track, track.id, track.name});
    for (const BusPlan& bus : plan.buses)
        if (bus.kind == BusKind::effect) stems.push_back({StemInfo::Kind::effectReturn, bus.id, bus.name});
    for (const BusPlan& bus : plan.buses)
        if (bus.kind == BusKind::group && changesSomething(bus)) stems.push_back({StemInfo::Kind::busChange, bus.id, bus.name});
    if (anyEnabled(plan.mixBus)) stems.push_back({StemInfo::Kind::busChange, "mix", "Mix bus"});
    return stems;
}

MixMeasurements renderMix(const Plan& plan, const std::filesystem::path& baseFolder, int blockFrames, const MixOutputs& outputs,
                          WorkPool& pool, Progress& progress) {
    MixGraph graph(plan, baseFolder, blockFrames, outputs.alternates, pool);
    return graph.run(outputs, progress);
}

std::filesystem::path sourcePath(const Source& source, const std::filesystem::path& baseFolder) {
    const std::filesystem::path file(source.file);
    return file.is_absolute() ? file : baseFolder / file;
}

void checkSource(const Source& source, const std::filesystem::path& baseFolder, bool compareContent) {
    const std::filesystem::path path = sourcePath(source, baseFolder);
    const AudioFileInfo info = openAudio(path)->info();
    const auto differs = [&](const std::string& what) {
        throw InputError(path.string() + ": is not the recording that was planned for (" + what + "). Plan again with `tonewright plan`");
    };
    if (info.sampleRateHz != source.sampleRateHz)
        differs(std::to_string(info.sampleRateHz) + " Hz instead of " + std::to_string(source.sampleRateHz) + " Hz");
    if (info.channels != source.channels) differs(std::to_string(info.channels) + " channels instead of " + std::to_string(source.channels));
    if (info.frames != source.frames) differs(std::to_string(info.frames) + " frames instead of " + std::to_string(source.frames));
    if (compareContent && !source.hash.empty() && contentHash(path) != source.hash) differs("its content has changed");
}

}  // namespace tonewright
