#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

// What moving a component does to the parts of a mix that are known.
namespace tonewright::test {

inline double dot(const std::vector<float>& a, const std::vector<float>& b) {
    double sum = 0.0;
    for (std::size_t n = 0; n < std::min(a.size(), b.size()); ++n) sum += static_cast<double>(a[n]) * b[n];
    return sum;
}

// By how much the second part moves when the component is raised so far that the first gets `wishedDb` louder.
struct PartChange {
    double caught = 0.0, leaked = 0.0;   // component = caught first + leaked second + rest (least squares)
    double excess = 0.0;                 // gain - 1 of the component that moves the first part so far
    double otherFrozenDb = 0.0;          // the second part's own energy under the same masks
    double otherProjectedDb = 0.0;       // the second part in the processed mix, by projection on the parts
};

// `component` of the mix, and what the same masks take of each part (their sum is the component).
inline PartChange partChange(const std::vector<float>& first, const std::vector<float>& second, const std::vector<float>& component,
                             const std::vector<float>& ofFirst, const std::vector<float>& ofSecond, double wishedDb) {
    PartChange change;
    const double aa = dot(first, first), bb = dot(second, second), ab = dot(first, second);
    const double ca = dot(component, first), cb = dot(component, second), det = aa * bb - ab * ab;
    change.caught = (ca * bb - cb * ab) / det;
    change.leaked = (cb * aa - ca * ab) / det;
    // |first + e ofFirst|^2 = 10^(wished / 10) |first|^2; the root next to zero
    const double square = dot(ofFirst, ofFirst), cross = 2.0 * dot(ofFirst, first), target = (std::pow(10.0, wishedDb / 10.0) - 1.0) * aa;
    const double root = cross * cross + 4.0 * square * target;
    change.excess = root > 0.0 && square > 0.0 ? (-cross + std::sqrt(root)) / (2.0 * square) : 0.0;
    const double e = change.excess;
    change.otherFrozenDb = 10.0 * std::log10(1.0 + (2.0 * e * dot(ofSecond, second) + e * e * dot(ofSecond, ofSecond)) / bb);
    const double projected = (std::pow(10.0, wishedDb / 20.0) - 1.0) / change.caught;
    change.otherProjectedDb = 20.0 * std::log10(std::max(1e-3, 1.0 + projected * change.leaked));
    return change;
}

}  // namespace tonewright::test
