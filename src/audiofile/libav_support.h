#pragma once
#include <memory>

extern "C" {
#include <libavcodec/avcodec.h>
}

// What this layer's users of FFmpeg's libraries share. Only for builds with TONEWRIGHT_HAVE_LIBAV.
namespace tonewright {

struct FreeLibav {
    void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
using LibavCodec = std::unique_ptr<AVCodecContext, FreeLibav>;
using LibavPacket = std::unique_ptr<AVPacket, FreeLibav>;
using LibavFrame = std::unique_ptr<AVFrame, FreeLibav>;

// The libraries print nothing from now on: a library of ours does not print.
void quietLibav();

// Frames [from, from + count) of a decoded frame as planar float, at out[c][outStart ...]; integers are divided by
// 2^(bits-1). False for a sample format that is not known here.
bool copySamples(const AVFrame& frame, int channels, int from, int count, float* const* out, int outStart);

}  // namespace tonewright
