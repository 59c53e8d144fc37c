#include "render/mix_renderer.h"

#include <algorithm>

#include "audiofile/audio_reader.h"
#include "core/content_hash.h"
#include "core/error.h"
#include "render/mix_graph.h"

namespace tonewright {

namespace {

bool changesSomething(const BusPlan& bus) {
    const auto on = [](const Step& step) { return step.enabled; };
    return std::any_of(bus.chain.begin(), bus.chain.end(), on) || (bus.fader.enabled && std::get<Gain::Params>(bus.fader.params).gainDb != 0.0);
}

bool anyEnabled(const std::vector<Step>& chain) {
    return std::any_of(chain.begin(), chain.end(), [](const Step& step) { return step.enabled; });
}

}  // namespace

std::vector<StemInfo> stemsOf(const Plan& plan) {
    std::vector<StemInfo> stems;
    for (const TrackPlan& track : plan.tracks)
        if (!track.muted()) stems.push_back({StemInfo::Kind::track, track.id, track.name});
    for (const BusPlan& bus : plan.buses)
        if (bus.kind == BusKind::effect) stems.push_back({StemInfo::Kind::effectReturn, bus.id, bus.name});
    for (const BusPlan& bus : plan.buses)
        if (bus.kind == BusKind::group && changesSomething(bus)) stems.push_back({StemInfo::Kind::busChange, bus.id, bus.name});
    if (anyEnabled(plan.mixBus)) stems.push_back({StemInfo::Kind::busChange, "mix", "Mix bus"});
    return stems;
}

MixMeasurements renderMix(const Plan& plan, const std::filesystem::path& baseFolder, int blockFrames, const MixOutputs& outputs,
                          WorkPool& pool, Progress& progress) {
    MixGraph graph(plan, baseFolder, blockFrames, outputs.alternates, pool);
    return graph.run(outputs, progress);
}

std::filesystem::path sourcePath(const Source& source, const std::filesystem::path& baseFolder) {
    const std::filesystem::path file(source.file);
    return file.is_absolute() ? file : baseFolder / file;
}

void checkSource(const Source& source, const std::filesystem::path& baseFolder, bool compareContent) {
    const std::filesystem::path path = sourcePath(source, baseFolder);
    const AudioFileInfo info = openAudio(path)->info();
    const auto differs = [&](const std::string& what) {
        throw InputError(path.string() + ": is not the recording that was planned for (" + what + "). Plan again with `tonewright plan`");
    };
    if (info.sampleRateHz != source.sampleRateHz)
        differs(std::to_string(info.sampleRateHz) + " Hz instead of " + std::to_string(source.sampleRateHz) + " Hz");
    if (info.channels != source.channels) differs(std::to_string(info.channels) + " channels instead of " + std::to_string(source.channels));
    if (info.frames != source.frames) differs(std::to_string(info.frames) + " frames instead of " + std::to_string(source.frames));
    if (compareContent && !source.hash.empty() && contentHash(path) != source.hash) differs("its content has changed");
}

}  // namespace tonewright
