#pragma once
#include <string>
#include <vector>

namespace tonewright {

// One measured fact that a decision rests on, as shown to the user.
struct Evidence {
    std::string measure;     // "integratedLufs": a name from the analysis
    double value = 0.0;
    std::string unit;        // "LUFS"
    std::string comparison;  // "target -14.0": what it was held against

    bool operator==(const Evidence&) const = default;
};

// Why a step is in the plan. `rule` names a page of docs/rules/.
struct Reason {
    std::string rule;        // "mix.balance"
    std::string text;        // one sentence in plain words
    std::vector<Evidence> evidence;
    double confidence = 1.0; // 0 ... 1

    bool operator==(const Reason&) const = default;
};

// Who decided. User steps survive a new planning untouched, as do locked ones.
enum class Origin { automatic, user };

}  // namespace tonewright
