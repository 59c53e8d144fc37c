#pragma once
#include <complex>
#include <memory>
#include <span>

namespace tonewright {

// Real FFT of one size, single precision, through FFTW with ESTIMATE plans (the same plan, and so the same bits, in
// every run). One object per thread; constructing is thread-safe.
class RealFft {
public:
    // size: even, >= 2; powers of two (and 2^a 3^b 5^c) are fast.
    explicit RealFft(int size);
    ~RealFft();
    RealFft(RealFft&&) noexcept;
    RealFft& operator=(RealFft&&) noexcept;

    int size() const { return size_; }
    int bins() const { return size_ / 2 + 1; }

    // X[k] = sum_n x[n] e^(-2 pi i k n / N), k = 0 ... N/2. `time` has size() values, `spectrum` bins().
    void forward(std::span<const float> time, std::span<std::complex<float>> spectrum);

    // x[n] = 1/N sum_k X[k] e^(2 pi i k n / N): inverse(forward(x)) == x up to rounding.
    void inverse(std::span<const std::complex<float>> spectrum, std::span<float> time);

private:
    struct Plans;
    int size_;
    std::unique_ptr<Plans> plans_;
};

}  // namespace tonewright
