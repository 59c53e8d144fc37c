#pragma once
#include <array>
#include <optional>
#include <span>

namespace tonewright {

// The eleven model output variables of PEAQ's basic version (ITU-R BS.1387-1, clause 4), each the mean of the channels.
struct PeaqVariables {
    double bandwidthRef = 0.0;    // BandwidthRefB, in bins of 23.4375 Hz (at every sample rate); 0 where it is never above 8.1 kHz
    double bandwidthTest = 0.0;   // BandwidthTestB, the same
    double totalNmrDb = 0.0;      // Total NMRB: noise to mask
    double winModDiff1 = 0.0;     // WinModDiff1B: difference of the envelopes' modulation, its peaks over 4 frames
    double adb = 0.0;             // ADBB: by how many steps differences are above the threshold of detection, log10
    double ehs = 0.0;             // EHSB: harmonic structure of the difference
    double avgModDiff1 = 0.0;     // AvgModDiff1B
    double avgModDiff2 = 0.0;     // AvgModDiff2B: with what was added weighing more than what was lost
    double rmsNoiseLoud = 0.0;    // RmsNoiseLoudB: loudness of the difference next to the reference, sone
    double mfpd = 0.0;            // MFPDB: highest smoothed probability that a frame's difference is heard, 0 ... 1
    double relDistFrames = 0.0;   // RelDistFramesB: share of frames with a band 1.5 dB above the mask, 0 ... 1

    bool operator==(const PeaqVariables&) const = default;
};

// What one frame says. Absent: the frame does not count for it.
struct PeaqFrame {
    struct Modulation { double difference1, difference2, weight; };
    struct Bandwidth { double reference, test; };
    struct Channel {
        std::optional<Modulation> modulation;
        std::optional<double> windowedModulation;  // mean of the square roots of the last 4 difference1, to the 4th
        std::optional<double> noiseLoudnessSone;
        std::optional<Bandwidth> bandwidth;
        std::optional<double> harmonics;
        double noiseToMask = 0.0;                  // power ratio, mean of the bands
        bool disturbed = false;
    };
    std::array<Channel, 2> channels;
    std::optional<double> detectionSteps;          // where the difference is heard more likely than not
    double smoothedDetection = 0.0;                // probability, over time
    bool audible = false;                          // holds sound: neither leading nor trailing silence
};

// Makes variables from frames. Silence before the first sound and after the last does not count.
class PeaqVariablesMeter {
public:
    explicit PeaqVariablesMeter(int channels) : channels_(channels) {}

    void add(const PeaqFrame& frame);
    int frames() const { return counted_.frames; }  // that count
    PeaqVariables result() const;

private:
    struct Mean {
        double sum = 0.0, weight = 0.0;
        void add(double value, double w = 1.0) { sum += w * value; weight += w; }
        double value() const { return weight > 0.0 ? sum / weight : 0.0; }
    };
    struct ChannelSums { Mean bandwidthRef, bandwidthTest, noiseToMask, windowedModulation, harmonics, modulation1, modulation2, squaredNoiseLoudness, disturbed; };
    struct Sums {
        std::array<ChannelSums, 2> channels;
        Mean detectionSteps;
        double highestDetection = 0.0;
        int frames = 0;
    };

    int channels_;
    Sums sums_, counted_;  // with and without the silence that may turn out to be the end
};

}  // namespace tonewright
