#include "session/content_roles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "analysis/analyzer.h"
#include "core/error.h"
#include "core/json.h"
#include "session/session.h"
#include "session/sound_features.h"
#include "session/track_role.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

constexpr StreamSpec kSpec{48000.0, 1};

Sound heard(const AudioBuffer& audio) {
    Analyzer analyzer(kSpec, {.timbre = true});
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
    EXPECT_EQ(roleFamily(roleOfSound(heard(kick())).role), "drums");
    EXPECT_EQ(roleFamily(roleOfSound(heard(bass())).role), "bass");
    EXPECT_EQ(roleFamily(roleOfSound(heard(hihat())).role), "drums");
}

TEST(ContentRoles, SayNothingOfSilence) {
    EXPECT_EQ(roleOfSound(heard(AudioBuffer(kSpec, 48000))).role, kUnknownRole);
    EXPECT_EQ(roleOfSound(Sound{}).role, kUnknownRole);
    EXPECT_EQ(heard(AudioBuffer(kSpec, 48000)).lowShare, 0.0);
}

TEST(ContentRoles, AbstainWhereNoFamilyIsLikely) {
    Sound sound;
    sound.roles = {{"vocals/lead", 0.34}, {"guitar/acoustic", 0.33}, {"keys/piano", 0.33}};
    EXPECT_EQ(roleOfSound(sound).role, kUnknownRole);
    sound.roles = {{"vocals/lead", 0.3}, {"keys/piano", 0.25}, {"keys/organ", 0.25}, {"guitar/acoustic", 0.2}};  // a family counts as a whole
    EXPECT_EQ(roleOfSound(sound).role, "keys/piano");
    EXPECT_DOUBLE_EQ(roleOfSound(sound).confidence, 0.25);
    EXPECT_DOUBLE_EQ(roleOfSound(sound).familyConfidence, 0.5);
}

TEST(ContentRoles, DoNotSayHowAGuitarIsPlayedWhereThatIsOpen) {
    Sound sound;
    sound.roles = {{"guitar/electric-clean", 0.45}, {"guitar/electric-driven", 0.4}, {"keys/piano", 0.15}};
    EXPECT_EQ(roleOfSound(sound).role, "guitar/electric");
    EXPECT_DOUBLE_EQ(roleOfSound(sound).confidence, 0.85);
    sound.roles = {{"guitar/electric-driven", 0.8}, {"guitar/electric-clean", 0.1}, {"keys/piano", 0.1}};
    EXPECT_EQ(roleOfSound(sound).role, "guitar/electric-driven");
}

TEST(ContentRoles, DoNotDependOnTheLevel) {
    for (const AudioBuffer& audio : {kick(), bass(), hihat()}) {
        const ContentReading reference = roleOfSound(heard(audio));
        for (const double db : {-20.0, -6.0, +12.0}) {
            const ContentReading reading = roleOfSound(heard(scaled(audio, db)));
            EXPECT_EQ(reading.role, reference.role) << db;
            EXPECT_NEAR(reading.confidence, reference.confidence, 0.01) << db;
        }
    }
}

// Frames are counted from the first sound: a file that begins a little later holds the very same frames.
TEST(ContentRoles, DoNotDependOnWhenTheFileBeginsNorOnThePolarity) {
    AudioBuffer phrase = struck(noise(kSpec, 48000 * 6, -12.0, 4), 0.2);  // neither periodic in frames nor near certainty
    for (int n = 0; n < phrase.numFrames(); ++n)
        phrase.channel(0)[n] += static_cast<float>(0.2 * std::sin(2.0 * 3.14159265358979 * 0.004 * n) * std::exp(-(n % 17003) / 9000.0));
    const std::vector<RoleProbability> reference = heard(phrase).roles;
    const auto same = [&](const AudioBuffer& audio, const std::string& what) {
        const std::vector<RoleProbability> roles = heard(audio).roles;
        ASSERT_EQ(roles.size(), reference.size());
        for (const RoleProbability& expected : reference) {
            const auto found = std::ranges::find(roles, expected.role, &RoleProbability::role);
            ASSERT_NE(found, roles.end());
            EXPECT_NEAR(found->probability, expected.probability, 1e-3) << expected.role << ", " << what;
        }
    };
    for (const int late : {1, 61, 100, 177, 240, 3001}) {
        AudioBuffer later(kSpec, phrase.numFrames() + late);
        std::copy_n(phrase.channel(0).data(), phrase.numFrames(), later.channel(0).data() + late);
        same(later, std::to_string(late) + " samples later");
    }
    AudioBuffer inverted = phrase;
    for (float& sample : inverted.channel(0)) sample = -sample;
    same(inverted, "inverted");
}

TEST(TrackRole, AClearNameWinsAndIsBelievedLessWhereItSoundsWrong) {
    const TrackRole right = roleOf("drums/kick", 0.95, heard(kick())), wrong = roleOf("drums/kick", 0.95, heard(hihat()));
    EXPECT_EQ(right.role, "drums/kick");
    EXPECT_GE(right.confidence, 0.95);
    EXPECT_EQ(right.doubt, "");
    EXPECT_EQ(wrong.role, "drums/kick");
    EXPECT_LT(wrong.confidence, 0.6);
    EXPECT_EQ(wrong.source, role_source::kNameContent);
    EXPECT_NE(wrong.doubt, "");
}

TEST(TrackRole, ASoundThatIsSurelyAnotherFamilyMakesANameDoubtful) {
    Sound voice;
    voice.midShare = 1.0;
    voice.roles = {{"vocals/lead", 0.92}, {"winds/sax", 0.06}, {"guitar/acoustic", 0.02}};
    const TrackRole doubtful = roleOf("guitar/acoustic", 0.95, voice);
    EXPECT_EQ(doubtful.role, "guitar/acoustic");
    EXPECT_LT(doubtful.confidence, 0.8);
    EXPECT_NE(doubtful.doubt.find("lead vocal"), std::string::npos) << doubtful.doubt;
    EXPECT_EQ(roleOf("guitar/acoustic", 0.6, voice).role, "vocals/lead");   // an unclear name yields
    EXPECT_EQ(roleOf("effects/effect", 0.6, voice).role, "effects/effect"); // an effect sounds like anything
    EXPECT_EQ(roleOf("mix/submix", 0.6, voice).role, "mix/submix");
}

TEST(TrackRole, AnOverheadThatHearsOnlyTrebleIsAnOpenHiHat) {
    EXPECT_EQ(roleOf("drums/overhead", 0.95, heard(hihat())).role, "drums/hihat");
    AudioBuffer kit = hihat();
    const AudioBuffer drum = kick();
    for (int n = 0; n < kit.numFrames(); ++n) kit.channel(0)[n] += drum.channel(0)[n];
    EXPECT_EQ(roleOf("drums/overhead", 0.95, heard(kit)).role, "drums/overhead");
}

TEST(TrackRole, TwoWitnessesAreSurerThanOne) {
    Sound voice;
    voice.roles = {{"vocals/lead", 0.7}, {"winds/sax", 0.3}};
    EXPECT_NEAR(roleOf("vocals/lead", 0.8, voice).confidence, 0.94, 1e-9);
    EXPECT_EQ(roleOf("vocals/lead", 0.8, voice).source, role_source::kNameContent);
}

TEST(TrackRole, WithoutANameTheSoundSpeaks) {
    Sound voice;
    voice.roles = {{"vocals/lead", 0.7}, {"winds/sax", 0.3}};
    EXPECT_EQ(roleOf(kUnknownRole, 0.0, voice), (TrackRole{"vocals/lead", 0.7, std::string(role_source::kContent), ""}));
    EXPECT_EQ(roleOf(kUnknownRole, 0.0, Sound{}), (TrackRole{std::string(kUnknownRole), 0.0, std::string(role_source::kNone), ""}));
    EXPECT_EQ(roleOf("synth/lead", 0.5, Sound{}).role, "synth/lead");
}

TEST(TimbreModel, IsAsItsHeaderSays) {
    // Two roles, one unit that sees the first feature alone.
    const std::vector<std::string>& names = soundFeatureNames();
    Json features = Json::array(), mean = Json::array(), scale = Json::array(), hidden = Json::array();
    for (std::size_t i = 0; i < names.size(); ++i) {
        features.push(names[i]);
        mean.push(1.0);
        scale.push(2.0);
        hidden.push(i == 0 ? 3.0 : 0.0);
    }
    Json network = Json::object({{"hidden", hidden}, {"hiddenBias", Json(Json::Array{0.5})}, {"output", Json(Json::Array{1.0, -1.0})}, {"outputBias", Json(Json::Array{0.25, 0.0})}});
    Json document = Json::object({{"model", 1}, {"temperature", 2.0}, {"features", features}, {"mean", mean}, {"scale", scale},
                                  {"roles", Json(Json::Array{"drums/kick", "vocals/lead"})}, {"networks", Json(Json::Array{network})}});
    const TimbreModel model(document.dump());
    std::vector<double> sound(names.size(), 7.0);
    for (const auto& [value, x] : {std::pair{2.0, 0.5}, {1.0, 0.0}, {-9.0, -3.0}, {100.0, 3.0}}) {  // clipped at 3
        sound[0] = value;
        const double unit = std::max(0.0, 3.0 * x + 0.5), odds = std::exp((2.0 * unit + 0.25) / 2.0);
        const std::vector<RoleProbability> roles = model.probabilities(sound);
        ASSERT_EQ(roles.size(), 2u);
        EXPECT_EQ(roles[0].role, "drums/kick");
        EXPECT_NEAR(roles[0].probability, odds / (1.0 + odds), 1e-12);
        EXPECT_NEAR(roles[0].probability + roles[1].probability, 1.0, 1e-12);
    }
    document.set("features", Json(Json::Array{"loudness"}));
    EXPECT_THROW(TimbreModel(document.dump()), InputError);
}

TEST(TimbreModel, OfTheProgramKnowsItsFeatures) {
    const std::vector<RoleProbability> roles = TimbreModel::get().probabilities(std::vector<double>(soundFeatureNames().size(), 0.0));
    double sum = 0.0;
    for (const RoleProbability& role : roles) sum += role.probability;
    EXPECT_NEAR(sum, 1.0, 1e-9);
}
