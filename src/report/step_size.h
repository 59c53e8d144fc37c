#pragma once
#include "plan/step.h"
#include "report/plan_comparison.h"

// How much of a step is heard, roughly, in decibels: to put changes in an order, not to measure them.
namespace tonewright {

Aspect aspectOf(const Step& step);

// Of the step against none. 0: it does nothing.
double stepSizeDb(const Step& step);

// Of the one against the other. Curves are compared frequency by frequency.
double stepDistanceDb(const Step& before, const Step& after);

}  // namespace tonewright
