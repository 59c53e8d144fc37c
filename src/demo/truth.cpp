#include "demo/truth.h"

#include "core/decibels.h"
#include "core/text.h"
#include "demo/faults.h"
#include "demo/track_file.h"

namespace tonewright::demo {
namespace {

Json pieceJson(const Composition& song) {
    Json sections = Json::array();
    for (const Section& section : song.sections)
        sections.push(Json::object({{"name", section.name},
                                    {"startSeconds", song.timeSeconds(section.startBeat)},
                                    {"endSeconds", song.timeSeconds(section.startBeat + section.beats)}}));
    return Json::object({{"title", song.title},
                         {"key", song.key},
                         {"bpm", song.beatsPerMinute},
                         {"beatsPerBar", 4},
                         {"firstBeatSeconds", song.countInSeconds},
                         {"durationSeconds", song.durationSeconds()},
                         {"sections", std::move(sections)}});
}

Json humJson(const Hum& hum) {
    Json harmonics = Json::array();
    for (const Harmonic& harmonic : humHarmonics())
        harmonics.push(Json::object({{"hz", hum.hz * harmonic.number}, {"levelDb", harmonic.levelDb}}));
    return harmonics;
}

Json trackJson(const TrackPlan& plan, const TrackOutcome& outcome, bool planted) {
    bool underneath = false;
    for (int microphone : plan.microphones) underneath = underneath || kitMicrophones()[microphone].underneath;
    const bool hum = planted && plan.hum, noise = planted && plan.noise;
    const Json none;
    Json json = Json::object({{"file", plan.file},
                              {"role", plan.role},
                              {"encoding", encodingOf(plan.kind)},
                              {"sampleRateHz", outcome.sampleRateHz},
                              {"channels", plan.channels},
                              {"frames", outcome.frames},
                              {"startFrame", outcome.startFrame},
                              {"sameAs", plan.sameAs.empty() ? none : Json(plan.sameAs)},
                              {"silent", plan.sound == Sound::nothing},
                              {"gainDb", planted ? plan.gainDb : 0.0},
                              {"polarityInverted", underneath != (planted && plan.polarityInverted)},
                              {"polarityCause", underneath ? Json("position") : planted && plan.polarityInverted ? Json("cable") : none},
                              {"delayFrames", planted ? plan.delayMs / 1000.0 * outcome.sampleRateHz : 0.0},
                              {"delayMs", planted ? plan.delayMs : 0.0},
                              {"dcOffset", planted ? plan.dcOffset : 0.0},
                              {"humHz", hum ? Json(plan.hum->hz) : none},
                              {"humLevelDbfs", hum ? Json(plan.hum->levelDbfs) : none},
                              {"humHarmonics", hum ? humJson(*plan.hum) : none},
                              {"hissLevelDbfs", noise ? Json(plan.noise->hissDbfs) : none},
                              {"rumbleLevelDbfs", noise ? Json(plan.noise->rumbleDbfs) : none},
                              {"clippedFrames", outcome.clippedFrames}});
    return json;
}

Json positionJson(const Position& position) {
    return Json::object({{"x", position.x}, {"y", position.y}, {"z", position.z}});
}

// Where everything stands, and what the air does on the way, without any planted fault.
Json kitJson(int sampleRateHz) {
    Json sources = Json::array();
    for (const DrumSource& source : drumSources()) sources.push(Json::object({{"name", source.name}, {"positionMetres", positionJson(source.position)}}));
    Json microphones = Json::array();
    for (const TrackPlan& plan : trackPlans())
        for (std::size_t channel = 0; channel < plan.microphones.size(); ++channel) {
            const Microphone& microphone = kitMicrophones()[plan.microphones[channel]];
            Json hears = Json::array();
            for (int drum = 0; drum < numDrums; ++drum) {
                const Hearing hearing = hear(microphone, static_cast<Drum>(drum), sampleRateHz);
                if (hearing.gain > 0.0)
                    hears.push(Json::object({{"source", drumSources()[drum].name},
                                             {"delayFrames", hearing.delayFrames},
                                             {"gainDb", gainToDb(hearing.gain)},
                                             {"bleed", hearing.bleed}}));
            }
            microphones.push(Json::object({{"file", plan.file},
                                           {"channel", static_cast<int>(channel)},
                                           {"name", microphone.name},
                                           {"positionMetres", positionJson(microphone.position)},
                                           {"hears", std::move(hears)}}));
        }
    return Json::object({{"speedOfSoundMetresPerSecond", kSpeedOfSound}, {"sources", std::move(sources)}, {"microphones", std::move(microphones)}});
}

}  // namespace

Json truthDocument(const Composition& song, const std::vector<TrackOutcome>& outcomes, int sampleRateHz, bool planted,
                   const std::string& soundFontHash) {
    Json tracks = Json::array();
    for (std::size_t i = 0; i < outcomes.size(); ++i) tracks.push(trackJson(trackPlans()[i], outcomes[i], planted));
    return Json::object({{"demo", 1},
                         {"planted", planted},
                         {"sampleRateHz", sampleRateHz},
                         {"soundFont", soundFontHash},
                         {"piece", pieceJson(song)},
                         {"tracks", std::move(tracks)},
                         {"kit", kitJson(sampleRateHz)}});
}

std::string readmeText(const Composition& song) {
    return "\"" + song.title + "\", the demo session of Tonewright\n"
           "\n" +
           fixed(song.durationSeconds(), 0) + " seconds of a song in " + song.key + " at " + fixed(song.beatsPerMinute, 0) +
           " beats a minute, as raw tracks. It was composed for Tonewright and belongs\n"
           "to it (GPL-3.0-or-later); the sounds are those of the soundfont TimGM6mb.\n"
           "\n"
           "The tracks are recorded badly on purpose: levels are all over the place, a cable is wired the wrong way\n"
           "round, a microphone is late, there is hum, noise and more. Make a mix of them:\n"
           "\n"
           "    tonewright mix THIS-FOLDER -o RESULT\n"
           "\n"
           "and read in the report what was found. What was really done to the tracks stands in truth.json: for each\n"
           "file the planted faults with their exact numbers, and under \"kit\" where drums and microphones stood.\n";
}

}  // namespace tonewright::demo
