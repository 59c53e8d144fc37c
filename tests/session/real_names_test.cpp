#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>

#include "analysis/analyze_file.h"
#include "core/json.h"
#include "core/staged_file.h"
#include "session/import.h"
#include "session/track_role.h"

using namespace tonewright;
namespace fs = std::filesystem;

namespace {

// What the recordings' own descriptions say, in our words.
const std::map<std::string, std::string> kTruth = {{"drum_kick", "drums/kick"}, {"drums_kick", "drums/kick"}, {"drum_snare_top", "drums/snare"},
    {"drum_snare_bottom", "drums/snare"}, {"drums_snare", "drums/snare"}, {"drum_hihat", "drums/hihat"}, {"drums_hihat", "drums/hihat"}, {"drum_tom", "drums/tom"},
    {"drum_floor_tom", "drums/tom"}, {"drum_ride", "drums/ride"}, {"drum_overhead_left", "drums/overhead"}, {"drum_overhead_right", "drums/overhead"},
    {"drum_room_left", "drums/room"}, {"drum_room_right", "drums/room"}, {"drums_loop", "drums/kit"}, {"bass_di", "bass/electric"}, {"bass_amp", "bass/electric"},
    {"bass", "bass/electric"}, {"electric_guitar_di", "guitar/electric"}, {"electric_guitar_amp", "guitar/electric"}, {"electric_guitar", "guitar/electric"},
    {"piano", "keys/piano"}, {"sax", "winds/sax"}, {"strings", "strings/ensemble"}, {"mallets", "mallets/mallets"}, {"synth_lead", "synth/lead"}, {"fx", "effects/effect"},
    {"vocals_lead", "vocals/lead"}, {"pad_and_bass", "mix/submix"}, {"backing_without_guitar", "mix/submix"}};

struct Recording {
    fs::path path;
    std::string truth;
    bool keys = false;  // "keys": any of the family
};

// TONEWRIGHT_MULTITRACKS names a folder of songs, each with a meta.json that lists {"stems": [{"file", "role"}]}.
std::vector<std::vector<Recording>> songs() {
    std::vector<std::vector<Recording>> result;
    const char* root = std::getenv("TONEWRIGHT_MULTITRACKS");
    if (!root) return result;
    for (const fs::directory_entry& song : fs::directory_iterator(root)) {
        const fs::path meta = song.path() / "meta.json";
        if (!fs::exists(meta)) continue;
        const Json json = Json::parse(readTextFile(meta), meta.string());
        std::vector<Recording> recordings;
        for (const Json& stem : json.find("stems")->asArray()) {
            const std::string role = stem.find("role")->asString();
            const auto truth = kTruth.find(role);
            recordings.push_back({song.path() / stem.find("file")->asString(), truth == kTruth.end() ? role : truth->second, role == "keys"});
        }
        result.push_back(std::move(recordings));
    }
    return result;
}

bool heardAlone(std::string_view family) {
    return family == "drums" || family == "bass" || family == "guitar" || family == "keys" || family == "vocals";
}

bool isRight(const Recording& recording, const std::string& role) {
    return recording.keys ? roleFamily(role) == "keys" : role == recording.truth || role.starts_with(recording.truth + "-");
}

}  // namespace

TEST(RealRecordings, HaveTheRoleThatTheirNamesSay) {
    const auto all = songs();
    if (all.empty()) GTEST_SKIP() << "set TONEWRIGHT_MULTITRACKS to a folder of described multitrack songs";
    for (const auto& song : all) {
        std::vector<fs::path> files;
        for (const Recording& recording : song) files.push_back(recording.path);
        const Session session = importSession(files);
        for (const Recording& recording : song)
            for (const Track& track : session.tracks)
                EXPECT_TRUE(track.path != recording.path || isRight(recording, track.role)) << recording.path << " is " << recording.truth << ", not " << track.role;
    }
}

TEST(RealRecordings, HaveTheFamilyThatTheyAreByTheirSoundAlone) {
    const auto all = songs();
    if (all.empty()) GTEST_SKIP() << "set TONEWRIGHT_MULTITRACKS to a folder of described multitrack songs";
    int right = 0, wrong = 0, open = 0, surelyWrong = 0;
    NoProgress progress;
    for (const auto& song : all)
        for (const Recording& recording : song) {
            const Sound sound = soundOf(analyzeFile(recording.path, {.truePeak = false, .rhythm = false, .key = false, .timbre = true}, progress));
            const ContentReading reading = roleOfSound(sound);
            const bool isOther = !heardAlone(roleFamily(reading.role)) && !heardAlone(roleFamily(recording.truth));
            const bool sameFamily = roleFamily(reading.role) == roleFamily(recording.truth) || (reading.role != kUnknownRole && isOther) || (recording.keys && roleFamily(reading.role) == "keys");
            if (reading.role == kUnknownRole) {
                ++open;
            } else if (sameFamily) {
                ++right;
            } else {
                ++wrong;
                surelyWrong += reading.confidence > 0.8;
            }
            EXPECT_GT(plausibility(recording.truth, sound), 0.5) << recording.path;
        }
    std::cout << right << " right, " << wrong << " wrong (" << surelyWrong << " of them with confidence above 0.8), " << open << " left open\n";
    EXPECT_GE(right, 2 * wrong);
    EXPECT_LE(surelyWrong, (right + wrong + open) * 3 / 100);
}
