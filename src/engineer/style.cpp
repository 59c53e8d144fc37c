#include "engineer/style.h"

#include <algorithm>
#include <cmath>

#include "core/data.h"
#include "core/error.h"
#include "core/json.h"
#include "core/text.h"

namespace tonewright {

namespace {

template <std::size_t N>
std::array<double, N> numbers(JsonReader& json, const char* key) {
    std::array<double, N> result{};
    const Json* list = json.raw(key);
    if (!list || !list->isArray() || list->asArray().size() != N) json.fail(key, "must be a list of " + std::to_string(N) + " numbers");
    for (std::size_t i = 0; i < N; ++i) result[i] = list->asArray()[i].asNumber();
    return result;
}

Style::Sound readSound(JsonReader json) {
    Style::Sound sound;
    sound.bassDb = numbers<2>(json, "bassDb");
    sound.trebleDb = numbers<2>(json, "trebleDb");
    sound.deepBassDb = numbers<2>(json, "deepBassDb");
    sound.presenceDb = numbers<2>(json, "presenceDb");
    sound.loudnessRangeLu = numbers<2>(json, "loudnessRangeLu");
    sound.percussiveness = numbers<2>(json, "percussiveness");
    sound.onsetsPerSecond = numbers<2>(json, "onsetsPerSecond");
    sound.pulse = numbers<2>(json, "pulse");
    sound.flatness = numbers<2>(json, "flatness");
    sound.peakToLoudnessDb = numbers<2>(json, "peakToLoudnessDb");
    sound.widthDb = numbers<2>(json, "widthDb");
    json.finish();
    return sound;
}

std::vector<Style> readStyles() {
    const Json document = Json::parse(embeddedData("styles.json"), "styles.json");
    JsonReader root(document, "$", "styles.json");
    std::vector<Style> result;
    for (JsonReader& json : root.objects("styles")) {
        Style style;
        style.name = json.text("name");
        style.description = json.text("description");
        style.integratedLufs = json.number("integratedLufs", {-40.0, 0.0});
        style.loudnessRangeLu = numbers<2>(json, "loudnessRangeLu");
        style.peakToLoudnessDb = numbers<2>(json, "peakToLoudnessDb");
        style.bassDb = json.number("bassDb", {-20.0, 20.0});
        style.trebleDb = json.number("trebleDb", {-20.0, 20.0});
        style.toleranceDb = numbers<6>(json, "toleranceDb");
        style.widthDb = numbers<3>(json, "widthDb");
        JsonReader colour = json.object("colour");
        style.colour = readColourWish(colour);
        colour.finish();
        style.sound = readSound(json.object("sound"));
        json.finish();
        result.push_back(std::move(style));
    }
    return result;
}

// Power per third octave, dB, of the average released track: eq. 6 is a density over frequency, so the band's width adds
// 3 dB an octave. Below 100 Hz, where the fit ends, a parabola in octaves.
double averageDb(double hz) {
    const double fitted = std::max(hz, 100.0);
    const double x = 1.0 + 60.0 * std::log2(fitted / 30.0);
    const double octavesBelow = std::log2(fitted / hz);
    return -0.000183 * x * x + 0.0213 * x - 16.735 + 10.0 * std::log10(fitted / 1000.0) - 6.0 * octavesBelow * octavesBelow;
}

// 1 inside a range of frequencies, falling to 0 over an octave outside.
double inside(double hz, double lowHz, double highHz) {
    const double octavesOut = std::max({0.0, std::log2(lowHz / hz), std::log2(hz / highHz)});
    return std::max(0.0, 1.0 - octavesOut);
}

}  // namespace

const std::vector<Style>& styles() {
    static const std::vector<Style> all = readStyles();
    return all;
}

const Style* findStyle(const std::string& name) {
    const auto found = std::find_if(styles().begin(), styles().end(), [&](const Style& style) { return style.name == name; });
    return found == styles().end() ? nullptr : &*found;
}

void checkStyle(const std::string& name) {
    if (name == "auto" || findStyle(name)) return;
    std::vector<std::string> names = {"auto"};
    for (const Style& style : styles()) names.push_back(style.name);
    const auto close = nearest(name, names);
    throw UsageError("there is no style \"" + name + "\"" + (close ? "; did you mean \"" + *close + "\"?" : "") + " Styles: " + join(names, ", "));
}

double toleranceDbAt(const Style& style, double hz) {
    if (hz <= kToleranceHz.front()) return style.toleranceDb.front();
    for (std::size_t i = 1; i < kToleranceHz.size(); ++i) {
        if (hz > kToleranceHz[i]) continue;
        const double share = std::log(hz / kToleranceHz[i - 1]) / std::log(kToleranceHz[i] / kToleranceHz[i - 1]);
        return style.toleranceDb[i - 1] + share * (style.toleranceDb[i] - style.toleranceDb[i - 1]);
    }
    return style.toleranceDb.back();
}

std::array<double, kThirdOctaves> targetSpectrumDb(const Style& style) {
    std::array<double, kThirdOctaves> target{};
    const double atOneKilohertz = averageDb(1000.0);
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double hz = thirdOctaveCentreHz(band);
        target[band] = averageDb(hz) - atOneKilohertz + style.bassDb * inside(hz, 50.0, 125.0) + style.trebleDb * inside(hz, 6300.0, 12500.0);
    }
    return target;
}

}  // namespace tonewright
