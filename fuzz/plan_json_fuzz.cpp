// Any text as a plan: it is read, or refused with an InputError; what was read is written and read again unchanged.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/error.h"
#include "plan/plan_json.h"

using namespace tonewright;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const Plan plan = planFromJson(Json::parse({reinterpret_cast<const char*>(data), size}, "fuzz"), "fuzz");
        if (planFromJson(Json::parse(toJson(plan).dump(), "again"), "again") != plan) std::abort();
    } catch (const InputError&) {
    }
    return 0;
}
