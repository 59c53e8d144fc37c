#ifdef TONEWRIGHT_HAVE_LIBAV

#include "audiofile/libav_support.h"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <type_traits>

extern "C" {
#include <libavutil/log.h>
}

namespace tonewright {

namespace {

template <class Sample>
float toFloat(Sample value) {
    if constexpr (std::is_same_v<Sample, std::uint8_t>) return static_cast<float>(value - 128) * 0x1p-7f;
    else if constexpr (std::is_same_v<Sample, std::int16_t>) return static_cast<float>(value) * 0x1p-15f;
    else if constexpr (std::is_same_v<Sample, std::int32_t>) return static_cast<float>(value) * 0x1p-31f;
    else return static_cast<float>(value);
}

template <class Sample>
bool copyAs(const AVFrame& frame, bool planar, int channels, int from, int count, float* const* out, int outStart) {
    for (int c = 0; c < channels; ++c) {
        const auto* samples = reinterpret_cast<const Sample*>(planar ? frame.extended_data[c] : frame.extended_data[0]);
        const int stride = planar ? 1 : channels, offset = planar ? 0 : c;
        for (int n = 0; n < count; ++n) out[c][outStart + n] = toFloat(samples[static_cast<std::ptrdiff_t>(from + n) * stride + offset]);
    }
    return true;
}

}  // namespace

void quietLibav() {
    static std::once_flag quiet;
    std::call_once(quiet, [] { av_log_set_level(AV_LOG_QUIET); });
}

bool copySamples(const AVFrame& frame, int channels, int from, int count, float* const* out, int outStart) {
    const auto kind = static_cast<AVSampleFormat>(frame.format);
    const bool planar = av_sample_fmt_is_planar(kind);
    switch (av_get_packed_sample_fmt(kind)) {
        case AV_SAMPLE_FMT_U8: return copyAs<std::uint8_t>(frame, planar, channels, from, count, out, outStart);
        case AV_SAMPLE_FMT_S16: return copyAs<std::int16_t>(frame, planar, channels, from, count, out, outStart);
        case AV_SAMPLE_FMT_S32: return copyAs<std::int32_t>(frame, planar, channels, from, count, out, outStart);
        case AV_SAMPLE_FMT_FLT: return copyAs<float>(frame, planar, channels, from, count, out, outStart);
        case AV_SAMPLE_FMT_DBL: return copyAs<double>(frame, planar, channels, from, count, out, outStart);
        default: return false;
    }
}

}  // namespace tonewright

#endif
