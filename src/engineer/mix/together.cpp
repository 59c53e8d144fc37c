#include "engineer/mix/together.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "analysis/low_end.h"
#include "core/decibels.h"
#include "engineer/mix/bus_model.h"

namespace tonewright {

namespace {

constexpr double kWorthCounting = 0.003;   // of a band of the sum

// What two tracks have in common in one band of the sketch.
struct Common {
    int a = 0, b = 0, band = 0;   // parts, not tracks
    double ofCell = 0.0;          // times sqrt(P_a P_b), what it adds to a cell
    double power = 0.0;           // and over all frames
};

// The third octave of the cross-spectra that a band of the sketch lies in; -1: none.
int thirdOctaveOf(int band) {
    const int nearest = static_cast<int>(std::lround(10.0 * std::log10(erbCentreHz(band)))) - 13 - LowEnd::kFirstBand;
    return nearest >= 0 && nearest < LowEnd::kBands ? nearest : -1;
}

// What of a track's power is in the middle of its two channels, where waveforms were compared.
double middleShare(const MixTrack& track, double hz) {
    if (track.track->info.channels != 2) return 1.0;
    const std::optional<double>& widthDb = track.analysis->stereo.bandWidthDb[hz < 200.0 ? 0 : 1];
    return widthDb && std::isfinite(*widthDb) ? 1.0 / (1.0 + track.width * track.width * dbToPower(*widthDb)) : 1.0;
}

LowEnd::Sums asDecided(const MixState& state) {
    std::vector<double> delays(state.tracks.size());
    std::vector<int> signs(state.tracks.size(), 1);
    for (std::size_t i = 0; i < state.tracks.size(); ++i)
        for (const Step& step : state.tracks[i].plan.chain)
            if (const auto* align = std::get_if<Alignment::Params>(&step.params)) {
                delays[i] += align->delayFrames;
                signs[i] *= align->invertPolarity ? -1 : 1;
            }
    LowEnd::Sums sums = state.facts.lowEnd->sums(delays);
    for (int j = 0; j < sums.tracks; ++j)
        for (int i = 0; i < j; ++i)
            for (int band = 0; band < LowEnd::kBands; ++band) sums.power[LowEnd::Sums::pair(i, j) * LowEnd::kBands + static_cast<std::size_t>(band)] *= signs[i] * signs[j];
    return sums;
}

float powerAt(const MixState& state, const SumPart& part, int frame, int band) {
    return static_cast<float>(part.overTime[frame] * part.bands[band]) * state.tracks[part.track].sketch.at(frame, band);
}

std::vector<Common> inCommon(const MixState& state, std::span<const SumPart> parts) {
    std::vector<Common> found;
    if (!state.facts.lowEnd || parts.size() < 2) return found;
    const LowEnd::Sums crossings = asDecided(state);
    const int count = static_cast<int>(parts.size());
    std::vector<BandGains> powers(parts.size());
    BandGains whole{};
    std::vector<std::pair<double, double>> places;   // between the loudspeakers, as a direction
    for (int p = 0; p < count; ++p) {
        for (int f = 0; f < state.grid.frames; ++f)
            for (int band = 0; band < kErbBands; ++band) powers[p][band] += static_cast<double>(powerAt(state, parts[p], f, band));
        for (int band = 0; band < kErbBands; ++band) whole[band] += powers[p][band];
        const PannedPower panned = pannedPower(state.tracks[parts[p].track]);
        const double both = panned.left + panned.right;
        places.emplace_back(std::sqrt(panned.left / both), std::sqrt(panned.right / both));
    }
    for (int band = 0; band < kErbBands; ++band) {
        const int third = thirdOctaveOf(band);
        if (third < 0) continue;
        for (int b = 1; b < count; ++b)
            for (int a = 0; a < b; ++a) {
                const int i = parts[a].track, j = parts[b].track;
                const double own = crossings.at(i, i, third) * crossings.at(j, j, third), most = std::sqrt(powers[a][band] * powers[b][band]);
                if (!(own > 0.0)) continue;
                const double place = places[a].first * places[b].first + places[a].second * places[b].second;
                const double middle = std::sqrt(middleShare(state.tracks[i], erbCentreHz(band)) * middleShare(state.tracks[j], erbCentreHz(band)));
                const double power = 2.0 * place * middle * std::clamp(crossings.at(i, j, third) / std::sqrt(own), -1.0, 1.0) * most;
                if (!(std::abs(power) > kWorthCounting * whole[band])) continue;
                double together = 0.0;
                for (int f = 0; f < state.grid.frames; ++f) together += std::sqrt(static_cast<double>(powerAt(state, parts[a], f, band) * powerAt(state, parts[b], f, band)));
                if (!(together > 0.0)) continue;
                const double ofCell = std::clamp(power / together, -2.0, 2.0);
                found.push_back({a, b, band, ofCell, ofCell * together});
            }
    }
    return found;
}

std::vector<SumPart> allOf(const MixState& state) {
    std::vector<SumPart> parts;
    for (int i : state.byContent) {
        SumPart part{.track = i, .overTime = std::vector<double>(state.grid.frames, 1.0), .bands = {}};
        part.bands.fill(1.0);
        parts.push_back(std::move(part));
    }
    return parts;
}

}  // namespace

TrackSketch sumOf(const MixState& state, std::span<const SumPart> parts) {
    TrackSketch sum(state.grid);
    for (const SumPart& part : parts) {
        BandGains bands = part.bands;
        if (!state.facts.lowEnd)
            for (double& gain : bands) gain *= state.tracks[part.track].inSum;
        sum.addScaled(state.tracks[part.track].sketch, part.overTime, bands);
    }
    for (const Common& common : inCommon(state, parts))
        for (int f = 0; f < state.grid.frames; ++f)
            sum.addAt(f, common.band, common.ofCell * std::sqrt(static_cast<double>(powerAt(state, parts[common.a], f, common.band) * powerAt(state, parts[common.b], f, common.band))));
    return sum;
}

void countTogether(MixState& state) {
    if (!state.facts.lowEnd) return;
    const std::vector<SumPart> parts = allOf(state);
    std::vector<double> own(parts.size()), shared(parts.size());
    for (std::size_t p = 0; p < parts.size(); ++p)
        for (double power : state.tracks[parts[p].track].sketch.loudnessPower()) own[p] += power;
    for (const Common& common : inCommon(state, parts)) {
        const double half = 0.5 * loudnessWeights()[common.band] * common.power;
        shared[common.a] += half;
        shared[common.b] += half;
    }
    constexpr double kLeast = 0.4, kMost = 2.5;
    for (std::size_t p = 0; p < parts.size(); ++p)
        state.tracks[parts[p].track].inSum = own[p] > 0.0 ? std::clamp(1.0 + shared[p] / own[p], kLeast, kMost) : 1.0;
}

}  // namespace tonewright
