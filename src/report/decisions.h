#pragma once
#include <string>
#include <vector>

#include "plan/plan.h"
#include "report/report.h"

namespace tonewright {

// A step that does something or that somebody wanted, with the place where it stands. Points into the plan.
struct Decision {
    std::string target;        // "tracks/bass", "buses/drums", "mix", "master"
    const Step* step = nullptr;
};

// The plan's decisions in signal order. Left out is only what nobody decided: gains of 0 dB and pans in the centre that
// have no reason, no note and no lock.
std::vector<Decision> decisionsOf(const Plan& plan);

// The first reason; a step without one has the user's word, or says that none was recorded.
Reason mainReason(const Step& step);

// All reasons, never empty.
std::vector<Reason> reasonsOf(const Step& step);

// A track's or bus's name for people: "Bass" of "tracks/bass".
std::string targetName(const Plan& plan, const std::string& target);

// The settings in words, led by what kind of processing it is where they alone do not say: "gate: below -45.0 dB ...".
// Says nothing of a bypass, which readers are shown by a mark. `step` must be the plan's own, not a copy.
std::string describeFully(const Plan& plan, const std::string& target, const Step& step);

// The decisions that change most of what is heard, largest first. The measure is an order of importance, not a physical
// quantity: decibels changed, with diagnoses (a microphone turned over, a track left out) before matters of degree, what is
// turned over only for what it shares with others by what that brings, and
// faders counted by how far they stand from the session's median fader, since recording levels say nothing. Bypassed
// steps do nothing and are left out; at most two of one kind of processing are named, so that the list is about the
// music and not about twelve faders.
std::vector<Decision> biggestDecisions(const Report& report, std::size_t count);

// What the plan's enabled alignment steps do to a track altogether. What mix.polarity turns over was no fault, and is not counted.
Alignment::Params alignmentOf(const TrackPlan& track);

}  // namespace tonewright
