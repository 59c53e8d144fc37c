#pragma once
#include <span>
#include <string>
#include <vector>

// Plots as SVG text for pages: pure functions of data. Colours come from the page's style through class names, so that
// the plots follow light and dark. Texts given are plain and are escaped here; numbers that are not finite leave a gap.
// The same numbers give the same text.
namespace tonewright {

struct Tick {
    double at = 0.0;
    std::string text;
};

// One line of a plot, its values spread evenly from the left edge to the right.
struct Curve {
    std::string css;             // class of the line
    std::vector<double> values;
};

struct LinePlot {
    std::string label;           // what the plot shows, for those who cannot see it
    std::vector<Tick> xTicks;    // at: 0 left edge ... 1 right edge
    double yFrom = 0.0, yTo = 1.0;
    std::vector<Tick> yTicks;
    std::vector<Curve> curves;   // later ones lie above
    std::vector<Tick> lines;     // level lines across the plot, with their names
};

std::string linePlotSvg(const LinePlot& plot);

// An envelope of [min, max] pairs, full scale from edge to edge; stretches to whatever room it is given.
std::string waveformSvg(const std::string& label, std::span<const float> minMaxPairs, const std::string& css);

// A track on the stage: seen from the audience, louder ones stand nearer.
struct StagePlace {
    std::string name;
    std::string css;             // class of the dot
    double position = 0.0;       // -1 left ... 1 right
    double halfWidth = 0.0;      // of a stereo track, in the same units
    double levelLufs = 0.0;
};

std::string stageSvg(const std::string& label, std::span<const StagePlace> places);

// A place between the speakers, as a small line with a dot.
std::string panSvg(const std::string& label, double position, double halfWidth);

// A filter's gain from low to high frequencies, as a small curve around 0 dB.
std::string gainCurveSvg(const std::string& label, std::span<const double> gainsDb);

}  // namespace tonewright
