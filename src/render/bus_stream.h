#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "dsp/gain_envelope.h"
#include "plan/plan.h"
#include "render/block_math.h"
#include "render/pad_delay.h"
#include "render/part_blocks.h"
#include "render/split_chain.h"

namespace tonewright {

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

}  // namespace tonewright
