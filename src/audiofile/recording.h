#pragma once
#include <filesystem>
#include <memory>

#include "audiofile/audio_reader.h"

// A recording as it was made, whatever file it came in: recorders and workstations write one microphone into both channels of a
// stereo file, or into one of them and leave the other empty.
namespace tonewright {

// Which channels of a two-channel file are the recording.
enum class ChannelUse { both, left, right };

// Reads a two-channel stream, in spots if they suffice, else the whole: `left` where both channels are the same (one may be upside down) or the right one is
// empty, `right` where the left one is, `both` for everything else, silence and other numbers of channels. Same and empty mean 40 dB
// below, over the whole stream: the noise of an unused input, the difference that dither or a lossy coding makes. A gain changes nothing.
// Throws as AudioReader::read() and seek().
ChannelUse findChannelUse(AudioReader& reader);

// openAudio() as one channel if `use` is one. Precondition: then the file has two.
std::unique_ptr<AudioReader> openRecording(const std::filesystem::path& path, ChannelUse use);

}  // namespace tonewright
