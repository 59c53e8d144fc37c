#include <algorithm>
#include <cmath>
#include <limits>

#include "core/text.h"
#include "report/html_sections.h"
#include "report/html_text.h"
#include "report/plain_text.h"
#include "report/report_parts.h"
#include "report/svg.h"

namespace tonewright {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr float kSilentShortTerm = -199.0f;  // facts.h writes -200 for silence

// What is compared: one or two analyses, with their names.
struct Pair {
    const Analysis* was = nullptr;  // null: there is only one
    const Analysis* now = nullptr;
    std::string wasName, nowName;
};

Pair compared(const Report& report) {
    Pair pair{before(report), after(report), report.plan.kind == PlanKind::mix ? "mix" : "before", report.master ? "master" : "mix"};
    if (pair.was == pair.now) pair.was = nullptr;
    return pair;
}

std::string figure(const std::string& title, const std::string& caption, const std::string& drawing, const std::string& css = "") {
    return "<figure" + (css.empty() ? "" : " class=\"" + css + "\"") + "><figcaption><strong>" + escaped(title) + "</strong> " + escaped(caption) + "</figcaption>" +
           drawing + "</figure>\n";
}

std::string legend(const Pair& pair) {
    if (!pair.was) return "";
    return "<p class=\"legend\"><span class=\"key before\"></span>" + escaped(pair.wasName) + "<span class=\"key after\"></span>" + escaped(pair.nowName) + "</p>";
}

std::vector<Tick> timeTicks(double seconds) {
    std::vector<Tick> ticks;
    if (!(seconds > 0.0) || !std::isfinite(seconds)) return ticks;
    double step = 5.0;
    for (const double wider : {10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0})
        if (seconds / step > 8.0) step = wider;
    for (double t = 0.0; t <= seconds; t += step) {
        const int whole = static_cast<int>(std::lround(t));
        ticks.push_back({t / seconds, std::to_string(whole / 60) + ":" + (whole % 60 < 10 ? "0" : "") + std::to_string(whole % 60)});
    }
    return ticks;
}

std::string waveform(const Report& report, const Pair& pair) {
    if (pair.now->peakEnvelope.size() < 2) return "";
    const auto lane = [](const Analysis& facts, const std::string& name, const std::string& css) {
        const std::string label = "Waveform of the " + name + ", true peak " + shown(facts.loudness.truePeakDbtp, 1) + " dBTP";
        return "<div class=\"lane\"><span class=\"lanename\">" + escaped(name) + "</span>" + waveformSvg(label, facts.peakEnvelope, css) + "</div>";
    };
    std::string html;
    if (pair.was) html += lane(*pair.was, pair.wasName, "before");
    html += lane(*pair.now, pair.nowName, "after");
    std::string times;
    for (const Tick& tick : timeTicks(report.seconds))
        times += (tick.at > 0.96 ? std::string("<span class=\"last\">") : "<span style=\"left:" + fixed(100.0 * tick.at, 2) + "%\">") + tick.text + "</span>";
    if (!times.empty()) html += "<div class=\"times\" aria-hidden=\"true\">" + times + "</div>";
    return figure("Waveform.", "Full height is full scale.", html, "wide");
}

std::vector<double> shortTerm(const Analysis& facts) {
    std::vector<double> values;
    for (float lufs : facts.dynamics.shortTermLufs) values.push_back(lufs < kSilentShortTerm ? kNone : static_cast<double>(lufs));
    return values;
}

// Ticks every `step` from below the lowest to above the highest finite value, at most `span` below the highest.
void scale(LinePlot& plot, double step, double span) {
    double low = 1e9, high = -1e9;
    const auto add = [&](double value) {
        if (!std::isfinite(value)) return;
        low = std::min(low, value);
        high = std::max(high, value);
    };
    for (const Curve& curve : plot.curves)
        for (double value : curve.values) add(value);
    for (const Tick& level : plot.lines) add(level.at);
    if (low > high) low = high = 0.0;
    plot.yTo = step * std::ceil(high / step + 0.1);
    plot.yFrom = step * std::floor(std::max(low, high - span) / step);
    for (double at = plot.yFrom; at <= plot.yTo + 0.5 * step; at += step) plot.yTicks.push_back({at, shown(at, 0)});
}

std::string loudness(const Report& report, const Pair& pair) {
    LinePlot plot{.label = "Short-term loudness over time, at most " + shown(pair.now->loudness.maxShortTermLufs, 1) + " LUFS",
                  .xTicks = timeTicks(report.seconds), .curves = {}, .lines = {}};
    if (pair.was) plot.curves.push_back({"before", shortTerm(*pair.was)});
    plot.curves.push_back({"after", shortTerm(*pair.now)});
    const bool anything = std::any_of(plot.curves.back().values.begin(), plot.curves.back().values.end(), [](double v) { return std::isfinite(v); });
    if (!anything) return "";
    if (report.master) plot.lines.push_back({report.plan.delivery.integratedLufs, "target " + shown(report.plan.delivery.integratedLufs, 1)});
    scale(plot, 6.0, 30.0);
    return figure("Loudness over time.", "Each point is three seconds, in LUFS.", legend(pair) + linePlotSvg(plot));
}

std::vector<Tick> bandTicks() {
    std::vector<Tick> ticks;
    for (const auto& [band, name] : {std::pair{4, "50"}, {7, "100"}, {10, "200"}, {14, "500"}, {17, "1 kHz"}, {20, "2"}, {24, "5"}, {27, "10"}, {30, "20"}})
        ticks.push_back({static_cast<double>(band) / (kThirdOctaves - 1), name});
    return ticks;
}

std::vector<double> shifted(const std::array<double, kThirdOctaves>& bands, double db, double floor) {
    std::vector<double> values;
    for (double band : bands) values.push_back(std::isfinite(band) && band > floor ? band + db : kNone);
    return values;
}

bool anyFinite(const std::array<double, kThirdOctaves>& bands) {
    return std::any_of(bands.begin(), bands.end(), [](double band) { return std::isfinite(band) && band != 0.0; });
}

std::string spectrum(const Pair& pair) {
    constexpr double kFloor = -140.0;
    if (!anyFinite(pair.now->spectrum.thirdOctaveDb)) return "";
    LinePlot plot{.label = "Spectrum in third octaves from 20 Hz to 20 kHz", .xTicks = bandTicks(), .curves = {}, .lines = {}};
    double match = pair.was ? pair.now->loudness.integratedLufs - pair.was->loudness.integratedLufs : 0.0;
    if (!std::isfinite(match)) match = 0.0;
    if (pair.was) plot.curves.push_back({"before", shifted(pair.was->spectrum.thirdOctaveDb, match, kFloor)});
    plot.curves.push_back({"after", shifted(pair.now->spectrum.thirdOctaveDb, 0.0, kFloor)});
    scale(plot, 10.0, 60.0);
    return figure("Tone.", pair.was ? "Level in third octaves, both drawn at the same loudness." : "Level in third octaves.",
                  legend(pair) + linePlotSvg(plot));
}

// What happened to the tone, at equal loudness: after minus before.
std::string toneChange(const Pair& pair) {
    constexpr double kLeast = 3.0;  // smaller changes are not blown up
    if (!pair.was || !anyFinite(pair.now->spectrum.thirdOctaveDb)) return "";
    const double match = pair.now->loudness.integratedLufs - pair.was->loudness.integratedLufs;
    if (!std::isfinite(match)) return "";
    std::vector<double> change;
    double range = kLeast;
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double db = pair.now->spectrum.thirdOctaveDb[band] - pair.was->spectrum.thirdOctaveDb[band] - match;
        const bool audible = pair.was->spectrum.thirdOctaveDb[band] > -100.0 && pair.now->spectrum.thirdOctaveDb[band] > -100.0;
        change.push_back(audible && std::isfinite(db) ? db : kNone);
        if (std::isfinite(change.back())) range = std::max(range, std::min(std::abs(db), 12.0));
    }
    range = 3.0 * std::ceil(range / 3.0);
    LinePlot plot{.label = "Change of tone in third octaves, in decibels", .xTicks = bandTicks(), .yFrom = -range, .yTo = range, .curves = {{"after", change}}, .lines = {}};
    for (double at = -range; at <= range; at += range / 3.0) plot.yTicks.push_back({at, shownSigned(at, 0)});
    return figure("What changed in the tone.", "The " + pair.nowName + " against the " + (pair.wasName == "mix" ? "mix" : "file as it came") + ", in dB, both at the same loudness.",
                  linePlotSvg(plot));
}

std::string width(const Pair& pair) {
    constexpr double kMono = -60.0;
    if (pair.now->spec.channels != 2 || !anyFinite(pair.now->stereo.thirdOctaveWidthDb)) return "";
    LinePlot plot{.label = "Stereo width in third octaves: side against middle, in decibels", .xTicks = bandTicks(), .yFrom = -40.0, .yTo = 10.0, .curves = {}, .lines = {}};
    if (pair.was && pair.was->spec.channels == 2) plot.curves.push_back({"before", shifted(pair.was->stereo.thirdOctaveWidthDb, 0.0, kMono)});
    plot.curves.push_back({"after", shifted(pair.now->stereo.thirdOctaveWidthDb, 0.0, kMono)});
    for (double at = plot.yFrom; at <= plot.yTo; at += 10.0) plot.yTicks.push_back({at, shown(at, 0)});
    return figure("Stereo width.", "Sides against the middle, in dB; 0 is as wide as two different sides, no line is mono.", legend(pair) + linePlotSvg(plot));
}

}  // namespace

std::string picturesHtml(const Report& report) {
    const Pair pair = compared(report);
    if (!pair.now) return "";
    const std::string plots = loudness(report, pair) + spectrum(pair) + toneChange(pair) + width(pair);
    return sectionHtml("sound", "The sound", waveform(report, pair) + (plots.empty() ? "" : "<div class=\"figures\">" + plots + "</div>"));
}

}  // namespace tonewright
