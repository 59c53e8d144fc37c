#include "dsp/fft.h"

#include <fftw3.h>

#include <algorithm>
#include <cassert>
#include <mutex>
#include <new>
#include <stdexcept>

namespace tonewright {

namespace {

std::mutex& plannerMutex() {  // FFTW's planner is the one part of it that is not thread-safe
    static std::mutex mutex;
    return mutex;
}

template <class T>
T* allocated(std::size_t count) {
    void* memory = fftwf_malloc(sizeof(T) * count);
    if (!memory) throw std::bad_alloc();
    return static_cast<T*>(memory);
}

}  // namespace

struct RealFft::Plans {
    explicit Plans(int size)
        : time(allocated<float>(size)), spectrum(allocated<fftwf_complex>(size / 2 + 1)) {
        const std::lock_guard lock(plannerMutex());
        forward = fftwf_plan_dft_r2c_1d(size, time, spectrum, FFTW_ESTIMATE);
        inverse = fftwf_plan_dft_c2r_1d(size, spectrum, time, FFTW_ESTIMATE);
    }
    ~Plans() {
        const std::lock_guard lock(plannerMutex());
        fftwf_destroy_plan(forward);
        fftwf_destroy_plan(inverse);
        fftwf_free(time);
        fftwf_free(spectrum);
    }
    Plans(const Plans&) = delete;
    Plans& operator=(const Plans&) = delete;

    // Aligned scratch: plans may assume the alignment they were made with.
    float* time;
    fftwf_complex* spectrum;
    fftwf_plan forward, inverse;
};

RealFft::RealFft(int size) : size_(size) {
    if (size < 2 || size % 2 != 0) throw std::invalid_argument("fft: size must be even and at least 2");
    plans_ = std::make_unique<Plans>(size);
}
RealFft::~RealFft() = default;
RealFft::RealFft(RealFft&&) noexcept = default;
RealFft& RealFft::operator=(RealFft&&) noexcept = default;

void RealFft::forward(std::span<const float> time, std::span<std::complex<float>> spectrum) {
    assert(static_cast<int>(time.size()) == size_ && static_cast<int>(spectrum.size()) == bins());
    std::copy(time.begin(), time.end(), plans_->time);
    fftwf_execute(plans_->forward);
    const auto* out = reinterpret_cast<const std::complex<float>*>(plans_->spectrum);
    std::copy(out, out + bins(), spectrum.begin());
}

void RealFft::inverse(std::span<const std::complex<float>> spectrum, std::span<float> time) {
    assert(static_cast<int>(time.size()) == size_ && static_cast<int>(spectrum.size()) == bins());
    std::copy(spectrum.begin(), spectrum.end(), reinterpret_cast<std::complex<float>*>(plans_->spectrum));
    fftwf_execute(plans_->inverse);
    const float scale = 1.0f / static_cast<float>(size_);
    std::transform(plans_->time, plans_->time + size_, time.begin(), [scale](float v) { return v * scale; });
}

}  // namespace tonewright
