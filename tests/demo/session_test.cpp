#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <filesystem>
#include <numbers>
#include <set>

#include "audiofile/audio_reader.h"
#include "core/content_hash.h"
#include "core/decibels.h"
#include "core/error.h"
#include "core/json.h"
#include "core/staged_file.h"
#include "demo/demo.h"

using namespace tonewright;
namespace fs = std::filesystem;

namespace {

// Long enough for a verse, and for the tambourine of the first chorus to come in.
constexpr double kExcerptSeconds = 29.0;

class Folder {
public:
    Folder() : path_(fs::temp_directory_path() / ("tonewright-demo-" + std::to_string(::getpid()) + "-" + std::to_string(count_++))) {}
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    const fs::path& path() const { return path_; }

private:
    inline static int count_ = 0;
    fs::path path_;
};

void write(const fs::path& folder, bool planted, int threads, double seconds = kExcerptSeconds) {
    WorkPool pool(threads);
    NoProgress progress;
    writeDemoSession(folder, {.pool = &pool, .planted = planted, .maxSeconds = seconds}, progress);
}

using Signal = std::vector<double>;

struct Track {
    AudioFileInfo info;
    std::vector<Signal> channels;
};

Track readTrack(const fs::path& path) {
    const auto reader = openAudio(path);
    Track track{reader->info(), std::vector<Signal>(reader->info().channels)};
    forEachBlock(*reader, 8192, [&](ConstBlock block) {
        for (int c = 0; c < block.numChannels; ++c) track.channels[c].insert(track.channels[c].end(), block.channels[c], block.channels[c] + block.numFrames);
    });
    return track;
}

double mean(const Signal& x) {
    double sum = 0.0;
    for (double v : x) sum += v;
    return sum / static_cast<double>(x.size());
}

double rmsDb(const Signal& x, std::size_t from = 0, std::size_t to = SIZE_MAX) {
    to = std::min(to, x.size());
    double sum = 0.0;
    for (std::size_t n = from; n < to; ++n) sum += x[n] * x[n];
    return powerToDb(sum / static_cast<double>(to - from));
}

double peakOf(const Track& track) {
    double peak = 0.0;
    for (const Signal& channel : track.channels)
        for (double x : channel) peak = std::max(peak, std::abs(x));
    return peak;
}

// Level of one harmonic, in dBFS RMS, over a whole number of its periods.
double toneRmsDb(const Signal& x, double hz, double sampleRateHz) {
    std::complex<double> sum = 0.0;
    const std::size_t frames = static_cast<std::size_t>(std::floor(static_cast<double>(x.size()) / sampleRateHz) * sampleRateHz);
    for (std::size_t n = 0; n < frames; ++n) sum += x[n] * std::polar(1.0, -2.0 * std::numbers::pi * hz * static_cast<double>(n) / sampleRateHz);
    return gainToDb(std::abs(sum) / static_cast<double>(frames) * std::sqrt(2.0));
}

// Normalised correlation and the lag, in fractions of a frame, by which b is later than a. The correlation of two
// band-limited signals is band-limited in the lag: its peak is found between the frames by a sinc.
struct Match {
    double lagFrames = 0.0;
    double correlation = 0.0;
};
Match match(const Signal& a, const Signal& b, int minLag, int maxLag, std::size_t from, std::size_t to) {
    constexpr int kMargin = 24;
    Signal r;
    double powerA = 0.0, powerB = 0.0;
    for (std::size_t n = from; n < to; ++n) powerA += a[n] * a[n], powerB += b[n] * b[n];
    for (int lag = minLag - kMargin; lag <= maxLag + kMargin; ++lag) {
        double sum = 0.0;
        for (std::size_t n = from; n < to; ++n) sum += a[n] * b[n + lag];
        r.push_back(sum / std::sqrt(powerA * powerB));
    }
    Match best;
    for (double lag = minLag; lag <= maxLag; lag += 0.01) {
        const double position = lag - minLag + kMargin;
        double value = 0.0;
        const int first = static_cast<int>(position) - kMargin + 1;
        for (int k = std::max(0, first); k < std::min(static_cast<int>(r.size()), first + 2 * kMargin); ++k) {
            const double x = position - k, window = std::cos(0.5 * std::numbers::pi * x / (kMargin + 1));
            value += r[k] * (std::abs(x) < 1e-9 ? 1.0 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x)) * window * window;
        }
        if (std::abs(value) > std::abs(best.correlation)) best = {lag, value};
    }
    return best;
}

// planted - gain * clean: what was added.
Signal added(const Track& planted, const Track& clean, double gainDb) {
    Signal difference = planted.channels[0];
    for (std::size_t n = 0; n < difference.size(); ++n) difference[n] -= dbToGain(gainDb) * clean.channels[0][n];
    return difference;
}

const Json& trackTruth(const Json& truth, const std::string& file) {
    for (const Json& track : truth.find("tracks")->asArray())
        if (track.find("file")->asString() == file) return track;
    throw std::runtime_error("truth.json knows no " + file);
}

double number(const Json& json, const char* key) { return json.find(key)->asNumber(); }

}  // namespace

// One test for all faults, because two sessions must be recorded for it.
TEST(DemoSession, HoldsEveryPlantedFaultExactlyAsTruthTellsIt) {
    const Folder plantedFolder, cleanFolder;
    write(plantedFolder.path(), true, 2);
    write(cleanFolder.path(), false, 2);
    const Json truth = Json::parse(readTextFile(plantedFolder.path() / "truth.json"), "truth.json");
    const auto planted = [&](const std::string& file) { return readTrack(plantedFolder.path() / file); };
    const auto clean = [&](const std::string& file) { return readTrack(cleanFolder.path() / file); };
    const std::size_t verse = 9 * 48000, later = 15 * 48000;

    int polarityFaults = 0, delays = 0, hums = 0, noises = 0, offsets = 0, silences = 0, twins = 0, clips = 0, late = 0;
    std::set<std::string> encodings;
    std::set<std::int64_t> rates;
    double quietest = 100.0, loudest = -100.0;

    for (const Json& track : truth.find("tracks")->asArray()) {
        const std::string file = track.find("file")->asString();
        SCOPED_TRACE(file);
        const Track bad = planted(file), good = clean(file);
        EXPECT_EQ(bad.info.sampleRateHz, track.find("sampleRateHz")->asInteger());
        EXPECT_EQ(bad.info.channels, track.find("channels")->asInteger());
        EXPECT_EQ(bad.info.frames, track.find("frames")->asInteger());
        EXPECT_EQ(bad.info.startFrame, track.find("startFrame")->asInteger());
        EXPECT_NEAR(static_cast<double>(bad.info.startFrame + bad.info.frames) / bad.info.sampleRateHz, kExcerptSeconds, 1e-4);
        encodings.insert(track.find("encoding")->asString());
        rates.insert(bad.info.sampleRateHz);
        if (bad.info.startFrame > 0) ++late;

        if (track.find("silent")->asBool()) {
            ++silences;
            EXPECT_EQ(peakOf(bad), 0.0);
            continue;
        }
        if (!track.find("sameAs")->isNull()) ++twins;
        EXPECT_LE(gainToDb(peakOf(good)), -11.9) << "recorded well, with headroom";
        EXPECT_GE(gainToDb(peakOf(good)), -14.0);

        const double gainDb = number(track, "gainDb");
        quietest = std::min(quietest, gainDb);
        loudest = std::max(loudest, gainDb);

        std::int64_t clipped = 0;
        for (double x : bad.channels[0]) clipped += std::abs(x) >= 1.0 - 0x1p-23;
        EXPECT_EQ(clipped, track.find("clippedFrames")->asInteger());
        if (clipped > 0) {
            ++clips;
            EXPECT_LT(clipped, bad.info.frames / 1000) << "a little";
            continue;
        }

        if (number(track, "delayFrames") != 0.0) {
            ++delays;
            EXPECT_NEAR(number(track, "delayFrames"), 3.37e-3 * 48000.0, 1e-9);
            const Match found = match(good.channels[0], bad.channels[0], 150, 174, verse, later);
            EXPECT_NEAR(found.lagFrames, number(track, "delayFrames"), 0.011);
            EXPECT_GT(found.correlation, 0.9999);
        } else if (track.find("humHz")->isNull() && track.find("hissLevelDbfs")->isNull() && number(track, "dcOffset") == 0.0) {
            EXPECT_NEAR(rmsDb(bad.channels[0]) - rmsDb(good.channels[0]), gainDb, 0.02);
        }

        double product = 0.0;
        for (std::size_t n = 0; n < bad.channels[0].size(); ++n) product += bad.channels[0][n] * good.channels[0][n];
        if (number(track, "delayFrames") == 0.0) {
            const bool cable = !track.find("polarityCause")->isNull() && track.find("polarityCause")->asString() == "cable";
            EXPECT_EQ(product < 0.0, cable);
        }
        if (track.find("polarityInverted")->asBool()) ++polarityFaults;

        if (!track.find("humHz")->isNull()) {
            ++hums;
            const Signal hum = added(bad, good, gainDb);
            EXPECT_NEAR(rmsDb(hum), number(track, "humLevelDbfs"), 0.02);
            const Json::Array& harmonics = track.find("humHarmonics")->asArray();
            const double fundamental = toneRmsDb(hum, number(track, "humHz"), bad.info.sampleRateHz);
            for (const Json& harmonic : harmonics)
                EXPECT_NEAR(toneRmsDb(hum, number(harmonic, "hz"), bad.info.sampleRateHz) - fundamental, number(harmonic, "levelDb"), 0.05);
        }
        if (!track.find("hissLevelDbfs")->isNull()) {
            ++noises;
            const Signal noise = added(bad, good, gainDb);
            const double hiss = number(track, "hissLevelDbfs"), rumble = number(track, "rumbleLevelDbfs");
            EXPECT_NEAR(rmsDb(noise), powerToDb(dbToPower(hiss) + dbToPower(rumble)), 0.1);
            Signal difference(noise.size());  // of neighbours: doubles the power of what is white, takes away what is low
            for (std::size_t n = 1; n < noise.size(); ++n) difference[n] = noise[n] - noise[n - 1];
            EXPECT_NEAR(rmsDb(difference) - powerToDb(2.0), hiss, 0.1);
            // Nobody sings in the intro: there the noise stands alone.
            EXPECT_LT(rmsDb(good.channels[0], 0, 8 * 48000), -120.0);
            EXPECT_NEAR(rmsDb(bad.channels[0], 0, 8 * 48000), powerToDb(dbToPower(hiss) + dbToPower(rumble)), 1.0);
        }
        if (number(track, "dcOffset") != 0.0) {
            ++offsets;
            EXPECT_NEAR(mean(bad.channels[0]) - dbToGain(gainDb) * mean(good.channels[0]), number(track, "dcOffset"), 1e-6);
        }
    }
    EXPECT_EQ(polarityFaults, 2) << "one cable, and the microphone under the snare";
    EXPECT_EQ(delays, 1);
    EXPECT_EQ(hums, 1);
    EXPECT_EQ(noises, 1);
    EXPECT_EQ(offsets, 1);
    EXPECT_EQ(silences, 1);
    EXPECT_EQ(twins, 1);
    EXPECT_EQ(clips, 1);
    EXPECT_EQ(late, 1);
    EXPECT_EQ(rates, (std::set<std::int64_t>{44100, 48000}));
    EXPECT_EQ(encodings.size(), 4u);
    EXPECT_NEAR(loudest - quietest, 20.0, 3.0);

    // Between microphones, as a corrector sees it.
    const Track left = planted("06 OH L.wav"), right = planted("07 OH R.wav");
    const Match overheads = match(left.channels[0], right.channels[0], 140, 180, verse, later);
    EXPECT_NEAR(overheads.lagFrames, number(trackTruth(truth, "07 OH R.wav"), "delayFrames"), 0.1);
    EXPECT_GT(overheads.correlation, 0.5);
    EXPECT_NEAR(match(clean("06 OH L.wav").channels[0], clean("07 OH R.wav").channels[0], -20, 20, verse, later).lagFrames, 0.0, 0.1);
    EXPECT_LT(match(planted("01 Kick.wav").channels[0], left.channels[0], 150, 250, verse, later).correlation, -0.3);
    EXPECT_GT(match(clean("01 Kick.wav").channels[0], left.channels[0], 150, 250, verse, later).correlation, 0.3);
    EXPECT_GT(match(planted("02 Snare Top.wav").channels[0], left.channels[0], 100, 250, verse, later).correlation, 0.3);
    EXPECT_LT(match(planted("02 Snare Top.wav").channels[0], planted("03 Snare Bottom.wav").channels[0], -20, 20, verse, later).correlation, -0.3);

    // The piano twice.
    const Track piano = planted("11 Piano.wav"), twin = planted(trackTruth(truth, "12 Piano DI.wav").find("file")->asString());
    Signal sum(piano.channels[0].size()), side(sum.size());
    for (std::size_t n = 0; n < sum.size(); ++n) {
        sum[n] = piano.channels[0][n] + piano.channels[1][n];
        side[n] = piano.channels[0][n] - piano.channels[1][n];
    }
    EXPECT_GT(match(sum, twin.channels[0], -2, 2, verse, later).correlation, 0.9999);
    EXPECT_GT(rmsDb(side), rmsDb(sum) - 20.0) << "a real stereo track, not mono twice";

    // Who comes later than the others was recorded a second before the first sound.
    const Track tambourine = planted("16 Tambourine.wav");
    const auto first = std::find_if(tambourine.channels[0].begin(), tambourine.channels[0].end(), [](double x) { return std::abs(x) > 1e-3; });
    EXPECT_NEAR(static_cast<double>(first - tambourine.channels[0].begin()) / 48000.0, 1.05, 0.06);
}

TEST(DemoSession, IsTheSameBytesForAnyThreadCount) {
    const Folder one, three;
    write(one.path(), true, 1, 12.0);
    write(three.path(), true, 3, 12.0);
    int files = 0;
    for (const auto& entry : fs::directory_iterator(one.path())) {
        EXPECT_EQ(contentHash(entry.path()), contentHash(three.path() / entry.path().filename())) << entry.path().filename();
        ++files;
    }
    EXPECT_EQ(files, 19) << "seventeen tracks, truth.json and README.txt; no leftovers";
}

TEST(DemoSession, OverwritesOnlyWhenAsked) {
    const Folder folder;
    fs::create_directories(folder.path());
    writeTextFile(folder.path() / "05 Toms.wav", "mine");
    NoProgress progress;
    EXPECT_THROW(writeDemoSession(folder.path(), {.maxSeconds = 1.0}, progress), OutputError);
    EXPECT_EQ(readTextFile(folder.path() / "05 Toms.wav"), "mine");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1) << "nothing but what was there";
    writeDemoSession(folder.path(), {.overwrite = true, .maxSeconds = 1.0}, progress);
    EXPECT_EQ(readTrack(folder.path() / "05 Toms.wav").info.channels, 2);
}

TEST(DemoSession, NamesThePackageOfAMissingSoundFont) {
    const Folder folder;
    NoProgress progress;
    for (const fs::path& font : {fs::path("/nowhere/none.sf2"), fs::path(__FILE__)}) {
        try {
            writeDemoSession(folder.path(), {.soundFont = font}, progress);
            FAIL() << "a session without a soundfont";
        } catch (const InputError& error) {
            EXPECT_NE(std::string(error.what()).find(font.string()), std::string::npos);
            EXPECT_NE(std::string(error.what()).find("timgm6mb-soundfont"), std::string::npos);
        }
        EXPECT_FALSE(fs::exists(folder.path()));
    }
}

TEST(DemoSession, StopsWhenTheUserWantsOut) {
    struct Impatient final : Progress {
        void stage(std::string_view, std::int64_t) override {}
        void advance(std::int64_t) override {}
        bool cancelled() const override { return true; }
    } impatient;
    const Folder folder;
    EXPECT_THROW(writeDemoSession(folder.path(), {}, impatient), Cancelled);
    EXPECT_FALSE(fs::exists(folder.path())) << "no file and no folder is left";
}
