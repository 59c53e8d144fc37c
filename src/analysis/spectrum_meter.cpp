#include "analysis/spectrum_meter.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"

namespace tonewright {

namespace {

constexpr double kBaseRowSeconds = 0.05;
constexpr int kMaxRows = 8192;
constexpr double kActiveBelowLevelDb = 40.0;
constexpr double kThirdOctaveHalf = 0.05;  // a base-ten third octave reaches 10^(+-1/20) from its centre

double thirdOctaveEdgeHz(int edge) { return thirdOctaveCentreHz(0) * std::pow(10.0, edge / 10.0 - kThirdOctaveHalf); }

std::size_t indexOf(Resolution resolution) { return static_cast<std::size_t>(resolution); }

// Mean in dB; kSilentDb for nothing.
double levelDb(double power) { return power > 0.0 ? powerToDb(power) : kSilentDb; }

// Geometric over arithmetic mean. Powers more than 100 dB below the mean count as that.
double flatnessOf(const float* power, int count) {
    double sum = 0.0;
    for (int k = 0; k < count; ++k) sum += power[k];
    const double mean = sum / count;
    if (!(mean > 0.0)) return 0.0;
    const double inverse = 1.0 / mean;
    double logSum = 0.0;
    for (int k = 0; k < count;) {  // the logarithm of products of 8 saves logarithms: (1e-10)^8 is still far from underflow
        double product = 1.0;
        for (const int end = std::min(count, k + 8); k < end; ++k) product *= std::max(1e-10, power[k] * inverse);
        logSum += std::log(product);
    }
    return std::exp(logSum / count);
}

// Straight line through (x, y): the slope.
double slopeOf(const std::vector<double>& x, const std::vector<double>& y) {
    double meanX = 0.0, meanY = 0.0, xx = 0.0, xy = 0.0;
    const double n = static_cast<double>(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) { meanX += x[i] / n; meanY += y[i] / n; }
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - meanX) * (x[i] - meanX);
        xy += (x[i] - meanX) * (y[i] - meanY);
    }
    return xy / xx;
}

// The frequency below which `share` of the power lies, straight within a band.
std::optional<double> rolloffHz(const std::array<double, kThirdOctaves>& power, double share) {
    double total = 0.0;
    for (double p : power) total += p;
    if (!(total > 0.0)) return {};
    double below = 0.0;
    for (int band = 0; band < kThirdOctaves; ++band) {
        if (below + power[band] >= share * total) {
            const double low = thirdOctaveEdgeHz(band), high = thirdOctaveEdgeHz(band + 1);
            return low + (high - low) * (share * total - below) / power[band];
        }
        below += power[band];
    }
    return thirdOctaveEdgeHz(kThirdOctaves);
}

}  // namespace

float SpectrumMeter::BinRange::sum(const float* power) const {
    float sum = firstWeight * power[first] + lastWeight * power[last];
    for (int k = first + 1; k < last; ++k) sum += power[k];
    return sum;
}

SpectrumMeter::SpectrumMeter(const StreamSpec& spec, const SpectralStream& stream)
    : stereo_(spec.channels == 2), fineHopSeconds_(stream.fineHopSeconds()) {
    const std::array views = {Resolution::fine, Resolution::mid, Resolution::low};
    // The view with the shortest window whose main lobe, 4 bins wide, fits into the band.
    const auto viewFor = [&](double low, double high, Resolution longest) {
        for (Resolution view : views)
            if (view == longest || (4.0 / stream.windowSeconds(view) <= high - low && (view == Resolution::fine || high <= stream.usableHz(view)))) return view;
        return longest;
    };
    const double limitHz = spec.sampleRateHz / 2.0;
    const auto rangeOf = [&](double low, double high, Resolution view) {
        const double rate = view == Resolution::fine ? limitHz : stream.usableHz(view) * 1.5;
        const double binHz = 1.0 / stream.windowSeconds(view);
        const double from = low / binHz + 0.5, to = std::min(high, rate) / binHz + 0.5;  // bin k reaches from k to k + 1
        BinRange range;
        if (to <= from) return range;
        range.used = true;
        range.first = static_cast<int>(from);
        range.last = static_cast<int>(std::min(to, rate / binHz));
        if (range.first == range.last) {
            range.firstWeight = static_cast<float>(to - from);
        } else {
            range.firstWeight = static_cast<float>(range.first + 1 - from);
            range.lastWeight = static_cast<float>(to - range.last);
        }
        return range;
    };
    const auto place = [&](auto Source::* bands, int band, double low, double high, Resolution view) {
        (sources_[indexOf(view)].*bands)[band] = rangeOf(low, high, view);
    };
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double low = thirdOctaveEdgeHz(band), high = thirdOctaveEdgeHz(band + 1);
        thirdView_[band] = viewFor(low, high, Resolution::low);
        place(&Source::third, band, low, high, thirdView_[band]);
    }
    for (int band = 0; band < kErbBands; ++band) {
        const double low = erbEdgeHz(band), high = erbEdgeHz(band + 1);
        place(&Source::erb, band, low, high, viewFor(low, high, Resolution::mid));
    }
    const ToneRegionRange& subsonic = kToneRegionRanges[static_cast<std::size_t>(ToneRegion::subsonic)];
    sources_[indexOf(Resolution::low)].subsonic = rangeOf(subsonic.lowHz, subsonic.highHz, Resolution::low);
    for (Resolution view : views) windowSeconds_[indexOf(view)] = stream.windowSeconds(view);
}

void SpectrumMeter::frame(Resolution resolution, const SpectralFrame& frame) {
    if (resolution == Resolution::fine) addFine(frame);
    else if (resolution != Resolution::tonal) addSpread(sources_[indexOf(resolution)], frame);
}

float* SpectrumMeter::row(std::int64_t baseRow) {
    while ((baseRow >> doublings_) >= kMaxRows) halveRows();
    const int index = static_cast<int>(baseRow >> doublings_);
    if (index >= rowCount_) {
        rowCount_ = index + 1;
        rows_.resize(static_cast<std::size_t>(rowCount_) * kColumns, 0.0f);
    }
    return rows_.data() + static_cast<std::size_t>(index) * kColumns;
}

void SpectrumMeter::halveRows() {
    const int kept = (rowCount_ + 1) / 2;
    for (int r = 0; r < kept; ++r) {
        const float* a = rows_.data() + static_cast<std::size_t>(2 * r) * kColumns;
        float* out = rows_.data() + static_cast<std::size_t>(r) * kColumns;
        for (int c = 0; c < kColumns; ++c) out[c] = 0.5f * (a[c] + (2 * r + 1 < rowCount_ ? a[kColumns + c] : 0.0f));
    }
    rowCount_ = kept;
    rows_.resize(static_cast<std::size_t>(kept) * kColumns);
    ++doublings_;
}

void SpectrumMeter::addFine(const SpectralFrame& frame) {
    if (finePower_.empty()) {
        finePower_.assign(frame.power.size(), 0.0f);
        fineSide_.assign(frame.side.size(), 0.0f);
        fineBinHz_ = frame.binHz;
    }
    const auto rowNow = static_cast<std::int64_t>(std::max(0.0, frame.centreSeconds) / kBaseRowSeconds);
    if (rowNow != fineRow_) {
        closeFineRow();
        fineRow_ = rowNow;
    }
    ++fineFrames_;
    if (frame.silent) return;
    fineHeld_ = true;
    float *power = finePower_.data(), *side = fineSide_.data();
    for (std::size_t k = 0; k < finePower_.size(); ++k) power[k] += frame.power[k];
    for (std::size_t k = 0; k < fineSide_.size(); ++k) side[k] += frame.side[k];
}

void SpectrumMeter::closeFineRow() {
    float* out = row(fineRow_);
    if (fineHeld_) {
        const float scale = static_cast<float>(fineHopSeconds_ / kBaseRowSeconds / (1 << doublings_));
        const Source& source = sources_[indexOf(Resolution::fine)];
        const float* power = finePower_.data();
        for (int b = 0; b < kThirdOctaves; ++b) {
            if (!source.third[b].used) continue;
            out[kThird + b] += scale * source.third[b].sum(power);
            if (stereo_) out[kSide + b] += scale * source.third[b].sum(fineSide_.data());
        }
        for (int b = 0; b < kErbBands; ++b)
            if (source.erb[b].used) out[kErb + b] += scale * source.erb[b].sum(power);

        const int from = std::max(1, static_cast<int>(std::ceil(20.0 / fineBinHz_)));
        float sum = 0.0f, weighted = 0.0f;
        for (int k = from; k < static_cast<int>(finePower_.size()); ++k) {
            sum += power[k];
            weighted += static_cast<float>(k) * power[k];
        }
        out[kPowerSum] += scale * sum;
        out[kCentroidSum] += scale * weighted * static_cast<float>(fineBinHz_);

        const int low = static_cast<int>(std::ceil(100.0 / fineBinHz_));
        const int high = std::min(static_cast<int>(10000.0 / fineBinHz_), static_cast<int>(finePower_.size()) - 2);
        const float share = 1.0f / static_cast<float>(1 << doublings_);
        out[kFlatness] += share * static_cast<float>(flatnessOf(power + low, high - low + 1));
        out[kFlatnessCount] += share;
        std::fill(finePower_.begin(), finePower_.end(), 0.0f);
        std::fill(fineSide_.begin(), fineSide_.end(), 0.0f);
    }
    fineFrames_ = 0;
    fineHeld_ = false;
}

// A long window's power belongs to the time of its hop.
void SpectrumMeter::addSpread(const Source& source, const SpectralFrame& frame) {
    if (frame.silent) return;
    const double from = std::max(0.0, frame.centreSeconds - 0.5 * frame.hopSeconds);
    const double to = std::max(from, frame.centreSeconds + 0.5 * frame.hopSeconds);
    // What lies before the start belongs to the first row.
    const double before = frame.hopSeconds - (to - from);
    std::array<float, kThirdOctaves> third{}, side{};
    std::array<float, kErbBands> erb{};
    for (int b = 0; b < kThirdOctaves; ++b) {
        if (!source.third[b].used) continue;
        third[b] = source.third[b].sum(frame.power.data());
        if (stereo_) side[b] = source.third[b].sum(frame.side.data());
    }
    for (int b = 0; b < kErbBands; ++b)
        if (source.erb[b].used) erb[b] = source.erb[b].sum(frame.power.data());
    const float subsonic = source.subsonic.used ? source.subsonic.sum(frame.power.data()) : 0.0f;

    const auto first = static_cast<std::int64_t>(from / kBaseRowSeconds), last = static_cast<std::int64_t>(to / kBaseRowSeconds);
    for (std::int64_t r = first; r <= last; ++r) {
        double seconds = std::min(to, static_cast<double>(r + 1) * kBaseRowSeconds) - std::max(from, static_cast<double>(r) * kBaseRowSeconds);
        if (r == 0) seconds += before;
        if (seconds <= 0.0) continue;
        float* out = row(r);
        const float scale = static_cast<float>(seconds / kBaseRowSeconds / (1 << doublings_));
        for (int b = 0; b < kThirdOctaves; ++b) {
            out[kThird + b] += scale * third[b];
            out[kSide + b] += scale * side[b];
        }
        for (int b = 0; b < kErbBands; ++b) out[kErb + b] += scale * erb[b];
        out[kSubsonic] += scale * subsonic;
    }
}

std::vector<char> SpectrumMeter::activeRows(int rows, double& level) const {
    std::vector<double> power(rows);
    double sum = 0.0;
    for (int r = 0; r < rows; ++r) {
        const float* erb = rows_.data() + static_cast<std::size_t>(r) * kColumns + kErb;
        for (int b = 0; b < kErbBands; ++b) power[r] += erb[b];
        sum += power[r];
    }
    std::vector<char> active(rows, 0);
    level = 0.0;
    if (!(sum > 0.0)) return active;
    const double loud = sum / rows * dbToPower(-10.0);
    double loudSum = 0.0;
    int loudCount = 0;
    for (double p : power)
        if (p >= loud) { loudSum += p; ++loudCount; }
    level = loudSum / loudCount;
    const double gate = level * dbToPower(-kActiveBelowLevelDb);
    for (int r = 0; r < rows; ++r) active[r] = power[r] >= gate;
    return active;
}

// Energy in the active rows, and in those within reach of the band's window, over the length of the active rows: what
// a long window smears beyond a short sound is given back to it.
double SpectrumMeter::bandMean(int column, const std::vector<char>& active, int activeCount, int spreadRows) const {
    const int rows = static_cast<int>(active.size());
    double sum = 0.0;
    int reach = 0;  // rows up to here are within reach of the last active one
    int nextActive = 0;
    for (int r = 0; r < rows; ++r) {
        if (active[r]) reach = r + spreadRows + 1;
        nextActive = std::max(nextActive, r);
        while (nextActive < rows && !active[nextActive]) ++nextActive;
        if (r < reach || (nextActive < rows && nextActive - r <= spreadRows))
            sum += rows_[static_cast<std::size_t>(r) * kColumns + static_cast<std::size_t>(column)];
    }
    return sum / activeCount;
}

std::array<RegionFacts, kToneRegions> SpectrumMeter::regionLevels(const std::vector<char>& active, int activeCount) const {
    std::array<RegionFacts, kToneRegions> facts{};
    const auto over = [](const float* third, double lowHz, double highHz) {
        double sum = 0.0;
        for (int b = 0; b < kThirdOctaves; ++b)
            if (thirdOctaveCentreHz(b) > 0.95 * lowHz && thirdOctaveCentreHz(b) < 1.05 * highHz) sum += third[b];
        return sum;
    };
    std::vector<const float*> rows;
    double reference = 0.0;
    for (std::size_t r = 0; r < active.size(); ++r) {
        if (!active[r]) continue;
        rows.push_back(rows_.data() + r * kColumns);
        reference += over(rows.back() + kThird, 100.0, 10000.0) / activeCount;
    }
    if (!(reference > 0.0)) return facts;
    std::vector<double> powers(rows.size());
    for (std::size_t region = 0; region < kToneRegions; ++region) {
        const ToneRegionRange& range = kToneRegionRanges[region];
        double sum = 0.0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            powers[i] = region == static_cast<std::size_t>(ToneRegion::subsonic) ? rows[i][kSubsonic] : over(rows[i] + kThird, range.lowHz, range.highHz);
            sum += powers[i];
        }
        std::sort(powers.begin(), powers.end());
        const auto quantile = [&](double share) { return powers[std::min(powers.size() - 1, static_cast<std::size_t>(share * static_cast<double>(powers.size())))]; };
        facts[region] = {.levelDb = levelDb(sum / activeCount / reference), .medianDb = levelDb(quantile(0.5) / reference), .loudDb = levelDb(quantile(0.98) / reference)};
    }
    return facts;
}

SpectrumMeter::Result SpectrumMeter::result(double durationSeconds) {
    closeFineRow();
    Result result;
    SpectrumFacts& spectrum = result.spectrum;
    spectrum.thirdOctaveDb.fill(kSilentDb);
    spectrum.erbDb.fill(kSilentDb);
    result.thirdOctaveWidthDb.fill(kSilentDb);
    if (durationSeconds <= 0.0) return result;

    const double rowSeconds = kBaseRowSeconds * (1 << doublings_);
    const int rows = std::min(rowCount_, std::max(1, static_cast<int>(std::ceil(durationSeconds / rowSeconds - 1e-9))));
    for (int r = rows; r < rowCount_; ++r)  // what the windows smeared beyond the end belongs to the last row
        for (int c = 0; c < kFlatness; ++c)
            rows_[static_cast<std::size_t>(rows - 1) * kColumns + c] += rows_[static_cast<std::size_t>(r) * kColumns + c];

    Sketch& sketch = result.sketch;
    sketch.frameSeconds = rowSeconds;
    sketch.frames = rows;
    sketch.power.resize(static_cast<std::size_t>(rows) * kErbBands);
    for (int r = 0; r < rows; ++r)
        std::copy_n(rows_.data() + static_cast<std::size_t>(r) * kColumns + kErb, kErbBands, sketch.power.data() + static_cast<std::size_t>(r) * kErbBands);

    double level = 0.0;
    const std::vector<char> active = activeRows(rows, level);
    const int activeCount = static_cast<int>(std::count(active.begin(), active.end(), 1));
    if (activeCount == 0) return result;
    result.activeShare = static_cast<double>(activeCount) / rows;

    const auto spread = [&](Resolution view) {
        return view == Resolution::fine ? 0 : static_cast<int>(std::ceil(0.5 * windowSeconds_[indexOf(view)] / rowSeconds));
    };
    std::array<double, kThirdOctaves> third{};
    std::vector<double> octaves, levels;
    for (int b = 0; b < kThirdOctaves; ++b) {
        third[b] = bandMean(kThird + b, active, activeCount, spread(thirdView_[b]));
        spectrum.thirdOctaveDb[b] = levelDb(third[b]);
        const double side = stereo_ ? bandMean(kSide + b, active, activeCount, spread(thirdView_[b])) : 0.0;
        if (side > 0.0) result.thirdOctaveWidthDb[b] = powerToDb(side / std::max(third[b] - side, 1e-9 * side));
        const double centre = thirdOctaveCentreHz(b);
        if (centre > 99.0 && centre < 10100.0 && third[b] > 0.0) {
            octaves.push_back(std::log2(centre));
            levels.push_back(spectrum.thirdOctaveDb[b]);
        }
    }
    for (int b = 0; b < kErbBands; ++b) {
        const bool fine = sources_[indexOf(Resolution::fine)].erb[b].used;
        spectrum.erbDb[b] = levelDb(bandMean(kErb + b, active, activeCount, spread(fine ? Resolution::fine : Resolution::mid)));
    }
    const double power = bandMean(kPowerSum, active, activeCount, 0);
    if (power > 0.0) spectrum.centroidHz = bandMean(kCentroidSum, active, activeCount, 0) / power;
    const double flatnessCount = bandMean(kFlatnessCount, active, activeCount, 0);
    if (flatnessCount > 0.0) spectrum.flatness = bandMean(kFlatness, active, activeCount, 0) / flatnessCount;
    if (levels.size() >= 2) spectrum.tiltDbPerOctave = slopeOf(octaves, levels);
    spectrum.rolloffHz = rolloffHz(third, 0.85);
    spectrum.regions = regionLevels(active, activeCount);
    return result;
}

}  // namespace tonewright
