#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tonewright {

// "-14.0", "0.25": fixed decimals, never "-0.0"; "-inf" and "inf" spelled so.
std::string fixed(double value, int decimals);

// Sizes for people: "1.25 kHz", "80 Hz".
std::string hertz(double hz);

// "1:05.3"
std::string minutesSeconds(double seconds);

std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string lowerAscii(std::string_view text);

// The candidate that `word` most likely meant (edit distance at most a third of its length), for "did you mean".
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

// Rounds to a multiple of `step` (0.1 dB, 1 Hz): decisions are written in human precision.
double roundTo(double value, double step);

// A frequency in human precision: 1 Hz below 1 kHz, about 1 % above.
double roundHz(double hz);

}  // namespace tonewright
