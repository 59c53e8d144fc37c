#include "session/content_roles.h"

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/analyzer.h"
#include "session/session.h"
#include "session/track_role.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

constexpr StreamSpec kSpec{48000.0, 1};

Sound heard(const AudioBuffer& audio) {
    Analyzer analyzer(kSpec);
    const float* channel = const_cast<AudioBuffer&>(audio).channel(0).data();
    analyzer.add(ConstBlock(&channel, 1, audio.numFrames()));
    return soundOf(analyzer.result());
}

// Eight seconds of a signal struck twice a second.
AudioBuffer struck(AudioBuffer audio, double decaySeconds) {
    for (int n = 0; n < audio.numFrames(); ++n) audio.channel(0)[n] *= static_cast<float>(std::exp(-(n % 24000) / 48000.0 / decaySeconds));
    return audio;
}

AudioBuffer kick() { return struck(sine(kSpec, 48000 * 8, 60.0, -6.0), 0.08); }
AudioBuffer bass() { return sine(kSpec, 48000 * 8, 90.0, -6.0); }
AudioBuffer hihat() {
    AudioBuffer audio = noise(kSpec, 48000 * 8, -6.0, 1);
    float last = 0.0f;  // the difference of neighbours: 6 dB an octave up
    for (float& sample : audio.channel(0)) {
        const float now = sample;
        sample = now - last;
        last = now;
    }
    return struck(std::move(audio), 0.05);
}

AudioBuffer scaled(AudioBuffer audio, double db) {
    for (float& sample : audio.channel(0)) sample *= static_cast<float>(dbToGain(db));
    return audio;
}

}  // namespace

TEST(ContentRoles, KnowWhatIsUnmistakable) {
    EXPECT_EQ(roleOfSound(heard(kick())).role, "drums/kick");
    EXPECT_EQ(roleOfSound(heard(bass())).role, "bass/sub");
    EXPECT_EQ(roleOfSound(heard(hihat())).role, "drums/hihat");
}

TEST(ContentRoles, DoNotGuess) {
    EXPECT_EQ(roleOfSound(heard(sine(kSpec, 48000 * 4, 700.0, -6.0))).role, kUnknownRole);
    EXPECT_EQ(roleOfSound(heard(AudioBuffer(kSpec, 48000))).role, kUnknownRole);
    EXPECT_EQ(roleOfSound(Sound{}).role, kUnknownRole);
    EXPECT_EQ(heard(AudioBuffer(kSpec, 48000)).lowShare, 0.0);
}

TEST(ContentRoles, DoNotDependOnTheLevel) {
    for (const AudioBuffer& audio : {kick(), bass(), hihat()}) {
        const ContentReading reference = roleOfSound(heard(audio));
        for (const double db : {-20.0, -6.0, +12.0}) {
            const ContentReading reading = roleOfSound(heard(scaled(audio, db)));
            EXPECT_EQ(reading.role, reference.role) << db;
            EXPECT_EQ(reading.confidence, reference.confidence) << db;
        }
    }
}

TEST(ContentRoles, NeverClaimMoreThanFourFifths) {
    for (const AudioBuffer& audio : {kick(), bass(), hihat()}) EXPECT_LE(roleOfSound(heard(audio)).confidence, 0.8);
}

TEST(TrackRole, AClearNameWinsAndIsBelievedLessWhereItSoundsWrong) {
    const Sound kickSound = heard(kick()), hihatSound = heard(hihat());
    const TrackRole right = roleOf("drums/kick", 0.95, kickSound), wrong = roleOf("drums/kick", 0.95, hihatSound);
    EXPECT_EQ(right.role, "drums/kick");
    EXPECT_GT(right.confidence, 0.95);
    EXPECT_EQ(right.source, role_source::kNameContent);
    EXPECT_EQ(wrong.role, "drums/kick");
    EXPECT_LT(wrong.confidence, 0.6);
    EXPECT_EQ(wrong.source, role_source::kNameContent);
}

TEST(TrackRole, WithoutANameTheSoundSpeaks) {
    const TrackRole role = roleOf(kUnknownRole, 0.0, heard(kick()));
    EXPECT_EQ(role.role, "drums/kick");
    EXPECT_EQ(role.source, role_source::kContent);
    EXPECT_LE(role.confidence, 0.8);
    EXPECT_EQ(roleOf(kUnknownRole, 0.0, Sound{}), (TrackRole{std::string(kUnknownRole), 0.0, std::string(role_source::kNone)}));
}

TEST(TrackRole, AVagueNameYieldsToAClearSound) {
    EXPECT_EQ(roleOf("synth/lead", 0.5, heard(kick())).role, "drums/kick");
    EXPECT_EQ(roleOf("synth/lead", 0.5, Sound{}).role, "synth/lead");
}
