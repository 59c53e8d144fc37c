#pragma once
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "audiofile/audio_reader.h"
#include "audiofile/wav_writer.h"
#include "tests/support/signals.h"

namespace tonewright::test {

// A folder of its own for each test, removed at its end.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "tonewright-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

// Bytes of a crafted file; numbers in the byte order that the name says.
class Crafted {
public:
    Crafted& text(const std::string& value) { bytes += value; return *this; }
    Crafted& little(std::uint64_t value, int size) {
        for (int i = 0; i < size; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
        return *this;
    }
    Crafted& big(std::uint64_t value, int size) {
        for (int i = size - 1; i >= 0; --i) bytes.push_back(static_cast<char>(value >> (8 * i)));
        return *this;
    }
    std::filesystem::path saveAs(const std::filesystem::path& path) const {
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }
    std::string bytes;
};

inline std::string bytesOf(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

inline void writeWav(const std::filesystem::path& path, AudioBuffer& audio, SampleFormat format, WavExtras extras = {}) {
    WavWriter writer(path, {static_cast<int>(audio.spec().sampleRateHz), audio.numChannels(), format}, std::move(extras));
    std::vector<float*> pointers(audio.numChannels());
    writer.write(audio.block(pointers, 0, audio.numFrames()));
    writer.finish();
}

inline AudioBuffer readAll(AudioReader& reader) {
    const auto frames = static_cast<int>(reader.info().frames - reader.position());
    AudioBuffer audio({static_cast<double>(reader.info().sampleRateHz), reader.info().channels}, frames);
    int done = 0;
    forEachBlock(reader, 1000, [&](ConstBlock block) {
        for (int c = 0; c < block.numChannels; ++c) std::copy_n(block.channels[c], block.numFrames, audio.channel(c).data() + done);
        done += block.numFrames;
    });
    return audio;
}

inline AudioBuffer readFile(const std::filesystem::path& path) { return readAll(*openAudio(path)); }

inline bool sameBits(const AudioBuffer& a, const AudioBuffer& b) {
    if (a.numFrames() != b.numFrames() || a.numChannels() != b.numChannels()) return false;
    for (int c = 0; c < a.numChannels(); ++c)
        if (std::memcmp(a.channel(c).data(), b.channel(c).data(), a.channel(c).size_bytes()) != 0) return false;
    return true;
}

}  // namespace tonewright::test
