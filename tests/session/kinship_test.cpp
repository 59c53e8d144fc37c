#include "session/kinship.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace tonewright;

namespace {

// A track that sounds in every frame whose number leaves `phase` when divided by `period`, `lateFrames` later.
Track track(const char* id, const char* role, const char* source = "content") {
    Track result;
    result.id = id;
    result.role = role;
    result.roleSource = source;
    result.roleConfidence = 0.6;
    result.info.channels = 1;
    return result;
}

Analysis playing(int period, int phase, double gain = 1.0) {
    Analysis analysis;
    analysis.sketch.frames = 400;
    analysis.sketch.power.assign(400 * kErbBands, 0.0f);
    for (int frame = 0; frame < 400; ++frame)
        for (int band = 10; band < 20; ++band) analysis.sketch.power[frame * kErbBands + band] = static_cast<float>(gain * std::exp(-1.5 * ((frame + period - phase) % period)));
    return analysis;
}

using Sets = std::vector<std::vector<std::size_t>>;

}  // namespace

TEST(Kinship, IsLikelyWhereLevelsRiseAndFallTogetherWhateverTheGain) {
    Session session;
    session.tracks = {track("a", "drums/kick"), track("b", "unknown", "none"), track("c", "bass/electric")};
    EXPECT_EQ(likelyKin(session, {playing(10, 0), playing(10, 0, 0.01), playing(10, 5)}), (Sets{{0, 1}}));
    EXPECT_EQ(likelyKin(session, {playing(10, 0), playing(10, 5), playing(10, 0)}), (Sets{{0, 2}}));
}

TEST(Kinship, LeavesAloneWhatNamesOrTheUserSaid) {
    Session session;
    session.tracks = {track("a", "drums/kick"), track("b", "drums/kick", "user"), track("c", "drums/snare", "name"), track("d", "drums/snare")};
    session.tracks[2].roleConfidence = 0.95;
    session.tracks[3].group = "kit";
    const Analysis same = playing(10, 0);
    EXPECT_EQ(likelyKin(session, {same, same, same, same}), Sets{});
    session.tracks[0].silent = true;
    EXPECT_EQ(likelyKin(session, {same, same, same, same}), Sets{});
}

TEST(Kinship, KnowsWhereTracksStandInTime) {
    Session session;
    session.tracks = {track("a", "drums/kick"), track("b", "drums/kick")};
    session.tracks[1].startFrame = session.sampleRateHz / 4;  // five frames of 50 ms
    EXPECT_EQ(likelyKin(session, {playing(10, 0), playing(10, 5)}), (Sets{{0, 1}}));
    EXPECT_EQ(likelyKin(session, {playing(10, 0), playing(10, 0)}), Sets{});
}

TEST(Kinship, MakesGroupsOfWhatTheWaveformsJoin) {
    Session session;
    session.tracks = {track("kit", "drums/kick"), track("b", "drums/snare"), track("c", "drums/overhead"), track("di", "bass/electric"), track("amp", "bass/electric"), track("alone", "vocals/lead")};
    const auto joined = [](std::size_t a, std::size_t b) { return (a == 0 && b == 1) || (a == 1 && b == 2) || (a == 3 && b == 4); };
    std::vector<Sound> sounds(6);
    for (int i : {0, 1}) sounds[i].roles = {{"drums/snare", 0.8}, {"vocals/lead", 0.2}};
    sounds[2].roles = {{"vocals/lead", 0.6}, {"drums/room", 0.4}};  // alone it would be a voice
    for (int i : {3, 4}) sounds[i].roles = {{"bass/electric", 0.9}, {"guitar/electric-clean", 0.1}};
    session.tracks[2].role = "vocals/lead";
    groupKin(session, {0, 1, 2, 3, 4, 5}, sounds, joined);
    EXPECT_EQ(session.tracks[2].role, "drums/room");
    EXPECT_DOUBLE_EQ(session.tracks[2].roleConfidence, 0.4);
    ASSERT_EQ(session.groups.size(), 2u);
    EXPECT_EQ(session.groups[0], (Group{"kit-2", "kit", {"kit", "b", "c"}}));  // a track has that name
    EXPECT_EQ(session.groups[1], (Group{"di-group", "multi-mic", {"di", "amp"}}));
    EXPECT_EQ(session.tracks[2].group, "kit-2");
    EXPECT_EQ(session.tracks[5].group, "");
}

TEST(Kinship, TakesBleedForAKitAndLikenessForTheRest) {
    Sound drum, guitar;
    drum.roles = {{"drums/snare", 0.8}, {"guitar/electric-clean", 0.2}};
    guitar.roles = {{"guitar/electric-clean", 0.9}, {"drums/snare", 0.1}};
    EXPECT_TRUE(areKin(drum, drum, {.confidence = 0.1, .correlation = 0.03}));
    EXPECT_FALSE(areKin(drum, guitar, {.confidence = 0.95, .correlation = 0.2}));  // the amplifier in a drum microphone
    EXPECT_TRUE(areKin(guitar, guitar, {.confidence = 0.95, .correlation = 0.8}));
}
