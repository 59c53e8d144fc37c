#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "plan/plan_json.h"
#include "report/decisions.h"
#include "report/report.h"
#include "tests/report/example.h"
#include "tests/report/json_schema.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

const Json& at(const Json& json, std::string_view key) {
    const Json* found = json.find(key);
    if (!found) ADD_FAILURE() << "no key " << key;
    static const Json none;
    return found ? *found : none;
}

const Json& itemWith(const Json& list, std::string_view key, const std::string& value) {
    for (const Json& item : list.asArray())
        if (const Json* found = item.find(key); found && found->isString() && found->asString() == value) return item;
    ADD_FAILURE() << "no item with " << key << " = " << value;
    static const Json none;
    return none;
}

}  // namespace

TEST(ReportJson, EveryExampleObeysThePublishedSchema) {
    const Json schema = reportSchema();
    for (const Report& report : {mixReport(), masterReport(), silentReport(), hostileReport(), Report{}}) {
        // Through text and back, as a reader gets it.
        const Json document = Json::parse(reportJson(report).dump(), "report.json");
        EXPECT_EQ(schemaErrors(schema, document), "");
    }
}

TEST(ReportJson, TheSchemaRejectsWhatItDoesNotKnow) {
    const Json schema = reportSchema();
    Json extra = reportJson(mixReport());
    extra.set("surprise", 1);
    EXPECT_NE(schemaErrors(schema, extra), "");
    Json wrong = reportJson(mixReport());
    wrong.find("tracks")->asArray()[0].set("muted", "no");
    EXPECT_NE(schemaErrors(schema, wrong), "");
    Json missing = reportJson(mixReport());
    missing.find("output")->asObject().clear();
    EXPECT_NE(schemaErrors(schema, missing), "");
}

TEST(ReportJson, TracksCarryTheirFileRoleRepairAndLevel) {
    const Json json = reportJson(mixReport());
    ASSERT_EQ(at(json, "tracks").asArray().size(), 12u);
    const Json& overhead = itemWith(at(json, "tracks"), "file", "04 OH.wav");
    EXPECT_EQ(at(overhead, "role").asString(), "drums/overheads");
    EXPECT_EQ(at(overhead, "roleConfidence").asNumber(), 0.95);
    EXPECT_EQ(at(overhead, "roleSource").asString(), "name");
    EXPECT_TRUE(at(overhead, "polarityInverted").asBool());
    EXPECT_EQ(at(overhead, "delayFrames").asNumber(), -87.25);
    EXPECT_EQ(at(overhead, "integratedLufsInMix").asNumber(), -24.8);
    const Json& pad = itemWith(at(json, "tracks"), "id", "pad");
    EXPECT_TRUE(at(pad, "muted").asBool());
    EXPECT_TRUE(at(pad, "integratedLufsInMix").isNull());
    EXPECT_FALSE(at(pad, "polarityInverted").asBool());
    EXPECT_EQ(at(pad, "delayFrames").asNumber(), 0.0);
    EXPECT_TRUE(at(at(at(pad, "source"), "loudness"), "integratedLufs").isNull());
    EXPECT_EQ(at(at(pad, "source"), "faults").asArray().size(), 1u);
}

TEST(ReportJson, ABypassedAlignmentIsNotReportedAsDone) {
    Report report = mixReport();
    for (TrackPlan& track : report.plan.tracks)
        if (track.id == "overhead") track.chain[0].enabled = false;
    const Json json = reportJson(report);
    const Json& overhead = itemWith(at(json, "tracks"), "id", "overhead");
    EXPECT_FALSE(at(overhead, "polarityInverted").asBool());
    EXPECT_EQ(at(overhead, "delayFrames").asNumber(), 0.0);
}

TEST(ReportJson, EveryDecisionOfThePlanIsThereWithItsReason) {
    const Report report = mixReport();
    const Json json = reportJson(report);
    std::set<std::string> ids;
    for (const Json& decision : at(json, "decisions").asArray()) {
        EXPECT_TRUE(ids.insert(at(decision, "id").asString()).second);
        EXPECT_FALSE(at(decision, "what").asString().empty());
        EXPECT_FALSE(at(at(decision, "reason"), "text").asString().empty());
        EXPECT_EQ(at(decision, "reason"), at(decision, "reasons").asArray().front());
    }
    forEachStep(report.plan, [&](const std::string& target, const Step& step) {
        const bool decided = !step.because.empty() || step.origin == Origin::user;
        EXPECT_TRUE(!decided || ids.contains(step.id)) << target << " " << step.id;
    });
    const Json& eq = itemWith(at(json, "decisions"), "id", "bass.eq");
    EXPECT_EQ(at(eq, "target").asString(), "tracks/bass");
    EXPECT_EQ(at(at(eq, "reason"), "rule").asString(), "mix.masking");
    const Json& evidence = at(at(eq, "reason"), "evidence").asArray().front();
    EXPECT_EQ(at(evidence, "value").asNumber(), 0.41);
    EXPECT_EQ(at(evidence, "comparison").asString(), "limit 0.25");
    const Json& user = itemWith(at(json, "decisions"), "id", "keys.fader");
    EXPECT_EQ(at(user, "origin").asString(), "user");
    EXPECT_TRUE(at(user, "locked").asBool());
    EXPECT_EQ(at(at(user, "reason"), "text").asString(), "a little softer, please");
    EXPECT_FALSE(at(itemWith(at(json, "decisions"), "id", "backing.gate"), "enabled").asBool());
}

TEST(ReportJson, OutputsHoldTheSameLoudnessBlockAndTheirFilesAsSeenFromTheReport) {
    const Json json = reportJson(mixReport());
    for (const char* name : {"mix", "master"}) {
        const Json& output = at(at(json, "output"), name);
        EXPECT_EQ(at(output, "file").asString(), std::string(name) + ".wav");
        for (const char* key : {"integratedLufs", "loudnessRangeLu", "maxMomentaryLufs", "maxShortTermLufs", "truePeakDbtp", "samplePeakDbfs"})
            EXPECT_TRUE(at(at(output, "loudness"), key).isNumber()) << key;
    }
    EXPECT_EQ(at(at(at(at(json, "output"), "master"), "loudness"), "integratedLufs").asNumber(), -14.0);
    EXPECT_EQ(at(json, "planFile").asString(), "plan.json");

    const Json master = reportJson(masterReport());
    EXPECT_TRUE(at(at(master, "output"), "mix").isNull());
    EXPECT_EQ(at(at(at(master, "output"), "master"), "file").asString(), "Demo bounce.wav");
}

TEST(ReportJson, IsTheSameFromWhateverFolderItWasWritten) {
    Report here = mixReport(), there = mixReport();
    for (auto* path : {&there.mix->file, &there.master->file, &there.planFile, &there.htmlFile, &there.jsonFile}) *path = "/somewhere/else" / *path;
    EXPECT_EQ(reportJson(here).dump(), reportJson(there).dump());
    EXPECT_EQ(reportHtml(here), reportHtml(there));
}

// The judgement of a validator that is not ours, where one is installed.
TEST(ReportJson, AnIndependentValidatorAgrees) {
    if (std::system("/usr/bin/python3 -c 'import jsonschema' 2>/dev/null") != 0) GTEST_SKIP() << "python3-jsonschema is not installed";
    const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "tonewright-report-schema";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "schema.json") << reportSchema().dump();
    int number = 0;
    for (const Report& report : {mixReport(), masterReport(), silentReport(), hostileReport()})
        std::ofstream(folder / ("report" + std::to_string(number++) + ".json")) << reportJson(report).dump();
    const std::string script =
        "import json,sys,pathlib,jsonschema;p=pathlib.Path(sys.argv[1]);s=json.loads((p/\"schema.json\").read_text());"
        "v=jsonschema.Draft202012Validator(s);v.check_schema(s);"
        "[v.validate(json.loads(f.read_text())) for f in sorted(p.glob(\"report*.json\"))]";
    EXPECT_EQ(std::system(("/usr/bin/python3 -c '" + script + "' '" + folder.string() + "'").c_str()), 0);
    std::filesystem::remove_all(folder);
}
