#pragma once
#include <cmath>
#include <complex>
#include <numbers>

namespace tonewright {

// State-variable filter, trapezoidal integrators (Simper, "Solving the continuous SVF equations using trapezoidal
// integration and equivalent currents", Cytomic 2013). Any second-order filter is one, with mixed outputs:
//
//   H(s) = (low + band s + high s^2) / (1 + k s + s^2),   s = (z - 1) / (z + 1) / g
//
// g = tan(pi fc / fs) places it, k = 1/Q damps it; low is the gain at 0 Hz and high the gain at the Nyquist frequency.
// Stable for every g > 0, k > 0, also when they change from sample to sample; precise at low frequencies, where a
// direct-form biquad is not.
struct Svf {
    struct Coefficients {
        double g = 1.0, k = 1.0;
        double low = 1.0, band = 1.0, high = 1.0;  // with band == k: H == 1

        // Response at a frequency, at the sample rate it was designed for.
        std::complex<double> response(double hz, double sampleRateHz) const {
            const std::complex<double> s(0.0, std::tan(std::numbers::pi * hz / sampleRateHz) / g);
            return (low + s * (band + s * high)) / (1.0 + s * (k + s));
        }
    };

    // As the bilinear transform gives them: exact at 0 Hz and at hz. hz in (0, fs/2).
    static double warped(double hz, double sampleRateHz) { return std::tan(std::numbers::pi * hz / sampleRateHz); }
    static Coefficients lowPass(double g, double q) { return {g, 1.0 / q, 1.0, 0.0, 0.0}; }
    static Coefficients highPass(double g, double q) { return {g, 1.0 / q, 0.0, 0.0, 1.0}; }
    static Coefficients bandPass(double g, double q) { return {g, 1.0 / q, 0.0, 1.0 / q, 0.0}; }  // peak gain 1
    static Coefficients allPass(double g, double q) { return {g, 1.0 / q, 1.0, -1.0 / q, 1.0}; }
    // amplitude: square root of the bell's or shelf's linear gain.
    static Coefficients bell(double g, double q, double amplitude) {
        return {g, 1.0 / (q * amplitude), 1.0, amplitude / q, 1.0};
    }
    static Coefficients lowShelf(double g, double q, double amplitude) {
        return {g / std::sqrt(amplitude), 1.0 / q, amplitude * amplitude, amplitude / q, 1.0};
    }
    static Coefficients highShelf(double g, double q, double amplitude) {
        return {g * std::sqrt(amplitude), 1.0 / q, 1.0, amplitude / q, amplitude * amplitude};
    }

    Svf() : Svf(Coefficients{}) {}
    explicit Svf(const Coefficients& c) { set(c); }

    // Keeps the state: this is how a filter is modulated.
    void set(const Coefficients& c) {
        a1 = 1.0 / (1.0 + c.g * (c.g + c.k));
        a2 = c.g * a1;
        a3 = c.g * a2;
        m0 = c.high;
        m1 = c.band - c.k * c.high;
        m2 = c.low - c.high;
    }
    void reset() { ic1 = ic2 = 0.0; }

    double operator()(double x) {
        const double v3 = x - ic2;
        const double v1 = a1 * ic1 + a2 * v3;
        const double v2 = ic2 + a2 * ic1 + a3 * v3;
        ic1 = 2.0 * v1 - ic1;
        ic2 = 2.0 * v2 - ic2;
        return m0 * x + m1 * v1 + m2 * v2;
    }

    double a1, a2, a3, m0, m1, m2;  // from set()
    double ic1 = 0.0, ic2 = 0.0;    // state: the integrators' equivalent currents
};

}  // namespace tonewright
