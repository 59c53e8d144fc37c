#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tonewright {

// A JSON value. Objects keep the order in which keys were written, so that documents read as they were meant.
class Json {
public:
    using Array = std::vector<Json>;
    using Member = std::pair<std::string, Json>;
    using Object = std::vector<Member>;

    Json() = default;  // null
    Json(std::nullptr_t) {}
    Json(bool value) : value_(value) {}
    Json(int value) : value_(static_cast<std::int64_t>(value)) {}
    Json(std::int64_t value) : value_(value) {}
    Json(double value);  // NaN and infinities become null: JSON has no such numbers
    Json(const char* text) : value_(std::string(text)) {}
    Json(std::string_view text) : value_(std::string(text)) {}
    Json(std::string text) : value_(std::move(text)) {}
    Json(Array values) : value_(std::move(values)) {}
    static Json array() { return Json(Array{}); }
    static Json object() {
        Json json;
        json.value_ = Object{};
        return json;
    }
    static Json object(std::initializer_list<Member> members) {
        Json json;
        json.value_ = Object(members);
        return json;
    }

    bool isNull() const { return std::holds_alternative<std::monostate>(value_); }
    bool isBool() const { return std::holds_alternative<bool>(value_); }
    bool isInteger() const { return std::holds_alternative<std::int64_t>(value_); }
    bool isNumber() const { return isInteger() || std::holds_alternative<double>(value_); }
    bool isString() const { return std::holds_alternative<std::string>(value_); }
    bool isArray() const { return std::holds_alternative<Array>(value_); }
    bool isObject() const { return std::holds_alternative<Object>(value_); }
    const char* typeName() const;  // "a number", "an object", for messages

    // Precondition: the value has that type.
    bool asBool() const { return std::get<bool>(value_); }
    double asNumber() const;
    std::int64_t asInteger() const { return std::get<std::int64_t>(value_); }
    const std::string& asString() const { return std::get<std::string>(value_); }
    const Array& asArray() const { return std::get<Array>(value_); }
    Array& asArray() { return std::get<Array>(value_); }
    const Object& asObject() const { return std::get<Object>(value_); }
    Object& asObject() { return std::get<Object>(value_); }

    const Json* find(std::string_view key) const;  // null if not an object or no such key
    Json* find(std::string_view key);
    Json& set(std::string key, Json value);        // adds or replaces a member; returns *this
    Json& push(Json value);                        // appends to an array; returns *this

    // indent < 0: one line. Numbers are the shortest text that reads back to the same double.
    std::string dump(int indent = 2) const;

    // Throws InputError "SOURCE: line 3: ..." for malformed text, duplicate keys, or nesting beyond 200.
    static Json parse(std::string_view text, const std::string& source);

    bool operator==(const Json&) const = default;

private:
    std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

// A closed interval that a number must lie in.
struct Range {
    double min;
    double max;
};

// Reads one JSON object strictly. Every error is an InputError that names the source, the JSON path, the value and
// what is allowed: "plan.json: $.tracks[2].fader.params.gainDb is 300; allowed is -120 to 24".
class JsonReader {
public:
    JsonReader(const Json& json, std::string path, std::string source);

    const std::string& path() const { return path_; }
    const std::string& source() const { return source_; }
    bool has(std::string_view key) const { return json_->find(key) != nullptr; }

    // Without a default the key is required.
    double number(std::string_view key, Range range, std::optional<double> ifMissing = {});
    std::int64_t integer(std::string_view key, Range range, std::optional<std::int64_t> ifMissing = {});
    bool flag(std::string_view key, std::optional<bool> ifMissing = {});
    std::string text(std::string_view key, std::optional<std::string> ifMissing = {});
    std::size_t choice(std::string_view key, const std::vector<std::string>& names, std::optional<std::size_t> ifMissing = {});
    std::optional<double> optionalNumber(std::string_view key, Range range);  // missing or null: nullopt
    std::vector<std::string> texts(std::string_view key);                    // missing: empty

    JsonReader object(std::string_view key);                 // required
    std::optional<JsonReader> optionalObject(std::string_view key);
    std::vector<JsonReader> objects(std::string_view key);   // an array of objects; missing: empty
    const Json* raw(std::string_view key);                   // any value, counted as known; null if missing

    // Call last: a key that was never asked for is an error, with the nearest known key suggested.
    void finish() const;

    [[noreturn]] void fail(std::string_view key, const std::string& what) const;

private:
    const Json* take(std::string_view key);

    const Json* json_;
    std::string path_, source_;
    std::vector<std::string> known_;
};

}  // namespace tonewright
