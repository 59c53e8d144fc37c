#include "audiofile/codec_round_trip.h"

#include <algorithm>
#include <array>

#include "audiofile/resampler.h"
#include "core/error.h"
#include "core/text.h"

#ifdef TONEWRIGHT_HAVE_LIBAV
#include "audiofile/libav_support.h"
#endif

namespace tonewright {

namespace {

constexpr std::array<CodecSetting, 6> kSettings = {{{"aac-128", "AAC 128", CodecKind::aac, 128, 0.0},
                                                    {"aac-256", "AAC 256", CodecKind::aac, 256, 0.0},
                                                    {"mp3-128", "MP3 128", CodecKind::mp3, 128, 0.0},
                                                    {"mp3-320", "MP3 320", CodecKind::mp3, 320, 0.0},
                                                    {"opus-128", "Opus 128", CodecKind::opus, 128, 0.0},
                                                    {"vorbis-q5", "Vorbis q5", CodecKind::vorbis, 0, 5.0}}};

}  // namespace

std::span<const CodecSetting> codecSettings() { return kSettings; }

const CodecSetting& codecSetting(const std::string& name) {
    std::vector<std::string> names;
    for (const CodecSetting& setting : kSettings) {
        if (setting.name == name) return setting;
        names.emplace_back(setting.name);
    }
    const auto close = nearest(name, names);
    throw UsageError("there is no codec \"" + name + "\"" + (close ? "; did you mean \"" + *close + "\"?" : ".") + " Codecs: " + join(names, ", "));
}

int codecRateHz(CodecKind kind, int sampleRateHz) {
    if (kind == CodecKind::opus) return 48000;
    if (sampleRateHz == 32000 || sampleRateHz == 44100 || sampleRateHz == 48000) return sampleRateHz;
    return sampleRateHz % 11025 == 0 ? 44100 : 48000;
}

#ifndef TONEWRIGHT_HAVE_LIBAV

bool haveCodec(const CodecSetting&) { return false; }

std::unique_ptr<AudioReader> throughCodec(std::unique_ptr<AudioReader>, const CodecSetting& setting) {
    throw Error(ErrorKind::component, std::string(setting.label) +
                                          " cannot be checked: this build has no FFmpeg libraries. Install libavcodec-dev, libavformat-dev and "
                                          "libavutil-dev and build again, or leave codec checks out (--codec-check off)");
}

#else

namespace {

const char* encoderOf(CodecKind kind) {
    switch (kind) {
        case CodecKind::aac: return "aac";
        case CodecKind::mp3: return "libmp3lame";
        case CodecKind::opus: return "libopus";
        case CodecKind::vorbis: return "libvorbis";
    }
    return "";
}

// Decoders that give float, so that nothing is clipped on the way.
const char* decoderOf(CodecKind kind) {
    switch (kind) {
        case CodecKind::aac: return "aac";
        case CodecKind::mp3: return "mp3float";
        case CodecKind::opus: return "opus";
        case CodecKind::vorbis: return "vorbis";
    }
    return "";
}

// Encoder and decoder in one thread, packet by packet, without a file between them.
class RoundTrip {
public:
    RoundTrip(const CodecSetting& setting, int sampleRateHz, int channels);

    // The decoder's next frame, read from `source` as far as it takes; null at the end.
    const AVFrame* next(AudioReader& source);
    int paddingFrames() const { return encoder_->initial_padding; }  // decoded before the source's first frame

private:
    void openEncoder(const CodecSetting& setting, int sampleRateHz, int channels);
    void openDecoder(const CodecSetting& setting);
    void feedEncoder(AudioReader& source);
    [[noreturn]] void fail(const char* what) const;

    std::string label_;
    LibavCodec encoder_, decoder_;
    LibavPacket packet_{av_packet_alloc()};
    LibavFrame input_{av_frame_alloc()}, output_{av_frame_alloc()};
    BlockBuffer block_{0, 0};
    std::int64_t sent_ = 0;
};

void RoundTrip::fail(const char* what) const {
    throw Error(ErrorKind::internal, label_ + ": FFmpeg's libraries " + what + ". Leave this codec out with --codec, or all of them with --codec-check off");
}

RoundTrip::RoundTrip(const CodecSetting& setting, int sampleRateHz, int channels) : label_(setting.label) {
    quietLibav();
    if (!packet_ || !input_ || !output_) throw std::bad_alloc();
    openEncoder(setting, sampleRateHz, channels);
    openDecoder(setting);
    const int frames = encoder_->frame_size;
    if (frames <= 0) fail("do not say how much they encode at a time");
    block_ = BlockBuffer(channels, frames);
    input_->format = encoder_->sample_fmt;
    input_->sample_rate = sampleRateHz;
    av_channel_layout_copy(&input_->ch_layout, &encoder_->ch_layout);
}

void RoundTrip::openEncoder(const CodecSetting& setting, int sampleRateHz, int channels) {
    const AVCodec* codec = avcodec_find_encoder_by_name(encoderOf(setting.kind));
    encoder_.reset(avcodec_alloc_context3(codec));
    if (!encoder_) throw std::bad_alloc();
    encoder_->sample_rate = sampleRateHz;
    encoder_->time_base = {1, sampleRateHz};
    av_channel_layout_default(&encoder_->ch_layout, channels);
    encoder_->sample_fmt = setting.kind == CodecKind::opus ? AV_SAMPLE_FMT_FLT : AV_SAMPLE_FMT_FLTP;
    encoder_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    encoder_->thread_count = 1;
    if (setting.bitrateKbps > 0) {
        encoder_->bit_rate = 1000 * setting.bitrateKbps;
    } else {
        encoder_->flags |= AV_CODEC_FLAG_QSCALE;
        encoder_->global_quality = static_cast<int>(setting.quality * FF_QP2LAMBDA);
    }
    if (avcodec_open2(encoder_.get(), codec, nullptr) < 0) fail("cannot encode such a programme");
}

void RoundTrip::openDecoder(const CodecSetting& setting) {
    const AVCodec* codec = avcodec_find_decoder_by_name(decoderOf(setting.kind));
    decoder_.reset(avcodec_alloc_context3(codec));
    AVCodecParameters* parameters = avcodec_parameters_alloc();
    if (!decoder_ || !parameters) {
        avcodec_parameters_free(&parameters);
        throw std::bad_alloc();
    }
    const bool described = avcodec_parameters_from_context(parameters, encoder_.get()) >= 0 && avcodec_parameters_to_context(decoder_.get(), parameters) >= 0;
    avcodec_parameters_free(&parameters);
    decoder_->pkt_timebase = encoder_->time_base;
    decoder_->flags |= AV_CODEC_FLAG_BITEXACT;
    decoder_->flags2 |= AV_CODEC_FLAG2_SKIP_MANUAL;  // the padding is taken off here, for all codecs alike
    decoder_->thread_count = 1;
    if (!described || avcodec_open2(decoder_.get(), codec, nullptr) < 0) fail("cannot decode what they encode");
}

void RoundTrip::feedEncoder(AudioReader& source) {
    const int got = source.read(block_.block(block_.maxFrames()));
    if (got == 0) {
        if (avcodec_send_frame(encoder_.get(), nullptr) < 0) fail("stopped encoding");
        return;
    }
    input_->nb_samples = got;
    // A fresh buffer each time: the encoder may still hold the last one.
    if (av_frame_get_buffer(input_.get(), 0) < 0) throw std::bad_alloc();
    const int channels = block_.numChannels();
    if (av_sample_fmt_is_planar(encoder_->sample_fmt)) {
        for (int c = 0; c < channels; ++c) std::copy_n(block_.channel(c), got, reinterpret_cast<float*>(input_->extended_data[c]));
    } else {
        auto* out = reinterpret_cast<float*>(input_->extended_data[0]);
        for (int n = 0; n < got; ++n)
            for (int c = 0; c < channels; ++c) *out++ = block_.channel(c)[n];
    }
    input_->pts = sent_;
    sent_ += got;
    const bool taken = avcodec_send_frame(encoder_.get(), input_.get()) >= 0;
    for (AVBufferRef*& buffer : input_->buf) av_buffer_unref(&buffer);
    if (!taken) fail("stopped encoding");
}

const AVFrame* RoundTrip::next(AudioReader& source) {
    for (;;) {
        const int decoded = avcodec_receive_frame(decoder_.get(), output_.get());
        if (decoded == 0) {
            if (output_->nb_samples > 0) return output_.get();
            continue;
        }
        if (decoded == AVERROR_EOF) return nullptr;
        if (decoded != AVERROR(EAGAIN)) fail("cannot decode what they encoded");
        const int encoded = avcodec_receive_packet(encoder_.get(), packet_.get());
        if (encoded == AVERROR(EAGAIN)) {
            feedEncoder(source);
        } else if (encoded == AVERROR_EOF) {
            avcodec_send_packet(decoder_.get(), nullptr);
        } else {
            const bool taken = encoded == 0 && avcodec_send_packet(decoder_.get(), packet_.get()) >= 0;
            av_packet_unref(packet_.get());
            if (!taken) fail("cannot decode what they encoded");
        }
    }
}

AudioFileInfo decodedInfo(AudioFileInfo info, const CodecSetting& setting) {
    info.encoding = std::string(setting.label);
    info.lossy = true;
    info.bitsPerSample = 0;
    return info;
}

class CodecReader final : public AudioReader {
public:
    CodecReader(std::unique_ptr<AudioReader> source, const CodecSetting& setting)
        : AudioReader(decodedInfo(source->info(), setting)), source_(std::move(source)), setting_(setting) {
        restart();
    }
    std::int64_t nonFiniteSamples() const override { return source_->nonFiniteSamples(); }

private:
    void restart() {
        source_->seek(0);
        trip_ = std::make_unique<RoundTrip>(setting_, info_.sampleRateHz, info_.channels);
        frame_ = nullptr;
        used_ = 0;
        ended_ = false;
        inner_ = -trip_->paddingFrames();
    }

    // Up to `count` frames, dropped where `out` is null; fewer only after the decoder's last.
    int take(int count, float* const* out) {
        int done = 0;
        while (done < count && !ended_) {
            if (!frame_ || used_ == frame_->nb_samples) {
                frame_ = trip_->next(*source_);
                used_ = 0;
                ended_ = !frame_;
                continue;
            }
            const int now = std::min(count - done, frame_->nb_samples - used_);
            if (out && !copySamples(*frame_, info_.channels, used_, now, out, done))
                throw Error(ErrorKind::internal, std::string(setting_.label) + ": the decoder gives samples of a kind that is not known here");
            used_ += now;
            done += now;
            inner_ += now;
        }
        return done;
    }

    int readFrames(Block block) override {
        skipTo(position());
        // A decoder that ends a little early has decoded silence there.
        for (int n = take(block.numFrames, block.channels); n < block.numFrames; ++n, ++inner_)
            for (int c = 0; c < block.numChannels; ++c) block.channels[c][n] = 0.0f;
        return block.numFrames;
    }

    void skipTo(std::int64_t frame) {
        while (inner_ < frame) {
            const auto count = static_cast<int>(std::min<std::int64_t>(1 << 16, frame - inner_));
            if (take(count, nullptr) < count) inner_ = frame;
        }
    }

    void seekTo(std::int64_t frame) override {
        if (frame < inner_) restart();
        skipTo(frame);
    }

    std::unique_ptr<AudioReader> source_;
    CodecSetting setting_;
    std::unique_ptr<RoundTrip> trip_;
    const AVFrame* frame_ = nullptr;  // the decoder's last
    int used_ = 0;                    // of it
    bool ended_ = false;
    std::int64_t inner_ = 0;          // where the next decoded frame stands
};

}  // namespace

bool haveCodec(const CodecSetting& setting) {
    return avcodec_find_encoder_by_name(encoderOf(setting.kind)) && avcodec_find_decoder_by_name(decoderOf(setting.kind));
}

std::unique_ptr<AudioReader> throughCodec(std::unique_ptr<AudioReader> source, const CodecSetting& setting) {
    const AudioFileInfo& info = source->info();
    if (info.channels > 2)
        throw InputError(info.path.string() + ": has " + std::to_string(info.channels) + " channels; codecs are checked with one or two. Mix it down to stereo first");
    if (!haveCodec(setting))
        throw Error(ErrorKind::component, std::string(setting.label) + " cannot be checked: FFmpeg's libraries were built without its encoder (" +
                                              encoderOf(setting.kind) + "). Leave it out with --codec, or install a complete libavcodec");
    const int rateHz = codecRateHz(setting.kind, info.sampleRateHz);
    return std::make_unique<CodecReader>(atRate(std::move(source), rateHz), setting);
}

#endif

}  // namespace tonewright
