#pragma once
#include <string>
#include <utility>

#include "core/text.h"
#include "plan/step.h"

// Small helpers that every rule uses.
namespace tonewright {

inline Step makeStep(std::string id, StepParams params, Reason reason) {
    Step step;
    step.id = std::move(id);
    step.params = std::move(params);
    step.because.push_back(std::move(reason));
    return step;
}

// Decisions in human precision (facts: quantised decisions are short, comparable, and the same on every machine).
inline double roundDb(double db) { return roundTo(db, 0.1); }
inline double roundMs(double ms) { return ms < 10.0 ? roundTo(ms, 0.1) : roundTo(ms, 1.0); }

inline Evidence evidence(std::string measure, double value, std::string unit, std::string comparison = {}) {
    return {std::move(measure), roundTo(value, 0.01), std::move(unit), std::move(comparison)};
}

}  // namespace tonewright
