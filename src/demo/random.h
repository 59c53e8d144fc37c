#pragma once
#include <cstdint>

namespace tonewright::demo {

// Random numbers that are the same with every standard library (std's distributions are not): SplitMix64 (Steele, Lea
// and Flood, "Fast splittable pseudorandom number generators", 2014). Millions of them are needed for dither.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    // Uniform in [-1, 1).
    double uniform() { return static_cast<double>(next() >> 11) * 0x1p-52 - 1.0; }

    // Mean 0, standard deviation 1, never beyond 3.5: the sum of twelve uniform numbers, each of variance 1/3.
    double bell() {
        double sum = 0.0;
        for (int i = 0; i < 12; ++i) sum += uniform();
        const double value = sum * 0.5;
        return value > 3.5 ? 3.5 : value < -3.5 ? -3.5 : value;
    }

private:
    std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15u;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }

    std::uint64_t state_;
};

}  // namespace tonewright::demo
