#pragma once
#include <bit>
#include <cstdint>

namespace tonewright {

// Decibels at audio rate: polynomials in place of the library's log and pow. The same bits on every platform, no table,
// no branch, nothing that keeps a compiler from doing several at once.

// power: normal and positive. Error below 1e-9 dB.
inline double fastPowerToDb(double power) {
    // power = 2^e m with m in [sqrt(1/2), sqrt(2)); ln m = 2 artanh((m - 1) / (m + 1)).
    constexpr std::uint64_t kRootHalf = 0x3fe6a09e667f3bcdull, kBias = 1023;
    const std::uint64_t bits = std::bit_cast<std::uint64_t>(power);
    const std::uint64_t biased = (bits - kRootHalf + (kBias << 52)) >> 52;  // e + 1023
    const double m = std::bit_cast<double>(bits - (biased << 52) + (kBias << 52));
    // An integer below 2^52 in the low bits of 2^52 is that integer above 2^52.
    const double exponent = std::bit_cast<double>(biased | 0x4330000000000000ull) - (0x1p52 + 1023.0);
    const double z = (m - 1.0) / (m + 1.0), z2 = z * z;
    const double series = 1.0 + z2 * (1.0 / 3 + z2 * (1.0 / 5 + z2 * (1.0 / 7 + z2 * (1.0 / 9 + z2 * (1.0 / 11 + z2 * (1.0 / 13))))));
    constexpr double kDbPerNeper = 4.3429448190325183, kDbPerOctave = 3.0102999566398120;  // of power
    return kDbPerOctave * exponent + 2.0 * kDbPerNeper * z * series;
}

// 10^(db/20) for |db| <= 6000; relative error below 1e-11.
inline double fastDbToGain(double db) {
    const double octaves = db * 0.16609640474436813;  // log2(10) / 20
    const double shifted = octaves + 0x1.8p52;        // rounds to an integer and shows it in the low bits
    const double x = (octaves - (shifted - 0x1.8p52)) * 0.69314718055994531;
    const double even = 1.0 + x * x * (1.0 / 2 + x * x * (1.0 / 24 + x * x * (1.0 / 720 + x * x * (1.0 / 40320 + x * x * (1.0 / 3628800)))));
    const double odd = x * (1.0 + x * x * (1.0 / 6 + x * x * (1.0 / 120 + x * x * (1.0 / 5040 + x * x * (1.0 / 362880)))));
    return (even + odd) * std::bit_cast<double>((std::bit_cast<std::uint64_t>(shifted) + 1023) << 52);
}

}  // namespace tonewright
