#pragma once
#include <filesystem>
#include <string>

#include "core/json.h"
#include "plan/plan.h"

namespace tonewright {

Json toJson(const Plan& plan);
Json toJson(const Step& step);
Json toJson(const Reason& reason);
Json toJson(const std::vector<Evidence>& evidence);
Json toJson(const Advice& advice);

// Strict: unknown keys, wrong types and values out of range throw InputError with the JSON path, the value and what is
// allowed; so do references to tracks or buses that do not exist, duplicate ids and plans of another version.
Plan planFromJson(const Json& json, const std::string& source);

Plan readPlan(const std::filesystem::path& file);

// JSON Schema (draft 2020-12) of the plan.
Json planSchema();

}  // namespace tonewright
