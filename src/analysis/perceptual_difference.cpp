#include "analysis/perceptual_difference.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "analysis/peaq_comparison.h"
#include "analysis/peaq_network.h"

namespace tonewright {

namespace {

constexpr float kLoudestSample = 1000.0f;  // +60 dBFS: beyond, powers could leave the range of float

float usable(float sample) { return std::isfinite(sample) ? std::clamp(sample, -kLoudestSample, kLoudestSample) : 0.0f; }

constexpr double kFullBandwidth = 921.0;

struct WindowGrades {
    double sum = 0.0, worst = 0.0, worstSeconds = 0.0;
    int count = 0;

    void add(double grade, double atSeconds) {
        if (count == 0 || grade < worst) {
            worst = grade;
            worstSeconds = atSeconds;
        }
        sum += grade;
        ++count;
    }
};

}  // namespace

struct PerceptualDifference::Impl {
    Impl(const StreamSpec& streamSpec, const Options& chosen)
        : spec(streamSpec), options(chosen), tables(peaqTables(spec.sampleRateHz)), comparison(tables, spec.channels),
          whole(spec.channels), window(spec.channels),
          windowFrames(static_cast<int>(std::lround(options.windowSeconds * tables->framesPerSecond))),
          samples(2 * spec.channels, std::vector<float>(tables->frameLength)) {
        for (std::size_t i = 0; i < samples.size(); ++i) views[i] = samples[i].data();
    }

    void compare() {
        if (framesInWindow == 0) windowSample = taken - tables->frameLength;
        const auto channels = static_cast<std::size_t>(spec.channels);
        const PeaqFrame frame = comparison.compare(std::span(views).first(channels), std::span(views).subspan(channels, channels));
        whole.add(frame);
        window.add(frame);
        if (++framesInWindow == windowFrames) closeWindow();
        for (std::vector<float>& buffer : samples) std::copy(buffer.begin() + tables->hop, buffer.end(), buffer.begin());
        filled = tables->frameLength - tables->hop;
    }

    void closeWindow() {
        grades = withRest();
        window = PeaqVariablesMeter(spec.channels);
        framesInWindow = 0;
        ++windowsSinceGap;
    }

    double distortionIndexOf(PeaqVariables variables) const {
        if (options.assumeFullBandwidth) variables.bandwidthRef = variables.bandwidthTest = kFullBandwidth;
        return distortionIndex(variables);
    }

    WindowGrades withRest() const {
        WindowGrades all = grades;
        if (window.frames() > 0 && (2 * framesInWindow >= windowFrames || windowsSinceGap == 0))
            all.add(objectiveDifferenceGrade(distortionIndexOf(window.result())), static_cast<double>(windowSample) / spec.sampleRateHz);
        return all;
    }

    StreamSpec spec;
    Options options;
    std::shared_ptr<const PeaqTables> tables;
    PeaqComparison comparison;
    PeaqVariablesMeter whole, window;
    int windowFrames, framesInWindow = 0, windowsSinceGap = 0;
    WindowGrades grades;
    std::vector<std::vector<float>> samples;  // the frame that is being collected: reference channels, then test channels
    std::array<const float*, 4> views{};
    int filled = 0;
    std::int64_t taken = 0, windowSample = 0;
};

PerceptualDifference::PerceptualDifference(const StreamSpec& spec, const Options& options) {
    if (!(spec.sampleRateHz >= 8000.0 && spec.sampleRateHz <= 768000.0))
        throw std::invalid_argument("perceptual difference: the sample rate must be 8 ... 768 kHz");
    if (spec.channels != 1 && spec.channels != 2) throw std::invalid_argument("perceptual difference: one or two channels");
    if (!(options.windowSeconds >= 1.0 && options.windowSeconds <= 60.0))
        throw std::invalid_argument("perceptual difference: windowSeconds must be 1 ... 60");
    impl_ = std::make_unique<Impl>(spec, options);
}
PerceptualDifference::~PerceptualDifference() = default;
PerceptualDifference::PerceptualDifference(PerceptualDifference&&) noexcept = default;
PerceptualDifference& PerceptualDifference::operator=(PerceptualDifference&&) noexcept = default;

void PerceptualDifference::add(ConstBlock reference, ConstBlock test) {
    Impl& impl = *impl_;
    const int channels = impl.spec.channels, frameLength = impl.tables->frameLength;
    assert(reference.numChannels == channels && test.numChannels == channels && reference.numFrames == test.numFrames);
    for (int start = 0; start < reference.numFrames;) {
        const int count = std::min(frameLength - impl.filled, reference.numFrames - start);
        for (int c = 0; c < channels; ++c) {
            std::transform(reference.channels[c] + start, reference.channels[c] + start + count, impl.samples[c].data() + impl.filled, usable);
            std::transform(test.channels[c] + start, test.channels[c] + start + count, impl.samples[channels + c].data() + impl.filled, usable);
        }
        impl.filled += count;
        impl.taken += count;
        start += count;
        if (impl.filled == frameLength) impl.compare();
    }
}

void PerceptualDifference::gap() {
    Impl& impl = *impl_;
    impl.closeWindow();
    impl.windowsSinceGap = 0;
    impl.comparison.reset();
    impl.filled = 0;
}

PerceptualDifferenceFacts PerceptualDifference::result() const {
    const Impl& impl = *impl_;
    PerceptualDifferenceFacts facts;
    facts.windowSeconds = impl.options.windowSeconds;
    if (impl.whole.frames() == 0) return facts;
    facts.variables = impl.whole.result();
    facts.distortionIndex = impl.distortionIndexOf(facts.variables);
    facts.objectiveDifferenceGrade = objectiveDifferenceGrade(facts.distortionIndex);
    const WindowGrades grades = impl.withRest();
    facts.meanWindowGrade = grades.count > 0 ? grades.sum / grades.count : 0.0;
    facts.worstWindowGrade = grades.worst;
    facts.worstWindowSeconds = grades.worstSeconds;
    facts.measuredSeconds = impl.whole.frames() / impl.tables->framesPerSecond;
    return facts;
}

}  // namespace tonewright
