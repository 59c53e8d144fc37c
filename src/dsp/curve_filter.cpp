#include "dsp/curve_filter.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

#include "core/decibels.h"
#include "dsp/sample_guard.h"

namespace tonewright {

namespace {

using Params = CurveFilter::Params;
using Spectrum = std::vector<std::complex<float>>;
using std::numbers::pi;

bool isFlat(const Params& params) {
    return std::all_of(params.points.begin(), params.points.end(), [](const auto& point) { return point.gainDb == 0.0; });
}

const Params& checked(const Params& params) {
    validated(params, "curve filter");
    for (std::size_t i = 1; i < params.points.size(); ++i)
        if (!(params.points[i].frequencyHz > params.points[i - 1].frequencyHz))
            throw std::invalid_argument("curve filter: points[" + std::to_string(i) + "]: frequencyHz is not above the point before");
    return params;
}

int powerOfTwoFrom(int least) { return static_cast<int>(std::bit_ceil(static_cast<unsigned>(least))); }

std::vector<float> designed(const Params& params, const StreamSpec& spec) {
    if (isFlat(checked(params))) return {};
    if (params.channels != CurveFilter::Channels::both && spec.channels > 2)
        throw std::invalid_argument("curve filter: mid and side are of two channels; this stream has " + std::to_string(spec.channels));
    if (params.channels == CurveFilter::Channels::side && spec.channels == 1) return {};
    const double sampleRateHz = spec.sampleRateHz;
    // A grid much finer than the response resolves, so that the cepstrum does not wrap around audibly.
    const int size = powerOfTwoFrom(std::max(8 * params.lengthFrames, 32768));
    RealFft fft(size);
    Spectrum spectrum(fft.bins());
    std::vector<float> time(size);
    const auto gainDb = [&](int bin) { return CurveFilter::curveDb(params.points, bin * sampleRateHz / size); };

    if (params.phase == CurveFilter::Phase::linear) {
        for (int k = 0; k < fft.bins(); ++k) spectrum[k] = static_cast<float>(dbToGain(gainDb(k)));
        fft.inverse(spectrum, time);
        const int length = params.lengthFrames | 1, half = length / 2;
        std::vector<float> impulse(length);
        for (int n = 0; n <= half; ++n) {
            const double window = 0.5 + 0.5 * std::cos(pi * n / (half + 1));
            impulse[half + n] = impulse[half - n] = static_cast<float>(window * time[n]);
        }
        return impulse;
    }

    // Minimum phase: a causal cepstrum is a causal, minimum-phase response (Oppenheim & Schafer, homomorphic systems).
    for (int k = 0; k < fft.bins(); ++k) spectrum[k] = static_cast<float>(gainDb(k) * std::numbers::ln10 / 20.0);
    fft.inverse(spectrum, time);
    for (int n = 1; n < size / 2; ++n) time[n] *= 2.0f;
    std::fill(time.begin() + size / 2 + 1, time.end(), 0.0f);
    fft.forward(time, spectrum);
    for (std::complex<float>& bin : spectrum) bin = std::exp(bin);
    fft.inverse(spectrum, time);
    time.resize(params.lengthFrames);
    const int fade = params.lengthFrames / 4;
    for (int n = 0; n < fade; ++n)
        time[params.lengthFrames - fade + n] *= static_cast<float>(0.5 + 0.5 * std::cos(pi * (n + 1) / (fade + 1)));
    return time;
}

}  // namespace

double CurveFilter::curveDb(const std::vector<Point>& points, double hz) {
    if (points.empty()) return 0.0;
    const auto next = std::upper_bound(points.begin(), points.end(), hz, [](double value, const Point& p) { return value < p.frequencyHz; });
    if (next == points.begin()) return points.front().gainDb;
    if (next == points.end()) return points.back().gainDb;
    const Point& left = *(next - 1);
    const double share = std::log(hz / left.frequencyHz) / std::log(next->frequencyHz / left.frequencyHz);
    return left.gainDb + share * (next->gainDb - left.gainDb);
}

CurveFilter::CurveFilter(const Params& params, const StreamSpec& spec)
    : sampleRateHz_(spec.sampleRateHz),
      impulse_(designed(params, spec)),
      partition_(impulse_.empty() ? 0 : powerOfTwoFrom(static_cast<int>(impulse_.size()))),
      latencyFrames_(partition_),
      fft_(std::max(2, 2 * partition_)) {
    if (impulse_.empty()) return;
    if (params.phase == Phase::linear) latencyFrames_ += static_cast<int>(impulse_.size()) / 2;
    kernel_.resize(fft_.bins());
    spectrum_.resize(fft_.bins());
    time_.resize(fft_.size());
    std::copy(impulse_.begin(), impulse_.end(), time_.begin());
    fft_.forward(time_, kernel_);
    channels_.assign(spec.channels, {std::vector<float>(2 * partition_), std::vector<float>(partition_)});
    if (params.channels != Channels::both && spec.channels == 2) filteredLane_ = params.channels == Channels::mid ? 0 : 1;
}

void CurveFilter::reset() {
    for (Channel& channel : channels_) {
        std::fill(channel.history.begin(), channel.history.end(), 0.0f);
        std::fill(channel.ready.begin(), channel.ready.end(), 0.0f);
    }
    position_ = 0;
}

void CurveFilter::process(Block block) noexcept {
    const FlushDenormals guard;
    makeUsable(block);
    if (impulse_.empty()) return;
    for (int start = 0; start < block.numFrames;) {
        const int length = std::min(block.numFrames - start, partition_ - position_);
        exchange(block, start, length);
        start += length;
        position_ += length;
        if (position_ < partition_) return;
        position_ = 0;
        for (std::size_t lane = 0; lane < channels_.size(); ++lane) filters(lane) ? convolve(channels_[lane]) : passLate(channels_[lane]);
    }
}

// Takes frames into the partition that is being filled, and gives those that are ready.
void CurveFilter::exchange(Block block, int start, int length) noexcept {
    const auto in = [&](std::size_t lane) { return channels_[lane].history.data() + partition_ + position_; };
    const auto out = [&](std::size_t lane) { return channels_[lane].ready.data() + position_; };
    if (filteredLane_ == kEveryLane) {
        for (int c = 0; c < block.numChannels; ++c) {
            float* io = block.channels[c] + start;
            std::copy(io, io + length, in(c));
            std::copy_n(out(c), length, io);
        }
        return;
    }
    float *left = block.channels[0] + start, *right = block.channels[1] + start;
    float *mid = in(0), *side = in(1);
    const float *midReady = out(0), *sideReady = out(1);
    for (int n = 0; n < length; ++n) {
        mid[n] = 0.5f * (left[n] + right[n]);
        side[n] = 0.5f * (left[n] - right[n]);
        left[n] = midReady[n] + sideReady[n];
        right[n] = midReady[n] - sideReady[n];
    }
}

void CurveFilter::passLate(Channel& channel) noexcept {
    const auto middle = channel.history.begin() + partition_;
    std::copy(middle, channel.history.end(), channel.ready.begin());
    std::copy(middle, channel.history.end(), channel.history.begin());
}

// Overlap-save: of the circular convolution of two partitions the second half is the linear one.
void CurveFilter::convolve(Channel& channel) noexcept {
    const auto middle = channel.history.begin() + partition_;
    if (std::all_of(channel.history.begin(), channel.history.end(), [](float x) { return x == 0.0f; })) {
        std::fill(channel.ready.begin(), channel.ready.end(), 0.0f);
        return;
    }
    fft_.forward(channel.history, spectrum_);
    for (std::size_t k = 0; k < spectrum_.size(); ++k) {
        const std::complex<float> x = spectrum_[k], h = kernel_[k];
        spectrum_[k] = {x.real() * h.real() - x.imag() * h.imag(), x.real() * h.imag() + x.imag() * h.real()};
    }
    fft_.inverse(spectrum_, time_);
    std::copy(time_.begin() + partition_, time_.end(), channel.ready.begin());
    std::copy(middle, channel.history.end(), channel.history.begin());
}

std::complex<double> CurveFilter::response(double hz) const {
    if (impulse_.empty()) return 1.0;
    std::complex<double> sum = 0.0;
    const double step = -2.0 * pi * hz / sampleRateHz_;
    for (std::size_t n = 0; n < impulse_.size(); ++n) sum += static_cast<double>(impulse_[n]) * std::polar(1.0, step * static_cast<double>(n));
    return sum;
}

double CurveFilter::responseDb(double hz) const { return powerToDb(std::norm(response(hz))); }

}  // namespace tonewright
