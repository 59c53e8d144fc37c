#include "journey/limit_file.h"

#include <algorithm>

#include "analysis/loudness_meter.h"
#include "analysis/true_peak_meter.h"
#include "audiofile/audio_reader.h"
#include "core/staged_file.h"
#include "core/text.h"
#include "render/wav_sink.h"

namespace tonewright {

namespace {

constexpr std::uint64_t kLimitDitherSeed = 3;

class Meters {
public:
    explicit Meters(const StreamSpec& spec) : loudness_(spec), peaks_(spec) {}

    void add(ConstBlock block) {
        loudness_.add(block);
        peaks_.add(block);
    }
    LoudnessFacts facts() const {
        LoudnessFacts facts = toFacts(loudness_.result());
        facts.truePeakDbtp = peaks_.truePeakDbtp();
        facts.samplePeakDbfs = peaks_.samplePeakDbfs();
        return facts;
    }

private:
    LoudnessMeter loudness_;
    TruePeakMeter peaks_;
};

void refuseOtherEndings(const std::filesystem::path& output) {
    if (lowerAscii(output.extension().string()) != ".wav")
        throw UsageError("-o " + output.string() + ": the result is a WAV file; give it a name that ends in .wav");
}

}  // namespace

LimitResult limitFile(const std::filesystem::path& input, const LimitOptions& options, Progress& progress) {
    refuseOtherEndings(options.output);
    const auto reader = openAudio(input);
    const AudioFileInfo& info = reader->info();
    LimitResult result{.spec = {static_cast<double>(info.sampleRateHz), info.channels}, .frames = info.frames};
    result.warnings = info.warnings;

    StagedFiles files(options.force);
    files.protect(input);
    WavSink file(files.stage(options.output), {info.sampleRateHz, info.channels, options.float32 ? SampleFormat::float32 : SampleFormat::pcm24},
                 DitherType::tpdf, kLimitDitherSeed, options.blockFrames);
    Limiter limiter(options.limiter, result.spec);
    Meters before(result.spec), after(result.spec);
    BlockBuffer work(info.channels, options.blockFrames);
    std::vector<float*> pointers(info.channels);

    progress.stage("Limiting", info.frames);
    std::int64_t toDrop = limiter.latencyFrames();
    for (std::int64_t written = 0; written < info.frames;) {
        progress.throwIfCancelled();
        const int wanted = static_cast<int>(std::min<std::int64_t>(options.blockFrames, info.frames - written + toDrop));
        const Block block = work.block(wanted);
        const int got = reader->position() < info.frames ? reader->read(block) : 0;
        for (int c = 0; c < info.channels; ++c) std::fill(block.channels[c] + got, block.channels[c] + wanted, 0.0f);
        before.add(work.block(got));
        limiter.process(block);

        const int skipped = static_cast<int>(std::min<std::int64_t>(toDrop, wanted)), length = wanted - skipped;
        toDrop -= skipped;
        for (int c = 0; c < info.channels; ++c) pointers[c] = block.channels[c] + skipped;
        if (length == 0) continue;
        after.add(file.write({pointers.data(), info.channels, length}));
        written += length;
        progress.advance(length);
    }
    file.finish();
    files.commit();

    result.before = before.facts();
    result.after = after.facts();
    result.maxReductionDb = limiter.maxReductionDb();
    result.meanReductionDb = limiter.meanReductionDb();
    result.activeShare = limiter.activeShare();
    if (reader->nonFiniteSamples() > 0)
        result.warnings.push_back({"input.not-finite", std::to_string(reader->nonFiniteSamples()) + " samples were not numbers (NaN or infinite) and were "
                                                       "replaced by silence. Export the file again if you hear gaps."});
    return result;
}

}  // namespace tonewright
