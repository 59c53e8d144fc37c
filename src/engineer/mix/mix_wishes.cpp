#include "engineer/mix/mix_wishes.h"

#include <algorithm>
#include <cmath>

#include "core/data.h"
#include "core/decibels.h"
#include "core/json.h"
#include "core/text.h"
#include "dsp/equalizer.h"
#include "engineer/mood.h"
#include "session/roles.h"

namespace tonewright {

namespace {

struct Wish {
    std::string name;
    std::map<std::string, double> levelLu;
    double reverbLu = 0.0, width = 1.0, compression = 1.0;
};

struct WishData {
    std::vector<Wish> styles, moods;
    double levelLu, reverbLu, leastWidth, mostWidth, leastCompression, mostCompression;
};

std::vector<Wish> readWishes(JsonReader& root, const char* key) {
    std::vector<Wish> wishes;
    for (JsonReader& json : root.objects(key)) {
        Wish wish{.name = json.text("name"), .levelLu = {}, .reverbLu = json.number("reverbLu", {-6.0, 6.0}), .width = json.number("width", {0.5, 2.0}),
                  .compression = json.number("compression", {0.2, 2.0})};
        const Json* levels = json.raw("levelLu");
        if (!levels || !levels->isObject()) json.fail("levelLu", "must be an object of families and LU");
        for (const auto& [family, level] : levels->asObject()) wish.levelLu[family] = level.asNumber();
        json.finish();
        wishes.push_back(std::move(wish));
    }
    return wishes;
}

const WishData& wishData() {
    static const WishData data = [] {
        const Json document = Json::parse(embeddedData("mix_wishes.json"), "mix_wishes.json");
        JsonReader root(document, "$", "mix_wishes.json");
        WishData read{.styles = readWishes(root, "styles"), .moods = readWishes(root, "moods"), .levelLu = 0, .reverbLu = 0, .leastWidth = 1, .mostWidth = 1, .leastCompression = 1, .mostCompression = 1};
        JsonReader bounds = root.object("bounds");
        const Range range{0.0, 12.0};
        read.levelLu = bounds.number("levelLu", range);
        read.reverbLu = bounds.number("reverbLu", range);
        read.leastWidth = bounds.number("leastWidth", range);
        read.mostWidth = bounds.number("mostWidth", range);
        read.leastCompression = bounds.number("leastCompression", range);
        read.mostCompression = bounds.number("mostCompression", range);
        bounds.finish();
        return read;
    }();
    return data;
}

void add(MixWishes& wishes, const Wish& wish, double amount) {
    for (const auto& [family, level] : wish.levelLu) wishes.levelLu[family] += amount * level;
    wishes.reverbLu += amount * wish.reverbLu;
    wishes.width *= std::pow(wish.width, amount);
    wishes.compression *= std::pow(wish.compression, amount);
}

void say(MixWishes& wishes, const std::string& word) { wishes.words += (wishes.words.empty() ? "" : ", ") + word; }

// Mean power of the sides against the middle, 400 Hz to 8 kHz, of a reference.
std::optional<double> widthOf(const ReferenceProfile& reference) {
    double mid = 0.0, side = 0.0;
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double hz = thirdOctaveCentreHz(band);
        if (hz < 400.0 || hz > 8000.0 || !reference.whole.midDb[band]) continue;
        mid += dbToPower(*reference.whole.midDb[band]);
        if (reference.whole.sideDb[band]) side += dbToPower(*reference.whole.sideDb[band]);
    }
    return reference.stereo && mid > 0.0 && side > 0.0 ? std::optional(powerToDb(side / mid)) : std::nullopt;
}

// The whole spectrum, middle and sides, against 1 kHz; bands that say nothing stay with the style.
std::optional<std::array<double, kThirdOctaves>> spectrumOf(const ReferenceProfile& reference, const Style& style) {
    constexpr int kOneKilohertz = 17;
    const auto level = [&](int band) -> std::optional<double> {
        if (!reference.whole.midDb[band]) return std::nullopt;
        return powerToDb(dbToPower(*reference.whole.midDb[band]) + (reference.whole.sideDb[band] ? dbToPower(*reference.whole.sideDb[band]) : 0.0));
    };
    // The middle of the spectrum, not one band of it, is what the rest stands against.
    std::array<double, kThirdOctaves> spectrum = targetSpectrumDb(style);
    double own = 0.0, usual = 0.0;
    int count = 0;
    for (int band = kOneKilohertz - 5; band <= kOneKilohertz + 4; ++band)
        if (const auto db = level(band)) {
            own += *db;
            usual += spectrum[band];
            ++count;
        }
    if (count < 5) return std::nullopt;
    const double shiftDb = (usual - own) / count;
    for (int band = 0; band < kThirdOctaves; ++band)
        if (const auto db = level(band)) spectrum[band] = *db + shiftDb;
    return spectrum;
}

constexpr double kUsualWidthDb = -10.0, kUsualPlrDb = 11.0;
constexpr double kHalfWay = 0.5;
constexpr double kPerPlrDb = 0.08;   // of compression, for each dB that the reference is denser

void addReference(MixWishes& wishes, const ReferenceProfile& reference, const MatchAmounts& match, const Style& style, double intensity) {
    const double share = std::min(intensity, 1.0);
    if (match.tone > 0.0)
        if (const auto spectrum = spectrumOf(reference, style)) {
            const std::array<double, kThirdOctaves> usual = targetSpectrumDb(style);
            wishes.targetDb = usual;
            for (int band = 0; band < kThirdOctaves; ++band) (*wishes.targetDb)[band] += match.tone * share * ((*spectrum)[band] - usual[band]);
        }
    if (const auto widthDb = widthOf(reference); widthDb && match.width > 0.0) {
        wishes.width *= dbToGain(kHalfWay * match.width * share * (*widthDb - kUsualWidthDb));
        wishes.evidence.push_back({"referenceWidthDb", roundTo(*widthDb, 0.1), "dB", "usual " + fixed(kUsualWidthDb, 0)});
    }
    if (match.dynamics > 0.0) {
        wishes.compression *= 1.0 + match.dynamics * share * std::clamp(kPerPlrDb * (kUsualPlrDb - reference.peakToLoudnessDb), -0.4, 0.4);
        wishes.evidence.push_back({"referencePeakToLoudnessDb", roundTo(reference.peakToLoudnessDb, 0.1), "dB", "usual " + fixed(kUsualPlrDb, 0)});
    }
    say(wishes, "the sound of the reference");
}

}  // namespace

double MixWishes::levelOf(const std::string& role) const {
    const bool lead = role == "vocals/lead" || role == "vocals/speech";
    const auto found = levelLu.find(lead ? "lead" : std::string(roleFamily(role)));
    return found == levelLu.end() ? 0.0 : found->second;
}

const RoleProfile& MixWishes::profile(const std::string& role) {
    if (!any()) return roleProfile(role);
    const auto known = profiles_.find(role);
    if (known != profiles_.end()) return known->second;
    RoleProfile wished = roleProfile(role);
    // The roles of a kit are against the kit ("drums"), which is moved as a whole.
    if (role == "drums") wished.levelLu += levelOf("drums/kit");
    else if (roleFamily(role) != "drums") wished.levelLu += levelOf(role);
    wished.panWidth = std::min(1.0, wished.panWidth * width);
    if (wished.compression) wished.compression->mostDb *= compression;
    return profiles_.emplace(role, std::move(wished)).first->second;
}

std::array<double, kThirdOctaves> MixWishes::spectrumDb(const Style& style) const {
    std::array<double, kThirdOctaves> spectrum = targetDb ? *targetDb : targetSpectrumDb(style);
    for (int band = 0; band < kThirdOctaves; ++band) spectrum[band] += toneDb[band];
    return spectrum;
}

MixWishes mixWishes(const Intent& intent, const ReferenceProfile* reference) {
    MixWishes wishes;
    if (intent.intensity <= 0.0) return wishes;
    const WishData& data = wishData();
    const auto find = [](const std::vector<Wish>& list, const std::string& name) {
        return std::find_if(list.begin(), list.end(), [&](const Wish& wish) { return wish.name == name; });
    };
    if (const auto style = find(data.styles, intent.style); style != data.styles.end()) {
        add(wishes, *style, std::min(intent.intensity, 1.5));
        say(wishes, intent.style);
    }
    for (const MoodWish& wish : intent.moods)
        if (const auto mood = find(data.moods, wish.name); mood != data.moods.end() && wish.amount > 0.0) {
            add(wishes, *mood, wish.amount * std::min(intent.intensity, 1.5));
            say(wishes, wish.name);
        }
    const MoodShape shape = moodShape(intent.moods, intent.intensity);
    for (int band = 0; band < kThirdOctaves; ++band) wishes.toneDb[band] = analogueGainDb({.bands = shape.tone}, thirdOctaveCentreHz(band));
    const Style* style = findStyle(intent.style == "auto" ? "neutral" : intent.style);
    if (reference && style) addReference(wishes, *reference, intent.match, *style, intent.intensity);

    for (auto& [family, level] : wishes.levelLu) level = roundTo(std::clamp(level, -data.levelLu, data.levelLu), 0.1);
    wishes.reverbLu = roundTo(std::clamp(wishes.reverbLu, -data.reverbLu, data.reverbLu), 0.1);
    wishes.width = roundTo(std::clamp(wishes.width, data.leastWidth, data.mostWidth), 0.01);
    wishes.compression = roundTo(std::clamp(wishes.compression, data.leastCompression, data.mostCompression), 0.01);
    return wishes;
}

Reason wishReason(const MixWishes& wishes, const std::string& what, std::vector<Evidence> evidence) {
    evidence.insert(evidence.end(), wishes.evidence.begin(), wishes.evidence.end());
    return {.rule = "mix.wish", .text = "You asked for " + wishes.words + ": " + what + ".", .evidence = std::move(evidence), .confidence = 0.8};
}

void tellWish(const MixWishes& wishes, TrackPlan& track) {
    if (!wishes.any() || track.muted()) return;
    if (const double level = wishes.levelOf(track.role); level != 0.0)
        track.fader.because.push_back(wishReason(wishes, fixed(std::abs(level), 1) + " LU " + (level > 0.0 ? "louder" : "quieter") + " than usual", {{"wishedLu", level, "LU", ""}}));
    const auto* pan = std::get_if<Panner::Params>(&track.pan.params);
    if (pan && pan->position != 0.0 && wishes.width != 1.0)
        track.pan.because.push_back(wishReason(wishes, std::string(wishes.width > 1.0 ? "further from" : "nearer to") + " the centre than usual", {{"wishedWidth", wishes.width, "", "usual 1"}}));
    for (Step& step : track.chain)
        if (std::holds_alternative<Compressor::Params>(step.params) && wishes.compression != 1.0 && !step.because.empty() && step.because.front().rule == "mix.compress")
            step.because.push_back(wishReason(wishes, std::string(wishes.compression > 1.0 ? "more" : "less") + " compression than usual", {{"wishedCompression", wishes.compression, "", "usual 1"}}));
}

}  // namespace tonewright
