#include "session/import.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <optional>

#include "analysis/analyzer.h"
#include "audiofile/wav_writer.h"
#include "session/session_json.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;
namespace fs = std::filesystem;

namespace {

class Import : public testing::Test {
protected:
    Import() : folder(fs::path(testing::TempDir()) / ("tonewright-import-" + std::to_string(::getpid()))) {
        fs::remove_all(folder);
        fs::create_directories(folder);
    }
    ~Import() override { fs::remove_all(folder); }

    fs::path wav(const fs::path& name, double seconds = 0.1, int rate = 48000, int channels = 1, std::optional<double> startSeconds = {}) {
        const fs::path path = folder / name;
        fs::create_directories(path.parent_path());
        WavExtras extras;
        if (startSeconds) {
            extras.broadcast.emplace();
            extras.broadcast->timeReferenceFrames = static_cast<std::int64_t>(*startSeconds * rate);
        }
        WavWriter writer(path, {rate, channels, SampleFormat::pcm16}, extras);
        const int frames = static_cast<int>(seconds * rate);
        AudioBuffer audio = sine({static_cast<double>(rate), channels}, frames, 440.0, -12.0);
        std::vector<float*> pointers(channels);
        writer.write(audio.block(pointers, 0, frames));
        writer.finish();
        return path;
    }
    fs::path text(const fs::path& name, const std::string& content) {
        fs::create_directories((folder / name).parent_path());
        std::ofstream(folder / name) << content;
        return folder / name;
    }
    bool warned(const Session& session, const std::string& code) {
        return std::ranges::any_of(session.warnings, [&](const Warning& warning) { return warning.code == code; });
    }
    std::string refusal(const std::vector<fs::path>& inputs) {
        try {
            importSession(inputs);
        } catch (const InputError& error) {
            return error.what();
        }
        return "no error";
    }

    fs::path folder;
};

std::vector<std::string> idsOf(const Session& session) {
    std::vector<std::string> ids;
    for (const Track& track : session.tracks) ids.push_back(track.id);
    return ids;
}

Analysis sounding() {
    Analysis analysis;
    analysis.activity.silent = false;
    return analysis;
}

}  // namespace

TEST_F(Import, FindsSoundInNestedFoldersAndLeavesTheRestAlone) {
    wav("01 Kick.wav");
    wav("Drums/02 Snare Top.WAV");
    wav("Drums/Cymbals/OH L.wav");
    wav(".hidden.wav");
    text("notes.docx", "x");
    text("Kick.wav.asd", "x");
    const Session session = importSession({folder});
    EXPECT_EQ(idsOf(session), (std::vector<std::string>{"kick", "snare-top", "oh-l"}));
    EXPECT_EQ(session.tracks[0].role, "drums/kick");
    EXPECT_EQ(session.tracks[1].microphone, "top");
    EXPECT_EQ(session.tracks[2].side, "L");
    ASSERT_EQ(session.warnings.size(), 1u);
    EXPECT_EQ(session.warnings[0].code, "session.not-sound");
    EXPECT_NE(session.warnings[0].text.find("notes.docx"), std::string::npos);
}

TEST_F(Import, LeavesItsOwnResultsAndFinishedMixesOut) {
    wav("Kick.wav");
    wav("Bass.wav");
    wav("Rough Mix.wav");
    wav("mix.wav");
    wav("master.wav");
    wav("stems/Kick.wav");
    wav("song.wav");
    text("song.plan.json", "{}");
    text("plan.json", "{}");
    const Session session = importSession({folder});
    EXPECT_EQ(idsOf(session), (std::vector<std::string>{"bass", "kick"}));
    EXPECT_TRUE(warned(session, "session.mix-left-out"));
    EXPECT_EQ(importSession({folder, folder / "Rough Mix.wav"}).tracks.size(), 3u) << "what is named is wanted";
}

TEST_F(Import, KeepsStemsAndMixesThatAreNotItsOwn) {
    wav("stems/Kick.wav");
    wav("stems/Snare.wav");
    EXPECT_EQ(importSession({folder}).tracks.size(), 2u);
}

TEST_F(Import, DoesNotDependOnTheOrderOrOnRepetition) {
    std::vector<fs::path> files = {wav("Gtr 10.wav"), wav("Gtr 2.wav"), wav("a/Bass.wav"), wav("Vox.wav")};
    const std::vector<std::string> ids = idsOf(importSession(files));
    EXPECT_EQ(ids, (std::vector<std::string>{"bass", "gtr-2", "gtr-10", "vox"}));
    std::ranges::reverse(files);
    files.push_back(files[1]);
    files.push_back(folder / "a" / ".." / "Vox.wav");
    EXPECT_EQ(idsOf(importSession(files)), ids);
}

TEST_F(Import, GivesEveryTrackItsOwnId) {
    wav("Kick.wav");
    wav("01 Kick.wav");
    wav("b/KICK.wav");
    wav("Mix.wav");
    wav("日本.wav");
    std::vector<std::string> ids = idsOf(importSession({folder, folder / "Mix.wav"}));
    std::ranges::sort(ids);
    EXPECT_EQ(ids, (std::vector<std::string>{"kick", "kick-2", "kick-3", "mix-2", "track"}));
}

TEST_F(Import, TakesNastyNames) {
    wav("\xF0\x9F\xA5\x81 Kick \xF0\x9F\xA5\x81.wav");            // emoji
    wav("\u05D1\u05E1 Bass.wav");                                   // right to left
    wav("Vox\nLead.wav");
    wav("Sna\xFFre.wav");                                           // not UTF-8
    wav(std::string(251 - 4, 'a') + " Pad.wav");                    // 255 bytes
    wav("Flu\u0308gel.wav");                                        // composed of two
    const Session session = importSession({folder});
    ASSERT_EQ(session.tracks.size(), 6u);
    const auto roleOfId = [&](const char* id) { return findTrack(session, id) ? findTrack(session, id)->role : "no such track"; };
    EXPECT_EQ(roleOfId("kick"), "drums/kick");
    EXPECT_EQ(roleOfId("bass"), "bass/electric");
    EXPECT_EQ(roleOfId("vox-lead"), "vocals/lead");
    EXPECT_EQ(roleOfId("flugel"), "keys/piano");
    for (const Track& track : session.tracks) {
        EXPECT_LE(track.id.size(), 48u);
        EXPECT_EQ(track.name.find('\n'), std::string::npos);
    }
    EXPECT_NO_THROW(Json::parse(sessionToJson(session).dump(), "session.json"));
}

TEST_F(Import, UsesTheRateOfMostOfTheMaterialAndTheHigherOfEquals) {
    wav("a.wav", 1.0, 44100);
    wav("b.wav", 0.4, 96000);
    wav("c.wav", 0.4, 96000);
    EXPECT_EQ(importSession({folder}).sampleRateHz, 44100);
    wav("d.wav", 0.2, 96000);
    EXPECT_EQ(importSession({folder}).sampleRateHz, 96000);
    EXPECT_EQ(importSession({folder}, {.sampleRateHz = 48000}).sampleRateHz, 48000);
    EXPECT_EQ(importSession({folder}, {.sampleRateHz = 48000}).frames, 48000);
}

TEST_F(Import, PlacesTracksByTheirTimeReferences) {
    wav("a.wav", 1.0, 48000, 1, 3600.0);
    wav("b.wav", 1.0, 44100, 1, 3600.5);
    wav("c.wav", 0.2, 48000, 1, 3601.0);
    Session session = importSession({folder});
    EXPECT_EQ(session.sampleRateHz, 48000);
    EXPECT_EQ(session.tracks[0].startFrame, 0);
    EXPECT_EQ(session.tracks[1].startFrame, 24000);
    EXPECT_EQ(session.tracks[2].startFrame, 48000);
    EXPECT_EQ(session.frames, 72000);
    EXPECT_TRUE(session.warnings.empty());
    wav("d.wav");
    session = importSession({folder});
    EXPECT_EQ(session.tracks[1].startFrame, 24000);
    EXPECT_EQ(session.tracks[3].startFrame, 0);
    EXPECT_TRUE(warned(session, "session.some-time-references"));
}

TEST_F(Import, BelievesASingleTimeReferenceThatLeadsIntoTheSong) {
    wav("long.wav", 3.0);
    wav("late.wav", 1.0, 48000, 1, 1.5);
    Session session = importSession({folder});
    EXPECT_EQ(session.tracks[0].startFrame, 72000) << session.tracks[0].name;
    EXPECT_EQ(session.frames, 144000);
    EXPECT_FALSE(warned(session, "session.one-time-reference"));
    wav("late.wav", 1.0, 48000, 1, 2.5);  // would play on after everything else
    session = importSession({folder});
    EXPECT_EQ(session.tracks[0].startFrame, 0);
    EXPECT_TRUE(warned(session, "session.one-time-reference"));
}

TEST_F(Import, DoesNotBelieveTimesOfDay) {
    wav("a.wav", 1.0, 48000, 1, 36000.0);
    wav("b.wav", 1.0, 48000, 1, 39000.0);
    const Session session = importSession({folder});
    EXPECT_EQ(session.tracks[1].startFrame, 0);
    EXPECT_TRUE(warned(session, "session.time-references"));
}

TEST_F(Import, ManyThreadsFindWhatOneFinds) {
    for (int i = 0; i < 12; ++i) wav("Gtr " + std::to_string(i) + ".wav", 0.1, 48000, 1 + i % 2);
    const Session one = importSession({folder}), many = importSession({folder}, {.threads = 4});
    EXPECT_EQ(idsOf(one), idsOf(many));
    for (std::size_t i = 0; i < one.tracks.size(); ++i) EXPECT_EQ(one.tracks[i].channelUse, many.tracks[i].channelUse);
    text("Gtr 3.wav", "no sound");
    text("Gtr 7.wav", "nor this");
    const auto mistakes = [&](int threads) {
        try {
            importSession({folder}, {.threads = threads});
        } catch (const InputError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    EXPECT_EQ(mistakes(1), mistakes(4));
    EXPECT_NE(mistakes(4).find("2 files"), std::string::npos);
}

TEST_F(Import, OneRecordingInAStereoFileIsMono) {
    wav("Gtr L.wav", 0.1, 48000, 2);   // the same in both channels
    wav("Gtr R.wav");
    const Session session = importSession({folder});
    ASSERT_EQ(session.tracks.size(), 2u);
    EXPECT_EQ(session.tracks[0].channelUse, ChannelUse::left);
    EXPECT_EQ(session.tracks[0].info.channels, 1);
    EXPECT_EQ(session.tracks[0].fileChannels(), 2);
    EXPECT_EQ(session.tracks[1].channelUse, ChannelUse::both);
    EXPECT_EQ(session.tracks[1].fileChannels(), 1);
}

TEST_F(Import, SaysWhatItCannotUse) {
    EXPECT_NE(refusal({folder / "none"}).find("there is no such file or folder"), std::string::npos);
    EXPECT_NE(refusal({folder}).find("there are no sound files here"), std::string::npos);
    wav("good.wav");
    text("text.wav", "this is no sound");
    text("empty.flac", "");
    const std::string both = refusal({folder});
    EXPECT_NE(both.find("text.wav"), std::string::npos);
    EXPECT_NE(both.find("empty.flac"), std::string::npos);
    EXPECT_NE(both.find("move it out of the folder"), std::string::npos);
    const fs::path surround = wav("surround/5.1.wav", 0.1, 48000, 6);
    EXPECT_NE(refusal({surround}).find("6 channels"), std::string::npos);
    EXPECT_NE(refusal({surround}).find("stereo or mono"), std::string::npos);
}

TEST_F(Import, TheUsersWordOnRolesWins) {
    wav("Audio 03.wav");
    wav("Gtr 2.wav");
    Session session = importSession({folder});
    applyRoles(session, text("roles.json", R"({"Audio 03.wav": "vocals/lead", "gtr-2": {"microphone": "di", "role": "bass/electric"}})"));
    applyAnalysis(session, {sounding(), sounding()});
    EXPECT_EQ(session.tracks[0].role, "vocals/lead");
    EXPECT_EQ(session.tracks[0].roleSource, role_source::kUser);
    EXPECT_EQ(session.tracks[0].roleConfidence, 1.0);
    EXPECT_EQ(session.tracks[1].role, "bass/electric");
    EXPECT_EQ(session.tracks[1].microphone, "di");

    Session again = importSession({folder});
    applyRoles(again, text("session.json", sessionToJson(session).dump()));
    EXPECT_EQ(again.tracks[0].role, "vocals/lead");
}

TEST_F(Import, OnlyWhatWasEditedInASessionIsTheUsersWord) {
    for (const char* name : {"Kick.wav", "Audio 01.wav", "Audio 02.wav", "Audio 03.wav"}) wav(name);
    Session session = importSession({folder});
    const auto give = [](Track& track, const char* role, double confidence, std::string_view source) {
        track.role = role;
        track.roleConfidence = confidence;
        track.roleSource = source;
    };
    give(*findTrack(session, "audio-01"), "keys/organ", 0.55, role_source::kContent);
    give(*findTrack(session, "audio-02"), "synth/lead", 0.3, role_source::kContent);
    give(*findTrack(session, "audio-03"), "vocals/lead", 1.0, role_source::kUser);
    const Track kick = *findTrack(session, "kick");
    std::string edited = sessionToJson(session).dump();
    const std::string old = R"("role": "synth/lead")";  // not the "foundRole" beside it
    ASSERT_NE(edited.find(old), std::string::npos);
    edited.replace(edited.find(old), old.size(), R"("role": "strings/solo")");

    Session again = importSession({folder});
    applyRoles(again, text("session.json", edited));
    applyAnalysis(again, {sounding(), sounding(), sounding(), sounding()});
    const auto is = [&](const char* id, const std::string& role, double confidence, std::string_view source) {
        const Track& track = *findTrack(again, id);
        EXPECT_EQ(track.role, role) << id;
        EXPECT_DOUBLE_EQ(track.roleConfidence, confidence) << id;
        EXPECT_EQ(track.roleSource, source) << id;
    };
    is("audio-01", "keys/organ", 0.55, role_source::kContent);   // as it was written
    is("audio-02", "strings/solo", 1.0, role_source::kUser);     // changed
    is("audio-03", "vocals/lead", 1.0, role_source::kUser);      // said before
    is("kick", kick.role, kick.roleConfidence, kick.roleSource);
    EXPECT_EQ(sessionToJson(again).find("tracks")->asArray()[0].find("foundRole")->asString(), again.tracks[0].role);
}

TEST_F(Import, MistakesInRolesAreNamed) {
    wav("Kick.wav");
    Session session = importSession({folder});
    const auto mistake = [&](const std::string& content) -> std::string {
        try {
            applyRoles(session, text("roles.json", content));
        } catch (const InputError& error) {
            return error.what();
        }
        return "no error";
    };
    EXPECT_NE(mistake(R"({"Kick.wav": "drums/kik"})").find(R"(did you mean "drums/kick"?)"), std::string::npos);
    EXPECT_NE(mistake(R"({"Kick.wav": "kick"})").find(R"(did you mean "drums/kick"?)"), std::string::npos);
    EXPECT_NE(mistake(R"({"Kik.wav": "drums/kick"})").find(R"(did you mean "Kick.wav"?)"), std::string::npos);
    EXPECT_NE(mistake(R"({"Kick.wav": {"rolle": "drums/kick"}})").find("rolle"), std::string::npos);
    EXPECT_NE(mistake(R"({"Kick.wav": 3})").find("Kick.wav"), std::string::npos);
    EXPECT_NE(mistake(R"([1])"), "no error");
    EXPECT_NE(mistake("{"), "no error");
}

TEST_F(Import, GroupsWhatBelongsTogether) {
    for (const char* name : {"Kick In", "Kick Out", "Snare Top", "Snare Btm", "OH L", "OH R", "Bass DI", "Bass Amp", "Gtr 1 DI", "Gtr 1 Amp", "Gtr 2 Amp",
                             "Piano L", "Piano R", "Rhythm Gtr L", "Rhythm Gtr R", "Lead Vox", "Lead Vox Dbl", "Shaker"})
        wav(std::string(name) + ".wav");
    Session session = importSession({folder});
    applyAnalysis(session, std::vector<Analysis>(session.tracks.size(), sounding()));
    const auto mates = [&](const char* id) -> std::string {
        const Group* group = findGroup(session, findTrack(session, id)->group);
        if (!group) return "alone";
        std::string text = group->kind + ":";
        for (const std::string& member : group->trackIds) text += " " + member;
        return text;
    };
    EXPECT_EQ(mates("kick-in"), "kit: kick-in kick-out oh-l oh-r snare-btm snare-top");
    EXPECT_EQ(mates("bass-di"), "multi-mic: bass-amp bass-di");
    EXPECT_EQ(mates("gtr-1-di"), "multi-mic: gtr-1-amp gtr-1-di");
    EXPECT_EQ(mates("gtr-2-amp"), "alone");
    EXPECT_EQ(mates("piano-l"), "stereo-pair: piano-l piano-r");
    EXPECT_EQ(mates("rhythm-gtr-l"), "doubles: rhythm-gtr-l rhythm-gtr-r");
    EXPECT_EQ(mates("lead-vox"), "doubles: lead-vox lead-vox-dbl");
    EXPECT_EQ(mates("shaker"), "alone");
}

TEST_F(Import, DrumsWithoutARoomAreNoKit) {
    wav("Kick.wav");
    wav("Snare.wav");
    Session session = importSession({folder});
    applyAnalysis(session, {sounding(), sounding()});
    EXPECT_TRUE(session.groups.empty()) << "samples that never shared a room have no common delay or polarity";
}

TEST_F(Import, OfSeveralVocalsTheOneThatSingsMostLeads) {
    wav("Vox A.wav");
    wav("Vox B.wav");
    Session session = importSession({folder});
    Analysis little = sounding(), much = sounding();
    little.frames = much.frames = 48000 * 60;
    little.activity.activeShare = 0.2;
    much.activity.activeShare = 0.7;
    applyAnalysis(session, {little, much});
    EXPECT_EQ(session.tracks[0].role, "vocals/backing");
    EXPECT_EQ(session.tracks[1].role, "vocals/lead");
}

TEST_F(Import, MusicInOneFileBesideVoicesAloneIsABackingTrack) {
    const StreamSpec stereo{48000.0, 2};
    AudioBuffer music = sine(stereo, 48000 * 8, 60.0, -12.0);
    const AudioBuffer rest = noise(stereo, 48000 * 8, -20.0, 3);
    for (int channel = 0; channel < 2; ++channel)
        for (int n = 0; n < music.numFrames(); ++n) music.channel(channel)[n] += rest.channel(channel)[n];
    const auto facts = [](AudioBuffer& audio) {
        Analyzer analyzer({48000.0, 2}, {.timbre = true});
        std::vector<float*> pointers(2);
        analyzer.add(audio.block(pointers, 0, audio.numFrames()));
        return analyzer.result();
    };
    const auto roleAmong = [&](const std::vector<std::string>& others, const Analysis& unnamed) {
        fs::remove_all(folder);
        wav("Audio 1.wav", 8.0, 48000, 2);
        for (const std::string& other : others) wav(other);
        Session session = importSession({folder});
        session.tracks[0].channelUse = ChannelUse::both;
        session.tracks[0].info.channels = 2;
        std::vector<Analysis> analyses(session.tracks.size(), sounding());
        analyses[0] = unnamed;
        applyAnalysis(session, analyses);
        return session.tracks[0].role;
    };
    AudioBuffer high = noise(stereo, 48000 * 8, -20.0, 4);   // no bass in it
    EXPECT_EQ(roleAmong({"Vox.wav", "Vox 2.wav"}, facts(music)), "mix/submix");
    EXPECT_NE(roleAmong({"Vox.wav", "Bass.wav"}, facts(music)), "mix/submix");
    EXPECT_NE(roleAmong({"Vox.wav", "Audio 2.wav"}, facts(music)), "mix/submix");
    EXPECT_NE(roleAmong({"Vox.wav", "Vox 2.wav"}, facts(high)), "mix/submix");
}

TEST_F(Import, SilentTracksAreMarkedAndStandAlone) {
    wav("OH.wav");
    wav("Kick.wav");
    Session session = importSession({folder});
    applyAnalysis(session, {sounding(), Analysis{}});
    EXPECT_FALSE(session.tracks[0].silent && session.tracks[1].silent);
    EXPECT_TRUE(findTrack(session, "oh")->silent);
    EXPECT_TRUE(session.groups.empty());
}
