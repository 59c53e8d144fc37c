#include <gtest/gtest.h>

#include <regex>

#include "report/decisions.h"
#include "report/html_text.h"
#include "report/plain_text.h"
#include "report/report.h"
#include "tests/report/example.h"
#include "tests/report/markup.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// Words that no reader should meet, wherever they stand: between tags or in a plot's coordinates.
std::string brokenNumber(const std::string& html) {
    static const std::regex pattern("(^|[^A-Za-z])(-?nan|-?inf|infinity)([^A-Za-z]|$)|[-\u2212]0\\.0+([^0-9]|$)", std::regex::icase);
    std::smatch match;
    return std::regex_search(html, match, pattern) ? std::string(match.prefix()).substr(match.prefix().length() > 60 ? match.prefix().length() - 60 : 0) + match.str() : "";
}

}  // namespace

TEST(Html, IsWellFormedAndStandsAloneForAnyReport) {
    for (const Report& report : {mixReport(), masterReport(), silentReport(), hostileReport(), Report{}}) {
        const std::string html = reportHtml(report);
        EXPECT_EQ(markupErrors(html), "") << report.plan.title;
        for (const char* outside : {"http:", "https:", "@import", "url(", "<link", "<iframe", "<img"}) EXPECT_FALSE(has(html, outside)) << outside;
    }
}

TEST(Html, TheCheckerOfMarkupSeesMistakes) {
    for (const char* wrong : {"<p>", "<p></b></p>", "<p a=b></p>", "<p>a & b</p>", "<p>1 < 2</p>", "<a href=\"#x\">x</a>", "<b id=\"x\"></b><b id=\"x\"></b>",
                              "<script>1</script>", "<a href=\"javascript:1\">x</a>", "<p onclick=\"x\"></p>", "<p a=\"<\"></p>"})
        EXPECT_NE(markupErrors(wrong), "") << wrong;
    EXPECT_EQ(markupErrors("<p id=\"a\">1 &lt; 2<br>&amp; <a href=\"#a\">x</a></p>"), "");
    EXPECT_EQ(brokenNumber("<p>\u22120.05 info nano 10.0 -0.01</p>"), "");
    for (const char* wrong : {"<p>nan</p>", "d=\"M-nan 1\"", "-inf dB", "\u22120.0 dB", "x=\"-0.0\"", "-0.00 LU"}) EXPECT_NE(brokenNumber(wrong), "") << wrong;
}

TEST(Html, NeverPrintsWhatIsNoNumber) {
    for (const Report& report : {mixReport(), masterReport(), silentReport(), hostileReport(), Report{}}) EXPECT_EQ(brokenNumber(reportHtml(report)), "");
}

TEST(Html, HostileNamesStayText) {
    const std::string html = reportHtml(hostileReport());
    EXPECT_FALSE(has(html, "<script"));
    EXPECT_FALSE(has(html, "alert('x')"));
    EXPECT_TRUE(has(html, "&lt;script&gt;alert(&#39;x&#39;)"));
    EXPECT_FALSE(has(html, "\u202E")) << "a direction override would turn the page's own words";
    EXPECT_FALSE(has(html, "\x1b"));
    EXPECT_FALSE(has(html, "\xFF"));
    EXPECT_TRUE(has(html, "\U0001F941"));
}

TEST(Html, EscapesEverythingThatMarkupIsMadeOf) {
    EXPECT_EQ(escaped("<a href=\"x\">'&'</a>"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
    EXPECT_EQ(nameHtml("\u05D0<"), "<bdi>\u05D0&lt;</bdi>");
    EXPECT_EQ(fileLink("stems/a b%.wav"), "./stems/a%20b%25.wav");
    EXPECT_EQ(fileLink("javascript:alert(1)"), "./javascript%3Aalert%281%29");
    EXPECT_EQ(fileLink("\u00E9"), "./%C3%A9");
}

TEST(Html, ShowsEveryDecisionWithItsReasonsAndEvidence) {
    const Report report = mixReport();
    const std::string text = visibleText(reportHtml(report));
    for (const Decision& decision : decisionsOf(report.plan)) {
        EXPECT_TRUE(has(text, decision.step->id)) << decision.step->id;
        for (const Reason& reason : reasonsOf(*decision.step)) {
            EXPECT_TRUE(has(text, reason.text)) << reason.text;
            for (const Evidence& evidence : reason.evidence) EXPECT_TRUE(has(text, evidence.comparison)) << evidence.comparison;
        }
    }
    EXPECT_TRUE(has(text, "Level \u22128.3 dB yours locked"));
    EXPECT_TRUE(has(text, "It took away up to 7.4 dB, 2.8 dB on average while acting."));
}

TEST(Html, NumbersAreTheReportsOwn) {
    Report report = mixReport();
    report.master->facts.loudness.integratedLufs = -13.87;
    report.master->facts.loudness.truePeakDbtp = -1.04;
    report.inMix["bass"].integratedLufs = -20.66;
    report.platforms = platformEffects(report.master->facts.loudness);
    const std::string text = visibleText(reportHtml(report));
    for (const char* number : {"\u221213.9 LUFS", "before \u221219.9", "\u22121.04 dBTP", "\u221220.7", "7.6 LU", "6.4 LU", "9.3 dB"}) EXPECT_TRUE(has(text, number)) << number;
    for (const PlatformEffect& effect : report.platforms) {
        EXPECT_TRUE(has(text, effect.platform.name));
        EXPECT_TRUE(has(text, effect.platform.source));
        EXPECT_TRUE(has(text, shown(effect.playedLufs, 1)));
    }
}

TEST(Html, FaultsStandWorstFirstAndAreNotRepeatedAsWarnings) {
    const std::string text = visibleText(reportHtml(mixReport()));
    const auto clipping = text.find("The snare is clipped"), hum = text.find("Mains hum at 50 Hz"), cut = text.find("starts in the middle");
    ASSERT_NE(clipping, std::string::npos);
    ASSERT_NE(hum, std::string::npos);
    ASSERT_NE(cut, std::string::npos);
    EXPECT_LT(clipping, hum);
    EXPECT_LT(hum, cut);
    EXPECT_EQ(text.find("Mains hum at 50 Hz", hum + 1), std::string::npos);
    EXPECT_TRUE(has(text, "0:31.0"));
    EXPECT_TRUE(has(text, "Rhodes was recorded at 44100 Hz"));
}

TEST(Html, AFaultThatCameWithTheSourceIsNotBlamedOnTheMaster) {
    Report report = masterReport();
    const Fault cutoff{"lossy-cutoff", Severity::warning, 15.3, "kHz", "Everything above 15.3 kHz is missing.", {}};
    report.sources["source"].faults = {cutoff};
    report.master->facts.faults = {cutoff, {"clipping", Severity::warning, 1.0, "", "The master is clipped.", {}}};
    const std::string text = visibleText(reportHtml(report));
    EXPECT_EQ(text.find("15.3 kHz", text.find("15.3 kHz") + 1), std::string::npos);
    EXPECT_TRUE(has(text, "the master: The master is clipped."));
}

TEST(Html, AMissedTargetIsSaidAtTheTop) {
    Report report = mixReport();
    report.targetReached = false;
    report.targetText = "It stayed at -15.2 LUFS: the damage budget was used up.";
    const std::string text = visibleText(reportHtml(report));
    EXPECT_LT(text.find("Target missed. It stayed at -15.2 LUFS"), text.find("The sound"));
}

TEST(Html, AMasterAloneHasNoTracksButItsSource) {
    const std::string html = reportHtml(masterReport()), text = visibleText(html);
    EXPECT_FALSE(has(html, "id=\"tracks\""));
    EXPECT_FALSE(has(html, "id=\"decisions\""));
    EXPECT_TRUE(has(text, "bounce.wav"));
    EXPECT_TRUE(has(text, "before \u221218.2"));
    EXPECT_TRUE(has(text, "The file as it came"));
}

TEST(Html, IsTheSameTwice) { EXPECT_EQ(reportHtml(mixReport()), reportHtml(mixReport())); }
