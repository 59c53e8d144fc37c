#pragma once
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/json.h"
#include "core/text.h"

// One description of a parameter struct serves validation, JSON, the schema and the documentation.
//
//   struct Params {
//       double thresholdDb = -20.0;
//       Mode mode = Mode::peak;
//       std::vector<Band> bands;
//       bool operator==(const Params&) const = default;
//
//       template <class Self, class Visitor>
//       static void fields(Self& p, Visitor& v) {
//           v.number("thresholdDb", p.thresholdDb, {-80.0, 0.0}, "level above which it works");
//           v.choice("mode", p.mode, kModeNames, "how the level is measured");   // names in the enum's order
//           v.flag("linked", p.linked, "one gain for all channels");
//           v.integer("order", p.order, {1, 8}, "...");
//           v.list("bands", p.bands, {0, 24}, "...");                             // structs described the same way
//       }
//   };
//
// The field's name is the JSON key; its unit is the name's suffix (Db, Hz, Ms, Frames ...).
namespace tonewright {

// A list of names for an enum whose values count from 0.
template <std::size_t N>
using Names = std::array<std::string_view, N>;

namespace fields_detail {

class Validator {
public:
    explicit Validator(std::string who) : who_(std::move(who)) {}

    void number(std::string_view name, const double& value, Range range, std::string_view) {
        if (!(value >= range.min && value <= range.max))
            throw std::invalid_argument(who_ + ": " + std::string(name) + " is " + Json(value).dump(-1) + "; allowed is " +
                                        Json(range.min).dump(-1) + " to " + Json(range.max).dump(-1));
    }
    void integer(std::string_view name, const int& value, Range range, std::string_view text) { number(name, value, range, text); }
    void flag(std::string_view, const bool&, std::string_view) {}
    template <class Enum, std::size_t N>
    void choice(std::string_view name, const Enum& value, const Names<N>&, std::string_view) {
        if (static_cast<std::size_t>(value) >= N) throw std::invalid_argument(who_ + ": " + std::string(name) + " has no such choice");
    }
    template <class T>
    void list(std::string_view name, const std::vector<T>& values, Range size, std::string_view) {
        const double count = static_cast<double>(values.size());
        if (count < size.min || count > size.max)
            throw std::invalid_argument(who_ + ": " + std::string(name) + " has " + std::to_string(values.size()) + " entries; allowed is " +
                                        fixed(size.min, 0) + " to " + fixed(size.max, 0));
        for (std::size_t i = 0; i < values.size(); ++i) {
            Validator inner(who_ + ": " + std::string(name) + "[" + std::to_string(i) + "]");
            T::fields(values[i], inner);
        }
    }

private:
    std::string who_;
};

class Writer {
public:
    Json result = Json::object();

    void number(std::string_view name, const double& value, Range, std::string_view) { result.set(std::string(name), value); }
    void integer(std::string_view name, const int& value, Range, std::string_view) { result.set(std::string(name), value); }
    void flag(std::string_view name, const bool& value, std::string_view) { result.set(std::string(name), value); }
    template <class Enum, std::size_t N>
    void choice(std::string_view name, const Enum& value, const Names<N>& names, std::string_view) {
        result.set(std::string(name), names[static_cast<std::size_t>(value)]);
    }
    template <class T>
    void list(std::string_view name, const std::vector<T>& values, Range, std::string_view) {
        Json array = Json::array();
        for (const T& value : values) {
            Writer inner;
            T::fields(value, inner);
            array.push(std::move(inner.result));
        }
        result.set(std::string(name), std::move(array));
    }
};

class Reader {
public:
    explicit Reader(JsonReader& json) : json_(json) {}

    void number(std::string_view name, double& value, Range range, std::string_view) { value = json_.number(name, range, value); }
    void integer(std::string_view name, int& value, Range range, std::string_view) {
        value = static_cast<int>(json_.integer(name, range, value));
    }
    void flag(std::string_view name, bool& value, std::string_view) { value = json_.flag(name, value); }
    template <class Enum, std::size_t N>
    void choice(std::string_view name, Enum& value, const Names<N>& names, std::string_view) {
        const std::vector<std::string> list(names.begin(), names.end());
        value = static_cast<Enum>(json_.choice(name, list, static_cast<std::size_t>(value)));
    }
    template <class T>
    void list(std::string_view name, std::vector<T>& values, Range size, std::string_view) {
        if (!json_.has(name)) return;
        values.clear();
        for (JsonReader& item : json_.objects(name)) {
            T value;
            Reader inner(item);
            T::fields(value, inner);
            item.finish();
            values.push_back(std::move(value));
        }
        const double count = static_cast<double>(values.size());
        if (count < size.min || count > size.max)
            json_.fail(name, "has " + std::to_string(values.size()) + " entries; allowed is " + fixed(size.min, 0) + " to " + fixed(size.max, 0));
    }

private:
    JsonReader& json_;
};

// JSON Schema (draft 2020-12) of the fields.
class SchemaWriter {
public:
    Json properties = Json::object();

    void number(std::string_view name, const double& value, Range range, std::string_view text) {
        add(name, text, "number").set("minimum", range.min).set("maximum", range.max).set("default", value);
    }
    void integer(std::string_view name, const int& value, Range range, std::string_view text) {
        add(name, text, "integer").set("minimum", range.min).set("maximum", range.max).set("default", value);
    }
    void flag(std::string_view name, const bool& value, std::string_view text) { add(name, text, "boolean").set("default", value); }
    template <class Enum, std::size_t N>
    void choice(std::string_view name, const Enum& value, const Names<N>& names, std::string_view text) {
        Json list = Json::array();
        for (std::string_view word : names) list.push(word);
        add(name, text, "string").set("enum", std::move(list)).set("default", names[static_cast<std::size_t>(value)]);
    }
    template <class T>
    void list(std::string_view name, const std::vector<T>&, Range size, std::string_view text) {
        SchemaWriter inner;
        const T value;
        T::fields(value, inner);
        add(name, text, "array")
            .set("items", Json::object({{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(inner.properties)}}))
            .set("minItems", static_cast<int>(size.min))
            .set("maxItems", static_cast<int>(size.max));
    }

private:
    Json& add(std::string_view name, std::string_view text, const char* type) {
        properties.set(std::string(name), Json::object({{"type", type}, {"description", text}}));
        return *properties.find(name);
    }
};

}  // namespace fields_detail

// Throws std::invalid_argument naming `who`, the field, its value and the allowed range.
template <class Params>
const Params& validated(const Params& params, std::string_view who) {
    fields_detail::Validator validator{std::string(who)};
    Params::fields(params, validator);
    return params;
}

template <class Params>
Json fieldsToJson(const Params& params) {
    fields_detail::Writer writer;
    Params::fields(params, writer);
    return std::move(writer.result);
}

// Missing keys keep their defaults; unknown keys, wrong types and values out of range throw InputError with the path.
template <class Params>
Params fieldsFromJson(JsonReader json) {
    Params params;
    fields_detail::Reader reader(json);
    Params::fields(params, reader);
    json.finish();
    return params;
}

// {"type": "object", "additionalProperties": false, "properties": {...}}
template <class Params>
Json fieldsSchema() {
    fields_detail::SchemaWriter writer;
    const Params params;
    Params::fields(params, writer);
    return Json::object({{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(writer.properties)}});
}

}  // namespace tonewright
