#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "audiofile/wav_writer.h"
#include "core/progress.h"
#include "core/work_pool.h"
#include "plan/plan.h"
#include "render/mix_renderer.h"
#include "report/report.h"

// The part of the journey that renders a mix into files.
namespace tonewright {

// Where the samples of one pass go. Part names, not final ones.
struct MixFiles {
    std::filesystem::path mix;
    std::vector<std::filesystem::path> stems;       // for each of stemsOf(plan), or none
    std::vector<Alternate> versions;
    std::vector<std::filesystem::path> alternates;  // for each of versions
};

struct RenderedMix {
    MixMeasurements measurements;
    Analysis facts;             // of the mix as it stands in its file
    double peakDbfs = kSilentDb; // of its samples before the file's format cut off what is above full scale
};

// One pass over the mix: mix, stems and alternates written, read back and compared; the mix analysed. Stems and alternates are
// 32-bit float, so that they sum to the mix whatever their level.
RenderedMix renderMixFiles(const Plan& plan, const std::filesystem::path& baseFolder, const MixFiles& files, SampleFormat samples, int blockFrames,
                           WorkPool& pool, Progress& progress);

// A mix that came out too hot is turned down on its own bus, and says why. True if it was.
bool makeHeadroom(Plan& plan, const RenderedMix& mix);

// File names for stems: the track's name where it is safe and its own, else with the id.
std::vector<std::string> stemFileNames(const std::vector<StemInfo>& stems);

// What becomes of the alternates that were asked for; those that this mix does not have are warned of.
std::vector<AlternateReport> askedAlternates(const Plan& plan, const std::vector<Alternate>& asked, std::vector<Warning>& warnings);

}  // namespace tonewright
