#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/balance_meter.h"
#include "analysis/facts.h"
#include "core/json.h"
#include "engineer/master/reference.h"
#include "engineer/mix/forecast.h"
#include "plan/plan.h"
#include "release/codec_check.h"
#include "release/platforms.h"
#include "render/alternates.h"
#include "render/chain.h"
#include "render/mix_renderer.h"
#include "report/plan_comparison.h"

namespace tonewright {

// A file that was written, and what it measured when read back.
struct OutputReport {
    std::filesystem::path file;
    std::string format;             // "WAV, 24-bit PCM, 48000 Hz"
    Analysis facts;                 // of the file as read back
};

// A version of the mix that leaves something out.
struct AlternateReport {
    AlternateInfo info;
    std::filesystem::path file;     // empty: this mix has no such version (info.whyNot)
    LoudnessFacts loudness;
};

// A master beside its reference. All spectra are relative to their own integrated loudness.
struct MatchReport {
    std::vector<std::string> references;    // names
    MatchAmounts amounts;                   // as they were carried out
    MidSideSpectrum song, master;
    BalanceTarget reference;
    ShapeError before, after;               // of the song and of the master against the reference
    ShapeError loudBefore, loudAfter, quietBefore, quietAfter;  // loud parts against its loud parts, quiet against quiet
    double referenceLufs = 0.0, referencePlrDb = 0.0;
    std::optional<double> referenceRangeLu;
};

// What became of an earlier plan.
struct Revision {
    std::filesystem::path plan;     // the earlier plan, where it lies now
    PlanComparison changes;
};

// Everything that is to be told of one run. Filled by journey/, shown by this layer.
struct Report {
    Plan plan;
    std::map<std::string, Analysis> sources;             // by track id: the recordings as they came (aligned with plan.tracks)
    std::map<std::string, LoudnessFacts> inMix;          // by track or return id: as rendered, post-fader
    std::vector<StemInfo> stems;                         // what was written under stems/, if asked for
    std::vector<AlternateReport> alternates;             // those that were asked for
    std::vector<StepWork> work;                          // how hard the dynamics worked
    std::optional<OutputReport> mix;                     // mix.wav (kind mix)
    std::optional<OutputReport> master;                  // the master, if one was made
    std::optional<MatchReport> match;                    // where there was a reference
    std::optional<Revision> revision;                    // where it began from an earlier plan
    std::optional<MixForecast> forecast;                 // what the mix was decided to measure, where nothing changed it afterwards
    std::vector<PlatformEffect> platforms;               // of the master
    CodecHistory codecs;                                 // what codecs make of the master, where that was checked
    bool targetReached = true;                           // loudness within 0.1 LU and true peak under the ceiling
    std::string targetText;                              // how the target was met, or what prevented it
    std::vector<Warning> warnings;
    std::filesystem::path planFile, htmlFile, jsonFile;  // final names
    double seconds = 0.0;                                // the music's length
};

// report.json: `tonewright schema report`.
Json reportJson(const Report& report);
Json reportSchema();

// One self-contained HTML page: no script or style from elsewhere, plots as SVG, readable without JavaScript.
std::string reportHtml(const Report& report);

// At most a dozen lines for the terminal: in -> out, the biggest decisions with their reasons, warnings, paths, what next.
std::string reportSummary(const Report& report);

// `tonewright explain`: every decision of a plan in plain words, grouped by track.
std::string explainPlan(const Plan& plan);

}  // namespace tonewright
