#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/engineer/master_support.h"
#include "tests/plots/measure.h"
#include "tests/plots/plot.h"

// A rule's decision, swept over what the rule measures, and what its page claims of that curve.
namespace tonewright::test {

// Finely over a range, never on a round number: a decision in tenths must not hang on the last bit.
inline std::vector<double> finely(double from, double to, int count = 120) {
    std::vector<double> values;
    for (int i = 0; i < count; ++i) values.push_back(from + (i + 0.37) / count * (to - from));
    return values;
}

inline PlotLine swept(const std::string& name, const std::vector<double>& at, const std::function<double(double)>& decided, PlotLine::Kind kind = PlotLine::Kind::solid) {
    return {name, over(at, decided), kind};
}

// What an equalizing step does at a frequency; a dynamic one in its loud moments. No step: nothing.
inline double cutDb(const std::optional<Step>& step) {
    if (!step) return 0.0;
    if (const auto* equalizer = std::get_if<Equalizer::Params>(&step->params)) return equalizer->bands.at(0).gainDb;
    return -std::get<DynamicEqualizer::Params>(step->params).bands.at(0).rangeDb;
}
inline double curveDb(const std::optional<Step>& step, double hz) { return step ? analogueGainDb(std::get<Equalizer::Params>(step->params), hz) : 0.0; }

inline void expectNothing(const PlotLine& line, double from, double to) {
    for (const auto& [x, y] : line.points)
        if (x >= from && x <= to) {
            EXPECT_EQ(y, 0.0) << line.name << " at " << x << ": a dead band";
        }
}

// Never beyond, and that far somewhere.
inline void expectBounds(const PlotLine& line, double least, double most, double toleranceDb = 1e-9) {
    double lowest = std::numeric_limits<double>::infinity(), highest = -lowest;
    for (const auto& [x, y] : line.points) {
        lowest = std::min(lowest, y);
        highest = std::max(highest, y);
    }
    EXPECT_NEAR(lowest, least, toleranceDb) << line.name;
    EXPECT_NEAR(highest, most, toleranceDb) << line.name;
}

inline void expectRises(const PlotLine& line, double toleranceDb = 1e-9) {
    for (std::size_t i = 1; i < line.points.size(); ++i) EXPECT_GE(line.points[i].second, line.points[i - 1].second - toleranceDb) << line.name << " at " << line.points[i].first;
}
inline void expectFalls(const PlotLine& line, double toleranceDb = 1e-9) {
    for (std::size_t i = 1; i < line.points.size(); ++i) EXPECT_LE(line.points[i].second, line.points[i - 1].second + toleranceDb) << line.name << " at " << line.points[i].first;
}

// Least squares over a range.
inline double slope(const PlotLine& line, double from, double to) {
    double n = 0.0, sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0;
    for (const auto& [x, y] : line.points) {
        if (x < from || x > to) continue;
        n += 1.0, sx += x, sy += y, sxx += x * x, sxy += x * y;
    }
    return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

}  // namespace tonewright::test
