#include "session/roles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/error.h"
#include "core/staged_file.h"
#include "session/role_words.h"

using namespace tonewright;

TEST(Roles, AreUniqueAndBelongToTheirFamily) {
    std::set<std::string_view> ids;
    for (const Role& role : roles()) {
        EXPECT_TRUE(ids.insert(role.id).second) << role.id;
        EXPECT_TRUE(role.id == kUnknownRole || role.id.starts_with(std::string(role.family) + "/")) << role.id;
        EXPECT_FALSE(role.name.empty());
    }
    EXPECT_EQ(roles().back().id, kUnknownRole);
    EXPECT_EQ(roleFamily("drums/kick"), "drums");
    EXPECT_EQ(roleFamily("drums/cake"), kUnknownRole);
    EXPECT_EQ(roleName("drums/hihat"), "hi-hat");
}

TEST(Roles, AllStandInTheDocumentation) {
    const std::string page = readTextFile(std::string(TONEWRIGHT_SOURCE_DIR) + "/docs/roles.md");
    for (const Role& role : roles()) EXPECT_NE(page.find("| `" + std::string(role.id) + "` |"), std::string::npos) << role.id;
}

TEST(Roles, MistakesNameTheNearest) {
    EXPECT_EQ(checkedRole("drums/kick", "here"), "drums/kick");
    try {
        checkedRole("vocal/lead", "$.x");
        FAIL();
    } catch (const InputError& error) {
        EXPECT_STREQ(error.what(), "$.x is \"vocal/lead\", which is not a role; did you mean \"vocals/lead\"?");
    }
}

TEST(RoleWords, DoNotContradictEachOther) {
    EXPECT_NO_THROW(RoleWords::get());
    EXPECT_THROW(RoleWords(R"({"roles": {"drums/kick": {"clear": ["a"]}, "drums/snare": {"weak": ["a"]}}, "modifiers": {}, "microphones": {}, "sides": {}})"), InputError);
    EXPECT_THROW(RoleWords(R"({"roles": {"drums/cake": {"clear": ["a"]}}, "modifiers": {}, "microphones": {}, "sides": {}})"), InputError);
}

TEST(RoleWords, FindPluralsCompoundsAndSlips) {
    const RoleWords& words = RoleWords::get();
    EXPECT_EQ(words.find("shakers")->role, "drums/percussion");
    EXPECT_EQ(words.pieces("ohl"), (std::vector<std::string>{"oh", "l"}));
    EXPECT_EQ(words.pieces("kickin"), (std::vector<std::string>{"kick", "in"}));
    EXPECT_TRUE(words.pieces("strider").empty());
    EXPECT_TRUE(words.pieces("basement").empty());
    ASSERT_NE(words.misspelt("hihhat"), nullptr);
    EXPECT_EQ(words.misspelt("hihhat")->role, "drums/hihat");
    EXPECT_EQ(words.misspelt("spring"), nullptr) << "not a slip of \"string\"";
}
