#include "engineer/master/sections.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "engineer/master/reference.h"
#include "tests/engineer/master_support.h"

using namespace tonewright;
using namespace tonewright::testing;

namespace {

constexpr double kSongSeconds = 240.0;

struct Part {
    double seconds, lufs;
};

// The short-term loudness of parts in a row, moving by a little within each, as windows of three seconds hear it.
std::vector<float> curve(const std::vector<Part>& parts, double moveLu = 0.7) {
    std::vector<double> power;
    for (const Part& part : parts)
        for (int i = 0; i < static_cast<int>(10.0 * part.seconds); ++i) power.push_back(std::pow(10.0, (part.lufs + moveLu * std::sin(0.37 * static_cast<double>(power.size()))) / 10.0));
    std::vector<float> lufs;
    for (std::size_t i = 0; i + 30 <= power.size(); i += 5) lufs.push_back(static_cast<float>(10.0 * std::log10(std::accumulate(power.begin() + static_cast<std::ptrdiff_t>(i), power.begin() + static_cast<std::ptrdiff_t>(i) + 30, 0.0) / 30.0)));
    return lufs;
}

std::vector<Part> verseAndChorus(double contrastLu) {
    return {{60.0, -12.0 - contrastLu}, {60.0, -12.0}, {60.0, -12.0 - contrastLu}, {60.0, -12.0}};
}

std::optional<Step> decided(const std::vector<Part>& song, const std::vector<Part>& reference, double amount = 0.5) {
    Analysis facts = balancedMix();
    facts.dynamics.shortTermLufs = curve(song);
    ReferenceMatch match;
    match.profile.songs = {{"record.wav", "", kSongSeconds}};
    match.amounts.sections = amount;
    if (const auto sections = findSections(curve(reference), kSongSeconds)) match.profile.sections = SectionContrast{sections->contrastLu, sections->confidence};
    return decideReferenceSections(briefFor(facts), match);
}

double gainAt(const Step& step, double seconds) { return GainEnvelope(std::get<GainEnvelope::Params>(step.params), {48000.0, 2}).gainDbAt(seconds); }

}  // namespace

TEST(Sections, AreFoundWhereTheyWerePlanted) {
    const auto sections = findSections(curve(verseAndChorus(8.0)), kSongSeconds);
    ASSERT_TRUE(sections);
    ASSERT_EQ(sections->spans.size(), 4u);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(sections->spans[i].loud, i % 2 == 1) << i;
        EXPECT_NEAR(sections->spans[i].startSeconds, 60.0 * static_cast<double>(i), 1.5) << i;
    }
    EXPECT_NEAR(sections->contrastLu, 8.0, 0.5);
    EXPECT_GT(sections->confidence, 0.9);
}

TEST(Sections, AreNotFoundWhereNoneAre) {
    std::vector<Part> rising;
    for (int i = 0; i < 24; ++i) rising.push_back({10.0, -24.0 + 0.5 * i});
    std::vector<Part> breathing;
    for (int i = 0; i < 60; ++i) breathing.push_back({4.0, i % 2 == 0 ? -12.0 : -18.0});
    const std::vector<std::pair<const char*, std::vector<Part>>> songs = {
        {"steady", {{240.0, -12.0}}}, {"rising slowly", rising}, {"phrases of four seconds", breathing}, {"a little apart", verseAndChorus(1.5)},
        {"one short break", {{120.0, -12.0}, {10.0, -20.0}, {110.0, -12.0}}}};
    for (const auto& [name, parts] : songs) {
        const auto sections = findSections(curve(parts), kSongSeconds);
        EXPECT_TRUE(!sections || sections->confidence < 0.5) << name << ": " << sections->confidence;
        EXPECT_FALSE(decided(parts, verseAndChorus(8.0), 1.0)) << name << ", as the song";
        EXPECT_FALSE(decided(verseAndChorus(8.0), parts, 1.0)) << name << ", as the reference";
    }
}

TEST(ReferenceSections, QuietOnesMoveTowardsTheReferenceByTheAmount) {
    struct Case {
        double songLu, referenceLu, amount, gainDb;  // 0: nothing
    };
    for (const Case& one : {Case{8.0, 4.0, 0.5, 2.0}, {8.0, 4.0, 0.25, 1.0}, {8.0, 4.0, 1.0, 3.0}, {4.0, 8.0, 0.5, -2.0}, {4.0, 16.0, 1.0, -3.0}, {8.0, 4.0, 0.0, 0.0}, {8.0, 7.5, 0.5, 0.0}}) {
        const auto step = decided(verseAndChorus(one.songLu), verseAndChorus(one.referenceLu), one.amount);
        ASSERT_EQ(step.has_value(), one.gainDb != 0.0) << one.songLu << " " << one.referenceLu << " " << one.amount;
        if (!step) continue;
        for (const double quiet : {0.0, 30.0, 150.0}) EXPECT_NEAR(gainAt(*step, quiet), one.gainDb, 0.21) << step->because[0].text;
        for (const double loud : {90.0, 200.0, 240.0}) EXPECT_EQ(gainAt(*step, loud), 0.0);
        EXPECT_FALSE(step->because[0].evidence.empty());
    }
}

TEST(ReferenceSections, NeverTurnLevelsOver) {
    // One verse is nearly as loud as the quietest chorus.
    const std::vector<Part> song = {{60.0, -24.0}, {60.0, -10.0}, {30.0, -19.5}, {60.0, -10.0}, {30.0, -17.5}};
    const auto sections = findSections(curve(song), kSongSeconds);
    ASSERT_TRUE(sections);
    double loudestQuiet = -100.0, quietestLoud = 0.0;
    for (const auto& span : sections->spans) (span.loud ? quietestLoud = std::min(quietestLoud, span.lufs) : loudestQuiet = std::max(loudestQuiet, span.lufs));
    ReferenceMatch match;
    match.profile.sections = SectionContrast{1.0, 1.0};
    match.amounts.sections = 1.0;
    Analysis facts = balancedMix();
    facts.dynamics.shortTermLufs = curve(song);
    const auto step = decideReferenceSections(briefFor(facts), match, {.leastConfidence = 0.0, .mostDb = 30.0});
    ASSERT_TRUE(step);
    EXPECT_LT(loudestQuiet + gainAt(*step, 0.0), quietestLoud);
    EXPECT_NEAR(loudestQuiet + gainAt(*step, 0.0), quietestLoud - 0.5, 0.06) << "as far as they may";
}
