#include "dsp/filter_design.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/decibels.h"

namespace tonewright {

namespace {

using std::numbers::pi;

constexpr double kFitEdge = 0.455;  // of the sample rate: 20 kHz at 44.1 kHz

// A point where the digital magnitude shall equal the analogue one.
struct Target {
    double tangentSquared;  // tan^2(pi f / fs)
    double logPower;
    double weight;
};

std::vector<Target> targetsFor(const AnalogueSection& section, double sampleRateHz) {
    std::vector<double> frequencies;
    const double edgeHz = kFitEdge * sampleRateHz;
    constexpr int kLinear = 40, kAround = 28;
    for (int i = 1; i <= kLinear; ++i) frequencies.push_back(edgeHz * i / kLinear);
    // Dense where the section bends: distance from the corner grows from a fraction of the width to e^3.
    const double width = 0.1 * std::min(1.0, section.k);
    const double reach = std::asinh(3.0 / width);
    for (int i = -kAround; i <= kAround; ++i) {
        const double hz = section.cornerHz * std::exp(width * std::sinh(reach * i / kAround));
        if (hz < edgeHz) frequencies.push_back(hz);
    }

    std::vector<Target> targets;
    for (double hz : frequencies) {
        const double power = section.power(hz), tangent = std::tan(pi * hz / sampleRateHz);
        if (power < 1e-14) continue;  // the bottom of a notch is kept by construction
        targets.push_back({tangent * tangent, std::log(power), power / (power + 1e-4)});
    }
    return targets;
}

// Coefficients in the order g, k, band, high; all positive, fitted in their logarithms.
struct Fit {
    std::array<double, 4> value;
    std::array<bool, 4> free;
    double low;
    double notchTangentSquared = 0.0;  // > 0: high = low g^2 / this, so that the zero stays in place

    double high() const { return notchTangentSquared > 0.0 ? low * value[0] * value[0] / notchTangentSquared : value[3]; }
    Svf::Coefficients coefficients() const { return {value[0], value[1], low, value[2], high()}; }
};

double squaredError(const Fit& fit, const std::vector<Target>& targets) {
    const Svf::Coefficients c = fit.coefficients();
    double sum = 0.0;
    for (const Target& target : targets) {
        const double u = target.tangentSquared / (c.g * c.g), zero = c.low - c.high * u;
        const double numerator = zero * zero + c.band * c.band * u;
        const double denominator = (1.0 - u) * (1.0 - u) + c.k * c.k * u;
        const double error = target.weight * (std::log(numerator / denominator) - target.logPower);
        sum += error * error;
    }
    return sum;
}

// Solves the 4x4 system in place by elimination with a positive diagonal (damped normal equations).
std::array<double, 4> solved(std::array<std::array<double, 4>, 4> a, std::array<double, 4> b) {
    for (int i = 0; i < 4; ++i)
        for (int row = i + 1; row < 4; ++row) {
            const double factor = a[row][i] / a[i][i];
            for (int column = i; column < 4; ++column) a[row][column] -= factor * a[i][column];
            b[row] -= factor * b[i];
        }
    for (int i = 3; i >= 0; --i) {
        for (int column = i + 1; column < 4; ++column) b[i] -= a[i][column] * b[column];
        b[i] /= a[i][i];
    }
    return b;
}

void refine(Fit& fit, const std::vector<Target>& targets) {
    double damping = 1e-3, error = squaredError(fit, targets);
    for (int iteration = 0; iteration < 40; ++iteration) {
        std::array<std::array<double, 4>, 4> normal{};
        std::array<double, 4> gradient{};
        const Svf::Coefficients c = fit.coefficients();
        for (const Target& target : targets) {
            const double u = target.tangentSquared / (c.g * c.g), zero = c.low - c.high * u;
            const double numerator = zero * zero + c.band * c.band * u;
            const double denominator = (1.0 - u) * (1.0 - u) + c.k * c.k * u;
            const double error1 = target.weight * (std::log(numerator / denominator) - target.logPower);
            const double byHigh = -2.0 * zero * c.high * u / numerator;
            const double byG = -2.0 * u * ((c.band * c.band - 2.0 * c.high * zero) / numerator -
                                           (c.k * c.k - 2.0 * (1.0 - u)) / denominator);
            const std::array<double, 4> slope{byG + (fit.notchTangentSquared > 0.0 ? 2.0 * byHigh : 0.0),
                                              -2.0 * c.k * c.k * u / denominator, 2.0 * c.band * c.band * u / numerator, byHigh};
            for (int i = 0; i < 4; ++i) {
                if (!fit.free[i]) continue;
                gradient[i] += target.weight * slope[i] * error1;
                for (int j = 0; j < 4; ++j)
                    if (fit.free[j]) normal[i][j] += target.weight * target.weight * slope[i] * slope[j];
            }
        }
        for (int i = 0; i < 4; ++i) normal[i][i] += damping * normal[i][i] + 1e-12;
        const std::array<double, 4> step = solved(normal, gradient);
        Fit next = fit;
        for (int i = 0; i < 4; ++i)
            if (fit.free[i]) next.value[i] *= std::exp(-std::clamp(step[i], -1.0, 1.0));
        const double nextError = squaredError(next, targets);
        if (nextError < error) {
            const bool settled = error - nextError < 1e-9 * error;
            fit = next;
            error = nextError;
            damping = std::max(damping * 0.2, 1e-9);
            if (settled) return;
        } else if ((damping *= 8.0) > 1e6) {
            return;
        }
    }
}

}  // namespace

bool EqualizerBand::isNeutral() const {
    const bool hasGain = type == BandType::bell || type == BandType::lowShelf || type == BandType::highShelf;
    return !enabled || (hasGain && gainDb == 0.0);
}

double AnalogueSection::power(double hz) const {
    const double u = (hz / cornerHz) * (hz / cornerHz), zero = low - high * u;
    return (zero * zero + band * band * u) / ((1.0 - u) * (1.0 - u) + k * k * u);
}

std::vector<AnalogueSection> analogueSections(const EqualizerBand& b) {
    const double amplitude = std::pow(10.0, b.gainDb / 40.0), f = b.frequencyHz, q = b.q;
    switch (b.type) {
        case BandType::bell: return {{f, 1.0 / (q * amplitude), 1.0, amplitude / q, 1.0}};
        case BandType::lowShelf: return {{f / std::sqrt(amplitude), 1.0 / q, amplitude * amplitude, amplitude / q, 1.0}};
        case BandType::highShelf: return {{f * std::sqrt(amplitude), 1.0 / q, 1.0, amplitude / q, amplitude * amplitude}};
        case BandType::notch: return {{f, 1.0 / q, 1.0, 0.0, 1.0}};
        case BandType::lowCut:
        case BandType::highCut: break;
    }
    // Butterworth: pole pairs at angles pi (2i + 1) / (2 order); q scales the sharpest pair.
    const int order = b.slopeDbPerOctave / 6;
    const bool lowCut = b.type == BandType::lowCut;
    std::vector<AnalogueSection> sections;
    for (int i = 0; i < order / 2; ++i) {
        const double damping = 2.0 * std::sin(pi * (2 * i + 1) / (2 * order));
        const double k = i == 0 ? damping / (q * std::numbers::sqrt2) : damping;
        sections.push_back({f, k, lowCut ? 0.0 : 1.0, 0.0, lowCut ? 1.0 : 0.0});
    }
    // A first-order section s / (1 + s) or 1 / (1 + s), times (1 + s) / (1 + s).
    if (order % 2) sections.push_back({f, 2.0, lowCut ? 0.0 : 1.0, 1.0, lowCut ? 1.0 : 0.0});
    return sections;
}

double analogueGainDb(const EqualizerBand& band, double hz) {
    if (band.isNeutral()) return 0.0;
    double power = 1.0;
    for (const AnalogueSection& section : analogueSections(band)) power *= section.power(hz);
    return powerToDb(power);
}

Svf::Coefficients matched(const AnalogueSection& wanted, double sampleRateHz) {
    AnalogueSection section = wanted;
    const bool isCutOfLows = section.low == 0.0, isNotch = section.low > 0.0 && section.band == 0.0 && section.high > 0.0;
    if (isCutOfLows || isNotch) section.cornerHz = std::min(section.cornerHz, 0.49 * sampleRateHz);

    // Poles by impulse invariance, from the products (1 - p1)(1 - p2) and (1 + p1)(1 + p2).
    const double half = 0.5 * section.k;
    const double w = std::min(2.0 * pi * section.cornerHz / sampleRateHz, 0.9 * pi);
    double atDc, atNyquist;
    if (half < 1.0) {
        const double radius = std::exp(-half * w), sine = std::sin(0.5 * w * std::sqrt(1.0 - half * half));
        atDc = std::expm1(-half * w) * std::expm1(-half * w) + 4.0 * radius * sine * sine;
        atNyquist = (1.0 + radius) * (1.0 + radius) - 4.0 * radius * sine * sine;
    } else {
        const double spread = std::sqrt(half * half - 1.0), slow = w / (half + spread), fast = w * (half + spread);
        atDc = std::expm1(-slow) * std::expm1(-fast);
        atNyquist = (1.0 + std::exp(-slow)) * (1.0 + std::exp(-fast));
    }
    Fit fit;
    const double g = std::sqrt(atDc / atNyquist), k = -2.0 * std::expm1(-section.k * w) / (atNyquist * g);
    fit.low = section.low;

    // Gain at Nyquist as the analogue filter has it there, and band so that the corner matches.
    const double high = std::sqrt(section.power(0.5 * sampleRateHz));
    const double cornerHz = std::min(section.cornerHz, 0.4 * sampleRateHz);
    const double tangent = std::tan(pi * cornerHz / sampleRateHz), u = tangent * tangent / (g * g);
    const double zero = section.low - high * u;
    const double bandSquared = (section.power(cornerHz) * ((1.0 - u) * (1.0 - u) + k * k * u) - zero * zero) / u;
    const double band = bandSquared > 1e-4 * k * k ? std::sqrt(bandSquared) : 0.01 * k;

    // A cut of lows keeps its double zero at 0 Hz (a single one, where the analogue section has one).
    const bool hasBand = section.band > 0.0 || (!isCutOfLows && !isNotch);
    fit.value = {g, k, hasBand ? band : 0.0, high};
    fit.free = {true, true, hasBand, !isNotch};
    if (isNotch) {
        const double t = std::tan(pi * section.cornerHz / sampleRateHz);
        fit.notchTangentSquared = t * t;
    }
    refine(fit, targetsFor(section, sampleRateHz));
    return fit.coefficients();
}

}  // namespace tonewright
