#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/work_pool.h"
#include "plan/plan.h"
#include "render/alternates.h"
#include "render/bus_stream.h"
#include "render/mix_renderer.h"
#include "render/outlet.h"
#include "render/track_stream.h"

namespace tonewright {

// The graph of a mix and one pass through it: tracks, then groups and returns, then the mix bus. Every path is padded to the latest
// one of its kind, and sums are made in the plan's order, whatever the threads.
class MixGraph {
public:
    MixGraph(const Plan& plan, const std::filesystem::path& baseFolder, int blockFrames, const std::vector<Alternate>& alternates, WorkPool& pool);

    MixMeasurements run(const MixOutputs& outputs, Progress& progress);

private:
    // mix_graph_build.cpp
    void openTracks(const std::filesystem::path& baseFolder);
    TrackStream& keyTrack(const std::string& id);
    void openBuses();
    std::vector<int> partsFeeding(const BusPlan& bus) const;
    // The tracks' latency, some milliseconds, is nothing to the times of a ride.
    BusStream::Sender sender(int track, const Send& send) const;
    void align();
    void openOutlets();

    // mix_graph.cpp
    void passStem(int stem, ConstBlock block, const MixOutputs& outputs);
    // All tracks, and beside them the sum of the block before: the two do not touch each other's buffers.
    void advanceTracks(int frames, int pending, const MixOutputs& outputs);
    void advanceBus(BusStream& bus, int index, int frames, const MixOutputs& outputs);
    void advanceDirect(int frames);
    void sumUp(int frames, const MixOutputs& outputs);
    void passVersions(int frames, const MixOutputs& outputs);
    MixMeasurements measurements();

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

}  // namespace tonewright
