#include "report/forecast_section.h"

#include <algorithm>
#include <cmath>

namespace tonewright {

namespace {

constexpr double kLowHz = 40.0, kHighHz = 16000.0;
constexpr double kFaintDb = 50.0;   // bands this far under the strongest are noise and leakage of filters

Json rounded(double value) { return Json(std::round(value * 100.0) / 100.0); }

}  // namespace

Json forecastJson(const Report& report) {
    if (!report.forecast || !report.mix) return Json();
    const MixForecast& forecast = *report.forecast;
    const Analysis& mix = report.mix->facts;
    double busDb = 0.0;   // tracks are measured before the mix bus, which may have had to turn the sum down
    for (const Step& step : report.plan.mixBus)
        if (const auto* gain = std::get_if<Gain::Params>(&step.params); gain && step.enabled) busDb += gain->gainDb;
    Json tracks = Json::array();
    double worstLu = 0.0;
    for (const auto& [id, lufs] : forecast.trackLufs) {
        const auto rendered = report.inMix.find(id);
        if (rendered == report.inMix.end() || !std::isfinite(rendered->second.integratedLufs) || !std::isfinite(lufs)) continue;
        const double predicted = lufs - forecast.mixLufs, came = rendered->second.integratedLufs + busDb - mix.loudness.integratedLufs;
        worstLu = std::max(worstLu, std::abs(came - predicted));
        tracks.push(Json::object({{"id", Json(id)}, {"predictedReMixLu", rounded(predicted)}, {"renderedReMixLu", rounded(came)}}));
    }
    // The shapes of both spectra: their difference without its mean.
    std::vector<int> bands;
    double strongest = -300.0, mean = 0.0;
    for (int band = 0; band < kErbBands; ++band) strongest = std::max(strongest, mix.spectrum.erbDb[band]);
    for (int band = 0; band < kErbBands; ++band)
        if (erbCentreHz(band) >= kLowHz && erbCentreHz(band) <= kHighHz && mix.spectrum.erbDb[band] > strongest - kFaintDb && std::isfinite(forecast.erbDb[band])) {
            bands.push_back(band);
            mean += mix.spectrum.erbDb[band] - forecast.erbDb[band];
        }
    if (!bands.empty()) mean /= static_cast<double>(bands.size());
    Json spectrum = Json::array();
    double worstDb = 0.0;
    for (int band : bands) {
        const double predicted = forecast.erbDb[band] + mean, came = mix.spectrum.erbDb[band];
        worstDb = std::max(worstDb, std::abs(came - predicted));
        spectrum.push(Json::object({{"hz", rounded(erbCentreHz(band))}, {"predictedDb", rounded(predicted)}, {"renderedDb", rounded(came)}}));
    }
    return Json::object({{"mix", Json::object({{"predictedLufs", rounded(forecast.mixLufs)}, {"renderedLufs", rounded(mix.loudness.integratedLufs - busDb)}})}, {"tracks", std::move(tracks)}, {"worstTrackLu", rounded(worstLu)}, {"spectrum", std::move(spectrum)}, {"worstBandDb", rounded(worstDb)}});
}

Json forecastSchema() {
    const Json number = Json::object({{"type", Json("number")}}), text = Json::object({{"type", Json("string")}});
    const auto object = [](Json properties) { return Json::object({{"type", Json("object")}, {"properties", std::move(properties)}, {"additionalProperties", Json(false)}}); };
    const auto list = [](Json items) { return Json::object({{"type", Json("array")}, {"items", std::move(items)}}); };
    Json schema = object(Json::object({{"mix", object(Json::object({{"predictedLufs", number}, {"renderedLufs", number}}))}, {"tracks", list(object(Json::object({{"id", text}, {"predictedReMixLu", number}, {"renderedReMixLu", number}})))},
                                       {"worstTrackLu", number},
                                       {"spectrum", list(object(Json::object({{"hz", number}, {"predictedDb", number}, {"renderedDb", number}})))},
                                       {"worstBandDb", number}}));
    schema.set("type", Json(Json::Array{"object", "null"}));
    return schema;
}

}  // namespace tonewright
