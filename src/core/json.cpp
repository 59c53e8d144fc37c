#include "core/json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"

namespace tonewright {

namespace {

constexpr int kDeepest = 200;

// Builds our value from the parser's events, so that order, duplicates and depth are ours to judge.
class Builder : public nlohmann::json_sax<nlohmann::json> {
public:
    explicit Builder(std::string_view text) : text_(text) {}

    bool null() override { return put(Json()); }
    bool boolean(bool value) override { return put(Json(value)); }
    bool number_integer(number_integer_t value) override { return put(Json(static_cast<std::int64_t>(value))); }
    bool number_unsigned(number_unsigned_t value) override {
        if (value <= static_cast<number_unsigned_t>(INT64_MAX)) return put(Json(static_cast<std::int64_t>(value)));
        return put(Json(static_cast<double>(value)));
    }
    bool number_float(number_float_t value, const string_t&) override { return put(Json(value)); }
    bool string(string_t& value) override { return put(Json(std::move(value))); }
    bool binary(binary_t&) override { return stop("binary data"); }
    bool start_object(std::size_t) override { return open(Json::object()); }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        if (stack_.back().find(name)) return stop("the key \"" + name + "\" stands there twice");
        keys_.back() = std::move(name);
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& problem) override {
        const auto before = text_.substr(0, std::min(position, text_.size()));
        line = 1 + std::count(before.begin(), before.end(), '\n');
        error = problem.what();
        if (const auto start = error.find("] "); start != std::string::npos) error = error.substr(start + 2);
        return false;
    }

    Json result;
    std::string error;
    std::ptrdiff_t line = 0;

private:
    bool stop(std::string why) {
        error = std::move(why);
        return false;
    }
    bool open(Json container) {
        if (stack_.size() >= kDeepest) return stop("it is nested more than " + std::to_string(kDeepest) + " deep");
        stack_.push_back(std::move(container));
        keys_.emplace_back();
        return true;
    }
    bool close() {
        Json done = std::move(stack_.back());
        stack_.pop_back();
        keys_.pop_back();
        return put(std::move(done));
    }
    bool put(Json value) {
        if (stack_.empty()) {
            result = std::move(value);
        } else if (stack_.back().isArray()) {
            stack_.back().push(std::move(value));
        } else {
            stack_.back().asObject().emplace_back(std::move(keys_.back()), std::move(value));
        }
        return true;
    }

    std::string_view text_;
    std::vector<Json> stack_;
    std::vector<std::string> keys_;
};

nlohmann::ordered_json toLibrary(const Json& json) {
    if (json.isBool()) return json.asBool();
    if (json.isInteger()) return json.asInteger();
    if (json.isNumber()) return json.asNumber();
    if (json.isString()) return json.asString();
    if (json.isArray()) {
        auto result = nlohmann::ordered_json::array();
        for (const Json& value : json.asArray()) result.push_back(toLibrary(value));
        return result;
    }
    if (json.isObject()) {
        auto result = nlohmann::ordered_json::object();
        for (const auto& [key, value] : json.asObject()) result[key] = toLibrary(value);
        return result;
    }
    return nullptr;
}

std::string shown(const Json& json) {
    std::string text = json.dump(-1);
    if (text.size() > 60) text = text.substr(0, 57) + "...";
    return text;
}

std::string plainNumber(double value) { return Json(value).dump(-1); }

}  // namespace

Json::Json(double value) {
    if (std::isfinite(value)) value_ = value;
}

const char* Json::typeName() const {
    if (isNull()) return "null";
    if (isBool()) return "true or false";
    if (isNumber()) return "a number";
    if (isString()) return "a text";
    if (isArray()) return "a list";
    return "an object";
}

double Json::asNumber() const { return isInteger() ? static_cast<double>(asInteger()) : std::get<double>(value_); }

const Json* Json::find(std::string_view key) const {
    if (!isObject()) return nullptr;
    for (const auto& [name, value] : asObject())
        if (name == key) return &value;
    return nullptr;
}

Json* Json::find(std::string_view key) { return const_cast<Json*>(std::as_const(*this).find(key)); }

Json& Json::set(std::string key, Json value) {
    if (Json* existing = find(key))
        *existing = std::move(value);
    else
        asObject().emplace_back(std::move(key), std::move(value));
    return *this;
}

Json& Json::push(Json value) {
    asArray().push_back(std::move(value));
    return *this;
}

std::string Json::dump(int indent) const {
    return toLibrary(*this).dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Json Json::parse(std::string_view text, const std::string& source) {
    Builder builder(text);
    if (!nlohmann::json::sax_parse(text, &builder)) {
        const std::string where = builder.line > 0 ? "line " + std::to_string(builder.line) + ": " : "";
        throw InputError(source + ": " + where + "not valid JSON: " + builder.error);
    }
    return std::move(builder.result);
}

JsonReader::JsonReader(const Json& json, std::string path, std::string source)
    : json_(&json), path_(std::move(path)), source_(std::move(source)) {
    if (!json.isObject()) throw InputError(source_ + ": " + path_ + " must be an object, not " + json.typeName());
}

void JsonReader::fail(std::string_view key, const std::string& what) const {
    throw InputError(source_ + ": " + path_ + "." + std::string(key) + " " + what);
}

const Json* JsonReader::take(std::string_view key) {
    known_.emplace_back(key);
    return json_->find(key);
}

const Json* JsonReader::raw(std::string_view key) { return take(key); }

double JsonReader::number(std::string_view key, Range range, std::optional<double> ifMissing) {
    const Json* value = take(key);
    if (!value) {
        if (ifMissing) return *ifMissing;
        fail(key, "is missing; it must be a number from " + plainNumber(range.min) + " to " + plainNumber(range.max));
    }
    if (!value->isNumber())
        fail(key, "is " + shown(*value) + "; it must be a number from " + plainNumber(range.min) + " to " + plainNumber(range.max));
    const double number = value->asNumber();
    if (!(number >= range.min && number <= range.max))
        fail(key, "is " + shown(*value) + "; allowed is " + plainNumber(range.min) + " to " + plainNumber(range.max));
    return number;
}

std::int64_t JsonReader::integer(std::string_view key, Range range, std::optional<std::int64_t> ifMissing) {
    if (!has(key) && ifMissing) {
        take(key);
        return *ifMissing;
    }
    const double value = number(key, range);
    if (value != std::floor(value)) fail(key, "is " + plainNumber(value) + "; it must be a whole number");
    return static_cast<std::int64_t>(value);
}

bool JsonReader::flag(std::string_view key, std::optional<bool> ifMissing) {
    const Json* value = take(key);
    if (!value) {
        if (ifMissing) return *ifMissing;
        fail(key, "is missing; it must be true or false");
    }
    if (!value->isBool()) fail(key, "is " + shown(*value) + "; it must be true or false");
    return value->asBool();
}

std::string JsonReader::text(std::string_view key, std::optional<std::string> ifMissing) {
    const Json* value = take(key);
    if (!value) {
        if (ifMissing) return *ifMissing;
        fail(key, "is missing; it must be a text");
    }
    if (!value->isString()) fail(key, "is " + shown(*value) + "; it must be a text");
    return value->asString();
}

std::size_t JsonReader::choice(std::string_view key, const std::vector<std::string>& names, std::optional<std::size_t> ifMissing) {
    if (!has(key) && ifMissing) {
        take(key);
        return *ifMissing;
    }
    const std::string word = text(key);
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == word) return i;
    const auto close = nearest(word, names);
    fail(key, "is \"" + word + "\"; allowed is one of: " + join(names, ", ") + (close ? " (did you mean \"" + *close + "\"?)" : ""));
}

std::optional<double> JsonReader::optionalNumber(std::string_view key, Range range) {
    const Json* value = json_->find(key);
    if (!value || value->isNull()) {
        take(key);
        return std::nullopt;
    }
    return number(key, range);
}

std::vector<std::string> JsonReader::texts(std::string_view key) {
    const Json* value = take(key);
    std::vector<std::string> result;
    if (!value) return result;
    if (!value->isArray()) fail(key, "is " + shown(*value) + "; it must be a list of texts");
    for (const Json& item : value->asArray()) {
        if (!item.isString()) fail(key, "holds " + shown(item) + "; every item must be a text");
        result.push_back(item.asString());
    }
    return result;
}

JsonReader JsonReader::object(std::string_view key) {
    const Json* value = take(key);
    if (!value) fail(key, "is missing; it must be an object");
    return JsonReader(*value, path_ + "." + std::string(key), source_);
}

std::optional<JsonReader> JsonReader::optionalObject(std::string_view key) {
    const Json* value = take(key);
    if (!value || value->isNull()) return std::nullopt;
    return JsonReader(*value, path_ + "." + std::string(key), source_);
}

std::vector<JsonReader> JsonReader::objects(std::string_view key) {
    const Json* value = take(key);
    std::vector<JsonReader> result;
    if (!value) return result;
    if (!value->isArray()) fail(key, "is " + shown(*value) + "; it must be a list");
    for (std::size_t i = 0; i < value->asArray().size(); ++i)
        result.emplace_back(value->asArray()[i], path_ + "." + std::string(key) + "[" + std::to_string(i) + "]", source_);
    return result;
}

void JsonReader::finish() const {
    for (const auto& [key, value] : json_->asObject()) {
        if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
        const auto close = nearest(key, known_);
        throw InputError(source_ + ": " + path_ + "." + key + " is " + shown(value) + ", a key that is not known here" +
                         (close ? "; did you mean \"" + *close + "\"?" : "; known are: " + join(known_, ", ")));
    }
}

}  // namespace tonewright
