#include "analysis/band_spread.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/decibels.h"

namespace tonewright {

namespace {

constexpr double kStretchSeconds = 0.4, kActiveDb = 20.0, kEmptyDb = -60.0;
constexpr std::size_t kFewest = 40;

double quantile(std::vector<double>& values, double share) {
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(std::lround(share * static_cast<double>(values.size() - 1)));
    std::nth_element(values.begin(), place, values.end());
    return *place;
}

}  // namespace

std::array<std::optional<double>, kSpreadBands> bandSpreadDb(const Sketch& sketch) {
    std::array<std::optional<double>, kSpreadBands> result;
    const int perStretch = std::max(1, static_cast<int>(std::lround(kStretchSeconds / sketch.frameSeconds)));
    struct Stretch {
        std::array<double, kSpreadBands> band{};
        double all = 0.0;
    };
    std::vector<Stretch> stretches;
    for (int start = 0; start + perStretch <= sketch.frames; start += perStretch) {
        Stretch stretch;
        for (int erb = 0; erb < kErbBands; ++erb) {
            double power = 0.0;
            for (int frame = start; frame < start + perStretch; ++frame) power += sketch.at(frame, erb);
            stretch.all += power;
            for (std::size_t band = 0; band < kSpreadBands; ++band)
                if (erbCentreHz(erb) >= kSpreadBandsHz[band] && erbCentreHz(erb) < kSpreadBandsHz[band + 1]) stretch.band[band] += power;
        }
        stretches.push_back(stretch);
    }
    double loudest = 0.0;
    for (const Stretch& stretch : stretches) loudest = std::max(loudest, stretch.all);
    std::erase_if(stretches, [&](const Stretch& stretch) { return stretch.all <= loudest * dbToPower(-kActiveDb); });
    if (stretches.size() < kFewest) return result;
    for (std::size_t band = 0; band < kSpreadBands; ++band) {
        std::vector<double> relative;
        for (const Stretch& stretch : stretches) relative.push_back(powerToDb((stretch.band[band] + 1e-20 * stretch.all) / std::max(stretch.all - stretch.band[band], 1e-20 * stretch.all)));
        if (quantile(relative, 0.5) < kEmptyDb) continue;
        result[band] = quantile(relative, 0.95) - quantile(relative, 0.10);
    }
    return result;
}

}  // namespace tonewright
