#include "dsp/reverb_geometry.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace tonewright {

namespace {

struct Shape {
    double width, depth, height;           // m; height 0: a sheet
    double wallGain;                       // amplitude kept by a reflection
    double earlyMs;                        // early reflections later than this belong to the late sound
    double sourceX, sourceY, earX, earY;   // half the distance between the two sources and ears, and their depths, of the size
    double shortestLineMs, longestLineMs;
    std::array<double, ReverbGeometry::kDiffuserSteps> diffuserMs;  // longest delay of each step
};

const Shape& shapeOf(ReverbType type) {
    static const Shape kRoom{6.1, 4.3, 2.7, 0.80, 45.0, 0.18, 0.23, 0.06, 0.71, 21.0, 71.0, {4.1, 8.3, 15.7}};
    static const Shape kPlate{2.0, 1.0, 0.0, 0.90, 18.0, 0.04, 0.37, 0.31, 0.59, 25.0, 90.0, {3.1, 7.3, 17.9}};
    static const Shape kHall{31.0, 19.0, 13.0, 0.85, 110.0, 0.13, 0.19, 0.03, 0.67, 35.0, 103.0, {9.7, 18.1, 33.0}};
    return type == ReverbType::room ? kRoom : type == ReverbType::plate ? kPlate : kHall;
}

constexpr double kSoundMetresPerSecond = 343.0;
constexpr int kTapsPerPath = 12;

bool isPrime(int n) {
    for (int d = 2; d * d <= n; ++d)
        if (n % d == 0) return false;
    return n > 1;
}

// A number in [0, 1) from the generator's raw bits: the same with every standard library.
double unit(std::mt19937& random) { return static_cast<double>(random()) * 0x1p-32; }

// Geometrically spaced with some irregularity; the nearest primes not yet taken, so that no two lines share a period.
std::array<int, kReverbLines> lineLengths(const Shape& shape, double framesPerMs, std::mt19937& random) {
    std::array<int, kReverbLines> lengths;
    for (int l = 0; l < kReverbLines; ++l) {
        const double place = (l + 0.2 + 0.6 * unit(random)) / kReverbLines;
        int length = static_cast<int>(shape.shortestLineMs * std::pow(shape.longestLineMs / shape.shortestLineMs, place) * framesPerMs);
        while (!isPrime(length) || std::find(lengths.begin(), lengths.begin() + l, length) != lengths.begin() + l) ++length;
        lengths[l] = length;
    }
    return lengths;
}

// Image of a coordinate in [0, size] after `order` reflections between two walls.
double image(double position, double size, int order) { return order * size + (order % 2 ? size - position : position); }

struct Reflection {
    double seconds, gain;
};

std::vector<Reflection> reflectionsOf(const Shape& shape, double sourceX, double earX) {
    const bool sheet = shape.height == 0.0;
    const double sourceY = shape.sourceY * shape.depth, earY = shape.earY * shape.depth;
    const double direct = std::hypot(sourceX - earX, sourceY - earY);
    std::vector<Reflection> result;
    for (int x = -4; x <= 4; ++x)
        for (int y = -4; y <= 4; ++y)
            for (int z = sheet ? 0 : -2; z <= (sheet ? 0 : 2); ++z) {
                const int order = std::abs(x) + std::abs(y) + std::abs(z);
                if (order == 0) continue;
                const double distance = std::hypot(image(sourceX, shape.width, x) - earX, image(sourceY, shape.depth, y) - earY,
                                                   sheet ? 0.0 : image(0.45 * shape.height, shape.height, z) - 0.45 * shape.height);
                // Spreading: 1/r in a room, 1/sqrt(r) in a sheet.
                const double spread = sheet ? std::sqrt(direct / distance) : direct / distance;
                result.push_back({(distance - direct) / kSoundMetresPerSecond, std::pow(shape.wallGain, order) * spread});
            }
    std::sort(result.begin(), result.end(), [](const Reflection& a, const Reflection& b) { return a.gain > b.gain; });
    return result;
}

std::vector<EarlyTap> earlyTaps(const Shape& shape, double sizeFactor, double sampleRateHz, std::mt19937& random) {
    std::vector<EarlyTap> taps;
    for (int output : {0, 1}) {
        double power = 0.0;
        const std::size_t first = taps.size();
        for (int input : {0, 1}) {
            const double sourceX = shape.width * (0.5 + (input ? shape.sourceX : -shape.sourceX) + 0.011);  // nothing is quite symmetric
            const double earX = shape.width * (0.5 + (output ? shape.earX : -shape.earX) - 0.017);
            int count = 0;
            for (const Reflection& r : reflectionsOf(shape, sourceX, earX)) {
                if (r.seconds * 1000.0 > shape.earlyMs || count == kTapsPerPath) continue;
                ++count;
                // Walls are rough: each reflection has a sign of its own, so that the sum of all is no low-pass.
                const double gain = random() & 1u ? r.gain : -r.gain;
                taps.push_back({input, output, static_cast<int>(std::lround(r.seconds * sizeFactor * sampleRateHz)), static_cast<float>(gain)});
                power += gain * gain;
            }
        }
        for (std::size_t i = first; i < taps.size(); ++i) taps[i].gain = static_cast<float>(taps[i].gain / std::sqrt(power));
    }
    return taps;
}

}  // namespace

ReverbGeometry reverbGeometry(ReverbType type, double sizeFactor, double sampleRateHz) {
    const Shape& shape = shapeOf(type);
    const double framesPerMs = 0.001 * sampleRateHz * sizeFactor;
    std::mt19937 random(2006);
    ReverbGeometry geometry;
    geometry.lineFrames = lineLengths(shape, framesPerMs, random);
    // Each step: one delay in each sixteenth of its span, in an order drawn by lot.
    for (int step = 0; step < ReverbGeometry::kDiffuserSteps; ++step) {
        auto& delays = geometry.diffuserFrames[step];
        for (int l = 0; l < kReverbLines; ++l)
            delays[l] = static_cast<int>((l + unit(random)) / kReverbLines * shape.diffuserMs[step] * framesPerMs);
        for (int l = kReverbLines - 1; l > 0; --l) std::swap(delays[l], delays[random() % (l + 1)]);
    }
    geometry.early = earlyTaps(shape, sizeFactor, sampleRateHz, random);
    return geometry;
}

}  // namespace tonewright
