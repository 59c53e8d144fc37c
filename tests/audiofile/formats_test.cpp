#include <gtest/gtest.h>
#include <sndfile.h>
#include <fileref.h>
#include <tpropertymap.h>

#include <cmath>
#include <memory>

#include "audiofile/libav_reader.h"
#include "audiofile/tags.h"
#include "core/error.h"
#include "tests/audiofile/support.h"

// Every kind of file that musicians have, written by others and read by us.
namespace tonewright::test {
namespace {

// Something like music: decaying tones, different left and right, below full scale.
AudioBuffer music(int sampleRateHz, int frames) {
    AudioBuffer audio({static_cast<double>(sampleRateHz), 2}, frames);
    for (int c = 0; c < 2; ++c)
        for (int n = 0; n < frames; ++n) {
            const double t = static_cast<double>(n) / sampleRateHz, beat = std::fmod(t, 0.25);
            const double hz = (c ? 330.0 : 220.0) * (1.0 + std::floor(t * 4.0) / 8.0);
            audio.channel(c)[n] = static_cast<float>(0.5 * std::exp(-8.0 * beat) * std::sin(2.0 * std::numbers::pi * hz * t));
        }
    return audio;
}

void writeWithSndfile(const std::filesystem::path& path, int format, const AudioBuffer& audio) {
    SF_INFO info{};
    info.format = format;
    info.channels = audio.numChannels();
    info.samplerate = static_cast<int>(audio.spec().sampleRateHz);
    const std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> file(sf_open(path.c_str(), SFM_WRITE, &info), sf_close);
    ASSERT_TRUE(file) << sf_strerror(nullptr);
    std::vector<float> interleaved;
    for (int n = 0; n < audio.numFrames(); ++n)
        for (int c = 0; c < audio.numChannels(); ++c) interleaved.push_back(audio.channel(c)[n]);
    ASSERT_EQ(sf_writef_float(file.get(), interleaved.data(), audio.numFrames()), audio.numFrames());
}

// How alike two signals are, b being `lag` frames late, and how their levels differ.
struct Likeness {
    double correlation, levelDb;
};
Likeness likeness(const AudioBuffer& a, const AudioBuffer& b, int channel, int lag = 0) {
    double ab = 0.0, aa = 0.0, bb = 0.0;
    for (int n = 1; n + 1 < std::min(a.numFrames(), b.numFrames()); ++n) {
        const double x = a.channel(channel)[n], y = b.channel(channel)[n + lag];
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    return {ab / std::sqrt(aa * bb), powerToDb(bb / aa)};
}

void expectAlike(const AudioBuffer& truth, const AudioBuffer& decoded, const std::string& what) {
    for (int c = 0; c < 2; ++c) {
        const Likeness found = likeness(truth, decoded, c);
        EXPECT_GT(found.correlation, 0.995) << what;
        for (const int lag : {-1, 1}) EXPECT_LT(likeness(truth, decoded, c, lag).correlation, found.correlation) << what << " comes " << lag << " frames late";
        EXPECT_NEAR(found.levelDb, 0.0, 0.15) << what;
    }
}

struct Case {
    const char* name;
    int format;
    const char* container;
    const char* encoding;
    int bits;  // 0: lossy
};
const Case kCases[] = {
    {"a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, "WAV", "16-bit PCM", 16},
    {"b.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_U8, "WAV", "8-bit PCM", 8},
    {"c.wav", SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, "WAV", "24-bit PCM", 24},
    {"d.wav", SF_FORMAT_WAV | SF_FORMAT_DOUBLE, "WAV", "64-bit float", 64},
    {"e.wav", SF_FORMAT_RF64 | SF_FORMAT_PCM_24, "RF64", "24-bit PCM", 24},
    {"f.aif", SF_FORMAT_AIFF | SF_FORMAT_PCM_24, "AIFF", "24-bit PCM", 24},
    {"g.aifc", SF_FORMAT_AIFF | SF_FORMAT_FLOAT, "AIFF", "32-bit float", 32},
    {"h.aifc", SF_FORMAT_AIFF | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE, "AIFF", "16-bit PCM", 16},
    {"i.caf", SF_FORMAT_CAF | SF_FORMAT_PCM_24, "CAF", "24-bit PCM", 24},
    {"j.caf", SF_FORMAT_CAF | SF_FORMAT_ALAC_24, "CAF", "24-bit ALAC", 24},
    {"k.w64", SF_FORMAT_W64 | SF_FORMAT_PCM_24, "W64", "24-bit PCM", 24},
    {"l.au", SF_FORMAT_AU | SF_FORMAT_PCM_24, "AU", "24-bit PCM", 24},
    {"m.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24, "FLAC", "24-bit PCM", 24},
    {"n.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, "FLAC", "16-bit PCM", 16},
    {"o.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, "Ogg Vorbis", "Vorbis", 0},
    {"p.opus", SF_FORMAT_OGG | SF_FORMAT_OPUS, "Opus", "Opus", 0},
    {"q.mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, "MP3", "MPEG layer III", 0},
};

TEST(Formats, EveryKindOfFileIsReadAsItWasWritten) {
    const TemporaryFolder folder;
    const AudioBuffer audio = music(48000, 96000);
    for (const Case& c : kCases) {
        writeWithSndfile(folder / c.name, c.format, audio);
        const auto reader = openAudio(folder / c.name);
        EXPECT_EQ(reader->info().container, c.container) << c.name;
        EXPECT_EQ(reader->info().encoding, c.encoding) << c.name;
        EXPECT_EQ(reader->info().bitsPerSample, c.bits) << c.name;
        EXPECT_EQ(reader->info().lossy, c.bits == 0) << c.name;
        EXPECT_EQ(reader->info().sampleRateHz, 48000) << c.name;
        EXPECT_EQ(reader->info().frames, 96000) << c.name;
        EXPECT_TRUE(reader->info().warnings.empty()) << c.name << ": " << reader->info().warnings[0].text;
        const AudioBuffer read = readAll(*reader);
        if (c.bits == 0) {
            expectAlike(audio, read, c.name);
            continue;
        }
        const double step = std::ldexp(1.0, 1 - c.bits);
        double worst = 0.0;
        for (int ch = 0; ch < 2; ++ch)
            for (int n = 0; n < audio.numFrames(); ++n) worst = std::max(worst, std::abs(static_cast<double>(audio.channel(ch)[n]) - read.channel(ch)[n]));
        EXPECT_LE(worst, c.bits < 32 ? 1.01 * step : 0.0) << c.name;
    }
}

TEST(Formats, AFileIsWhatItHoldsWhateverItsNameSays) {
    const TemporaryFolder folder;
    writeWithSndfile(folder / "really flac.wav", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, music(44100, 4410));
    EXPECT_EQ(openAudio(folder / "really flac.wav")->info().container, "FLAC");
}

TEST(Formats, NamesMayBeInAnyScript) {
    const TemporaryFolder folder;
    for (const char* name : {"B\xC3\xA4ndchen \xE2\x80\x93 d\xC3\xA9j\xC3\xA0 vu.flac", "\xE9\x9F\xB3\xE6\xA5\xBD \xF0\x9F\x8E\xB8.flac", "-rf %s \"quoted\" 'name'.flac"}) {
        writeWithSndfile(folder / name, SF_FORMAT_FLAC | SF_FORMAT_PCM_16, music(44100, 4410));
        EXPECT_EQ(readFile(folder / name).numFrames(), 4410) << name;
    }
}

TEST(Formats, SeekingIsExactToTheSample) {
    const TemporaryFolder folder;
    const AudioBuffer audio = music(48000, 96000);
    for (const Case& c : kCases) {
        writeWithSndfile(folder / c.name, c.format, audio);
        const auto reader = openAudio(folder / c.name);
        const AudioBuffer whole = readAll(*reader);
        for (const int frame : {50000, 1, 95999, 0, 96000, 33333}) {
            reader->seek(frame);
            EXPECT_EQ(reader->position(), frame);
            const AudioBuffer rest = readAll(*reader);
            ASSERT_EQ(rest.numFrames(), 96000 - frame) << c.name;
            double worst = 0.0;
            for (int n = 0; n < rest.numFrames(); ++n) worst = std::max(worst, std::abs(static_cast<double>(rest.channel(1)[n]) - whole.channel(1)[frame + n]));
            EXPECT_EQ(worst, 0.0) << c.name << " from " << frame;
        }
    }
}

TEST(Formats, ReadingInBlocksOfAnyLengthGivesTheSame) {
    const TemporaryFolder folder;
    writeWithSndfile(folder / "x.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, music(48000, 20000));
    const AudioBuffer whole = readFile(folder / "x.flac");
    const auto reader = openAudio(folder / "x.flac");
    AudioBuffer pieces(whole.spec(), 20000);
    std::vector<float*> pointers(2);
    for (int done = 0, length = 1; done < 20000; length = length * 3 % 9973) {
        const int got = reader->read(pieces.block(pointers, done, std::min(length, 20000 - done)));
        ASSERT_EQ(got, std::min(length, 20000 - done));
        done += got;
    }
    EXPECT_TRUE(sameBits(whole, pieces));
    EXPECT_EQ(reader->read(pieces.block(pointers, 0, 100)), 0) << "after the end there is nothing";
}

TEST(Formats, CutCompressedFilesAreErrors) {
    const TemporaryFolder folder;
    for (const char* name : {"m.flac", "o.ogg", "p.opus", "q.mp3", "j.caf"})
        for (const Case& c : kCases) {
            if (std::string(c.name) != name) continue;
            writeWithSndfile(folder / name, c.format, music(48000, 96000));
            const std::string whole = bytesOf(folder / name);
            Crafted().text(whole.substr(0, whole.size() * 2 / 3)).saveAs(folder / "cut");
            EXPECT_THROW(readFile(folder / "cut"), InputError) << name;
        }
}

// ---- What only FFmpeg's libraries read. Its command writes the files; without it the tests are skipped.

bool ffmpeg(const std::filesystem::path& from, const std::string& options, const std::filesystem::path& to) {
    const std::string command = "ffmpeg -nostdin -v quiet -y -i '" + from.string() + "' " + options + " '" + to.string() + "' 2>/dev/null";
    return std::system(command.c_str()) == 0;
}

TEST(Formats, M4aSaysThatTheComponentIsMissingOrIsRead) {
    const TemporaryFolder folder;
    Crafted file;
    file.big(20, 4).text("ftypM4A ").big(0, 4).text("M4A ");
    try {
        openAudio(file.saveAs(folder / "x.m4a"));
        FAIL() << "no error";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), haveLibav() ? ErrorKind::input : ErrorKind::component);
    }
}

TEST(Formats, AlacIsReadBitForBitAndAacInTime) {
    if (!haveLibav()) GTEST_SKIP() << "built without FFmpeg's libraries";
    const TemporaryFolder folder;
    AudioBuffer audio = music(44100, 100001);
    writeWav(folder / "x.wav", audio, SampleFormat::pcm24);
    if (!ffmpeg(folder / "x.wav", "-c:a alac -sample_fmt s32p", folder / "alac.m4a")) GTEST_SKIP() << "the ffmpeg command is not there";
    const auto alac = openAudio(folder / "alac.m4a");
    EXPECT_EQ(alac->info().container, "ALAC");
    EXPECT_EQ(alac->info().encoding, "24-bit ALAC");
    EXPECT_FALSE(alac->info().lossy);
    EXPECT_EQ(alac->info().frames, 100001);
    const AudioBuffer truth = readFile(folder / "x.wav");
    EXPECT_TRUE(sameBits(readAll(*alac), truth));
    alac->seek(54321);
    EXPECT_EQ(readAll(*alac).channel(0)[0], truth.channel(0)[54321]);

    ASSERT_TRUE(ffmpeg(folder / "x.wav", "-c:a aac -b:a 256k", folder / "aac.m4a"));
    const auto aac = openAudio(folder / "aac.m4a");
    EXPECT_EQ(aac->info().container, "AAC/M4A");
    EXPECT_TRUE(aac->info().lossy);
    EXPECT_NEAR(static_cast<double>(aac->info().frames), 100001.0, 45.0) << "MP4 tells the end to a millisecond";
    const AudioBuffer decoded = readAll(*aac);
    expectAlike(audio, decoded, "AAC");
    aac->seek(50000);
    EXPECT_EQ(readAll(*aac).channel(1)[0], decoded.channel(1)[50000]);

    const std::string whole = bytesOf(folder / "aac.m4a");
    Crafted().text(whole.substr(0, whole.size() / 2)).saveAs(folder / "cut.m4a");
    EXPECT_THROW(openAudio(folder / "cut.m4a"), InputError);
    ASSERT_TRUE(ffmpeg(folder / "x.wav", "-c:a aac -movflags faststart", folder / "fast.m4a"));
    const std::string fast = bytesOf(folder / "fast.m4a");
    Crafted().text(fast.substr(0, fast.size() / 2)).saveAs(folder / "cut.m4a");
    EXPECT_THROW(openAudio(folder / "cut.m4a"), InputError);
}

// ---- Tags

TEST(Tags, AreReadFromEveryKindThatCarriesThem) {
    const TemporaryFolder folder;
    for (const Case& c : kCases) {
        const std::string name = c.name;
        if (name != "m.flac" && name != "o.ogg" && name != "p.opus" && name != "q.mp3" && name != "f.aif") continue;
        writeWithSndfile(folder / name, c.format, music(48000, 4800));
        EXPECT_EQ(readTags(folder / name).title, "") << name;
        {
            TagLib::FileRef file((folder / name).c_str());
            TagLib::PropertyMap map;
            const auto put = [&](const char* key, const char* value) { map.insert(key, TagLib::StringList(TagLib::String(value, TagLib::String::UTF8))); };
            put("TITLE", "D\xC3\xA9j\xC3\xA0");
            put("ARTIST", "Band");
            put("ALBUM", "Album");
            put("TRACKNUMBER", "3");
            put("DATE", "2026");
            put("ISRC", "DEABC2600001");
            put("COMMENT", "loud");
            file.file()->setProperties(map);
            ASSERT_TRUE(file.save());
        }
        const Tags tags = readTags(folder / name);
        EXPECT_EQ(tags, (Tags{.title = "D\xC3\xA9j\xC3\xA0", .artist = "Band", .album = "Album", .track = "3", .date = "2026", .isrc = "DEABC2600001", .comment = "loud"})) << name;
        EXPECT_EQ(readFile(folder / name).numFrames(), 4800) << "tags do not disturb the sound of " << name;
    }
}

TEST(Tags, OfOurOwnWavFilesComeBack) {
    const TemporaryFolder folder;
    const Tags tags{.title = "D\xC3\xA9j\xC3\xA0", .artist = "Band", .album = "Album", .track = "3", .date = "2026", .genre = "Folk", .comment = "loud"};
    AudioBuffer audio = music(48000, 480);
    WavExtras extras;
    extras.info = wavInfo(tags);
    writeWav(folder / "x.wav", audio, SampleFormat::pcm16, extras);
    EXPECT_EQ(readTags(folder / "x.wav"), tags);
}

TEST(Tags, NeverThrow) {
    const TemporaryFolder folder;
    EXPECT_EQ(readTags(folder / "missing.flac"), Tags{});
    EXPECT_EQ(readTags(Crafted().text("fLaC, it says").saveAs(folder / "x.flac")), Tags{});
    EXPECT_EQ(readTags(Crafted().text("").saveAs(folder / "x.mp3")), Tags{});
}

}  // namespace
}  // namespace tonewright::test
