#include "engineer/mood.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include "analysis/facts.h"
#include "core/data.h"
#include "core/error.h"
#include "core/json.h"
#include "core/text.h"

namespace tonewright {

namespace {

struct Bounds {
    double toneDb, widthDb, attackDb, sustainDb, compressionDb, colourPercent;
};

struct MoodData {
    std::vector<Mood> moods;
    Bounds bounds;
};

std::array<double, 2> pairOf(JsonReader& json, const char* key) {
    const Json* list = json.raw(key);
    if (!list || !list->isArray() || list->asArray().size() != 2) json.fail(key, "must be a list of 2 numbers");
    return {list->asArray()[0].asNumber(), list->asArray()[1].asNumber()};
}

MoodData readMoods() {
    const Json document = Json::parse(embeddedData("moods.json"), "moods.json");
    JsonReader root(document, "$", "moods.json");
    MoodData data{};
    for (JsonReader& json : root.objects("moods")) {
        Mood mood;
        mood.name = json.text("name");
        mood.description = json.text("description");
        for (JsonReader& band : json.objects("tone")) {
            static const std::vector<std::string> kShapes = {"bell", "lowShelf", "highShelf"};
            mood.tone.push_back({.type = static_cast<BandType>(band.choice("type", kShapes)),
                                 .frequencyHz = band.number("frequencyHz", {20.0, 20000.0}),
                                 .gainDb = band.number("gainDb", {-3.0, 3.0}),
                                 .q = band.number("q", {0.3, 1.4})});
            band.finish();
        }
        mood.widthDb = pairOf(json, "widthDb");
        mood.attackDb = json.number("attackDb", {-6.0, 6.0});
        mood.sustainDb = json.number("sustainDb", {-6.0, 6.0});
        mood.compressionDb = json.number("compressionDb", {-2.0, 2.0});
        JsonReader colour = json.object("colour");
        mood.colour = readColourWish(colour);
        mood.colourShare = colour.number("share", {0.0, 1.0});
        colour.finish();
        JsonReader measure = json.object("measure");
        mood.measure = {measure.text("fact"), pairOf(measure, "change")};
        measure.finish();
        json.finish();
        data.moods.push_back(std::move(mood));
    }
    JsonReader bounds = root.object("bounds");
    const Range positive{0.0, 12.0};
    data.bounds = {bounds.number("toneDb", positive), bounds.number("widthDb", positive), bounds.number("attackDb", positive),
                   bounds.number("sustainDb", positive), bounds.number("compressionDb", positive), bounds.number("colourPercent", {0.0, 2.0})};
    bounds.finish();
    return data;
}

const MoodData& moodData() {
    static const MoodData data = readMoods();
    return data;
}

[[noreturn]] void refuse(const std::string& name) {
    std::vector<std::string> names;
    for (const Mood& mood : moods()) names.push_back(mood.name);
    const auto close = nearest(name, names);
    throw UsageError("there is no mood \"" + name + "\"" + (close ? "; did you mean \"" + *close + "\"?" : "") + " Moods: " + join(names, ", "));
}

double within(double value, double bound) { return std::clamp(value, -bound, bound); }

}  // namespace

const std::vector<Mood>& moods() { return moodData().moods; }

const Mood* findMood(const std::string& name) {
    const auto found = std::find_if(moods().begin(), moods().end(), [&](const Mood& mood) { return mood.name == name; });
    return found == moods().end() ? nullptr : &*found;
}

void checkMoods(const std::vector<MoodWish>& wishes) {
    for (const MoodWish& wish : wishes)
        if (!findMood(wish.name)) refuse(wish.name);
}

std::vector<MoodWish> parseMoods(const std::string& text) {
    std::vector<MoodWish> wishes;
    std::stringstream parts(text);
    for (std::string part; std::getline(parts, part, ',');) {
        const std::size_t equals = part.find('=');
        MoodWish wish{.name = lowerAscii(part.substr(0, equals))};
        if (!findMood(wish.name)) refuse(wish.name);
        if (equals != std::string::npos) {
            const std::string number = part.substr(equals + 1);
            char* end = nullptr;
            wish.amount = std::strtod(number.c_str(), &end);
            if (number.empty() || *end != '\0' || !(wish.amount >= 0.0 && wish.amount <= 1.0))
                throw UsageError("--mood has \"" + part + "\"; the amount must be a number from 0 to 1, as in warm=0.5");
        }
        if (std::any_of(wishes.begin(), wishes.end(), [&](const MoodWish& other) { return other.name == wish.name; }))
            throw UsageError("--mood names \"" + wish.name + "\" twice; give it one amount");
        wishes.push_back(std::move(wish));
    }
    return wishes;
}

MoodShape moodShape(const std::vector<MoodWish>& wishes, double intensity) {
    MoodShape shape;
    std::vector<std::string> names;
    double mostPercent = 0.0;
    for (const MoodWish& wish : wishes) {
        const Mood* mood = findMood(wish.name);
        const double amount = wish.amount * intensity;
        if (!mood || amount <= 0.0) continue;
        for (EqualizerBand band : mood->tone) {
            band.gainDb *= amount;
            shape.tone.push_back(band);
        }
        for (std::size_t band = 0; band < 2; ++band) shape.widthDb[band] += amount * mood->widthDb[band];
        shape.attackDb += amount * mood->attackDb;
        shape.sustainDb += amount * mood->sustainDb;
        shape.compressionDb += amount * mood->compressionDb;
        if (const double percent = amount * mood->colour.mostPercent; percent > 0.0) {
            if (percent > mostPercent) shape.colour.kind = mood->colour.kind;
            mostPercent = std::max(mostPercent, percent);
            shape.colour.mostPercent += percent;
        }
        shape.colourShare *= 1.0 - std::min(1.0, amount) * (1.0 - mood->colourShare);
        names.push_back(mood->name);
    }
    const Bounds& bounds = moodData().bounds;
    double most = 0.0;
    for (int band = 0; band < kThirdOctaves; ++band)
        most = std::max(most, std::abs(analogueGainDb(Equalizer::Params{shape.tone}, thirdOctaveCentreHz(band))));
    for (EqualizerBand& band : shape.tone) band.gainDb = roundTo(band.gainDb * std::min(1.0, bounds.toneDb / std::max(most, 1e-9)), 0.1);
    std::erase_if(shape.tone, [](const EqualizerBand& band) { return band.gainDb == 0.0; });
    for (double& width : shape.widthDb) width = within(width, bounds.widthDb);
    shape.attackDb = roundTo(within(shape.attackDb, bounds.attackDb), 0.1);
    shape.sustainDb = roundTo(within(shape.sustainDb, bounds.sustainDb), 0.1);
    shape.compressionDb = within(shape.compressionDb, bounds.compressionDb);
    shape.colour.mostPercent = within(shape.colour.mostPercent, bounds.colourPercent) * shape.colourShare;
    for (std::size_t i = 0; i < names.size(); ++i) shape.words += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    return shape;
}

}  // namespace tonewright
