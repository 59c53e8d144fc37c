#include "core/json.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/error.h"
#include "core/fields.h"

using namespace tonewright;

namespace {

std::string messageOf(auto&& action) {
    try {
        action();
    } catch (const InputError& error) {
        return error.what();
    }
    return "no error";
}

enum class Shape { bell, shelf };
constexpr Names<2> kShapeNames = {"bell", "shelf"};

struct Band {
    double hz = 1000.0;
    Shape shape = Shape::bell;
    bool operator==(const Band&) const = default;
    template <class Self, class Visitor>
    static void fields(Self& b, Visitor& v) {
        v.number("hz", b.hz, {10.0, 24000.0}, "centre");
        v.choice("shape", b.shape, kShapeNames, "kind");
    }
};

struct Params {
    double gainDb = 1.5;
    int order = 2;
    bool linked = true;
    std::vector<Band> bands;
    bool operator==(const Params&) const = default;
    template <class Self, class Visitor>
    static void fields(Self& p, Visitor& v) {
        v.number("gainDb", p.gainDb, {-24.0, 24.0}, "gain");
        v.integer("order", p.order, {1, 8}, "order");
        v.flag("linked", p.linked, "linked");
        v.list("bands", p.bands, {0, 2}, "bands");
    }
};

Params read(const std::string& text) {
    const Json json = Json::parse(text, "plan.json");
    return fieldsFromJson<Params>(JsonReader(json, "$.params", "plan.json"));
}

}  // namespace

TEST(Json, KeepsKeyOrderAndShortestNumbersThroughARoundTrip) {
    const std::string text = R"({"z":0.1,"a":[1,-2.5,true,null,"ü\n"],"m":{}})";
    EXPECT_EQ(Json::parse(text, "x").dump(-1), text);
}

TEST(Json, NumbersThatJsonLacksBecomeNull) {
    EXPECT_TRUE(Json(std::numeric_limits<double>::quiet_NaN()).isNull());
    EXPECT_TRUE(Json(-std::numeric_limits<double>::infinity()).isNull());
}

TEST(Json, MalformedTextNamesSourceAndLine) {
    EXPECT_NE(messageOf([] { Json::parse("{\n\"a\": 1,\n}", "p.json"); }).find("p.json: line 3"), std::string::npos);
    EXPECT_NE(messageOf([] { Json::parse(R"({"a":1,"a":2})", "p.json"); }).find("twice"), std::string::npos);
    EXPECT_NE(messageOf([] { Json::parse(std::string(100000, '['), "p.json"); }).find("nested"), std::string::npos);
}

TEST(Fields, RoundTripThroughJson) {
    const Params params{.gainDb = -3.25, .order = 4, .linked = false, .bands = {{.hz = 80.0, .shape = Shape::shelf}}};
    EXPECT_EQ(read(fieldsToJson(params).dump()), params);
    EXPECT_EQ(read("{}"), Params{});
}

TEST(Fields, ErrorsNameThePathTheValueAndTheRange) {
    const std::string range = messageOf([] { read(R"({"gainDb": 300})"); });
    EXPECT_NE(range.find("plan.json: $.params.gainDb is 300; allowed is -24.0 to 24.0"), std::string::npos) << range;
    const std::string unknown = messageOf([] { read(R"({"gaindB": 3})"); });
    EXPECT_NE(unknown.find("did you mean \"gainDb\""), std::string::npos) << unknown;
    const std::string type = messageOf([] { read(R"({"order": "two"})"); });
    EXPECT_NE(type.find("$.params.order is \"two\""), std::string::npos) << type;
    const std::string whole = messageOf([] { read(R"({"order": 2.5})"); });
    EXPECT_NE(whole.find("whole number"), std::string::npos) << whole;
    const std::string deep = messageOf([] { read(R"({"bands": [{}, {"shape": "shelv"}]})"); });
    EXPECT_NE(deep.find("$.params.bands[1].shape is \"shelv\"; allowed is one of: bell, shelf (did you mean \"shelf\"?)"), std::string::npos) << deep;
    const std::string many = messageOf([] { read(R"({"bands": [{}, {}, {}]})"); });
    EXPECT_NE(many.find("has 3 entries"), std::string::npos) << many;
}

TEST(Fields, ValidationSpeaksTheSameLanguage) {
    EXPECT_THROW(validated(Params{.gainDb = std::numeric_limits<double>::quiet_NaN()}, "x"), std::invalid_argument);
    EXPECT_THROW(validated(Params{.bands = {{.hz = 1.0}}}, "x"), std::invalid_argument);
    EXPECT_NO_THROW(validated(Params{}, "x"));
}
