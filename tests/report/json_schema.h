#pragma once
#include <string>

#include "core/json.h"

namespace tonewright::test {

// What is wrong with `value` by `schema`, "" if nothing. Knows the part of JSON Schema 2020-12 that our schemas use and
// fails on any other keyword, so that nothing is skipped in silence.
std::string schemaErrors(const Json& schema, const Json& value);

}  // namespace tonewright::test
