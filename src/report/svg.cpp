#include "report/svg.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "report/html_text.h"
#include "report/plain_text.h"

namespace tonewright {

namespace {

std::string number(double value) { return std::isfinite(value) ? fixed(value, 1) : "0.0"; }

std::string open(const std::string& label, double width, double height, const std::string& css, const std::string& more = "") {
    return "<svg class=\"" + css + "\" role=\"img\" aria-label=\"" + escaped(label) + "\" viewBox=\"0 0 " + number(width) + " " + number(height) + "\"" + more + ">";
}

std::string line(double x1, double y1, double x2, double y2, const std::string& css) {
    return "<line class=\"" + css + "\" x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) + "\" y2=\"" + number(y2) + "\"/>";
}

std::string text(double x, double y, const std::string& anchor, const std::string& words, const std::string& css = "") {
    return "<text" + (css.empty() ? "" : " class=\"" + css + "\"") + " x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\">" +
           escaped(words) + "</text>";
}

// Where the data lie within a plot.
struct Area {
    double left, top, right, bottom;
    double yFrom, yTo;

    double x(double share) const { return left + share * (right - left); }
    double y(double value) const {
        const double share = yTo > yFrom ? (value - yFrom) / (yTo - yFrom) : 0.0;
        return bottom - std::clamp(share, 0.0, 1.0) * (bottom - top);
    }
};

// Moves to the first value after each gap, draws to the others. A lone value becomes a short stroke.
std::string path(const std::vector<double>& values, const Area& area) {
    std::string d;
    const double last = std::max<double>(1.0, static_cast<double>(values.size()) - 1.0);
    bool drawing = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) {
            drawing = false;
            continue;
        }
        const std::string point = number(area.x(static_cast<double>(i) / last)) + " " + number(area.y(values[i]));
        d += (drawing ? "L" : "M") + point;
        if (!drawing) d += "h0.1";
        drawing = true;
    }
    return d;
}

struct Box {
    double left, top, right, bottom;
    bool meets(const Box& other) const { return left < other.right && other.left < right && top < other.bottom && other.top < bottom; }
};

}  // namespace

std::string linePlotSvg(const LinePlot& plot) {
    constexpr double kWidth = 480.0, kHeight = 250.0;
    const Area area{44.0, 12.0, kWidth - 10.0, kHeight - 30.0, plot.yFrom, plot.yTo};
    std::string svg = open(plot.label, kWidth, kHeight, "plot");
    for (const Tick& tick : plot.yTicks) {
        svg += line(area.left, area.y(tick.at), area.right, area.y(tick.at), "grid");
        svg += text(area.left - 6.0, area.y(tick.at) + 4.0, "end", tick.text);
    }
    for (const Tick& tick : plot.xTicks) {
        svg += line(area.x(tick.at), area.top, area.x(tick.at), area.bottom, "grid");
        const std::string anchor = tick.at < 0.02 ? "start" : tick.at > 0.98 ? "end" : "middle";
        svg += text(area.x(tick.at), area.bottom + 18.0, anchor, tick.text);
    }
    for (const Curve& curve : plot.curves) svg += "<path class=\"curve " + curve.css + "\" d=\"" + path(curve.values, area) + "\"/>";
    for (const Tick& level : plot.lines) {
        svg += line(area.left, area.y(level.at), area.right, area.y(level.at), "target");
        svg += text(area.left + 5.0, area.y(level.at) - 6.0, "start", level.text, "targettext");
    }
    return svg + "</svg>";
}

std::string waveformSvg(const std::string& label, std::span<const float> minMaxPairs, const std::string& css) {
    constexpr double kWidth = 720.0, kHeight = 100.0, kMiddle = kHeight / 2.0;
    constexpr std::size_t kColumns = 720;
    const std::size_t pairs = minMaxPairs.size() / 2, columns = std::min(pairs, kColumns);
    std::string above, below;
    const auto y = [&](double sample) { return number(kMiddle - kMiddle * std::clamp(sample, -1.0, 1.0)); };
    for (std::size_t column = 0; column < columns; ++column) {
        double low = 0.0, high = 0.0;
        for (std::size_t i = column * pairs / columns; i < (column + 1) * pairs / columns; ++i) {
            if (std::isfinite(minMaxPairs[2 * i])) low = std::min<double>(low, minMaxPairs[2 * i]);
            if (std::isfinite(minMaxPairs[2 * i + 1])) high = std::max<double>(high, minMaxPairs[2 * i + 1]);
        }
        const std::string x = number(columns > 1 ? kWidth * static_cast<double>(column) / static_cast<double>(columns - 1) : 0.0);
        above += (above.empty() ? "M" : "L") + x + " " + y(high);
        below = "L" + x + " " + y(low) + below;
    }
    std::string svg = open(label, kWidth, kHeight, "waveform", " preserveAspectRatio=\"none\"");
    svg += line(0.0, kMiddle, kWidth, kMiddle, "grid");
    if (!above.empty()) svg += "<path class=\"wave " + css + "\" d=\"" + above + below + "Z\"/>";
    return svg + "</svg>";
}

std::string stageSvg(const std::string& label, std::span<const StagePlace> places) {
    constexpr double kWidth = 640.0, kHeight = 430.0, kSide = 84.0, kTop = 4.0, kFront = 370.0, kRadius = 6.5;
    constexpr double kCharacter = 7.5, kLineHeight = 15.0;
    constexpr std::size_t kNameLength = 16;
    double loudest = -1e9, quietest = 1e9;
    for (const StagePlace& place : places)
        if (std::isfinite(place.levelLufs)) {
            loudest = std::max(loudest, place.levelLufs);
            quietest = std::min(quietest, place.levelLufs);
        }
    if (loudest < quietest) loudest = quietest = 0.0;
    const double span = std::max(6.0, loudest - quietest);
    const auto x = [&](double position) { return kWidth / 2.0 + std::clamp(position, -1.0, 1.0) * (kWidth / 2.0 - kSide); };
    const auto y = [&](double level) { return kFront - 12.0 - (loudest - level) / span * (kFront - kTop - 40.0); };

    std::string svg = open(label, kWidth, kHeight, "stage");
    // Slightly narrower at the back, as a stage looks from the seats.
    constexpr double kBack = 10.0, kInset = 22.0, kCorner = 26.0;
    const std::string left = number(kSide / 2.0), right = number(kWidth - kSide / 2.0), front = number(kFront);
    svg += "<path class=\"floor\" d=\"M" + left + " " + front + "L" + number(kSide / 2.0 + kInset) + " " + number(kBack + kCorner) + "Q" +
           number(kSide / 2.0 + kInset) + " " + number(kBack) + " " + number(kSide / 2.0 + kInset + kCorner) + " " + number(kBack) + "H" +
           number(kWidth - kSide / 2.0 - kInset - kCorner) + "Q" + number(kWidth - kSide / 2.0 - kInset) + " " + number(kBack) + " " +
           number(kWidth - kSide / 2.0 - kInset) + " " + number(kBack + kCorner) + "L" + right + " " + front + "Z\"/>";
    svg += line(kWidth / 2.0, kBack, kWidth / 2.0, kFront, "grid");
    svg += text(kSide / 2.0, kFront + 24.0, "start", "left") + text(kWidth / 2.0, kFront + 24.0, "middle", "centre") +
           text(kWidth - kSide / 2.0, kFront + 24.0, "end", "right");
    svg += text(kWidth / 2.0, kFront + 48.0, "middle", "nearer = louder in the mix");

    std::vector<const StagePlace*> order;  // the loudest get the best places for their names
    for (const StagePlace& place : places)
        if (std::isfinite(place.levelLufs)) order.push_back(&place);
    std::stable_sort(order.begin(), order.end(), [](const StagePlace* a, const StagePlace* b) { return a->levelLufs > b->levelLufs; });
    std::vector<Box> taken;
    for (const StagePlace* place : order) {
        const double cx = x(place->position), cy = y(place->levelLufs);
        taken.push_back({cx - kRadius, cy - kRadius, cx + kRadius, cy + kRadius});
    }
    std::string dots, names;
    for (const StagePlace* place : order) {
        const double cx = x(place->position), cy = y(place->levelLufs);
        if (place->halfWidth > 0.0)
            dots += line(x(place->position - place->halfWidth), cy, x(place->position + place->halfWidth), cy, "spread " + place->css);
        dots += "<circle class=\"" + place->css + "\" cx=\"" + number(cx) + "\" cy=\"" + number(cy) + "\" r=\"" + number(kRadius) + "\"/>";

        const std::string name = shortened(plainText(place->name), kNameLength);
        const double width = kCharacter * static_cast<double>(std::min(name.size(), kNameLength));
        // Beside the dot if there is room, else further out and up or down, joined to the dot by a thin line.
        Box best{};
        bool found = false, onRight = true;
        double distance = 0.0;
        for (int ring = 0; ring < 12 && !found; ++ring)
            for (const double shift : {0.0, -1.0, 1.0, -2.0, 2.0, -3.0, 3.0}) {
                if (ring == 0 && shift != 0.0) continue;
                for (const bool toRight : {true, false}) {
                    const double reach = kRadius + 5.0 + 14.0 * ring, top = cy - kLineHeight / 2.0 + shift * 0.5 * kLineHeight;
                    const Box box = toRight ? Box{cx + reach, top, cx + reach + width, top + kLineHeight} : Box{cx - reach - width, top, cx - reach, top + kLineHeight};
                    const bool outside = box.left < 2.0 || box.right > kWidth - 2.0 || box.top < 2.0 || box.bottom > kFront + 4.0;
                    if (outside || std::any_of(taken.begin(), taken.end(), [&](const Box& other) { return box.meets(other); })) continue;
                    best = box;
                    found = true;
                    onRight = toRight;
                    distance = ring + std::abs(shift);
                    break;
                }
                if (found) break;
            }
        if (!found) continue;  // too crowded: the table below names everybody
        taken.push_back(best);
        const double middle = (best.top + best.bottom) / 2.0, edge = onRight ? best.left - 2.0 : best.right + 2.0;
        if (distance > 0.5) names += line(cx + (onRight ? kRadius : -kRadius), cy, edge, middle, "leader");
        names += text(onRight ? best.left : best.right, middle + 4.0, onRight ? "start" : "end", name, "name");
    }
    return svg + names + dots + "</svg>";
}

std::string panSvg(const std::string& label, double position, double halfWidth) {
    constexpr double kWidth = 84.0, kHeight = 14.0, kReach = 36.0;
    const double at = std::isfinite(position) ? std::clamp(position, -1.0, 1.0) : 0.0;
    const auto x = [&](double place) { return kWidth / 2.0 + kReach * std::clamp(place, -1.0, 1.0); };
    std::string svg = open(label, kWidth, kHeight, "pan");
    svg += line(x(-1.0), kHeight / 2.0, x(1.0), kHeight / 2.0, "grid") + line(x(0.0), 3.0, x(0.0), kHeight - 3.0, "grid");
    if (halfWidth > 0.0) svg += line(x(at - halfWidth), kHeight / 2.0, x(at + halfWidth), kHeight / 2.0, "spread");
    return svg + "<circle cx=\"" + number(x(at)) + "\" cy=\"" + number(kHeight / 2.0) + "\" r=\"4.5\"/></svg>";
}

std::string gainCurveSvg(const std::string& label, std::span<const double> gainsDb) {
    constexpr double kWidth = 180.0, kHeight = 44.0, kLeast = 6.0;
    double range = kLeast;
    for (double gain : gainsDb)
        if (std::isfinite(gain)) range = std::max(range, std::min(std::abs(gain), 18.0));
    const Area area{0.0, 2.0, kWidth, kHeight - 2.0, -range, range};
    std::string svg = open(label, kWidth, kHeight, "gaincurve");
    svg += line(0.0, area.y(0.0), kWidth, area.y(0.0), "grid");
    return svg + "<path class=\"curve after\" d=\"" + path({gainsDb.begin(), gainsDb.end()}, area) + "\"/></svg>";
}

}  // namespace tonewright
