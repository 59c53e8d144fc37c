#pragma once
#include <complex>
#include <optional>
#include <span>
#include <vector>

#include "analysis/shared_treble.h"
#include "core/audio.h"
#include "dsp/fft.h"

namespace tonewright {

// How one recording of a performance lies against another of the same performance.
struct MicrophoneOffset {
    double delayFrames = 0.0;   // the target is so much later than the reference (negative: earlier)
    bool inverted = false;      // against the reference's polarity
    double confidence = 0.0;    // 0 ... 1
    double correlation = 0.0;   // of the whitened signals at that delay, 0 ... 1
    double lowAgreement = 1.0;  // from lowestHz an octave up, delay and polarity undone, against the group's reference: -1 they cancel ... 1
};

struct GroupAlignment {
    int reference = 0;          // the microphone with the most evidence; delay 0, not inverted
    // nullopt: abstained, because nothing that this microphone heard can be found in the others
    std::vector<std::optional<MicrophoneOffset>> microphones;
};

struct AlignmentParams {
    double maxDelayMs = 30.0;        // sound needs that long for 10 m; planted and natural delays together
    double lowestHz = 80.0, highestHz = 12000.0;
    double polarityBelowHz = 2000.0; // where polarity is audible
    double leastConfidence = 0.05;   // below that it abstains

    bool operator==(const AlignmentParams&) const = default;
};

// Finds delays and polarities within a group of microphones (a kit; top and bottom; DI and amplifier).
//
//   S[i,j]  cross-spectrum over all that was heard (Hann windows of 186 ms, 75 % overlap, zero-padded: the window product
//           is constant over time, so that this is the correlation of the whole, whatever the delay, exactly)
//   r       its correlation over lag, the windows' own shape divided out
//   R       r whitened by 1 / sqrt(A[i] A[j]) and f^(-1/2), A the smoothed power spectra (SCOT: Carter, Nuttall and Cable 1973)
//   delay   where |R| is largest, refined by Newton's method on the band-limited R
//   evidence how far that peak stands above the highest one 1 to 15 ms away; less for correlations below 0.05, none for
//            those that chance makes in recordings of that length
//
// Every step moves along with the recordings: delaying or inverting one of them moves its result by just that, to
// thousandths of a frame, whatever peak was the largest. Among the pairs, evidence is added where a third microphone
// agrees, and the microphones are joined by the strongest tree (docs/analysis/alignment.md).
//
// The microphones are the channels of the blocks. Memory does not grow with the length: skip() parts of long recordings.
class AlignmentFinder {
public:
    // Throws std::invalid_argument for fewer than 2 or more than 64 microphones, or parameters out of range.
    AlignmentFinder(int microphones, double sampleRateHz, const AlignmentParams& params = {});

    void add(ConstBlock block);
    void skip();   // what comes next is another part of the recordings

    // After the last block. The pair alone; nullopt if either is silent or nothing stands out.
    std::optional<MicrophoneOffset> pair(int reference, int target);
    GroupAlignment result();
    // The same spectra, for what the microphones add up to above 2 kHz.
    SharedTreble sharedTreble() const { return {sampleRateHz_ / fft_.size(), sampleRateHz_, firstBin_, powers_, crossings_, lagShape_}; }

private:
    struct Peak {
        double delayFrames = 0.0, correlation = 0.0, evidence = 0.0;
        bool inverted = false;
    };
    std::size_t pairIndex(int i, int j) const;   // i < j
    void takeFrame();
    void flush();                                // silence follows the last part
    std::optional<Peak> findPeak(int i, int j);
    std::vector<double> smoothedPower(int microphone) const;
    double lowAgreement(int reference, int target, double delayFrames, bool inverted) const;

    int microphones_;
    double sampleRateHz_;
    AlignmentParams params_;
    int window_, hop_, firstBin_, lastBin_, maxLag_;
    int filled_;
    RealFft fft_;
    std::vector<float> shape_;
    std::vector<double> lagShape_;               // autocorrelation of the window, 1 at lag 0
    std::vector<std::vector<float>> samples_;
    std::vector<float> padded_;
    std::vector<std::vector<std::complex<float>>> spectra_;
    std::vector<std::vector<double>> powers_;                       // A, per microphone and bin
    std::vector<std::vector<std::complex<double>>> crossings_;      // S, per pair and bin
    std::vector<int> frames_;                                       // in which both sounded, per pair
};

// Two recordings in memory.
std::optional<MicrophoneOffset> findAlignment(std::span<const float> reference, std::span<const float> target, double sampleRateHz,
                                       const AlignmentParams& params = {});

}  // namespace tonewright
