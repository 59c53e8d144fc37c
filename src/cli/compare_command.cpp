#include "cli/compare_command.h"

#include <iostream>

#include "journey/compare_files.h"

namespace tonewright {

int compareCommand(const std::string& before, const std::string& after, const CompareOptions& options, Progress& progress) {
    const Comparison comparison = compareFiles(before, after, options.threads, progress);
    if (options.json)
        std::cout << comparisonJson(comparison).dump() << "\n";
    else if (!options.quiet)
        std::cout << comparisonText(comparison, options.all);
    return 0;
}

}  // namespace tonewright
