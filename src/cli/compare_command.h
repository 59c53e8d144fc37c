#pragma once
#include <string>

#include "core/progress.h"

namespace tonewright {

struct CompareOptions {
    bool json = false, quiet = false;
    bool all = false;   // every setting, not only what is heard most
    int threads = 0;
};

// `tonewright compare A B`: prints what changed. Returns the exit code.
int compareCommand(const std::string& before, const std::string& after, const CompareOptions& options, Progress& progress);

}  // namespace tonewright
