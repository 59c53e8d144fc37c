#pragma once
#include <string>

#include "report/report.h"

// The parts of the page, in the order in which they stand. Each is empty where it has nothing to say.
namespace tonewright {

std::string pageStyle();                              // CSS
std::string headlineHtml(const Report& report);       // what happened, in one sentence and four numbers
std::string picturesHtml(const Report& report);       // waveform, loudness, spectrum, width
std::string revisionHtml(const Report& report);       // what changed against the plan that it began from
std::string outputsHtml(const Report& report);        // the files and what they measure
std::string tracksHtml(const Report& report);         // the table of tracks and where they stand
std::string decisionsHtml(const Report& report);      // every decision with its reason: tracks, buses, mix
std::string masterChainHtml(const Report& report);    // the same for the master
std::string adviceHtml(const Report& report);         // what the recordings and the arrangement would need
std::string faultsHtml(const Report& report);         // what is wrong with the recordings, worst first
std::string codecsHtml(const Report& report);         // what lossy codecs make of the master
std::string platformsHtml(const Report& report);      // what players will do to the master
std::string warningsHtml(const Report& report);
std::string howToChangeHtml(const Report& report);

// <section id="..."><h2>...</h2>...</section>; "" for no content.
std::string sectionHtml(const std::string& id, const std::string& heading, const std::string& content);

// The id of a track's or bus's place in the page: "on-3". Ids of tracks may hold anything, so they are counted.
std::string anchorOf(const Plan& plan, const std::string& target);

// The colour class of a role's family: "family-drums".
std::string familyClass(const std::string& role);

}  // namespace tonewright
