#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/facts.h"
#include "core/error.h"
#include "core/progress.h"
#include "dsp/limiter.h"
#include "render/stream_renderer.h"

// The limiter alone, from file to file: what `tonewright limit` does.
namespace tonewright {

struct LimitOptions {
    Limiter::Params limiter;
    std::filesystem::path output;      // a .wav file
    bool float32 = false;              // 32-bit float without dither; else 24 bits with TPDF dither
    bool force = false;                // replace what exists
    int blockFrames = kDefaultBlockFrames;
};

struct LimitResult {
    StreamSpec spec;
    std::int64_t frames = 0;
    LoudnessFacts before, after;       // of the source; of the samples in the file
    double maxReductionDb = 0.0;       // <= 0
    double meanReductionDb = 0.0;      // <= 0, over the time in which it worked
    double activeShare = 0.0;          // that time's share of the whole
    std::vector<Warning> warnings;
};

// Reads any supported file, limits all of its channels, and writes as many frames at the same rate and the same place: the
// limiter's latency is taken out. Throws the errors of core/error.h, and then leaves no file under the final name.
LimitResult limitFile(const std::filesystem::path& input, const LimitOptions& options, Progress& progress);

}  // namespace tonewright
