#include "analysis/peaq_ear.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/peaq_power.h"
#include "dsp/target_clones.h"

namespace tonewright {

namespace {

// In loops that compilers turn into vectors: nothing but the arrays is written, and each lane is by itself.
TONEWRIGHT_TARGET_CLONES
void weigh(const float* __restrict spectrum, const float* __restrict earGain, float* __restrict power, float* __restrict heard, int bins) {
    for (int k = 0; k < bins; ++k) power[k] = spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1];
    for (int k = 0; k < bins; ++k) heard[k] = earGain[k] * std::sqrt(power[k]);
}

TONEWRIGHT_TARGET_CLONES
void excite(const PeaqTables& tables, const double* __restrict bands, double* __restrict slope, double* __restrict source) {
    for (int i = 0; i < kPeaqBands; ++i) {
        const double levelDb = fastPowerToDb(bands[i]);
        // At 120 dB the slope would be flat, and above it would rise.
        const double slopeDb = std::min(tables.upperSlopeDb[i] + tables.upperSlopePerDb * levelDb, -0.05);
        const double ratio = fastDbToPower(slopeDb);
        const double upperSum = (1.0 - fastDbToPower(slopeDb * (kPeaqBands - i))) / (1.0 - ratio);
        const double sum = tables.lowerSum[i] + upperSum - 1.0;  // of all that the band excites, for 1 in itself
        slope[i] = fastDbToPower(0.4 * slopeDb);
        source[i] = fastDbToPower(0.4 * (levelDb - fastPowerToDb(sum)));
    }
}

// sum[i + d] += source[i] slope[i]^d for all d > 0. By distance, so that all bands go side by side; `source` is used up.
TONEWRIGHT_TARGET_CLONES
void spreadUpwards(const double* __restrict slope, double* __restrict source, double* __restrict sum) {
    for (int distance = 1; distance < kPeaqBands; ++distance)
        for (int i = 0; i < kPeaqBands - distance; ++i) {
            source[i] *= slope[i];
            sum[i + distance] += source[i];
        }
}

TONEWRIGHT_TARGET_CLONES
void scaleSpread(const double* __restrict sum, const double* __restrict scale, double* __restrict excitation) {
    for (int i = 0; i < kPeaqBands; ++i) excitation[i] = scale[i] * sum[i] * sum[i] * std::sqrt(sum[i]);  // ^(1 / 0.4)
}

TONEWRIGHT_TARGET_CLONES
void smear(const PeaqTables& tables, const double* __restrict pitch, double* __restrict smeared, double* __restrict excitation) {
    for (int i = 0; i < kPeaqBands; ++i) {
        smeared[i] = tables.smearing[i] * smeared[i] + (1.0 - tables.smearing[i]) * pitch[i];
        excitation[i] = std::max(smeared[i], pitch[i]);
    }
}

TONEWRIGHT_TARGET_CLONES
void modulate(const PeaqTables& tables, const double* __restrict pitch, double* __restrict last, double* __restrict averageLoudness,
              double* __restrict averageChange, double* __restrict modulation) {
    for (int i = 0; i < kPeaqBands; ++i) {
        const double loudness = fastPower(pitch[i], 0.3), memory = tables.adaptation[i];
        const double change = tables.framesPerSecond * std::abs(loudness - last[i]);
        averageChange[i] = memory * averageChange[i] + (1.0 - memory) * change;
        averageLoudness[i] = memory * averageLoudness[i] + (1.0 - memory) * loudness;
        modulation[i] = averageChange[i] / (1.0 + averageLoudness[i] / 0.3);
        last[i] = loudness;
    }
}

}  // namespace

void groupIntoBands(const PeaqTables& tables, std::span<const float> power, PeaqPattern& bands) {
    for (int i = 0; i < kPeaqBands; ++i) {
        const PeaqTables::Band& band = tables.bands[i];
        float sum = band.firstShare * power[band.first] + band.lastShare * power[band.last];
        for (int k = band.first + 1; k < band.last; ++k) sum += power[k];
        bands[i] = std::max<double>(sum, 1e-12);
    }
}

void spreadOverPitch(const PeaqTables& tables, const PeaqPattern& bands, PeaqPattern& excitation) {
    PeaqPattern slope, source, sum;
    excite(tables, bands.data(), slope.data(), source.data());
    const double downwards = std::pow(tables.lowerSlope, 0.4);
    sum[kPeaqBands - 1] = source[kPeaqBands - 1];
    for (int i = kPeaqBands - 2; i >= 0; --i) sum[i] = downwards * sum[i + 1] + source[i];
    spreadUpwards(slope.data(), source.data(), sum.data());
    scaleSpread(sum.data(), tables.spreadScale.data(), excitation.data());
}

PeaqEar::PeaqEar(std::shared_ptr<const PeaqTables> tables)
    : tables_(std::move(tables)), windowed_(tables_->frameLength), power_(tables_->bins), heard_(tables_->bins) {
    reset();
}

void PeaqEar::reset() {
    for (PeaqPattern* pattern : {&pitch_, &smeared_, &excitation_, &loudness_, &averageLoudness_, &averageChange_, &modulation_}) pattern->fill(0.0);
}

void PeaqEar::hear(std::span<const float> frame, RealFft& fft, std::span<std::complex<float>> spectrum) {
    for (int n = 0; n < tables_->frameLength; ++n) windowed_[n] = tables_->window[n] * frame[n];
    fft.forward(windowed_, spectrum);
    weigh(reinterpret_cast<const float*>(spectrum.data()), tables_->earGain.data(), power_.data(), heard_.data(), tables_->bins);

    for (int k = 0; k < tables_->bins; ++k) windowed_[k] = heard_[k] * heard_[k];
    PeaqPattern bands;
    groupIntoBands(*tables_, std::span(windowed_).first(tables_->bins), bands);
    for (int i = 0; i < kPeaqBands; ++i) bands[i] += tables_->internalNoise[i];
    spreadOverPitch(*tables_, bands, pitch_);
    smear(*tables_, pitch_.data(), smeared_.data(), excitation_.data());
    modulate(*tables_, pitch_.data(), loudness_.data(), averageLoudness_.data(), averageChange_.data(), modulation_.data());
}

double PeaqEar::loudnessSone() const {
    const PeaqTables& t = *tables_;
    double sum = 0.0;
    for (int i = 0; i < kPeaqBands; ++i)
        sum += std::max(0.0, t.loudnessScale[i] * (std::pow(1.0 - t.loudnessIndex[i] + t.loudnessIndex[i] * excitation_[i] / t.loudnessThreshold[i], 0.23) - 1.0));
    return 24.0 / kPeaqBands * sum;
}

}  // namespace tonewright
