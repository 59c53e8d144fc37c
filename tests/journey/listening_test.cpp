#include "journey/listening.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/progress.h"
#include "session/import.h"
#include "tests/support/files.h"

// What is heard of recordings together, from files.
namespace tonewright::test {
namespace {

constexpr int kRateHz = 48000;
constexpr int kFrames = 8 * kRateHz;

// Hits that every microphone of a kit hears, and some noise of its own; late by so many frames.
AudioBuffer microphone(unsigned seed, int lateFrames, float ownNoise = 0.003f) {
    std::mt19937 hit(1), own(seed);
    const auto noise = [](std::mt19937& engine) { return static_cast<float>(static_cast<double>(engine()) / 2147483648.0 - 1.0); };
    AudioBuffer audio({kRateHz, 1}, kFrames);
    for (int n = 0; n < kFrames; ++n) {
        const double since = static_cast<double>(n % (kRateHz / 2)) / kRateHz;
        const float heard = 0.3f * static_cast<float>(std::exp(-since / 0.04)) * noise(hit);
        if (n + lateFrames < kFrames) audio.channel(0)[n + lateFrames] += heard;
        audio.channel(0)[n] += ownNoise * noise(own);
    }
    return audio;
}

Listening heard(const ScratchFolder& folder, Session& session) {
    session = importSession({folder});
    WorkPool pool(2);
    NoProgress progress;
    return listenTo(session, pool, progress);
}

const std::vector<std::string> kKit = {"01 Kick", "02 Snare Top", "03 OH L", "04 OH R"};

// Even where it is the clearest, the one that all others are compared with.
TEST(Listening, ALateMicrophoneIsMovedAndTheRestOfTheKitStays) {
    int lateReferences = 0;
    for (std::size_t late = 0; late < kKit.size(); ++late) {
        const ScratchFolder folder;
        for (std::size_t mic = 0; mic < kKit.size(); ++mic) writeFloatWav(folder / (kKit[mic] + ".wav"), microphone(static_cast<unsigned>(10 + mic), mic == late ? 200 : 0, mic == late ? 0.001f : 0.03f));
        Session session;
        const Listening listening = heard(folder, session);
        ASSERT_EQ(listening.alignments.size(), kKit.size());
        for (std::size_t i = 0; i < session.tracks.size(); ++i) {
            const TrackAlignment& found = listening.alignments.at(session.tracks[i].id);
            lateReferences += session.tracks[i].name == kKit[late] && found.reference == session.tracks[i].id;
            EXPECT_NEAR(found.delayFrames, session.tracks[i].name == kKit[late] ? -200.0 : 0.0, 0.5) << session.tracks[i].name << " while " << kKit[late] << " is late";
        }
    }
    EXPECT_GE(lateReferences, 1) << "else this says nothing of a late reference";
}

TEST(Listening, TheLowEndOfTracksIsComparedInPairsWithTheirStarts) {
    const ScratchFolder folder;
    writeFloatWav(folder / "Bass.wav", microphone(1, 0));
    AudioBuffer turned = microphone(2, 0);
    for (int n = 0; n < kFrames; ++n) turned.channel(0)[n] *= -0.5f;
    writeFloatWav(folder / "Piano.wav", turned);
    Session session;
    const Listening listening = heard(folder, session);
    ASSERT_TRUE(listening.lowEnd);
    const LowEnd::Sums sums = listening.lowEnd->sums(std::vector<double>(2));
    for (int band = 3; band < LowEnd::kBands; ++band) EXPECT_LT(sums.at(0, 1, band) / std::sqrt(sums.at(0, 0, band) * sums.at(1, 1, band)), -0.9) << band;
}

}  // namespace
}  // namespace tonewright::test
