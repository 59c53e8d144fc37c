#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/audio.h"
#include "core/error.h"

namespace tonewright {

// What is known of a sound file before a sample is decoded.
struct AudioFileInfo {
    std::filesystem::path path;
    std::string container;  // "WAV", "RF64", "AIFF", "CAF", "FLAC", "Ogg Vorbis", "Opus", "MP3", "AAC/M4A", "ALAC" ...
    std::string encoding;   // "24-bit PCM", "32-bit float", "MPEG layer III" ...
    int sampleRateHz = 0;   // 8000 to 768000
    int channels = 0;       // 1 to 64
    std::int64_t frames = 0;
    bool hasStartFrame = false;   // the file carries a BWF time reference
    std::int64_t startFrame = 0;  // that time reference, in frames at the file's own rate since midnight; else 0
    bool lossy = false;
    int bitsPerSample = 0;          // of the stored samples; 0 where the coding has no such number (lossy ones)
    std::vector<Warning> warnings;  // oddities of the file that do not keep it from being read

    double seconds() const { return sampleRateHz > 0 ? static_cast<double>(frames) / sampleRateHz : 0.0; }
};

// The limits of what openAudio() accepts.
inline constexpr int kMinSampleRateHz = 8000, kMaxSampleRateHz = 768000, kMaxChannels = 64;

// A stream of planar float audio. Integers are divided by 2^(bits-1); floats come as they are, and decoded lossy
// files may exceed 1.0. Exactly info().frames frames can be read. Not for use by two threads at once.
class AudioReader {
public:
    virtual ~AudioReader() = default;
    AudioReader(const AudioReader&) = delete;
    AudioReader& operator=(const AudioReader&) = delete;

    const AudioFileInfo& info() const { return info_; }

    // Fills the block's first frames (it must have info().channels channels) and returns how many; fewer than
    // asked only at the end. NaN and infinities are replaced by 0 and counted.
    // Throws InputError if the file turns out to be damaged or shorter than it says.
    int read(Block block);

    // The next frame to be read. Throws InputError if the file cannot be positioned.
    // Precondition: 0 <= frame <= info().frames.
    void seek(std::int64_t frame);
    std::int64_t position() const { return position_; }

    // Replaced samples in all that was read so far.
    virtual std::int64_t nonFiniteSamples() const { return nonFiniteSamples_; }

protected:
    explicit AudioReader(AudioFileInfo info) : info_(std::move(info)) {}
    AudioFileInfo info_;

private:
    // Never asked for more than remains; returning fewer frames than block.numFrames means that the data end early.
    virtual int readFrames(Block block) = 0;
    virtual void seekTo(std::int64_t frame) = 0;

    std::int64_t position_ = 0;
    std::int64_t nonFiniteSamples_ = 0;
};

// Opens any supported sound file, told by its content and not by its name. libsndfile reads WAV, RF64, AIFF, CAF, W64,
// AU, FLAC, Ogg (Vorbis, Opus, FLAC) and MP3; FFmpeg's libraries read M4A, AAC, ALAC, WMA and the sound of videos.
//
// Throws InputError, whose text names the file, what is wrong, the likely reason and what to do, for what is missing,
// unreadable, not a regular file (folders, pipes and devices are never waited for), empty, not audio, outside the
// limits above, contradicting itself, or TRUNCATED: a header that promises at least one frame more than is there is an
// error that says how much is missing, because a mix that quietly lost the end of a track is worse than none. Headers
// that say "until the end of the file" (streams, recorders that were cut off) are believed, with a Warning.
// A file with no frames at all is an InputError too. Nothing is ever allocated by what a header claims.
// Throws Error(ErrorKind::component) for a file that only FFmpeg's libraries can read if they were not built in.
std::unique_ptr<AudioReader> openAudio(const std::filesystem::path& path);

// Reads from the current position to the end and hands over block by block (all but the last have blockFrames frames).
void forEachBlock(AudioReader& reader, int blockFrames, const std::function<void(ConstBlock)>& visit);

}  // namespace tonewright
