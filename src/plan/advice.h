#pragma once
#include <string>
#include <vector>

#include "analysis/facts.h"
#include "core/fields.h"
#include "plan/reason.h"

namespace tonewright {

// What no mix can mend and the musician can: measured, with what to do about it.
struct Advice {
    std::string code;                   // "advice.clipped": a stable word for programs
    Severity severity = Severity::info; // info: a thought; warning: it is heard; error: it spoils the song
    std::vector<std::string> tracks;    // ids
    std::string text;                   // what is the matter, with its numbers
    std::string remedy;                   // what to do
    std::vector<Evidence> evidence;

    bool operator==(const Advice&) const = default;
};
inline constexpr Names<3> kSeverityWords = {"info", "warning", "error"};

}  // namespace tonewright
