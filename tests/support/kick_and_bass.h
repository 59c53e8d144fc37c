#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <vector>

// A drummer and a bass player in the same octaves, as known parts. Tempo, pattern, drum, notes, sound and levels come from
// the seed alone.
namespace tonewright::test {

class Dice {
public:
    explicit Dice(std::uint64_t seed) : random_(seed) {}
    double between(double low, double high) { return low + (high - low) * static_cast<double>(random_() >> 11) * 0x1p-53; }
    int below(int count) { return static_cast<int>(between(0.0, count)); }
    double normal() {  // near enough: the sum of twelve
        double sum = -6.0;
        for (int i = 0; i < 12; ++i) sum += between(0.0, 1.0);
        return sum;
    }

private:
    std::mt19937_64 random_;
};

struct KickAndBass {
    double sampleRateHz = 44100.0;
    double relativeDb = 0.0;           // kick against bass, both between 35 and 130 Hz
    bool plucked = false;
    std::vector<float> kick, bass;
};

struct KickAndBassKind {
    double seconds = 14.0;
    double tailSeconds = 0.0;          // > 0: time constant of a drum that rings like a bass (an 808)
    bool human = true;                 // every hit has its own height, length and sweep
    bool noBass = false, noKick = false;
};

namespace detail {

// Mean power between two corners, by two first-order pairs each way: enough to set a balance.
inline double lowPower(const std::vector<float>& x, double sampleRateHz) {
    const double up = 1.0 - std::exp(-2.0 * std::numbers::pi * 35.0 / sampleRateHz), down = 1.0 - std::exp(-2.0 * std::numbers::pi * 130.0 / sampleRateHz);
    double a = 0.0, b = 0.0, c = 0.0, d = 0.0, sum = 0.0;
    for (float sample : x) {
        a += down * (sample - a);
        b += down * (a - b);
        c += up * (b - c);
        d += up * (b - c - d);
        sum += (b - c - d) * (b - c - d);
    }
    return sum / static_cast<double>(std::max<std::size_t>(1, x.size()));
}

inline void addKick(std::vector<float>& out, double atSeconds, double level, double f0, double f1, double sweepSeconds, double decaySeconds, double clickLevel, double rate, Dice& dice) {
    const auto start = static_cast<long>(std::max(0.0, atSeconds) * rate);
    const auto length = static_cast<long>(std::min(8.0 * decaySeconds, 2.0) * rate);
    double phase = 0.0;
    for (long n = 0; n < length && start + n < static_cast<long>(out.size()); ++n) {
        const double t = static_cast<double>(n) / rate;
        phase += 2.0 * std::numbers::pi * (f0 + (f1 - f0) * std::exp(-t / sweepSeconds)) / rate;
        const double body = std::sin(phase) * std::exp(-t / decaySeconds) * (1.0 - std::exp(-t / 0.001));
        const double click = clickLevel * dice.between(-1.0, 1.0) * std::exp(-t / 0.003);
        out[start + n] += static_cast<float>(level * (body + click));
    }
}

inline void addNote(std::vector<float>& out, double atSeconds, double hz, double seconds, bool plucked, double tilt, double attackSeconds, double rate, Dice& dice) {
    const auto start = static_cast<long>(std::max(0.0, atSeconds) * rate);
    const auto length = static_cast<long>(seconds * rate);
    for (int k = 1; k <= 12 && k * hz < 2000.0; ++k) {
        const double level = std::pow(k, -tilt) * dice.between(0.5, 1.5), phase = dice.between(0.0, 6.283), decay = dice.between(0.25, 1.2) / std::sqrt(k);
        for (long n = 0; n < length && start + n < static_cast<long>(out.size()); ++n) {
            const double t = static_cast<double>(n) / rate;
            const double envelope = std::min(1.0, t / attackSeconds) * std::clamp((seconds - t) / 0.015, 0.0, 1.0) * (plucked ? std::exp(-t / decay) : 1.0);
            out[start + n] += static_cast<float>(level * envelope * std::sin(2.0 * std::numbers::pi * k * hz * (1.0 + 1e-4 * k) * t + phase));
        }
    }
}

}  // namespace detail

inline KickAndBass kickAndBass(std::uint64_t seed, const KickAndBassKind& kind = {}) {
    static const std::vector<std::vector<int>> kPatterns = {{0, 4, 8, 12}, {0, 8}, {0, 6, 8}, {0, 7, 10}, {0, 3, 8, 11}, {0, 10}};
    static constexpr int kScale[] = {0, 0, 3, 5, 7, 10, 12};
    Dice dice(seed);
    KickAndBass song;
    const double rate = song.sampleRateHz, sixteenth = 60.0 / dice.between(80.0, 150.0) / 4.0;
    song.kick.resize(static_cast<std::size_t>(kind.seconds * rate));
    song.bass.resize(song.kick.size());

    const std::vector<int>& pattern = kPatterns[dice.below(static_cast<int>(kPatterns.size()))];
    const double f0 = dice.between(42.0, 65.0), f1 = dice.between(90.0, 350.0), sweep = dice.between(0.01, 0.05), click = dice.between(0.0, 0.3);
    const double decay = kind.tailSeconds > 0.0 ? kind.tailSeconds : dice.between(0.05, 0.14);
    const double loose = kind.human ? 1.0 : 0.0;
    for (int bar = 0; bar * 16 * sixteenth < kind.seconds; ++bar)
        for (int place : pattern) {
            const double at = (bar * 16 + place) * sixteenth + loose * 0.003 * dice.normal();
            detail::addKick(song.kick, at, std::pow(10.0, loose * dice.between(-3.0, 0.0) / 20.0), f0 * (1.0 + loose * dice.between(-0.01, 0.01)),
                            f1 * (1.0 + loose * dice.between(-0.1, 0.1)), sweep, decay * (1.0 + loose * dice.between(-0.1, 0.1)), click, rate, dice);
        }

    song.plucked = dice.below(2) == 1;
    static constexpr int kSteps[] = {16, 8, 4, 2}, kOffsets[] = {0, 0, 2};
    const int step = kSteps[dice.below(4)], offset = kOffsets[dice.below(3)];
    const double root = dice.between(38.0, 75.0), tilt = dice.between(0.8, 2.0), attack = dice.between(0.003, 0.025);
    for (int position = 0; position * sixteenth < kind.seconds; position += step) {
        const double hz = root * std::exp2(kScale[dice.below(7)] / 12.0), length = step * sixteenth * dice.between(0.7, 1.0);
        detail::addNote(song.bass, (position + offset) * sixteenth + loose * 0.004 * dice.normal(), hz, length, song.plucked, tilt, attack, rate, dice);
    }

    song.relativeDb = dice.between(-6.0, 6.0);
    const double kickGain = 0.05 * std::pow(10.0, song.relativeDb / 20.0) / std::sqrt(detail::lowPower(song.kick, rate));
    const double bassGain = 0.05 / std::sqrt(detail::lowPower(song.bass, rate));
    for (float& sample : song.kick) sample = static_cast<float>(kind.noKick ? 0.0 : sample * kickGain);
    for (float& sample : song.bass) sample = static_cast<float>(kind.noBass ? 0.0 : sample * bassGain);
    return song;
}

}  // namespace tonewright::test
