#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "session/name_parser.h"

using namespace tonewright;

namespace {

std::vector<std::string> rolesOf(const std::vector<std::string>& names) {
    std::vector<NameToRead> toRead;
    for (const std::string& name : names) toRead.push_back({name, ""});
    std::vector<std::string> roles;
    for (const NameReading& reading : readNames(toRead)) roles.push_back(reading.role);
    return roles;
}

using Roles = std::vector<std::string>;

}  // namespace

TEST(NameCompany, ABeatBesideVoicesAloneIsTheWholeMusic) {
    EXPECT_EQ(rolesOf({"Beat 140bpm (prod by X)", "Vox", "Adlibs"}), Roles({"mix/submix", "vocals/lead", "vocals/backing"}));
    EXPECT_EQ(rolesOf({"Beat", "Vox", "Bass"}), Roles({"drums/kit", "vocals/lead", "bass/electric"}));
    EXPECT_EQ(rolesOf({"Beat"}), Roles({"drums/kit"}));
}

TEST(NameCompany, WordsOfHomeVocalsAreVoicesBesideABeat) {
    EXPECT_EQ(rolesOf({"Beat", "LEAD", "Dbl L", "Dbl R", "Hook"}), Roles({"mix/submix", "vocals/lead", "vocals/backing", "vocals/backing", "vocals/lead"}));
    const std::vector<NameReading> readings = readNames({{"Beat", ""}, {"LEAD", ""}, {"Dbl L", ""}, {"Hook", ""}});
    EXPECT_GT(readings[1].confidence, 0.85);
    EXPECT_TRUE(readings[2].isDouble);
    EXPECT_EQ(readings[2].side, "L");
    EXPECT_LT(readings[3].confidence, 0.8);  // who leads in it is heard
}

TEST(NameCompany, ALeadIsWhatMostOthersAre) {
    EXPECT_EQ(rolesOf({"Lead", "Kick", "Bass DI", "Rhythm L", "Rhythm R", "Vox"})[0], "guitar/electric");
    EXPECT_EQ(rolesOf({"Lead", "Adlibs", "Harmony vox"})[0], "vocals/lead");
    EXPECT_EQ(rolesOf({"Lead", "Kick", "Supersaw", "Pad", "Lead Vox"})[0], "synth/lead");
}

TEST(NameCompany, PartsOfAChoirAndOfABigBandAreCalledAlike) {
    EXPECT_EQ(rolesOf({"Soprano", "Alto", "Tenor", "Bass"}), Roles({"vocals/choir", "vocals/choir", "vocals/choir", "vocals/choir"}));
    EXPECT_EQ(rolesOf({"Alto 1", "Tenor 1", "Trumpet 1", "Trombone 1", "Bass"}), Roles({"winds/sax", "winds/sax", "brass/solo", "brass/solo", "bass/electric"}));
    EXPECT_EQ(rolesOf({"Tenor", "Piano", "Bass", "Drums"})[0], "winds/sax");
}

TEST(NameCompany, PartsAndStacksAreSungWhereAnyoneSings) {
    EXPECT_EQ(rolesOf({"Kick", "Pad", "Lead Vox", "LD VERSE", "BRIDGE STACK L"}), Roles({"drums/kick", "pad/synth", "vocals/lead", "vocals/lead", "vocals/backing"}));
    EXPECT_EQ(rolesOf({"Instrumental", "Dre V1", "Mook V2", "Dre Ads"}), Roles({"mix/submix", "vocals/lead", "vocals/lead", "vocals/backing"}));
}

TEST(NameCompany, ARoomWithoutDrumsIsNoDrumRoom) {
    EXPECT_EQ(rolesOf({"Room", "Violin 1", "Violin 2", "Cello"})[0], "unknown");
    EXPECT_EQ(rolesOf({"Room", "Kick", "Snare", "Vox"})[0], "drums/room");
}

TEST(NameCompany, WhatTheOthersDoNotTellEitherStaysOpen) {
    for (const NameReading& reading : readNames({{"Lead", ""}, {"Dbl", ""}, {"Kick", ""}, {"Snare", ""}}))
        EXPECT_TRUE(reading.confidence <= 0.6 || reading.role.starts_with("drums/")) << reading.role;
    EXPECT_EQ(rolesOf({"Hook", "Guitar", "Bass", "Vox"})[0], "vocals/lead");   // by the word alone, weakly
    EXPECT_EQ(rolesOf({"High", "Guitar", "Bass", "Vox"})[0], "unknown");
}

TEST(NameCompany, NamesThatSayItThemselvesStay) {
    EXPECT_EQ(rolesOf({"Lead Gtr", "Vox 1", "Vox 2", "Vox 3"})[0], "guitar/electric");
    EXPECT_EQ(rolesOf({"Double Bass", "Vox 1", "Vox 2"})[0], "bass/acoustic");
}
