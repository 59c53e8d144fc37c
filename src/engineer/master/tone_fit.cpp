#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

namespace {

using Curve = std::array<double, kThirdOctaves>;

// Where, and how broad, a mastering engineer would reach: shelves at the ends, bells an octave or more wide.
std::vector<EqualizerBand> candidates() {
    std::vector<EqualizerBand> all;
    for (double hz : {80.0, 110.0, 160.0}) all.push_back({.type = BandType::lowShelf, .frequencyHz = hz, .q = 0.7});
    for (double hz : {4000.0, 6000.0, 8500.0}) all.push_back({.type = BandType::highShelf, .frequencyHz = hz, .q = 0.7});
    for (double hz : {63.0, 90.0, 125.0, 180.0, 250.0, 360.0, 500.0, 700.0, 1000.0, 1400.0, 2000.0, 2800.0, 4000.0, 5600.0, 8000.0, 11000.0})
        for (double q : {0.5, 0.8, 1.2}) all.push_back({.type = BandType::bell, .frequencyHz = hz, .q = q});
    return all;
}

Curve curveOf(EqualizerBand band, double gainDb) {
    band.gainDb = gainDb;
    Curve curve{};
    for (int i = 0; i < kThirdOctaves; ++i) curve[i] = analogueGainDb(band, thirdOctaveCentreHz(i));
    return curve;
}

}  // namespace

Equalizer::Params fitBroadBands(const Curve& wishedDb, const ToneFitLimits& limits) {
    Equalizer::Params result;
    const auto counts = [&](int i) { return thirdOctaveCentreHz(i) >= limits.lowestHz && thirdOctaveCentreHz(i) <= limits.highestHz; };
    // The shape of a band hardly changes with its gain, so 1 dB of it, scaled, is used for the search.
    struct Shape {
        EqualizerBand band;
        Curve unit;
    };
    static const std::vector<Shape> shapes = [] {
        std::vector<Shape> all;
        for (const EqualizerBand& band : candidates()) all.push_back({band, curveOf(band, 1.0)});
        return all;
    }();

    Curve left = wishedDb;
    while (static_cast<int>(result.bands.size()) < limits.mostBands) {
        const Shape* best = nullptr;
        double bestGain = 0.0, bestWin = 0.0;
        for (const Shape& shape : shapes) {
            double along = 0.0, length = 0.0;
            for (int i = 0; i < kThirdOctaves; ++i) {
                if (!counts(i)) continue;
                along += left[i] * shape.unit[i];
                length += shape.unit[i] * shape.unit[i];
            }
            const double gain = roundTo(std::clamp(along / length, -limits.mostDb, limits.mostDb), 0.1);
            const double win = 2.0 * gain * along - gain * gain * length;  // of squared error
            if (std::abs(gain) >= limits.leastDb && win > bestWin * 1.0001) {
                best = &shape;
                bestGain = gain;
                bestWin = win;
            }
        }
        // Worth a filter: twice the least move over two thirds of an octave.
        if (!best || bestWin < 8.0 * limits.leastDb * limits.leastDb) break;
        EqualizerBand band = best->band;
        band.gainDb = bestGain;
        const Curve curve = curveOf(band, bestGain);
        for (int i = 0; i < kThirdOctaves; ++i) left[i] -= curve[i];
        result.bands.push_back(band);
    }
    // All together no more than the bound, either.
    double most = 0.0;
    for (int i = 0; i < kThirdOctaves; ++i) most = std::max(most, std::abs(analogueGainDb(result, thirdOctaveCentreHz(i))));
    if (most > limits.mostDb)
        for (EqualizerBand& band : result.bands) band.gainDb = roundTo(band.gainDb * limits.mostDb / most, 0.1);
    std::erase_if(result.bands, [](const EqualizerBand& band) { return band.gainDb == 0.0; });
    std::sort(result.bands.begin(), result.bands.end(), [](const EqualizerBand& a, const EqualizerBand& b) { return a.frequencyHz < b.frequencyHz; });
    return result;
}

}  // namespace tonewright
