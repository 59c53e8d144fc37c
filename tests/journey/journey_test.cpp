#include "journey/journey.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "core/error.h"
#include "core/staged_file.h"
#include "journey/output_paths.h"
#include "plan/plan_json.h"
#include "tests/support/files.h"
#include "tests/support/signals.h"

namespace tonewright::test {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

TEST(OutputPaths, AFolderHoldsEverything) {
    for (const char* name : {"out", "out/", "./out", "song.v2"}) {
        const OutputPaths paths = outputPaths(name, false);
        EXPECT_EQ(paths.mix.filename(), "mix.wav");
        EXPECT_EQ(paths.master.parent_path(), paths.plan.parent_path());
        EXPECT_EQ(paths.plan.filename(), "plan.json");
        EXPECT_EQ(paths.stem("kick").filename(), "kick.wav");
        EXPECT_EQ(paths.stem("kick").parent_path().filename(), "stems");
    }
}

TEST(OutputPaths, AFileHasTheRestBesideIt) {
    const OutputPaths master = outputPaths("x/song.WAV", false), mix = outputPaths("x/song.wav", true);
    EXPECT_EQ(master.master, "x/song.WAV");
    EXPECT_EQ(master.mix, "x/song.mix.wav");
    EXPECT_EQ(master.plan, "x/song.plan.json");
    EXPECT_EQ(master.html, "x/song.report.html");
    EXPECT_EQ(master.json, "x/song.report.json");
    EXPECT_EQ(mix.mix, "x/song.wav");
    EXPECT_EQ(outputPaths("x/p.json", false).plan, "x/p.json");
    EXPECT_EQ(outputPaths("x/p.json", false).master, "x/p.wav");
    for (const char* name : {"a.mp3", "a.FLAC", "a.aiff"}) EXPECT_THROW(outputPaths(name, false), UsageError) << name;
}

TEST(OutputPaths, ResultsOfAPlanStandBesideItUnderItsName) {
    EXPECT_EQ(outputPaths(outputBeside("/x/plan.json"), false).plan, "/x/plan.json");
    EXPECT_EQ(outputPaths(outputBeside("/x/song.plan.json"), false).plan, "/x/song.plan.json");
    EXPECT_EQ(outputPaths(outputBeside("/x/song.plan.json"), false).master, "/x/song.wav");
    EXPECT_EQ(outputPaths(outputBeside("/x/other.json"), false).plan, "/x/other.json");
    EXPECT_EQ(outputPaths(outputBeside("/x/other.txt"), false).plan, "/x/plan.json");
}

TEST(OutputPaths, SourcesAreNamedAsSeenFromThePlan) {
    EXPECT_EQ(planRelative("/a/b/kick.wav", "/a/out"), "../b/kick.wav");
    EXPECT_EQ(planRelative("/a/out/kick.wav", "/a/out/"), "kick.wav");
}

class Journey : public testing::Test {
protected:
    Journey() {
        AudioBuffer bass = sine({48000.0, 1}, 96000, 82.4, -9.0), pad = noise({48000.0, 2}, 96000, -18.0, 3);
        writeFloatWav(folder_ / "in" / "Bass DI.wav", bass);
        writeFloatWav(folder_ / "in" / "Pad.wav", pad);
    }

    JourneyOptions to(const std::string& output) {
        JourneyOptions options;
        options.output = folder_ / output;
        options.threads = 2;
        return options;
    }
    fs::path input() const { return folder_ / "in"; }

    Names names(const std::string& below) const {
        Names result;
        if (!fs::exists(folder_ / below)) return result;
        for (const auto& entry : fs::recursive_directory_iterator(folder_ / below))
            if (!entry.is_directory()) result.insert(fs::relative(entry.path(), folder_ / below).string());
        return result;
    }
    std::string bytes(const std::string& file) const {
        std::ifstream stream(folder_ / file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

    ScratchFolder folder_;
    NoProgress progress_;
};

TEST_F(Journey, AMixWritesItsFiles) {
    const Report report = runMix({input()}, to("out"), progress_);
    EXPECT_EQ(names("out"), (Names{"mix.wav", "master.wav", "plan.json", "report.html", "report.json", "session.json"}));
    EXPECT_EQ(readPlan(folder_ / "out/plan.json"), report.plan);
    EXPECT_TRUE(report.targetReached) << report.targetText;
}

TEST_F(Journey, RenderingThePlanGivesTheSameBytesAndDecidesNothing) {
    JourneyOptions options = to("out");
    options.stems = true;
    runMix({input()}, options, progress_);
    options = to("again");
    options.stems = true;
    options.threads = 1;
    options.blockFrames = 777;
    const Report report = runRender(folder_ / "out/plan.json", options, progress_);
    Names rendered = names("out");
    rendered.erase("session.json");  // who plays is what a plan was made of, not what it makes
    EXPECT_EQ(names("again"), rendered);
    for (const std::string& name : rendered)
        if (!name.starts_with("report")) {
            EXPECT_EQ(bytes("again/" + name), bytes("out/" + name)) << name;
        }
    EXPECT_EQ(readPlan(folder_ / "out/plan.json"), report.plan);
}

TEST_F(Journey, ADryRunWritesNothing) {
    JourneyOptions options = to("out");
    options.dryRun = true;
    const Report report = runMix({input()}, options, progress_);
    EXPECT_FALSE(report.plan.tracks.empty());
    EXPECT_TRUE(names("out").empty());
}

TEST_F(Journey, PlanOnlyWritesThePlanOfTheWholeRun) {
    runMix({input()}, to("out"), progress_);
    JourneyOptions options = to("only");
    options.planOnly = true;
    runMix({input()}, options, progress_);
    EXPECT_EQ(names("only"), Names{"plan.json"});
    EXPECT_EQ(bytes("only/plan.json"), bytes("out/plan.json"));
}

TEST_F(Journey, LockedStepsSurviveANewPlanning) {
    JourneyOptions options = to("first");
    options.planOnly = true;
    Plan plan = runMix({input()}, options, progress_).plan;
    Step& fader = plan.tracks[0].fader;
    fader.params = Gain::Params{.gainDb = -33.3};
    fader.locked = true;
    writeTextFile(folder_ / "kept.json", toJson(plan).dump());
    options = to("second");
    options.planOnly = true;
    options.keepPlan = folder_ / "kept.json";
    EXPECT_EQ(runMix({input()}, options, progress_).plan.tracks[0].fader, fader);
}

TEST_F(Journey, AMasterIsMadeOfOneFile) {
    writeFloatWav(folder_ / "song.wav", noise({48000.0, 2}, 96000, -12.0, 5));
    JourneyOptions options = to("m.wav");
    options.intent.integratedLufs = -16.0;
    const Report report = runMaster(folder_ / "song.wav", options, progress_);
    EXPECT_TRUE(report.targetReached) << report.targetText;
    ASSERT_TRUE(report.master);
    EXPECT_NEAR(report.master->facts.loudness.integratedLufs, -16.0, 0.1);
    EXPECT_TRUE(fs::exists(folder_ / "m.plan.json"));
    EXPECT_FALSE(fs::exists(folder_ / "m.mix.wav"));
}

TEST_F(Journey, RefusesToTouchRecordingsAndEarlierResults) {
    runMix({input()}, to("out"), progress_);
    const std::string earlier = bytes("out/master.wav"), recording = bytes("in/Pad.wav");
    EXPECT_THROW(runMix({input()}, to("out"), progress_), OutputError);
    EXPECT_EQ(bytes("out/master.wav"), earlier);
    JourneyOptions options = to("in/Pad.wav");
    options.force = true;
    EXPECT_THROW(runMaster(input() / "Pad.wav", options, progress_), OutputError);
    EXPECT_EQ(bytes("in/Pad.wav"), recording);
}

TEST_F(Journey, CancellingLeavesNothing) {
    class Impatient final : public Progress {
    public:
        explicit Impatient(int stages) : left_(stages) {}
        void stage(std::string_view, std::int64_t) override { --left_; }
        void advance(std::int64_t) override {}
        bool cancelled() const override { return left_ <= 0; }

    private:
        int left_;
    };
    for (int stages = 1; stages <= 5; ++stages) {
        Impatient progress(stages);
        EXPECT_THROW(runMix({input()}, to("out"), progress), Cancelled) << "in stage " << stages;
        EXPECT_FALSE(fs::exists(folder_ / "out")) << "in stage " << stages;
    }
}

TEST_F(Journey, ABadFileLeavesNothing) {
    writeTextFile(folder_ / "in" / "Snare.wav", "RIFF");
    EXPECT_THROW(runMix({input()}, to("out"), progress_), InputError);
    EXPECT_FALSE(fs::exists(folder_ / "out"));
}

}  // namespace
}  // namespace tonewright::test
