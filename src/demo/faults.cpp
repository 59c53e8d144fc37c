#include "demo/faults.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>

#include "core/decibels.h"
#include "demo/random.h"

namespace tonewright::demo {
namespace {

constexpr double kTwoPi = 2.0 * std::numbers::pi;
constexpr double kRumbleHz = 40.0;

void addAtRms(std::span<float> sound, const std::vector<double>& what, double levelDbfs) {
    double power = 0.0;
    for (double x : what) power += x * x;
    if (power == 0.0) return;
    const double gain = dbToGain(levelDbfs) / std::sqrt(power / static_cast<double>(what.size()));
    for (std::size_t n = 0; n < sound.size(); ++n) sound[n] += static_cast<float>(gain * what[n]);
}

}  // namespace

std::span<const Harmonic> humHarmonics() {
    static constexpr std::array<Harmonic, 9> kHarmonics = {
        {{1, 0.0}, {2, -7.0}, {3, -4.0}, {4, -15.0}, {5, -9.0}, {6, -20.0}, {7, -14.0}, {9, -18.0}, {11, -22.0}}};
    return kHarmonics;
}

void addHum(std::span<float> sound, const Hum& hum, double sampleRateHz) {
    double power = 0.0;
    for (const Harmonic& harmonic : humHarmonics()) power += 0.5 * dbToPower(harmonic.levelDb);
    const double gain = dbToGain(hum.levelDbfs) / std::sqrt(power);
    for (const Harmonic& harmonic : humHarmonics()) {
        const double amplitude = gain * dbToGain(harmonic.levelDb);
        const double step = kTwoPi * hum.hz * harmonic.number / sampleRateHz;
        const double phase = 0.7 * harmonic.number * harmonic.number;
        // A turning pointer, set anew now and then so that rounding does not add up.
        constexpr std::size_t kRun = 4096;
        const std::complex<double> turn = std::polar(1.0, step);
        for (std::size_t start = 0; start < sound.size(); start += kRun) {
            std::complex<double> pointer = std::polar(amplitude, std::fmod(step * static_cast<double>(start) + phase, kTwoPi));
            for (std::size_t n = start; n < std::min(sound.size(), start + kRun); ++n) {
                sound[n] += static_cast<float>(pointer.imag());
                pointer = {pointer.real() * turn.real() - pointer.imag() * turn.imag(), pointer.real() * turn.imag() + pointer.imag() * turn.real()};
            }
        }
    }
}

void addNoiseFloor(std::span<float> sound, const NoiseFloor& noise, std::uint64_t seed, double sampleRateHz) {
    Random random(seed);
    std::vector<double> hiss(sound.size()), rumble(sound.size());
    const double a = 1.0 - std::exp(-kTwoPi * kRumbleHz / sampleRateHz);
    double first = 0.0, second = 0.0;
    for (std::size_t n = 0; n < sound.size(); ++n) {
        hiss[n] = random.uniform();
        first += a * (random.uniform() - first);
        second += a * (first - second);
        rumble[n] = second;
    }
    addAtRms(sound, hiss, noise.hissDbfs);
    addAtRms(sound, rumble, noise.rumbleDbfs);
}

std::int64_t convert(std::span<float> sound, int bits, std::uint64_t seed) {
    Random random(seed);
    const double scale = std::ldexp(1.0, bits - 1), rail = scale - 1.0;
    std::int64_t clipped = 0;
    for (float& x : sound) {
        const double step = std::nearbyint(x * scale + 0.5 * (random.uniform() + random.uniform()));
        if (std::abs(step) > rail) ++clipped;
        x = static_cast<float>(std::clamp(step, -rail, rail) / scale);
    }
    return clipped;
}

}  // namespace tonewright::demo
