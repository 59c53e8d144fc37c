#include "analysis/stft.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

namespace tonewright {

Stft::Stft(int size, int hop, int lanes)
    : size_(size), hop_(hop), filled_(size - hop), fft_(size), window_(size), windowed_(size), spectrum_(fft_.bins()),
      samples_(lanes, std::vector<float>(size)), power_(lanes, std::vector<float>(fft_.bins())), zeros_(lanes, size), silent_(lanes, 1) {
    // Sum over one-sided bins of |X|^2 = (size / 2) sum (window x)^2; the scale 2 / (size sum window^2) is put into the window.
    double energy = 0.0;
    std::vector<double> hann(size);
    for (int n = 0; n < size; ++n) {
        hann[n] = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * (n + 0.5) / size);
        energy += hann[n] * hann[n];
    }
    const double scale = std::sqrt(2.0 / (size * energy));
    for (int n = 0; n < size; ++n) window_[n] = static_cast<float>(hann[n] * scale);
}

int Stft::feed(std::span<const float* const> lanes, int from, int to) {
    const int count = std::min(to - from, size_ - filled_);
    for (std::size_t lane = 0; lane < samples_.size(); ++lane) {
        const float* source = lanes[lane] + from;
        std::memcpy(samples_[lane].data() + filled_, source, static_cast<std::size_t>(count) * sizeof(float));
        int run = 0;
        while (run < count && source[count - 1 - run] == 0.0f) ++run;
        zeros_[lane] = run == count ? std::min(size_, zeros_[lane] + count) : run;
    }
    filled_ += count;
    return count;
}

void Stft::transform() {
    for (std::size_t lane = 0; lane < samples_.size(); ++lane) {
        float* samples = samples_[lane].data();
        std::vector<float>& power = power_[lane];
        silent_[lane] = zeros_[lane] >= size_;
        if (silent_[lane]) {
            std::fill(power.begin(), power.end(), 0.0f);
        } else {
            for (int n = 0; n < size_; ++n) windowed_[n] = samples[n] * window_[n];
            fft_.forward(windowed_, spectrum_);
            const float* parts = reinterpret_cast<const float*>(spectrum_.data());
            float* out = power.data();
            const int bins = fft_.bins();
            for (int k = 0; k < bins; ++k) out[k] = parts[2 * k] * parts[2 * k] + parts[2 * k + 1] * parts[2 * k + 1];
            power.front() *= 0.5f;  // DC and half the sample rate have no mirror image
            power.back() *= 0.5f;
        }
        std::memmove(samples, samples + hop_, static_cast<std::size_t>(size_ - hop_) * sizeof(float));
    }
    filled_ = size_ - hop_;
}

}  // namespace tonewright
