#include "session/lead_voice.h"

#include <gtest/gtest.h>

#include <functional>

using namespace tonewright;

namespace {

// A voice like any other: sings a minute, half of it alone.
VoiceFacts voice(const std::function<void(VoiceFacts&)>& change = {}) {
    VoiceFacts facts{.seconds = 60.0, .aloneShare = 0.5, .withLongest = 0.5, .follows = 0.2, .width = 0.02, .severalTones = 0.1, .sibilants = 0.1, .leadOdds = 0.0};
    if (change) change(facts);
    return facts;
}

using Leads = std::vector<bool>;

}  // namespace

TEST(LeadVoice, IsTheOneWithMoreOfWhatLeadsHave) {
    const std::pair<const char*, std::function<void(VoiceFacts&)>> kLess[] = {
        {"sings less", [](VoiceFacts& v) { v.seconds = 30.0; }},
        {"is seldom alone", [](VoiceFacts& v) { v.aloneShare = 0.1; }},
        {"doubles another", [](VoiceFacts& v) { v.follows = 0.8; }},
        {"is spread", [](VoiceFacts& v) { v.width = 0.3; }},
        {"is several singers", [](VoiceFacts& v) { v.severalTones = 0.5; }},
        {"has no words", [](VoiceFacts& v) { v.sibilants = 0.01; }},
        {"sounds like backing", [](VoiceFacts& v) { v.leadOdds = -2.0; }},
    };
    for (const auto& [what, less] : kLess) {
        EXPECT_EQ(leadVoices({voice(), voice(less)}), (Leads{true, false})) << what;
        EXPECT_EQ(leadVoices({voice(less), voice()}), (Leads{false, true})) << what;
    }
}

TEST(LeadVoice, IsNotOneThatOnlySingsLonger) {
    const auto choir = [](VoiceFacts& v) {
        v.seconds = 75.0;
        v.width = 0.4;
        v.severalTones = 0.4;
        v.sibilants = 0.0;
    };
    EXPECT_EQ(leadVoices({voice(), voice(choir)}), (Leads{true, false}));
}

TEST(LeadVoice, MayChangeFromPartToPart) {
    const auto verse = [](VoiceFacts& v) { v.aloneShare = 0.95; };
    const auto chorus = [](VoiceFacts& v) {
        v.seconds = 35.0;
        v.aloneShare = 0.95;
        v.withLongest = 0.05;
    };
    EXPECT_EQ(leadVoices({voice(verse), voice(chorus)}), (Leads{true, true}));
    const auto harmony = [](VoiceFacts& v) {
        v.seconds = 35.0;
        v.aloneShare = 0.1;
        v.withLongest = 0.9;
    };
    EXPECT_EQ(leadVoices({voice(verse), voice(harmony)}), (Leads{true, false}));
}

TEST(LeadVoice, ANamedLeadIsJoinedByWhatTakesTurnsWithItOnly) {
    const auto hook = [](VoiceFacts& v) {
        v.seconds = 35.0;
        v.aloneShare = 0.9;
        v.withLongest = 0.1;
    };
    const auto better = [](VoiceFacts& v) { v.leadOdds = 2.0; };
    EXPECT_EQ(leadVoices({voice(), voice(hook)}, {true, false}), (Leads{true, true}));
    EXPECT_EQ(leadVoices({voice(), voice(better)}, {true, false}), (Leads{true, false})) << "the name wins";
    EXPECT_EQ(leadVoices({voice(), voice(better)}), (Leads{false, true}));
}

TEST(LeadVoice, IsThereWhereAnyoneSings) {
    EXPECT_EQ(leadVoices({voice()}), Leads{true});
    EXPECT_EQ(leadVoices({VoiceFacts{}, VoiceFacts{}}), (Leads{true, false}));
    EXPECT_EQ(leadVoices({}), Leads{});
}

TEST(LeadVoice, IsMeasuredOnWhenVoicesSoundWhateverTheirLevel) {
    // The first sings in all of 400 frames, the second, 40 dB louder, in the later half of them and 10 % of the time without it.
    Session session;
    session.tracks.resize(2);
    std::vector<Analysis> analyses(2);
    for (int i : {0, 1}) {
        analyses[i].frames = 400 * 2400;
        analyses[i].spec.sampleRateHz = 48000.0;
        analyses[i].activity.activeShare = i == 0 ? 0.9 : 0.5;
        analyses[i].sketch.frames = 400;
        analyses[i].sketch.power.assign(400 * kErbBands, 0.0f);
        for (int frame = 0; frame < 400; ++frame)
            if (i == 0 ? frame < 360 : frame >= 200) analyses[i].sketch.power[frame * kErbBands + (frame % 10 == 0 ? 36 : 18)] = i == 0 ? 1.0f : 1e4f;
    }
    const std::vector<VoiceFacts> facts = voiceFacts(session, analyses, {0, 1});
    EXPECT_NEAR(facts[0].aloneShare, 200.0 / 360.0, 1e-9);
    EXPECT_NEAR(facts[1].aloneShare, 0.2, 1e-9);
    EXPECT_NEAR(facts[1].withLongest, 0.8, 1e-9);
    EXPECT_NEAR(facts[0].sibilants, 0.1, 1e-9);
    EXPECT_DOUBLE_EQ(facts[0].seconds, 18.0);
    EXPECT_EQ(facts[0].follows, 0.0);  // it is the longest
}
