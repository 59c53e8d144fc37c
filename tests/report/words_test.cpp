#include <gtest/gtest.h>

#include <algorithm>

#include "report/decisions.h"
#include "report/plain_text.h"
#include "report/report.h"
#include "tests/report/example.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST(Summary, IsAtMostADozenLinesForAnyReport) {
    for (const Report& report : {mixReport(), masterReport(), silentReport(), hostileReport(), Report{}}) {
        const std::string text = reportSummary(report);
        const auto lines = std::count(text.begin(), text.end(), '\n');
        EXPECT_GE(lines, 2);
        EXPECT_LE(lines, 12) << text;
        EXPECT_EQ(text.find("\n\n"), std::string::npos) << text;
        EXPECT_EQ(text.back(), '\n');
    }
}

TEST(Summary, TellsNumbersBeforeAndAfterTheDecisionsAndWhatNext) {
    const std::string text = reportSummary(mixReport());
    EXPECT_TRUE(has(text, "Late Train: 12 tracks (1 left out), mixed and mastered, 1:12.0")) << text;
    EXPECT_TRUE(has(text, "\u221219.9 \u2192 \u221214.0 LUFS")) << text;
    EXPECT_TRUE(has(text, "\u22123.1 \u2192 \u22121.0 dBTP")) << text;
    EXPECT_TRUE(has(text, "range 7.6 \u2192 6.4 LU")) << text;
    EXPECT_TRUE(has(text, "Overheads: polarity inverted")) << text;
    EXPECT_TRUE(has(text, "5 warnings, the worst: Snare: The snare is clipped")) << text;
    EXPECT_TRUE(has(text, "out/master.wav")) << text;
    EXPECT_TRUE(has(text, "tonewright render out/plan.json --force")) << text;
}

TEST(Summary, OfADryRunSaysThatNothingWasWritten) {
    Report report = mixReport();
    report.planFile = report.htmlFile = report.jsonFile = "";
    EXPECT_TRUE(has(reportSummary(report), "Nothing was written"));
    EXPECT_FALSE(has(reportSummary(report), "Wrote"));
    report.planFile = "my plan.json";
    EXPECT_TRUE(has(reportSummary(report), "tonewright render 'my plan.json'")) << reportSummary(report);
}

TEST(Summary, CannotBeUsedToControlTheTerminal) {
    for (const std::string& text : {reportSummary(hostileReport()), explainPlan(hostileReport().plan)}) {
        for (char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
        EXPECT_FALSE(has(text, "\u202E"));
        EXPECT_FALSE(has(text, "\xFF"));
    }
}

TEST(Explain, NamesEveryDecisionWithWhatWhyAndWho) {
    const Plan plan = mixReport().plan;
    const std::string text = explainPlan(plan);
    for (const Decision& decision : decisionsOf(plan)) EXPECT_TRUE(has(text, "id " + decision.step->id + "\n")) << decision.step->id;
    EXPECT_TRUE(has(text, "Bass covers the kick between 180 and 300 Hz. [mix.masking, 80 % sure]")) << text;
    EXPECT_TRUE(has(text, "masked share 0.41 (limit 0.25)"));
    EXPECT_TRUE(has(text, "level \u22128.3 dB [yours, locked]"));
    EXPECT_TRUE(has(text, "[bypassed]"));
    EXPECT_TRUE(has(text, "Lead vocal: vocals/lead (99 % sure, from name)"));
    EXPECT_TRUE(has(text, "sent to Room at \u221214.0 dB"));
    EXPECT_TRUE(has(text, "The master\n"));
    EXPECT_TRUE(has(text, "Pad was recognised by its sound only"));
}

TEST(Decisions, NeutralFadersThatNobodyDecidedAreNone) {
    const Plan plan = masterReport().plan;
    for (const Decision& decision : decisionsOf(plan)) EXPECT_EQ(decision.target, "master");
    EXPECT_EQ(decisionsOf(plan).size(), 3u);
}

TEST(Decisions, StepsWithoutAReasonAreListedAndSaySo) {
    Plan plan = masterReport().plan;
    plan.master[1].because.clear();
    EXPECT_EQ(decisionsOf(plan).size(), 3u);
    EXPECT_EQ(mainReason(plan.master[1]).text, "No reason was recorded.");
    plan.master[1].origin = Origin::user;
    EXPECT_EQ(mainReason(plan.master[1]).rule, "user");
}

TEST(Decisions, TheBiggestAreDiagnosesFirstAndNeverBypassedOnes) {
    Report report = mixReport();
    auto biggest = biggestDecisions(report, 5);
    ASSERT_EQ(biggest.size(), 5u);
    EXPECT_EQ(biggest[0].step->id, "overhead.align");
    EXPECT_EQ(biggest[1].step->id, "pad.mute");
    Report unmuted = mixReport();
    for (TrackPlan& track : unmuted.plan.tracks) track.mute.reset();
    for (const Decision& decision : biggestDecisions(unmuted, 100)) {
        const std::string& id = decision.step->id;
        EXPECT_FALSE(id == "kick.trim" || id == "mix.headroom" || id.ends_with(".to.room")) << id << ": levels on the way say nothing";
    }
    for (TrackPlan& track : report.plan.tracks)
        for (Step& step : track.chain) step.enabled = false;
    for (const Decision& decision : biggestDecisions(report, 100)) EXPECT_TRUE(decision.step->enabled);

    // Turned over for what it shares with others: no more than that is worth.
    Report turned = report;
    turned.plan.tracks[0].chain.insert(turned.plan.tracks[0].chain.begin(),
                                       Step{.id = "turned", .params = Alignment::Params{.invertPolarity = true}, .because = {{.rule = "mix.polarity", .text = "", .evidence = {{"fullerByDb", 0.3, "dB", ""}}}}});
    EXPECT_NE(biggestDecisions(turned, 1).at(0).step->id, "turned");
    turned.plan.tracks[0].chain.front().because.front().rule = "repair.alignment";
    EXPECT_EQ(biggestDecisions(turned, 1).at(0).step->id, "turned");
}

TEST(PlainText, ShowsNumbersAsPeopleWriteThem) {
    EXPECT_EQ(shown(-14.04, 1), "\u221214.0");
    EXPECT_EQ(shown(-0.04, 1), "0.0");
    EXPECT_EQ(shown(kSilentDb, 1), "\u2013");
    EXPECT_EQ(shown(std::numeric_limits<double>::quiet_NaN(), 1), "\u2013");
    EXPECT_EQ(shownSigned(2.5, 1), "+2.5");
    EXPECT_EQ(shownSigned(0.01, 1), "0.0");
}

TEST(PlainText, SpeaksTheNamesOfMeasures) {
    EXPECT_EQ(measureWords("integratedLufs"), "loudness");
    EXPECT_EQ(measureWords("truePeakDbtp"), "true peak");
    EXPECT_EQ(measureWords("maskedShare"), "masked share");
    EXPECT_EQ(measureWords("delayFrames"), "delay");
    EXPECT_EQ(measureWords("corner2Hz"), "corner2");
    EXPECT_EQ(measureWords("Db"), "Db");
    EXPECT_EQ(measureWords(""), "");
}

TEST(PlainText, RepairsBrokenUtf8AndControls) {
    EXPECT_EQ(plainText("a\x1b[0m\nb"), "a [0m b");
    EXPECT_EQ(plainText("\xC3\xA9\xFF\xE2\x82"), "\u00E9\uFFFD\uFFFD\uFFFD");
    EXPECT_EQ(plainText("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
    EXPECT_EQ(plainText("\xC2\x9B" "31m"), " 31m");               // C1 control sequence introducer
    EXPECT_EQ(plainText("\U0001F941"), "\U0001F941");
}

TEST(PlainText, ShortensAndWrapsByCharacters) {
    EXPECT_EQ(shortened("short", 10), "short");
    EXPECT_EQ(shortened("one two three four", 12), "one two\u2026");
    EXPECT_EQ(shortened("\u00E9\u00E9\u00E9\u00E9", 3), "\u00E9\u00E9\u2026");
    EXPECT_EQ(wrapped("one two three", 2, 10), "  one two\n  three\n");
}
