#pragma once
#include <cstdint>
#include <random>

namespace tonewright::demo {

// Random numbers that are the same with every standard library (std's distributions are not).
class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    // Uniform in [-1, 1).
    double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-52 - 1.0; }

    // Mean 0, standard deviation 1, never beyond 3.5: the sum of twelve uniform numbers, each of variance 1/3.
    double bell() {
        double sum = 0.0;
        for (int i = 0; i < 12; ++i) sum += uniform();
        const double value = sum * 0.5;
        return value > 3.5 ? 3.5 : value < -3.5 ? -3.5 : value;
    }

private:
    std::mt19937_64 engine_;
};

}  // namespace tonewright::demo
