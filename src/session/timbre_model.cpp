#include "session/timbre_model.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/data.h"
#include "core/json.h"
#include "session/roles.h"
#include "session/sound_features.h"

namespace tonewright {

namespace {

constexpr std::string_view kSource = "data/timbre_model.json";

std::vector<double> numbers(JsonReader& from, std::string_view key, std::size_t count) {
    const Json* values = from.raw(key);
    if (!values || !values->isArray() || values->asArray().size() != count) from.fail(key, "must be a list of " + std::to_string(count) + " numbers");
    std::vector<double> result;
    for (const Json& value : values->asArray()) {
        if (!value.isNumber()) from.fail(key, "holds " + std::string(value.typeName()));
        result.push_back(value.asNumber());
    }
    return result;
}

}  // namespace

const TimbreModel& TimbreModel::get() {
    static const TimbreModel model(embeddedData("timbre_model.json"));
    return model;
}

TimbreModel::TimbreModel(std::string_view text) {
    const Json json = Json::parse(text, std::string(kSource));
    JsonReader top(json, "$", std::string(kSource));
    top.integer("model", {1, 1});
    for (const char* forPeople : {"about", "date", "heldOut", "families", "confusion"}) top.raw(forPeople);
    temperature_ = top.number("temperature", {0.1, 10.0});
    for (const std::string& name : top.texts("features")) {
        const auto found = std::ranges::find(soundFeatureNames(), name);
        if (found == soundFeatureNames().end()) top.fail("features", "names \"" + name + "\", which the program does not hear; train it anew (scripts/train-roles)");
        used_.push_back(static_cast<std::size_t>(found - soundFeatureNames().begin()));
    }
    roles_ = top.texts("roles");
    for (const std::string& role : roles_) checkedRole(role, std::string(kSource) + ": $.roles");
    const std::size_t width = used_.size();
    mean_ = numbers(top, "mean", width);
    scale_ = numbers(top, "scale", width);
    for (const double scale : scale_)
        if (!(scale > 0.0)) top.fail("scale", "must be above 0");
    for (JsonReader& entry : top.objects("networks")) {
        const Json* bias = entry.raw("hiddenBias");
        const std::size_t units = bias && bias->isArray() ? bias->asArray().size() : 0;
        networks_.push_back({numbers(entry, "hidden", width * units), numbers(entry, "hiddenBias", units), numbers(entry, "output", units * roles_.size()), numbers(entry, "outputBias", roles_.size())});
        entry.finish();
    }
    if (networks_.empty()) top.fail("networks", "are missing");
    top.finish();
}

std::vector<RoleProbability> TimbreModel::probabilities(std::span<const double> features) const {
    assert(features.size() == soundFeatureNames().size());
    std::vector<double> x(used_.size());
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::clamp((features[used_[i]] - mean_[i]) / scale_[i], -3.0, 3.0);

    std::vector<RoleProbability> result;
    for (const std::string& role : roles_) result.push_back({role, 0.0});
    for (const Network& network : networks_) {
        std::vector<double> units = network.hiddenBias, scores = network.outputBias;
        for (std::size_t i = 0; i < x.size(); ++i)
            for (std::size_t u = 0; u < units.size(); ++u) units[u] += x[i] * network.hidden[i * units.size() + u];
        for (std::size_t u = 0; u < units.size(); ++u)
            for (std::size_t r = 0; r < scores.size(); ++r) scores[r] += std::max(0.0, units[u]) * network.output[u * scores.size() + r];
        const double highest = *std::ranges::max_element(scores);
        double sum = 0.0;
        for (double& score : scores) sum += score = std::exp((score - highest) / temperature_);
        for (std::size_t r = 0; r < scores.size(); ++r) result[r].probability += scores[r] / sum / static_cast<double>(networks_.size());
    }
    std::ranges::stable_sort(result, [](const RoleProbability& a, const RoleProbability& b) { return a.probability > b.probability; });
    return result;
}

}  // namespace tonewright
