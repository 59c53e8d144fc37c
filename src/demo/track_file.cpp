#include "demo/track_file.h"

#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "audiofile/wav_writer.h"
#include "core/error.h"

namespace tonewright::demo {
namespace {

constexpr int kBlockFrames = 8192;

SampleFormat formatOf(FileKind kind) {
    switch (kind) {
        case FileKind::wav16: return SampleFormat::pcm16;
        case FileKind::wavFloat: return SampleFormat::float32;
        case FileKind::wav24:
        case FileKind::flac24: break;
    }
    return SampleFormat::pcm24;
}

void writeWav(const std::filesystem::path& path, FileKind kind, int sampleRateHz, std::int64_t startFrame, const Channels& channels) {
    WavExtras extras;
    if (startFrame > 0) extras.broadcast = BroadcastInfo{.originator = "Tonewright demo", .timeReferenceFrames = startFrame};
    WavWriter writer(path, {sampleRateHz, static_cast<int>(channels.size()), formatOf(kind)}, extras);
    const int frames = static_cast<int>(channels[0].size());
    std::vector<const float*> pointers(channels.size());
    for (int start = 0; start < frames; start += kBlockFrames) {
        for (std::size_t c = 0; c < channels.size(); ++c) pointers[c] = channels[c].data() + start;
        writer.write({pointers.data(), static_cast<int>(channels.size()), std::min(kBlockFrames, frames - start)});
    }
    writer.finish();
}

struct SndfileCloser {
    void operator()(SNDFILE* file) const { sf_close(file); }
};

void writeFlac(const std::filesystem::path& path, int sampleRateHz, const Channels& channels) {
    SF_INFO info{};
    info.samplerate = sampleRateHz;
    info.channels = static_cast<int>(channels.size());
    info.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_24;
    const std::unique_ptr<SNDFILE, SndfileCloser> file(sf_open(path.c_str(), SFM_WRITE, &info));
    if (!file) throw OutputError(path.string() + ": cannot be written: " + sf_strerror(nullptr));
    const int frames = static_cast<int>(channels[0].size());
    std::vector<int> interleaved;
    for (int start = 0; start < frames; start += kBlockFrames) {
        const int length = std::min(kBlockFrames, frames - start);
        interleaved.clear();
        for (int n = start; n < start + length; ++n)
            for (const std::vector<float>& channel : channels)  // libsndfile keeps the upper 24 of 32 bits
                interleaved.push_back(static_cast<int>(std::lround(static_cast<double>(channel[n]) * 0x1p23)) * 256);
        if (sf_writef_int(file.get(), interleaved.data(), length) != length)
            throw OutputError(path.string() + ": cannot be written: " + sf_strerror(file.get()) + ". Is the disk full?");
    }
}

}  // namespace

int bitsOf(FileKind kind) { return kind == FileKind::wav16 ? 16 : kind == FileKind::wavFloat ? 32 : 24; }

const char* encodingOf(FileKind kind) {
    switch (kind) {
        case FileKind::wav16: return "WAV, 16-bit PCM";
        case FileKind::wav24: return "WAV, 24-bit PCM";
        case FileKind::wavFloat: return "WAV, 32-bit float";
        case FileKind::flac24: return "FLAC, 24-bit PCM";
    }
    return "";
}

void writeTrackFile(const std::filesystem::path& path, FileKind kind, int sampleRateHz, std::int64_t startFrame, const Channels& channels) {
    if (kind == FileKind::flac24)
        writeFlac(path, sampleRateHz, channels);
    else
        writeWav(path, kind, sampleRateHz, startFrame, channels);
}

}  // namespace tonewright::demo
