#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "analysis/facts.h"
#include "core/progress.h"
#include "core/work_pool.h"
#include "plan/plan.h"
#include "render/alternates.h"
#include "render/chain.h"

namespace tonewright {

// One of the files that sum to the mix.
struct StemInfo {
    enum class Kind {
        track,        // a track after its chain, fader and pan: what goes to its group or the mix
        effectReturn, // a return after its chain and fader
        busChange,    // what a group's (or the mix bus's) own processing adds: its output minus its input
    };
    Kind kind = Kind::track;
    std::string id;    // of the track or bus; "mix" for the mix bus
    std::string name;  // for people

    bool operator==(const StemInfo&) const = default;
};

// The stems of a plan, in a fixed order: tracks that are not muted, returns, changes by group buses that do something,
// and the change by the mix bus if it does something. Their sum is the mix.
std::vector<StemInfo> stemsOf(const Plan& plan);

struct MixOutputs {
    std::function<void(ConstBlock)> mix;                     // required; stereo blocks in order
    std::function<void(int stemIndex, ConstBlock)> stem;     // optional; in order for each stem, from any thread
    std::vector<Alternate> alternates;                       // versions that are rendered beside the mix, which they do not change
    std::function<void(int index, ConstBlock)> alternate;    // required for those; in order for each
};

struct MixMeasurements {
    std::vector<LoudnessFacts> stems;   // as rendered, one for each of stemsOf(); tracks and returns post-fader
    std::vector<LoudnessFacts> alternates;  // one for each that was wanted
    std::vector<StepWork> work;
    std::int64_t nonFiniteSamples = 0;  // NaN and infinities found in the recordings and replaced by 0
};

// Carries out a mix plan: every unmuted track is read, put in its place, processed, sent and summed, with all
// latencies compensated. Streams; memory grows with the number of tracks, not with their length. The same plan and
// recordings give the same samples whatever the threads and block size.
//
// baseFolder: what relative file names in the plan are relative to.
// Throws InputError if a recording is missing, or is not the one that was planned for.
MixMeasurements renderMix(const Plan& plan, const std::filesystem::path& baseFolder, int blockFrames, const MixOutputs& outputs,
                          WorkPool& pool, Progress& progress);

// The file of a source as a path that can be opened.
std::filesystem::path sourcePath(const Source& source, const std::filesystem::path& baseFolder);

// Throws InputError if the file is missing or its rate, channels, length or content differ from the plan's. The content is
// compared only if the plan has a hash and `compareContent` is set.
void checkSource(const Source& source, const std::filesystem::path& baseFolder, bool compareContent);

}  // namespace tonewright
