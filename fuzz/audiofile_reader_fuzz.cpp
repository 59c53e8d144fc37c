#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "audiofile/audio_reader.h"
#include "audiofile/tags.h"
#include "core/error.h"

// libsndfile 1.2.0 forgets 6 KB of each Ogg file that it refuses after the first packet; it is not ours to free.
extern "C" const char* __lsan_default_suppressions() { return "leak:vorbis_info_init\n"; }

// Any bytes as a sound file: read to the end, or refused with an Error; every sample that is delivered is finite.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string path = (std::filesystem::temp_directory_path() / ("tonewright-fuzz-" + std::to_string(::getpid()))).string();
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (!file || std::fwrite(data, 1, size, file) != size || std::fclose(file) != 0) std::abort();
    try {
        const auto reader = tonewright::openAudio(path);
        constexpr std::int64_t kEnough = 1 << 20;  // a few bytes may rightly stand for hours (FLAC silence)
        std::int64_t frames = 0;
        tonewright::BlockBuffer buffer(reader->info().channels, 4096);
        while (const int got = reader->read(buffer.block(4096))) {
            for (int c = 0; c < buffer.numChannels(); ++c)
                for (int n = 0; n < got; ++n)
                    if (!std::isfinite(buffer.channel(c)[n])) std::abort();
            if ((frames += got) > kEnough) break;
        }
        if (frames <= kEnough && frames != reader->info().frames) std::abort();
        reader->seek(reader->info().frames / 2);
        reader->read(buffer.block(4096));
    } catch (const tonewright::Error&) {
    }
    tonewright::readTags(path);
    return 0;
}
