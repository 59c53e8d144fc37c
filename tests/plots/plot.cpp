#include "tests/plots/plot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace tonewright::test {

namespace {

constexpr double kPanelWidth = 440.0, kHeight = 300.0, kLeft = 50.0, kRight = 14.0, kTop = 50.0, kBottom = 44.0;
constexpr double kPixels = 1.0;  // by which a curve may differ
constexpr std::size_t kMostBytes = 20000;

// Okabe and Ito's colours, which the colour-blind tell apart; the dark set is lighter.
constexpr const char* kStyle =
    "<style>"
    "text{font:12px system-ui,sans-serif;fill:#333}.t{font-weight:600}.b{fill:#fff}.g{stroke:#ddd}path{fill:none;stroke-width:1.8;stroke-linejoin:round}"
    ".c0{stroke:#0072b2}.c1{stroke:#d55e00}.c2{stroke:#009e73}.c3{stroke:#a0508c}.c4{stroke:#808080}.d{stroke-dasharray:5 4}.r{stroke-width:4}"
    ".n0{fill:#0072b2}.n1{fill:#b84f00}.n2{fill:#00805c}.n3{fill:#a0508c}.n4{fill:#666}"
    "@media(prefers-color-scheme:dark){text{fill:#ccc}.b{fill:#16191d}.g{stroke:#3a3f45}"
    ".c0{stroke:#56b4e9}.c1{stroke:#ff8f40}.c2{stroke:#2fd0a0}.c3{stroke:#e39ad0}.c4{stroke:#999}"
    ".n0{fill:#56b4e9}.n1{fill:#ff8f40}.n2{fill:#2fd0a0}.n3{fill:#e39ad0}.n4{fill:#aaa}}"
    "</style>";

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", std::abs(value) < 0.05 ? 0.0 : value);
    return text;
}

std::string escaped(const std::string& text) {
    std::string result;
    for (char c : text) result += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '"' ? "&quot;" : std::string(1, c);
    return result;
}

std::string words(double x, double y, const char* anchor, const std::string& text, const std::string& more = "") {
    return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\"" + more + ">" + escaped(text) + "</text>";
}

double share(const Axis& axis, double value) {
    const double at = axis.logarithmic ? std::log(value / axis.from) / std::log(axis.to / axis.from) : (value - axis.from) / (axis.to - axis.from);
    return std::isfinite(at) ? std::clamp(at, 0.0, 1.0) : 0.0;  // nothing at all is -inf dB: the bottom
}

std::string panelSvg(const Panel& panel, double left) {
    const double x0 = left + kLeft, x1 = left + kPanelWidth - kRight, y0 = kTop, y1 = kHeight - kBottom;
    const auto x = [&](double value) { return x0 + share(panel.x, value) * (x1 - x0); };
    const auto y = [&](double value) { return y1 - share(panel.y, value) * (y1 - y0); };

    std::string svg = words(x0, 18.0, "start", panel.title, " class=\"t\"");
    for (const auto& [at, label] : panel.y.ticks) {
        svg += "<path class=\"g\" d=\"M" + number(x0) + " " + number(y(at)) + "H" + number(x1) + "\" stroke-width=\".8\"/>";
        svg += words(x0 - 6.0, y(at) + 4.0, "end", label);
    }
    for (const auto& [at, label] : panel.x.ticks) {
        svg += "<path class=\"g\" d=\"M" + number(x(at)) + " " + number(y0) + "V" + number(y1) + "\" stroke-width=\".8\"/>";
        svg += words(x(at), y1 + 16.0, "middle", label);
    }
    svg += words((x0 + x1) / 2.0, y1 + 34.0, "middle", panel.x.name);
    svg += words(0.0, 0.0, "middle", panel.y.name, " transform=\"translate(" + number(left + 12.0) + " " + number((y0 + y1) / 2.0) + ") rotate(-90)\"");

    std::string legend;
    int place = 0;
    for (const PlotLine& line : panel.lines) {
        const std::string colour = std::to_string(line.colour >= 0 ? line.colour : place);
        ++place;
        std::string d;
        for (const auto& [px, py] : line.points) {
            const std::string at = number(x(px)) + " " + number(y(py));
            if (line.kind == PlotLine::Kind::bars)
                d += "M" + number(x(px)) + " " + number(y1) + "L" + at;
            else
                d += (d.empty() ? "M" : "L") + at;
        }
        const char* kind = line.kind == PlotLine::Kind::dashed ? " d" : line.kind == PlotLine::Kind::bars ? " r" : "";
        svg += "<path class=\"c" + colour + kind + "\" d=\"" + d + "\"/>";
        if (!line.name.empty()) legend += "<tspan class=\"n" + colour + "\">" + escaped(line.name) + "</tspan><tspan>   </tspan>";
    }
    if (!legend.empty()) svg += "<text xml:space=\"preserve\" x=\"" + number(x0) + "\" y=\"38\">" + legend + "</text>";
    return svg;
}

// Where two drawings first differ: in the text of anything, or by more than a pixel within a path. Empty: nowhere.
std::string difference(const std::string& a, const std::string& b) {
    const auto around = [](const std::string& text, std::size_t at) { return text.substr(at > 60 ? at - 60 : 0, 120); };
    std::size_t i = 0, j = 0;
    bool inPath = false;
    while (i < a.size() && j < b.size()) {
        if (inPath && (std::isdigit(static_cast<unsigned char>(a[i])) || a[i] == '-')) {
            char *endA = nullptr, *endB = nullptr;
            const double valueA = std::strtod(a.c_str() + i, &endA), valueB = std::strtod(b.c_str() + j, &endB);
            if (endB == b.c_str() + j || std::abs(valueA - valueB) > kPixels) return "..." + around(a, i) + "...\ninstead of\n..." + around(b, j);
            i = static_cast<std::size_t>(endA - a.c_str());
            j = static_cast<std::size_t>(endB - b.c_str());
            continue;
        }
        if (a[i] != b[j]) return "..." + around(a, i) + "...\ninstead of\n..." + around(b, j);
        if (a[i] == '"') inPath = i >= 3 && a.compare(i - 3, 3, " d=") == 0;  // from this quotation mark to the next
        ++i, ++j;
    }
    return i == a.size() && j == b.size() ? "" : "one of them ends early";
}

}  // namespace

Axis frequencyAxis(double fromHz, double toHz) {
    Axis axis{.name = "Hz", .from = fromHz, .to = toHz, .logarithmic = true};
    for (const auto& [hz, text] : {std::pair{1.0, "1"}, {2.0, "2"}, {5.0, "5"}, {10.0, "10"}, {20.0, "20"}, {50.0, "50"}, {100.0, "100"}, {200.0, "200"}, {500.0, "500"},
                                   {1000.0, "1k"}, {2000.0, "2k"}, {5000.0, "5k"}, {10000.0, "10k"}, {20000.0, "20k"}})
        if (hz >= fromHz * 0.999 && hz <= toHz * 1.001) axis.ticks.emplace_back(hz, text);
    return axis;
}

Axis linearAxis(const std::string& name, double from, double to, double step) {
    Axis axis{.name = name, .from = from, .to = to};
    for (int i = 0; from + i * step <= to + 1e-9; ++i) {
        std::ostringstream text;
        text << from + i * step;
        axis.ticks.emplace_back(from + i * step, text.str());
    }
    return axis;
}

std::string drawn(const std::string& label, const std::vector<Panel>& panels) {
    const std::string width = number(kPanelWidth * static_cast<double>(panels.size()));
    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + width + " " + number(kHeight) + "\" width=\"" + width + "\" role=\"img\">";
    svg += "<title>" + escaped(label) + "</title>" + kStyle + "<rect class=\"b\" width=\"100%\" height=\"100%\" rx=\"6\"/>";
    for (std::size_t i = 0; i < panels.size(); ++i) svg += "\n" + panelSvg(panels[i], kPanelWidth * static_cast<double>(i));
    return svg + "\n</svg>\n";
}

void expectPicture(const std::string& name, const std::string& svg) {
    const std::string path = std::string(TONEWRIGHT_SOURCE_DIR) + "/docs/images/" + name + ".svg";
    EXPECT_LT(svg.size(), kMostBytes) << name;
    if (std::getenv("TONEWRIGHT_DRAW") != nullptr) {
        std::ofstream(path) << svg;
        return;
    }
    std::ifstream file(path);
    std::ostringstream committed;
    committed << file.rdbuf();
    const std::string where = file ? difference(svg, committed.str()) : "there is no such file";
    EXPECT_TRUE(where.empty()) << "docs/images/" << name << ".svg does not show what was measured: " << where
                               << "\nIf the sound was meant to change, redraw with: TONEWRIGHT_DRAW=1 ctest --preset release -L plots"
                               << "\nand look at the picture and at the figures on its page.";
}

}  // namespace tonewright::test
