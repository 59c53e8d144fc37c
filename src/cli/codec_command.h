#pragma once
#include <string>
#include <vector>

#include "core/json.h"
#include "core/progress.h"
#include "release/codec_check.h"

namespace CLI {
class App;
}

namespace tonewright {

// --codec and --for, which take names with commas between them.
struct CodecOptions {
    std::vector<std::string> codecs, platforms;
};
void addCodecOptions(CLI::App& command, CodecOptions& options);

struct CodecCommandOptions {
    CodecOptions codecs;
    bool json = false;
    bool quiet = false;
    std::string failOn;  // "" or "over"
    int threads = 0;
};

// `tonewright codec`: what lossy codecs make of a file. Returns the exit code: 0, or 6 for decoded true peaks over the limit
// under --fail-on over.
int codecCommand(const std::string& input, const CodecCommandOptions& options, Progress& progress);

// JSON Schema of what its --json prints.
Json codecDocumentSchema();

// `tonewright platforms`: the destinations that --for knows.
int platformsCommand(bool json);

}  // namespace tonewright
