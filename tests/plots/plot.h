#pragma once
#include <string>
#include <utility>
#include <vector>

// Pictures of measurements for docs/: small SVGs that carry their own colours for light and dark.
namespace tonewright::test {

struct Axis {
    std::string name;                                   // with its unit
    double from = 0.0, to = 1.0;
    std::vector<std::pair<double, std::string>> ticks;
    bool logarithmic = false;
};

// 20 Hz ... 20 kHz, and evenly spaced ticks that are labelled with their numbers.
Axis frequencyAxis(double fromHz = 20.0, double toHz = 20000.0);
Axis linearAxis(const std::string& name, double from, double to, double step);

struct PlotLine {
    enum class Kind { solid, dashed, bars };  // bars: from the bottom up to each point
    std::string name;                         // empty: not in the legend
    std::vector<std::pair<double, double>> points;
    Kind kind = Kind::solid;
    int colour = -1;  // -1: its place among the lines
};

struct Panel {
    std::string title;
    Axis x, y;
    std::vector<PlotLine> lines;
};

// Panels side by side. label: what the picture shows, for those who cannot see it.
std::string drawn(const std::string& label, const std::vector<Panel>& panels);

// Expects docs/images/<name>.svg to show `svg`: curves may differ by a pixel (mathematical libraries differ in last bits), all else
// must be the same. With TONEWRIGHT_DRAW set in the environment it writes the picture instead.
void expectPicture(const std::string& name, const std::string& svg);

}  // namespace tonewright::test
