#pragma once
#include <complex>
#include <memory>
#include <span>
#include <vector>

#include "analysis/peaq_tables.h"
#include "dsp/fft.h"

namespace tonewright {

// PEAQ's ear: what one channel of one signal excites (BS.1387-1, clauses 2.1 and 3.2), frame by frame.
//
//   power        |F|^2 of the frame, SPL; heard = |F| weighed by outer and middle ear
//   pitch        its power in bands + internal noise, spread over pitch: levels add with the power 0.4
//   excitation   max(that, its smearing over time)
//   modulation   |d/dt pitch^0.3| / (1 + pitch^0.3 / 0.3), both averaged over time
class PeaqEar {
public:
    explicit PeaqEar(std::shared_ptr<const PeaqTables> tables);

    // A frame of tables.frameLength finite samples. `fft` has that size; `spectrum` is scratch of its bins.
    void hear(std::span<const float> frame, RealFft& fft, std::span<std::complex<float>> spectrum);
    void reset();

    std::span<const float> power() const { return power_; }
    std::span<const float> heard() const { return heard_; }
    const PeaqPattern& excitation() const { return excitation_; }
    const PeaqPattern& modulation() const { return modulation_; }
    const PeaqPattern& averageLoudness() const { return averageLoudness_; }

    double loudnessSone() const;  // of the excitation

private:
    std::shared_ptr<const PeaqTables> tables_;
    std::vector<float> windowed_, power_, heard_;
    PeaqPattern pitch_, smeared_, excitation_;
    PeaqPattern loudness_, averageLoudness_, averageChange_, modulation_;
};

// What each band has of a spectrum of powers, at least 1e-12.
void groupIntoBands(const PeaqTables& tables, std::span<const float> power, PeaqPattern& bands);

// Clause 2.1.7: each band excites the bands below it by 27 dB/Bark less, those above by 24 + 230 Hz/f - 0.2 level less.
void spreadOverPitch(const PeaqTables& tables, const PeaqPattern& bands, PeaqPattern& excitation);

}  // namespace tonewright
