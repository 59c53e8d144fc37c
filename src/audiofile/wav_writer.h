#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/audio.h"

namespace tonewright {

enum class SampleFormat { pcm16, pcm24, float32 };

int bitsOf(SampleFormat format);

struct WavFormat {
    int sampleRateHz = 48000;
    int channels = 2;
    SampleFormat format = SampleFormat::pcm24;

    bool operator==(const WavFormat&) const = default;
};

// EBU Tech 3285 v2, loudness fields: written in hundredths; what is not given is written as "not measured" (0x7FFF).
struct BroadcastLoudness {
    std::optional<double> integratedLufs, rangeLu, maxTruePeakDbtp, maxMomentaryLufs, maxShortTermLufs;
};

// The bext chunk, version 2. Only what is given is written: no date, time or program name appears by itself.
struct BroadcastInfo {
    std::string description;          // 256 bytes at most; longer texts are cut at a character's boundary
    std::string originator;           // 32 bytes
    std::string originatorReference;  // 32 bytes
    std::string originationDate;      // "2026-05-31" or empty
    std::string originationTime;      // "14:05:00" or empty
    std::int64_t timeReferenceFrames = 0;  // since midnight, at the file's rate
    BroadcastLoudness loudness;
    std::string codingHistory;
};

struct CuePoint {
    std::int64_t frame = 0;
    std::string label;  // UTF-8, may be empty
};

struct WavExtras {
    std::optional<BroadcastInfo> broadcast;
    std::vector<CuePoint> cues;
    std::vector<std::pair<std::string, std::string>> info;  // LIST-INFO: {"INAM", title}, {"IART", artist}, {"IPRD", album} ...
    bool forceRf64 = false;  // RF64 whatever the size; without it only files beyond 4 GB become RF64
};

// Writes a WAV or RF64 file (EBU Tech 3306) as a stream, to exactly the path given (give it a path of StagedFiles).
// The bytes depend on nothing but the samples and the arguments.
//
// Integers are round-to-nearest of sample * 2^(bits-1) (ties to even), so that what openAudio() read comes out bit for
// bit; what does not fit is clamped and counted. There is no dither here: that is a processor's work.
class WavWriter {
public:
    // Throws std::invalid_argument for a format outside 8..768 kHz and 1..64 channels or an unknown INFO id's length,
    // OutputError if the file cannot be made.
    WavWriter(const std::filesystem::path& path, const WavFormat& format, WavExtras extras = {});
    ~WavWriter();  // without finish() an unusable file is left for the caller (StagedFiles removes it)
    WavWriter(const WavWriter&) = delete;
    WavWriter& operator=(const WavWriter&) = delete;

    // Throws OutputError naming the file and the reason (a full disk, say).
    void write(ConstBlock block);

    // Loudness of what was written, known only at its end. Needs extras.broadcast. Before finish().
    void setLoudness(const BroadcastLoudness& loudness);

    // Completes the header and closes the file. Throws OutputError. Nothing can be written after it.
    void finish();

    std::int64_t framesWritten() const { return framesWritten_; }

    // Samples that did not fit and were clamped (integers only), and samples that were not finite and became 0.
    std::int64_t clippedSamples() const { return clippedSamples_; }

private:
    std::string header() const;   // everything up to the first sample
    std::string trailer() const;  // the chunks after the samples
    void append(const void* bytes, std::size_t size);
    void flush();
    [[noreturn]] void fail(int error) const;

    std::filesystem::path path_;
    WavFormat format_;
    WavExtras extras_;
    int file_ = -1;
    std::vector<unsigned char> buffer_;
    std::int64_t framesWritten_ = 0;
    std::int64_t clippedSamples_ = 0;
};

}  // namespace tonewright
