#pragma once
#include <filesystem>

#include "core/progress.h"
#include "core/work_pool.h"

namespace tonewright {

struct DemoOptions {
    bool overwrite = false;           // replace files of the same names
    int sampleRateHz = 48000;         // 44100 to 96000; one track is recorded at another rate on purpose
    std::filesystem::path soundFont;  // empty: the one of Debian's package timgm6mb-soundfont
    WorkPool* pool = nullptr;         // null: one thread

    // For tests.
    bool planted = true;     // false: the same session, recorded well
    double maxSeconds = 1e9;  // only the beginning of the song
};

// Writes the demo session into `folder`: the raw tracks of an original song, recorded badly on purpose, truth.json with
// every planted fault and its numbers, and README.txt. What is planted and why: docs/demo.md.
// The bytes depend on the soundfont, sampleRateHz and planted only. All files appear together at the end, or none.
// Throws InputError (no soundfont; names the package), OutputError (exists, or cannot be written), UsageError (sample rate),
// Cancelled.
void writeDemoSession(const std::filesystem::path& folder, const DemoOptions& options, Progress& progress);

}  // namespace tonewright
