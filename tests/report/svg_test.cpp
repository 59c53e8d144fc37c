#include <gtest/gtest.h>

#include <limits>
#include <regex>

#include "report/svg.h"
#include "tests/report/markup.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST(Svg, LinesRunFromTheLowerLeftToTheUpperRight) {
    const std::string svg = linePlotSvg({.label = "a plot", .xTicks = {{0.5, "half"}}, .yFrom = -10.0, .yTo = 10.0, .yTicks = {{0.0, "0"}}, .curves = {{"after", {-10.0, 0.0, 10.0}}}, .lines = {}});
    EXPECT_EQ(markupErrors(svg), "");
    EXPECT_TRUE(has(svg, "d=\"M44.0 220.0h0.1L257.0 116.0L470.0 12.0\"")) << svg;
    EXPECT_TRUE(has(svg, "aria-label=\"a plot\""));
    EXPECT_TRUE(has(svg, ">half</text>"));
}

TEST(Svg, WhatIsNoNumberLeavesAGap) {
    const std::string svg = linePlotSvg({.label = "", .xTicks = {}, .yFrom = 0.0, .yTo = 1.0, .yTicks = {}, .curves = {{"after", {0.0, kNan, 1.0, -kInfinity, 0.5}}}, .lines = {}});
    EXPECT_EQ(count(svg, "M"), 3u) << svg;
    EXPECT_EQ(markupErrors(svg), "");
    EXPECT_FALSE(has(svg, "nan"));
    EXPECT_FALSE(has(svg, "inf"));
}

TEST(Svg, ValuesOutsideTheScaleStopAtItsEdge) {
    const std::string svg = linePlotSvg({.label = "", .xTicks = {}, .yFrom = 0.0, .yTo = 1.0, .yTicks = {}, .curves = {{"after", {-50.0, 50.0}}}, .lines = {}});
    EXPECT_TRUE(has(svg, "M44.0 220.0h0.1L470.0 12.0")) << svg;
}

TEST(Svg, AWaveformKeepsEveryPeakHoweverManyPairsThereAre) {
    std::vector<float> pairs(2 * 2048, 0.0f);
    pairs[2 * 777] = -1.0f;
    pairs[2 * 1500 + 1] = 0.5f;
    const std::string svg = waveformSvg("w", pairs, "after");
    EXPECT_EQ(markupErrors(svg), "");
    EXPECT_TRUE(has(svg, " 100.0L")) << "the negative peak reaches the lower edge";
    EXPECT_TRUE(has(svg, " 25.0L")) << "half scale is half way up";
    EXPECT_LT(svg.size(), 40000u);
}

TEST(Svg, AWaveformOfNothingIsAnEmptyPlot) {
    for (const std::vector<float>& pairs : {std::vector<float>{}, std::vector<float>{0.5f}, std::vector<float>{std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}}) {
        const std::string svg = waveformSvg("w", pairs, "after");
        EXPECT_EQ(markupErrors(svg), "");
        EXPECT_FALSE(has(svg, "nan"));
        EXPECT_FALSE(has(svg, "inf"));
    }
}

TEST(Svg, OnStageLeftIsLeftAndLoudIsNear) {
    const std::vector<StagePlace> places = {{"loud", "family-bass", -1.0, 0.0, -15.0}, {"quiet", "family-keys", 1.0, 0.0, -30.0}, {"gone", "family-keys", 0.0, 0.0, -kInfinity}};
    const std::string svg = stageSvg("s", places);
    EXPECT_EQ(markupErrors(svg), "");
    const std::regex circle("class=\"(family-[a-z]+)\" cx=\"([0-9.]+)\" cy=\"([0-9.]+)\"");
    std::smatch first, second;
    ASSERT_TRUE(std::regex_search(svg, first, circle));
    const std::string rest = first.suffix();
    ASSERT_TRUE(std::regex_search(rest, second, circle));
    EXPECT_EQ(first[1], "family-bass");
    EXPECT_LT(std::stod(first[2]), std::stod(second[2]));
    EXPECT_GT(std::stod(first[3]), std::stod(second[3]));
    EXPECT_FALSE(has(svg, "gone"));
}

TEST(Svg, NamesOnStageNeverOverlap) {
    std::vector<StagePlace> places;
    for (int i = 0; i < 24; ++i) places.push_back({"Track " + std::to_string(i), "family-other", (i % 3 - 1) * 0.1, 0.0, -20.0 - 0.2 * i});
    const std::string svg = stageSvg("s", places);
    struct Name {
        double x, y;
        bool end;
    };
    std::vector<Name> names;
    const std::regex pattern("<text class=\"name\" x=\"([0-9.]+)\" y=\"([0-9.]+)\" text-anchor=\"([a-z]+)\">");
    for (auto it = std::sregex_iterator(svg.begin(), svg.end(), pattern); it != std::sregex_iterator(); ++it)
        names.push_back({std::stod((*it)[1]), std::stod((*it)[2]), (*it)[3] == "end"});
    EXPECT_GE(names.size(), 20u) << "nearly all find a place";
    constexpr double kWidth = 45.0, kHeight = 14.0;  // a little less than what a name of eight letters takes
    for (std::size_t i = 0; i < names.size(); ++i)
        for (std::size_t j = i + 1; j < names.size(); ++j) {
            const double left = names[i].x - (names[i].end ? kWidth : 0.0), other = names[j].x - (names[j].end ? kWidth : 0.0);
            EXPECT_FALSE(std::abs(left - other) < kWidth && std::abs(names[i].y - names[j].y) < kHeight) << i << " and " << j;
        }
}

TEST(Svg, TextsAreEscaped) {
    const std::string evil = "\"><script>x</script>";
    const std::vector<StagePlace> places = {{evil, "family-other", 0.0, 0.5, -20.0}};
    for (const std::string& svg : {stageSvg(evil, places), panSvg(evil, kNan, 1.0), gainCurveSvg(evil, std::vector<double>{kNan, kInfinity, 3.0}), waveformSvg(evil, {}, "after"),
                                   linePlotSvg({.label = evil, .xTicks = {{0.0, evil}}, .yTicks = {{0.0, evil}}, .curves = {}, .lines = {{0.5, evil}}})})
        EXPECT_EQ(markupErrors(svg), "") << svg;
}
