#include "analysis/analyze_file.h"

#include "audiofile/audio_reader.h"

namespace tonewright {

Analysis analyzeStream(AudioReader& reader, const AnalysisOptions& options, Progress& progress) {
    constexpr int kBlockFrames = 16384;
    const AudioFileInfo& info = reader.info();
    Analyzer analyzer({static_cast<double>(info.sampleRateHz), info.channels}, options);
    forEachBlock(reader, kBlockFrames, [&](ConstBlock block) {
        progress.throwIfCancelled();
        analyzer.add(block);
        progress.advance(block.numFrames);
    });
    Analysis facts = analyzer.result();
    if (reader.nonFiniteSamples() > 0)
        facts.faults.insert(facts.faults.begin(),
                            {.kind = "not-finite",
                             .severity = Severity::error,
                             .value = static_cast<double>(reader.nonFiniteSamples()),
                             .unit = "samples",
                             .text = "The file holds samples that are no numbers (NaN or infinity); they are taken as silence. Export it again.",
                             .where = {}});
    return facts;
}

Analysis analyzeFile(const std::filesystem::path& path, const AnalysisOptions& options, Progress& progress) {
    const auto reader = openAudio(path);
    return analyzeStream(*reader, options, progress);
}

}  // namespace tonewright
