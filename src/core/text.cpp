#include "core/text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace tonewright {

std::string fixed(double value, int decimals) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    char text[400];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    std::string result = text;
    if (result.front() == '-' && result.find_first_of("123456789") == std::string::npos) result.erase(0, 1);
    return result;
}

std::string hertz(double hz) {
    if (hz < 1000.0) return fixed(hz, 0) + " Hz";
    const double khz = hz / 1000.0;
    return fixed(khz, khz < 10.0 ? 1 : 0) + " kHz";
}

std::string minutesSeconds(double seconds) {
    const int minutes = static_cast<int>(seconds / 60.0);
    const double rest = seconds - 60.0 * minutes;
    return std::to_string(minutes) + ":" + (rest < 10.0 ? "0" : "") + fixed(rest, 1);
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string result;
    for (const std::string& part : parts) {
        if (!result.empty()) result += separator;
        result += part;
    }
    return result;
}

std::string lowerAscii(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return result;
}

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates) {
    const auto distance = [](std::string_view a, std::string_view b) {
        std::vector<std::size_t> row(b.size() + 1);
        for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
        for (std::size_t i = 1; i <= a.size(); ++i) {
            std::size_t diagonal = row[0];
            row[0] = i;
            for (std::size_t j = 1; j <= b.size(); ++j) {
                const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
            }
        }
        return row.back();
    };
    std::optional<std::string> best;
    std::size_t bestDistance = std::max<std::size_t>(2, word.size() / 3) + 1;
    const std::string wanted = lowerAscii(word);
    for (const std::string& candidate : candidates) {
        const std::size_t d = distance(wanted, lowerAscii(candidate));
        if (d < bestDistance) {
            bestDistance = d;
            best = candidate;
        }
    }
    return best;
}

double roundTo(double value, double step) {
    // Dividing by the reciprocal gives the double nearest to the decimal (0.1 steps print as 0.3, not 0.30000000000000004).
    const double perUnit = std::round(1.0 / step);
    return step < 1.0 ? std::round(value * perUnit) / perUnit : std::round(value / step) * step;
}

double roundHz(double hz) {
    if (hz < 1000.0) return std::round(hz);
    const double step = hz < 10000.0 ? 10.0 : 100.0;
    return std::round(hz / step) * step;
}

}  // namespace tonewright
