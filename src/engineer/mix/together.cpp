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

constexpr int kComparedBands = LowEnd::kBands + SharedTreble::kBands;
static_assert(SharedTreble::kFirstBand == LowEnd::kFirstBand + LowEnd::kBands, "one goes on where the other ends");

// The third octaves, of those in which waveforms were compared, that a band of the sketch covers: those whose centres lie in it, or the
// one that it lies in. Empty (first > last): none.
struct ThirdOctaves {
    int first = 0, last = -1;
};
ThirdOctaves thirdOctavesOf(int band) {
    const auto place = [](double hz) { return 10.0 * std::log10(hz) - 13.0 - LowEnd::kFirstBand; };
    ThirdOctaves found{static_cast<int>(std::ceil(place(erbEdgeHz(band)))), static_cast<int>(std::floor(place(erbEdgeHz(band + 1))))};
    if (found.first > found.last) found.first = found.last = static_cast<int>(std::lround(place(erbCentreHz(band))));
    // The edges of both ranges: a band of the sketch asks one of them.
    if (found.first < LowEnd::kBands) return {std::max(0, found.first), std::min(found.last, LowEnd::kBands - 1)};
    return {found.first, std::min(found.last, kComparedBands - 1)};
}

// What of a track's power is in the middle of its two channels, where waveforms were compared.
double middleShare(const MixTrack& track, double hz) {
    if (track.track->info.channels != 2) return 1.0;
    const std::optional<double>& widthDb = track.analysis->stereo.bandWidthDb[hz < 200.0 ? 0 : 1];
    return widthDb && std::isfinite(*widthDb) ? 1.0 / (1.0 + track.width * track.width * dbToPower(*widthDb)) : 1.0;
}

// How alike two tracks' waveforms are in each third octave, delays and polarities as decided: -1 ... 1.
class Correlations {
public:
    explicit Correlations(const MixState& state) : state_(state), delays_(state.tracks.size()), signs_(state.tracks.size(), 1) {
        for (std::size_t i = 0; i < state.tracks.size(); ++i)
            for (const Step& step : state.tracks[i].plan.chain)
                if (const auto* align = std::get_if<Alignment::Params>(&step.params)) {
                    delays_[i] += align->delayFrames;
                    signs_[i] *= align->invertPolarity ? -1 : 1;
                }
        lowEnd_ = state.facts.lowEnd->sums(delays_);
    }

    double at(int i, int j, const ThirdOctaves& thirds) const {
        const int sign = signs_[i] * signs_[j];
        if (thirds.first >= LowEnd::kBands) return sign * treble(i, j, thirds.first - LowEnd::kBands);
        double shared = 0.0, ownI = 0.0, ownJ = 0.0;
        for (int third = thirds.first; third <= thirds.last; ++third) {
            shared += lowEnd_.at(i, j, third);
            ownI += lowEnd_.at(i, i, third);
            ownJ += lowEnd_.at(j, j, third);
        }
        const double own = ownI * ownJ;
        return own > 0.0 ? std::clamp(sign * shared / std::sqrt(own), -1.0, 1.0) : 0.0;
    }

private:
    // Only microphones of one thing have anything in common up there.
    double treble(int i, int j, int band) const {
        for (const GroupTreble& group : state_.facts.treble) {
            const auto a = std::ranges::find(group.tracks, i), b = std::ranges::find(group.tracks, j);
            if (a == group.tracks.end() || b == group.tracks.end()) continue;
            return group.shared.correlation(static_cast<int>(a - group.tracks.begin()), static_cast<int>(b - group.tracks.begin()), band, delays_[i], delays_[j]);
        }
        return 0.0;
    }

    const MixState& state_;
    std::vector<double> delays_;
    std::vector<int> signs_;
    LowEnd::Sums lowEnd_;
};

float powerAt(const MixState& state, const SumPart& part, int frame, int band) {
    return static_cast<float>(part.overTime[frame] * part.bands[band]) * state.tracks[part.track].sketch.at(frame, band);
}

std::vector<Common> inCommon(const MixState& state, std::span<const SumPart> parts) {
    std::vector<Common> found;
    if (!state.facts.lowEnd || parts.size() < 2) return found;
    const Correlations correlations(state);
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
        const ThirdOctaves thirds = thirdOctavesOf(band);
        if (thirds.first > thirds.last) continue;
        for (int b = 1; b < count; ++b)
            for (int a = 0; a < b; ++a) {
                const int i = parts[a].track, j = parts[b].track;
                const double most = std::sqrt(powers[a][band] * powers[b][band]);
                if (!(2.0 * most > kWorthCounting * whole[band])) continue;
                const double place = places[a].first * places[b].first + places[a].second * places[b].second;
                const double middle = std::sqrt(middleShare(state.tracks[i], erbCentreHz(band)) * middleShare(state.tracks[j], erbCentreHz(band)));
                const double power = 2.0 * place * middle * correlations.at(i, j, thirds) * most;
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
