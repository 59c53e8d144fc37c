#include "tests/report/json_schema.h"

#include <algorithm>

namespace tonewright::test {

namespace {

class Validator {
public:
    explicit Validator(const Json& root) : root_(root) {}

    std::string check(const Json& schema, const Json& value, const std::string& path) const {
        for (const auto& [keyword, rule] : schema.asObject()) {
            const std::string error = checkKeyword(keyword, rule, schema, value, path);
            if (!error.empty()) return error;
        }
        return "";
    }

private:
    static bool hasType(const Json& value, const std::string& type) {
        return (type == "null" && value.isNull()) || (type == "boolean" && value.isBool()) || (type == "integer" && value.isInteger()) ||
               (type == "number" && value.isNumber()) || (type == "string" && value.isString()) || (type == "array" && value.isArray()) ||
               (type == "object" && value.isObject());
    }

    std::string checkKeyword(const std::string& keyword, const Json& rule, const Json& schema, const Json& value, const std::string& path) const {
        if (keyword == "$schema" || keyword == "title" || keyword == "description" || keyword == "$defs") return "";
        if (keyword == "type") {
            const Json::Array types = rule.isArray() ? rule.asArray() : Json::Array{rule};
            const bool fits = std::any_of(types.begin(), types.end(), [&](const Json& type) { return hasType(value, type.asString()); });
            return fits ? "" : path + ": is " + value.typeName();
        }
        if (keyword == "const") return value == rule ? "" : path + ": is not " + rule.dump(-1);
        if (keyword == "enum") {
            const auto& names = rule.asArray();
            return std::find(names.begin(), names.end(), value) != names.end() ? "" : path + ": " + value.dump(-1) + " is none of " + rule.dump(-1);
        }
        if (keyword == "minimum") return !value.isNumber() || value.asNumber() >= rule.asNumber() ? "" : path + ": below the minimum";
        if (keyword == "maximum") return !value.isNumber() || value.asNumber() <= rule.asNumber() ? "" : path + ": above the maximum";
        if (keyword == "$ref") return check(*root_.find("$defs")->find(rule.asString().substr(std::string("#/$defs/").size())), value, path);
        if (keyword == "anyOf") {
            std::string errors;
            for (const Json& option : rule.asArray()) {
                const std::string error = check(option, value, path);
                if (error.empty()) return "";
                errors += error + "; ";
            }
            return errors;
        }
        if (keyword == "items") {
            if (!value.isArray()) return "";
            for (std::size_t i = 0; i < value.asArray().size(); ++i) {
                const std::string error = check(rule, value.asArray()[i], path + "[" + std::to_string(i) + "]");
                if (!error.empty()) return error;
            }
            return "";
        }
        if (keyword == "required") {
            if (!value.isObject()) return "";
            for (const Json& name : rule.asArray())
                if (!value.find(name.asString())) return path + ": " + name.asString() + " is missing";
            return "";
        }
        if (keyword == "properties") {
            if (!value.isObject()) return "";
            for (const auto& [name, inner] : rule.asObject())
                if (const Json* member = value.find(name)) {
                    const std::string error = check(inner, *member, path + "." + name);
                    if (!error.empty()) return error;
                }
            return "";
        }
        if (keyword == "additionalProperties") {
            if (!value.isObject() || rule != Json(false)) return rule == Json(false) ? "" : "the schema allows unknown keys at " + path;
            for (const auto& [name, member] : value.asObject())
                if (!schema.find("properties")->find(name)) return path + ": " + name + " is unknown";
            return "";
        }
        return "the validator does not know the keyword " + keyword;
    }

    const Json& root_;
};

}  // namespace

std::string schemaErrors(const Json& schema, const Json& value) { return Validator(schema).check(schema, value, "$"); }

}  // namespace tonewright::test
