#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "audiofile/audio_reader.h"

namespace tonewright {

enum class CodecKind { aac, mp3, opus, vorbis };

// A lossy encoder at one setting.
struct CodecSetting {
    std::string_view name;   // "aac-128": the word for programs and the command line
    std::string_view label;  // "AAC 128": for people
    CodecKind kind = CodecKind::aac;
    int bitrateKbps = 0;     // 0: by quality
    double quality = 0.0;    // of Vorbis: -1 ... 10
};

// What is known here: AAC 128 and 256 (FFmpeg's own encoder), MP3 128 and 320 (LAME), Opus 128 (libopus), Vorbis q5
// (libvorbis), in this order.
std::span<const CodecSetting> codecSettings();

// Throws UsageError for an unknown name, with the nearest one.
const CodecSetting& codecSetting(const std::string& name);

// Whether its encoder and decoder are in FFmpeg's libraries, and those in this build.
bool haveCodec(const CodecSetting& setting);

// The rate at which a codec gets a programme: 32, 44.1 and 48 kHz as they are (Opus: always 48); else the nearer relative of
// 44.1 and 48 kHz, as platforms convert what is delivered at higher rates.
int codecRateHz(CodecKind kind, int sampleRateHz);

// What listeners hear of `source` (1 or 2 channels): encoded and decoded again, block by block, in bounded memory. info() has
// codecRateHz() and resampledFrames(); frame n stands where frame n of the source stood (the encoder's padding is taken off).
// Samples are float and not clipped. One thread; the same source gives the same bits.
//
// Throws InputError for more than 2 channels, Error(ErrorKind::component) if !haveCodec(setting).
std::unique_ptr<AudioReader> throughCodec(std::unique_ptr<AudioReader> source, const CodecSetting& setting);

}  // namespace tonewright
