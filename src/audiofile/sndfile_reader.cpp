#include "audiofile/sndfile_reader.h"

#include <sndfile.h>

#include <algorithm>
#include <limits>

namespace tonewright {

namespace {

// libsndfile reads through these, so that it sees the checked file and no other, and a patched header where one is needed.
struct Source {
    std::shared_ptr<const RegularFile> file;
    std::optional<Patch> patch;
    std::int64_t position = 0;

    static sf_count_t length(void* self) { return static_cast<Source*>(self)->file->size(); }
    static sf_count_t tell(void* self) { return static_cast<Source*>(self)->position; }
    static sf_count_t seek(sf_count_t offset, int whence, void* self) {
        auto& source = *static_cast<Source*>(self);
        const sf_count_t base = whence == SEEK_CUR ? source.position : whence == SEEK_END ? source.file->size() : 0;
        if (offset < -base || offset > source.file->size() - base) return -1;
        return source.position = base + offset;
    }
    static sf_count_t read(void* bytes, sf_count_t count, void* self) {
        auto& source = *static_cast<Source*>(self);
        auto* const out = static_cast<unsigned char*>(bytes);
        sf_count_t got = 0;
        try {
            got = static_cast<sf_count_t>(source.file->readAt(source.position, {out, static_cast<std::size_t>(count)}));
        } catch (const Error&) {  // no exception may pass through C; the missing sound is noticed and said
            return 0;
        }
        for (int i = 0; source.patch && i < 4; ++i) {
            const std::int64_t at = source.patch->offset + i - source.position;
            if (at >= 0 && at < got) out[at] = source.patch->bytes[i];
        }
        source.position += got;
        return got;
    }
};

struct Close {
    void operator()(SNDFILE* file) const { sf_close(file); }
};

// An open file of libsndfile's. The source stays where it is, since the library points to it.
struct Handle {
    Handle(std::shared_ptr<const RegularFile> file, const std::optional<Patch>& patch) : source(new Source{std::move(file), patch}) {
        SF_VIRTUAL_IO io{Source::length, Source::seek, Source::read, nullptr, Source::tell};
        library.reset(sf_open_virtual(&io, SFM_READ, &format, source.get()));
    }
    explicit operator bool() const { return library != nullptr; }

    std::unique_ptr<Source> source;
    SF_INFO format{};
    std::unique_ptr<SNDFILE, Close> library;
};

struct Coding {
    const char* name;
    int bits;
    bool lossy;
};

Coding codingOf(int subtype) {
    switch (subtype) {
        case SF_FORMAT_PCM_S8: case SF_FORMAT_PCM_U8: return {"8-bit PCM", 8, false};
        case SF_FORMAT_PCM_16: return {"16-bit PCM", 16, false};
        case SF_FORMAT_PCM_24: return {"24-bit PCM", 24, false};
        case SF_FORMAT_PCM_32: return {"32-bit PCM", 32, false};
        case SF_FORMAT_FLOAT: return {"32-bit float", 32, false};
        case SF_FORMAT_DOUBLE: return {"64-bit float", 64, false};
        case SF_FORMAT_ALAC_16: return {"16-bit ALAC", 16, false};
        case SF_FORMAT_ALAC_20: return {"20-bit ALAC", 20, false};
        case SF_FORMAT_ALAC_24: return {"24-bit ALAC", 24, false};
        case SF_FORMAT_ALAC_32: return {"32-bit ALAC", 32, false};
        case SF_FORMAT_ULAW: return {"mu-law", 0, true};
        case SF_FORMAT_ALAW: return {"A-law", 0, true};
        case SF_FORMAT_IMA_ADPCM: return {"IMA ADPCM", 0, true};
        case SF_FORMAT_MS_ADPCM: return {"Microsoft ADPCM", 0, true};
        case SF_FORMAT_GSM610: return {"GSM 6.10", 0, true};
        case SF_FORMAT_VORBIS: return {"Vorbis", 0, true};
        case SF_FORMAT_OPUS: return {"Opus", 0, true};
        case SF_FORMAT_MPEG_LAYER_I: return {"MPEG layer I", 0, true};
        case SF_FORMAT_MPEG_LAYER_II: return {"MPEG layer II", 0, true};
        case SF_FORMAT_MPEG_LAYER_III: return {"MPEG layer III", 0, true};
        default: return {"compressed", 0, true};
    }
}

std::string containerOf(int format) {
    const int subtype = format & SF_FORMAT_SUBMASK;
    switch (format & SF_FORMAT_TYPEMASK) {
        case SF_FORMAT_WAV: case SF_FORMAT_WAVEX: return "WAV";
        case SF_FORMAT_RF64: return "RF64";
        case SF_FORMAT_AIFF: return "AIFF";
        case SF_FORMAT_CAF: return "CAF";
        case SF_FORMAT_W64: return "W64";
        case SF_FORMAT_AU: return "AU";
        case SF_FORMAT_FLAC: return "FLAC";
        case SF_FORMAT_OGG: return subtype == SF_FORMAT_OPUS ? "Opus" : subtype == SF_FORMAT_VORBIS ? "Ogg Vorbis" : "Ogg";
        case SF_FORMAT_MPEG: return subtype == SF_FORMAT_MPEG_LAYER_III ? "MP3" : "MPEG audio";
        default: return "sound file";
    }
}

class SndfileReader final : public AudioReader {
public:
    SndfileReader(AudioFileInfo info, Handle handle, bool mayEndEarly)
        : AudioReader(std::move(info)), handle_(std::move(handle)), mayEndEarly_(mayEndEarly), interleaved_(kChunkFrames * info_.channels) {}

private:
    static constexpr int kChunkFrames = 4096;
    // MP3 headers miscount by some MPEG frames (1152 samples each) now and then; that is no lost music.
    static constexpr std::int64_t kMiscountedFrames = 4 * 1152;

    int readFrames(Block block) override {
        int done = 0;
        while (done < block.numFrames) {
            const int wanted = std::min(kChunkFrames, block.numFrames - done);
            const auto got = static_cast<int>(sf_readf_float(handle_.library.get(), interleaved_.data(), wanted));
            if (got <= 0) break;
            for (int c = 0; c < block.numChannels; ++c)
                for (int n = 0; n < got; ++n) block.channels[c][done + n] = interleaved_[static_cast<std::size_t>(n) * block.numChannels + c];
            done += got;
        }
        if (mayEndEarly_ && done < block.numFrames && info_.frames - position() - done <= kMiscountedFrames) {
            for (int c = 0; c < block.numChannels; ++c) std::fill(block.channels[c] + done, block.channels[c] + block.numFrames, 0.0f);
            done = block.numFrames;
        }
        return done;
    }

    void seekTo(std::int64_t frame) override {
        if (frame == info_.frames) return;  // nothing will be read there, and some decoders refuse it
        // Lossy decoders remember what came before (MP3's bit reservoir, overlapping blocks): they start a second early.
        const std::int64_t start = info_.lossy ? std::max<std::int64_t>(0, frame - info_.sampleRateHz) : frame;
        if (sf_seek(handle_.library.get(), start, SEEK_SET) != start)
            throw InputError(info_.path.string() + ": cannot be positioned (" + sf_strerror(handle_.library.get()) + "); it is probably damaged. Copy or export it again");
        for (std::int64_t left = frame - start; left > 0;) {
            const sf_count_t got = sf_readf_float(handle_.library.get(), interleaved_.data(), std::min<std::int64_t>(left, kChunkFrames));
            if (got <= 0) break;
            left -= got;
        }
    }

    Handle handle_;
    bool mayEndEarly_;
    std::vector<float> interleaved_;
};

void refuseOutsideLimits(const RegularFile& file, const SF_INFO& format) {
    const std::string name = file.path().string();
    if (format.channels < 1 || format.channels > kMaxChannels)
        throw InputError(name + ": has " + std::to_string(format.channels) + " channels; 1 to " + std::to_string(kMaxChannels) +
                         " can be read. Export it with fewer, or one file a track");
    if (format.samplerate < kMinSampleRateHz || format.samplerate > kMaxSampleRateHz)
        throw InputError(name + ": has a sample rate of " + std::to_string(format.samplerate) + " Hz; " + std::to_string(kMinSampleRateHz) + " to " +
                         std::to_string(kMaxSampleRateHz) + " Hz can be read. Convert it to 44100 or 48000 Hz");
}

// For streams that do not say how long they are.
std::int64_t countFrames(Handle& handle) {
    std::vector<float> scratch(4096 * handle.format.channels);
    std::int64_t frames = 0;
    while (const sf_count_t got = sf_readf_float(handle.library.get(), scratch.data(), 4096)) frames += got;
    return frames;
}

bool lastFrameIsThere(Handle& handle) {
    std::vector<float> scratch(handle.format.channels);
    const sf_count_t last = handle.format.frames - 1;
    return sf_seek(handle.library.get(), last, SEEK_SET) == last && sf_readf_float(handle.library.get(), scratch.data(), 1) == 1;
}

}  // namespace

std::unique_ptr<AudioReader> openWithSndfile(std::shared_ptr<const RegularFile> file, const AudioFileInfo& known, const std::optional<Patch>& patch,
                                             std::string& refusal) {
    Handle handle(file, patch);
    if (!handle) {
        refusal = sf_strerror(nullptr);
        return nullptr;
    }
    const SF_INFO& format = handle.format;
    refuseOutsideLimits(*file, format);
    const Coding coding = codingOf(format.format & SF_FORMAT_SUBMASK);
    AudioFileInfo info = known;
    info.container = containerOf(format.format);
    info.encoding = coding.name;
    info.bitsPerSample = coding.bits;
    info.lossy = coding.lossy;
    info.sampleRateHz = format.samplerate;
    info.channels = format.channels;
    info.frames = format.frames;
    const bool unknownLength = format.frames <= 0 || format.frames >= std::numeric_limits<std::int64_t>::max() / 2;
    const bool flac = info.container == "FLAC";
    if (unknownLength || flac) {
        Handle probe(file, patch);  // another one, so that the reader's own starts untouched
        if (!probe) throw InputError(file->path().string() + ": cannot be read any more. Check the disk, or copy the file to another one");
        if (unknownLength) info.frames = countFrames(probe);
        else if (!lastFrameIsThere(probe))
            throw InputError(file->path().string() + ": is cut off or damaged: its header promises " + std::to_string(info.frames) +
                             " frames, and the last of them cannot be read. The copy or download was probably interrupted; copy or export it again");
    }
    if (info.frames <= 0)
        throw InputError(file->path().string() + ": holds no sound (0 frames). The export was probably empty or interrupted; export it again");
    const bool mpeg = (format.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_MPEG;
    return std::make_unique<SndfileReader>(std::move(info), std::move(handle), mpeg);
}

}  // namespace tonewright
