#include "audiofile/libav_reader.h"

#ifndef TONEWRIGHT_HAVE_LIBAV

namespace tonewright {

bool haveLibav() { return false; }

std::unique_ptr<AudioReader> openWithLibav(std::shared_ptr<const RegularFile> file, Signature, const AudioFileInfo&) {
    throw Error(ErrorKind::component, file->path().string() +
                                          ": is of a kind (AAC, M4A, ALAC, WMA or a video) that this build cannot read, because it was built without FFmpeg's "
                                          "libraries. Convert it to WAV or FLAC, or install libavformat-dev and libavcodec-dev and build again");
}

}  // namespace tonewright

#else

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>

extern "C" {
#include <libavformat/avformat.h>
}

#include "audiofile/libav_support.h"
#include "core/text.h"

namespace tonewright {

namespace {

constexpr std::int64_t kPacketFrames = 4096;  // no AAC or ALAC packet holds more

// One demuxer for each signature: nothing is guessed, so playlists and other things that name further files are never opened.
const char* demuxerFor(Signature signature) {
    switch (signature) {
        case Signature::riffWave: return "wav";
        case Signature::aiff: return "aiff";
        case Signature::caf: return "caf";
        case Signature::wave64: return "w64";
        case Signature::flac: return "flac";
        case Signature::ogg: return "ogg";
        case Signature::mpegAudio: return "mp3";
        case Signature::aacAdts: return "aac";
        case Signature::mp4: return "mov";
        case Signature::asf: return "asf";
        case Signature::matroska: return "matroska";
        case Signature::avi: return "avi";
        default: return nullptr;
    }
}

struct FreeIo {
    void operator()(AVIOContext* io) const {
        av_freep(&io->buffer);
        avio_context_free(&io);
    }
};
struct FreeFormat {
    void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
};

// One pass over a file's sound, from its first sample to its last.
class Decoding {
public:
    Decoding(const RegularFile& file, const char* demuxer);

    const AVCodecContext& codec() const { return *codec_; }
    int channels() const { return channels_; }
    int sampleRateHz() const { return sampleRateHz_; }
    // What the container says of its length; 0 where it says nothing or only guesses by the bit rate.
    double promisedSeconds() const;
    bool lostItsEnd() const { return damaged_; }  // what could not be decoded was the very last of it

    // Decoded frames waiting; 0 at the end. Decodes more when there are none.
    int available();
    // Takes `count` of the available frames; `out` may be null to drop them.
    void take(int count, float* const* out, int outStart);

private:
    static int readPacket(void* self, std::uint8_t* buffer, int size);
    static std::int64_t seekFile(void* self, std::int64_t offset, int whence);
    bool decodeFrame();
    [[noreturn]] void fail(const std::string& what) const;

    const RegularFile& file_;
    std::int64_t filePosition_ = 0;
    std::unique_ptr<AVIOContext, FreeIo> io_;
    std::unique_ptr<AVFormatContext, FreeFormat> format_;
    LibavCodec codec_;
    LibavPacket packet_{av_packet_alloc()};
    LibavFrame frame_{av_frame_alloc()};
    AVStream* stream_ = nullptr;
    int channels_ = 0, sampleRateHz_ = 0;
    int consumed_ = 0;  // frames of frame_ already taken
    bool drained_ = false, damaged_ = false;
};

int Decoding::readPacket(void* self, std::uint8_t* buffer, int size) {
    auto& decoding = *static_cast<Decoding*>(self);
    try {
        const auto got = static_cast<int>(decoding.file_.readAt(decoding.filePosition_, {buffer, static_cast<std::size_t>(size)}));
        decoding.filePosition_ += got;
        return got > 0 ? got : AVERROR_EOF;
    } catch (const Error&) {  // no exception may pass through C
        return AVERROR(EIO);
    }
}

std::int64_t Decoding::seekFile(void* self, std::int64_t offset, int whence) {
    auto& decoding = *static_cast<Decoding*>(self);
    if (whence & AVSEEK_SIZE) return decoding.file_.size();
    whence &= ~AVSEEK_FORCE;
    const std::int64_t base = whence == SEEK_CUR ? decoding.filePosition_ : whence == SEEK_END ? decoding.file_.size() : 0;
    if (offset < -base || offset > decoding.file_.size() - base) return AVERROR(EINVAL);
    return decoding.filePosition_ = base + offset;
}

void Decoding::fail(const std::string& what) const {
    throw InputError(file_.path().string() + ": " + what + ". It is probably damaged or cut off; copy or export it again, or convert it to WAV");
}

Decoding::Decoding(const RegularFile& file, const char* demuxer) : file_(file) {
    quietLibav();
    constexpr int kBufferBytes = 65536;
    auto* buffer = static_cast<unsigned char*>(av_malloc(kBufferBytes));
    io_.reset(buffer ? avio_alloc_context(buffer, kBufferBytes, 0, this, readPacket, nullptr, seekFile) : nullptr);
    AVFormatContext* context = avformat_alloc_context();
    if (!io_ || !context || !packet_ || !frame_) throw std::bad_alloc();
    context->pb = io_.get();
    if (avformat_open_input(&context, nullptr, av_find_input_format(demuxer), nullptr) < 0)  // frees the context if it fails
        fail("begins like a sound file, but what follows cannot be understood");
    format_.reset(context);
    if (avformat_find_stream_info(context, nullptr) < 0) fail("its sound cannot be recognised");
    const AVCodec* decoder = nullptr;
    const int index = av_find_best_stream(context, AVMEDIA_TYPE_AUDIO, -1, -1, &decoder, 0);
    if (index < 0 || !decoder) fail("holds no sound that can be decoded");
    for (unsigned i = 0; i < context->nb_streams; ++i)
        if (static_cast<int>(i) != index) context->streams[i]->discard = AVDISCARD_ALL;
    stream_ = context->streams[index];
    codec_.reset(avcodec_alloc_context3(decoder));
    if (!codec_) throw std::bad_alloc();
    if (avcodec_parameters_to_context(codec_.get(), stream_->codecpar) < 0) fail("its sound cannot be decoded");
    codec_->pkt_timebase = stream_->time_base;
    codec_->thread_count = 1;
    if (avcodec_open2(codec_.get(), decoder, nullptr) < 0) fail("its sound cannot be decoded");
    if (!decodeFrame()) fail("holds no sound (0 frames)");
}

// The next decoded frame with at least one sample; false at the end.
bool Decoding::decodeFrame() {
    consumed_ = 0;
    for (;;) {
        const int received = avcodec_receive_frame(codec_.get(), frame_.get());
        if (received == 0) {
            if (frame_->nb_samples <= 0) continue;
            if (damaged_) fail("a part in its middle cannot be decoded");
            const int channels = frame_->ch_layout.nb_channels;
            if (channels_ == 0) {
                channels_ = channels;
                sampleRateHz_ = frame_->sample_rate;
            }
            if (channels != channels_ || frame_->sample_rate != sampleRateHz_) fail("changes its sample rate or channels on the way");
            return true;
        }
        if (received == AVERROR_EOF) {
            frame_->nb_samples = 0;
            return false;
        }
        if (received != AVERROR(EAGAIN)) {
            damaged_ = true;
            continue;
        }
        int status = 0;
        do {
            av_packet_unref(packet_.get());
            status = drained_ ? AVERROR_EOF : av_read_frame(format_.get(), packet_.get());
        } while (status == 0 && packet_->stream_index != stream_->index);
        if (status < 0) {
            if (status != AVERROR_EOF) damaged_ = true;
            drained_ = true;
            avcodec_send_packet(codec_.get(), nullptr);
        } else if (avcodec_send_packet(codec_.get(), packet_.get()) < 0) {
            damaged_ = true;
        }
    }
}

double Decoding::promisedSeconds() const {
    if (format_->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE) return 0.0;
    if (stream_->duration > 0) return static_cast<double>(stream_->duration) * av_q2d(stream_->time_base);
    // Matroska gives one duration for the whole file; with a picture beside it, that need not be the sound's.
    return format_->nb_streams == 1 && format_->duration > 0 ? static_cast<double>(format_->duration) / AV_TIME_BASE : 0.0;
}

int Decoding::available() {
    if (consumed_ >= frame_->nb_samples && !(drained_ && frame_->nb_samples == 0)) decodeFrame();
    return frame_->nb_samples - consumed_;
}

void Decoding::take(int count, float* const* out, int outStart) {
    if (out && !copySamples(*frame_, channels_, consumed_, count, out, outStart)) fail("stores its samples in a way that is not known here");
    consumed_ += count;
}

class LibavReader final : public AudioReader {
public:
    LibavReader(AudioFileInfo info, std::shared_ptr<const RegularFile> file, const char* demuxer)
        : AudioReader(std::move(info)), file_(std::move(file)), demuxer_(demuxer), decoding_(std::make_unique<Decoding>(*file_, demuxer)) {}

private:
    int readFrames(Block block) override {
        int done = 0;
        while (done < block.numFrames) {
            const int count = std::min(decoding_->available(), block.numFrames - done);
            if (count <= 0) break;
            decoding_->take(count, block.channels, done);
            done += count;
        }
        return done;
    }

    void seekTo(std::int64_t frame) override {
        std::int64_t at = position();
        if (frame < at) {
            decoding_.reset();
            decoding_ = std::make_unique<Decoding>(*file_, demuxer_);
            at = 0;
        }
        while (at < frame) {
            const auto count = static_cast<int>(std::min<std::int64_t>(decoding_->available(), frame - at));
            if (count <= 0) throw InputError(info_.path.string() + ": ends before the place that was asked for; it is probably damaged. Copy it again");
            decoding_->take(count, nullptr, 0);
            at += count;
        }
    }

    std::shared_ptr<const RegularFile> file_;
    const char* demuxer_;
    std::unique_ptr<Decoding> decoding_;
};

std::string containerName(Signature signature, AVCodecID codec) {
    switch (signature) {
        case Signature::riffWave: return "WAV";
        case Signature::aiff: return "AIFF";
        case Signature::caf: return "CAF";
        case Signature::wave64: return "W64";
        case Signature::flac: return "FLAC";
        case Signature::ogg: return "Ogg";
        case Signature::mpegAudio: return "MPEG audio";
        case Signature::aacAdts: return "AAC";
        case Signature::mp4: return codec == AV_CODEC_ID_ALAC ? "ALAC" : codec == AV_CODEC_ID_AAC ? "AAC/M4A" : "MP4";
        case Signature::asf: return "WMA";
        case Signature::matroska: return "Matroska";
        case Signature::avi: return "AVI";
        default: return "sound file";
    }
}

AudioFileInfo describe(AudioFileInfo info, Signature signature, const Decoding& decoding) {
    const AVCodecID id = decoding.codec().codec_id;
    const AVCodecDescriptor* codec = avcodec_descriptor_get(id);
    info.container = containerName(signature, id);
    info.lossy = !codec || !(codec->props & AV_CODEC_PROP_LOSSLESS);
    const int raw = decoding.codec().bits_per_raw_sample;
    info.bitsPerSample = info.lossy ? 0 : raw > 0 ? raw : 8 * av_get_bytes_per_sample(decoding.codec().sample_fmt);
    info.encoding = codec && codec->long_name ? codec->long_name : "compressed";
    if (!info.lossy) info.encoding = std::to_string(info.bitsPerSample) + "-bit " + (id == AV_CODEC_ID_ALAC ? "ALAC" : info.encoding);
    info.sampleRateHz = decoding.sampleRateHz();
    info.channels = decoding.channels();
    return info;
}

}  // namespace

bool haveLibav() { return true; }

std::unique_ptr<AudioReader> openWithLibav(std::shared_ptr<const RegularFile> file, Signature signature, const AudioFileInfo& known) {
    const std::string name = file->path().string();
    const char* demuxer = demuxerFor(signature);
    if (!demuxer) throw InputError(name + ": is not a kind of sound file that can be read. Export it as WAV or FLAC");

    Decoding decoding(*file, demuxer);
    AudioFileInfo info = describe(known, signature, decoding);
    if (info.channels < 1 || info.channels > kMaxChannels || info.sampleRateHz < kMinSampleRateHz || info.sampleRateHz > kMaxSampleRateHz)
        throw InputError(name + ": has " + std::to_string(info.channels) + " channels at " + std::to_string(info.sampleRateHz) + " Hz; 1 to " +
                         std::to_string(kMaxChannels) + " channels at " + std::to_string(kMinSampleRateHz) + " to " + std::to_string(kMaxSampleRateHz) +
                         " Hz can be read. Convert it to 44100 or 48000 Hz");
    while (const int frames = decoding.available()) {
        decoding.take(frames, nullptr, 0);
        info.frames += frames;
    }
    // Containers round their duration, to milliseconds or to packets of some thousand frames.
    constexpr double kRoundingSeconds = 0.25;
    const double promisedSeconds = decoding.promisedSeconds();
    if (info.seconds() + kRoundingSeconds < promisedSeconds)
        throw InputError(name + ": is cut off: " + minutesSeconds(info.seconds()) + " of " + minutesSeconds(promisedSeconds) +
                         " of sound is there. The copy or download was probably interrupted; copy it again");
    // An edit list ends the sound inside the last packet; what the encoder filled that packet up with is not part of it.
    const std::int64_t promisedFrames = std::llround(promisedSeconds * info.sampleRateHz);
    if (signature == Signature::mp4 && promisedFrames > 0 && info.frames > promisedFrames && info.frames - promisedFrames < kPacketFrames) info.frames = promisedFrames;
    if (decoding.lostItsEnd()) info.warnings.push_back({"input.damaged-end", name + ": its last packet cannot be decoded and is left out"});
    return std::make_unique<LibavReader>(std::move(info), std::move(file), demuxer);
}

}  // namespace tonewright

#endif
