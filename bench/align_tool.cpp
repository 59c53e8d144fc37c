// For developers: finds polarity and delay within a group of recordings and prints a report as `mix` would write it
// (tracks[] with file, polarityInverted, delayFrames as the correction), to compare with planted faults.
//   bench_align FILES... > report.json      (rows for people go to stderr)
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <vector>

#include "analysis/alignment_finder.h"
#include "audiofile/audio_reader.h"
#include "core/json.h"

using namespace tonewright;

int main(int argc, char** argv) try {
    std::vector<std::unique_ptr<AudioReader>> readers;
    for (int i = 1; i < argc; ++i) readers.push_back(openAudio(argv[i]));
    const int count = static_cast<int>(readers.size());
    const double rate = readers.at(0)->info().sampleRateHz;
    AlignmentFinder finder(count, rate);
    constexpr int kFrames = 8192;
    BlockBuffer lanes(count, kFrames);
    for (bool more = true; more;) {
        more = false;
        lanes.clear();
        for (int m = 0; m < count; ++m) {
            BlockBuffer own(readers[m]->info().channels, kFrames);
            if (readers[m]->position() < readers[m]->info().frames && readers[m]->read(own.block(kFrames)) > 0) more = true;
            std::copy(own.channel(0), own.channel(0) + kFrames, lanes.channel(m));
        }
        if (more) finder.add(lanes.block(kFrames));
    }
    const GroupAlignment group = finder.result();
    Json tracks = Json::array();
    for (int m = 0; m < count; ++m) {
        const std::string file = std::filesystem::path(argv[m + 1]).stem().string() + ".wav";
        Json track = Json::object({{"file", file}});
        if (const auto& found = group.microphones[m]) {
            std::fprintf(stderr, "%-28s %10.3f %s  confidence %.2f  correlation %.3f%s\n", file.c_str(), found->delayFrames,
                         found->inverted ? "-" : "+", found->confidence, found->correlation, m == group.reference ? "  reference" : "");
            track.set("polarityInverted", found->inverted).set("delayFrames", -found->delayFrames).set("confidence", found->confidence);
        } else {
            std::fprintf(stderr, "%-28s abstained\n", file.c_str());
            track.set("polarityInverted", false).set("delayFrames", 0.0);
        }
        tracks.push(std::move(track));
    }
    std::cout << Json::object({{"tracks", std::move(tracks)}}).dump() << "\n";
} catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
}
