#pragma once
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "audiofile/audio_reader.h"
#include "audiofile/wav_writer.h"
#include "core/audio.h"

// Sound files for tests of whole paths.
namespace tonewright::test {

// A folder of its own for each test, removed at its end.
class ScratchFolder {
public:
    ScratchFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "tonewright-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    operator const std::filesystem::path&() const { return path_; }
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

inline std::filesystem::path writeFloatWav(const std::filesystem::path& path, const AudioBuffer& audio) {
    std::filesystem::create_directories(path.parent_path());
    WavWriter writer(path, {static_cast<int>(audio.spec().sampleRateHz), audio.spec().channels, SampleFormat::float32});
    std::vector<const float*> channels;
    for (int c = 0; c < audio.spec().channels; ++c) channels.push_back(audio.channel(c).data());
    writer.write(ConstBlock(channels.data(), audio.spec().channels, audio.numFrames()));
    writer.finish();
    return path;
}

inline AudioBuffer readWhole(const std::filesystem::path& path) {
    const auto reader = openAudio(path);
    AudioBuffer audio({static_cast<double>(reader->info().sampleRateHz), reader->info().channels}, static_cast<int>(reader->info().frames));
    std::vector<float*> pointers(audio.spec().channels);
    reader->read(audio.block(pointers, 0, audio.numFrames()));
    return audio;
}

}  // namespace tonewright::test
