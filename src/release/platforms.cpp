#include "release/platforms.h"

#include <algorithm>
#include <cmath>

#include "core/data.h"
#include "core/error.h"
#include "core/json.h"
#include "core/text.h"

namespace tonewright {

namespace {

std::vector<Platform> readPlatforms() {
    const Json document = Json::parse(embeddedData("platforms.json"), "platforms.json");
    JsonReader root(document, "$", "platforms.json");
    std::vector<Platform> result;
    for (JsonReader& json : root.objects("platforms")) {
        Platform platform;
        platform.name = json.text("name");
        platform.targetLufs = json.optionalNumber("targetLufs", {-40.0, 0.0});
        platform.turnsUp = json.flag("turnsUp");
        platform.maxTruePeakAfterGainDbtp = json.number("maxTruePeakAfterGainDbtp", {-20.0, 0.0}, -1.0);
        platform.adviceTruePeakDbtp = json.optionalNumber("adviceTruePeakDbtp", {-20.0, 0.0});
        platform.status = json.text("status");
        platform.source = json.text("source");
        platform.date = json.text("confirmed");
        platform.note = json.text("note");
        platform.codecs = json.texts("codecs");
        platform.decodedCeilingDbtp = json.number("decodedCeilingDbtp", {-20.0, 0.0}, 0.0);
        platform.codecSource = json.text("codecSource", "");
        json.finish();
        result.push_back(std::move(platform));
    }
    return result;
}

// Letters and digits in lower case, '-' for whatever stands between them.
std::string wordOf(std::string_view name) {
    std::string word;
    for (const char c : lowerAscii(name)) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain) word += c;
        else if (!word.empty() && word.back() != '-') word += '-';
    }
    if (!word.empty() && word.back() == '-') word.pop_back();
    return word;
}

std::string sentence(const PlatformEffect& effect, double wantedDb) {
    if (!effect.platform.targetLufs) return "plays it as it is";
    if (effect.gainDb <= -0.05) return "turns it down by " + fixed(-effect.gainDb, 1) + " dB";
    if (wantedDb < 0.05) return "plays it as it is";
    if (!effect.platform.turnsUp) return "plays it as it is, " + fixed(wantedDb, 1) + " dB under its level";
    if (effect.gainDb < 0.05) return "would turn it up by " + fixed(wantedDb, 1) + " dB, but its peaks leave no room";
    const bool held = effect.gainDb < wantedDb - 0.05;
    return "turns it up by " + fixed(effect.gainDb, 1) + " dB" + (held ? " (as far as its peaks allow; " + fixed(wantedDb, 1) + " dB wanted)" : "");
}

}  // namespace

const std::vector<Platform>& platforms() {
    static const std::vector<Platform> all = readPlatforms();
    return all;
}

std::string Platform::word() const { return wordOf(name); }

const Platform& findPlatform(const std::string& name) {
    const std::string wanted = wordOf(name);
    std::vector<std::string> words;
    for (const Platform& platform : platforms()) {
        words.push_back(platform.word());
        if (words.back() == wanted) return platform;
    }
    auto close = nearest(wanted, words);
    for (const std::string& word : words)  // "apple" is far from "apple-music" by letters only
        if (!close && wanted.size() >= 3 && word.starts_with(wanted)) close = word;
    throw UsageError("there is no platform \"" + name + "\"" + (close ? "; did you mean \"" + *close + "\"?" : ".") + " Platforms: " + join(words, ", "));
}

std::vector<PlatformEffect> platformEffects(const LoudnessFacts& master) {
    std::vector<PlatformEffect> effects;
    if (!std::isfinite(master.integratedLufs)) return effects;
    for (const Platform& platform : platforms()) {
        PlatformEffect effect{.platform = platform, .gainDb = 0.0, .playedLufs = 0.0, .playedTruePeakDbtp = 0.0, .text = {}};
        const double wantedDb = platform.targetLufs ? *platform.targetLufs - master.integratedLufs : 0.0;
        if (wantedDb < 0.0)
            effect.gainDb = wantedDb;
        else if (platform.turnsUp)
            effect.gainDb = std::clamp(platform.maxTruePeakAfterGainDbtp - master.truePeakDbtp, 0.0, wantedDb);
        effect.playedLufs = master.integratedLufs + effect.gainDb;
        effect.playedTruePeakDbtp = master.truePeakDbtp + effect.gainDb;
        effect.text = sentence(effect, wantedDb);
        effects.push_back(std::move(effect));
    }
    return effects;
}

}  // namespace tonewright
