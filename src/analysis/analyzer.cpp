#include "analysis/analyzer.h"

#include <algorithm>
#include <stdexcept>

#include "analysis/band_spread.h"
#include "analysis/dynamics_meter.h"
#include "analysis/fault_finder.h"
#include "analysis/key_detector.h"
#include "analysis/level_steps_meter.h"
#include "analysis/loudness_meter.h"
#include "analysis/onset_detector.h"
#include "analysis/peak_envelope.h"
#include "analysis/resonance_finder.h"
#include "analysis/rhythm.h"
#include "analysis/separation_meter.h"
#include "analysis/spectrum_meter.h"
#include "analysis/stereo_meter.h"
#include "analysis/timbre_meter.h"
#include "analysis/true_peak_meter.h"
#include "core/background_sink.h"
#include "core/decibels.h"

namespace tonewright {

namespace {

constexpr int kPartFrames = 8192;  // handed to another thread at a time

// Frames in the time since the first sound.
class SinceFirstSound final : public SpectralSink {
public:
    explicit SinceFirstSound(SpectralSink& sink) : sink_(sink) {}

    void frame(Resolution resolution, const SpectralFrame& frame) override {
        SpectralFrame moved = frame;
        moved.centreSeconds = frame.soundSeconds;
        sink_.frame(resolution, moved);
    }

private:
    SpectralSink& sink_;
};

const StreamSpec& checked(const StreamSpec& spec) {
    if (!(spec.sampleRateHz >= 8000.0 && spec.sampleRateHz <= 768000.0))
        throw std::invalid_argument("analyzer: the sample rate must be 8000 to 768000 Hz");
    if (spec.channels < 1 || spec.channels > 64) throw std::invalid_argument("analyzer: there must be 1 to 64 channels");
    return spec;
}

}  // namespace

struct Analyzer::Parts {
    Parts(const StreamSpec& streamSpec, const AnalysisOptions& analysisOptions)
        : spec(checked(streamSpec)), options(analysisOptions), loudness(spec), truePeak(spec), dynamics(spec), stereo(spec),
          faults(spec, options.sourceFaults), stream(spec, options.timbre ? FramesFrom::firstSound : FramesFrom::fileStart), spectrum(spec, stream), heard(spec, stream), onsets(stream), key(stream), resonances(stream), timbre(stream),
          hasSource(options.separation || options.sourceFaults),
          spectra(spec.channels, kPartFrames, options.parallel, [this](ConstBlock block) { addToSpectra(block); }),
          source(spec.channels, kPartFrames, options.parallel && hasSource, [this](ConstBlock block) { addToSource(block); }) {
        sinks.push_back(&spectrum);
        if (options.separation) separation.emplace(spec);
        if (options.sketch) levels.emplace(spec);
        if (options.rhythm) sinks.push_back(&onsets);
        if (options.key) sinks.push_back(&key);
        if (options.resonances) sinks.push_back(&resonances);
        if (options.timbre) {
            sinks.push_back(&timbre);
            sinks.push_back(&sinceFirstSound);
        }
    }

    // Parts of about the same cost: the waveform here, spectra and what only a source is heard for wherever those two run.
    void addToWaveform(ConstBlock block) {
        loudness.add(block);
        if (options.truePeak) truePeak.add(block);
        dynamics.add(block);
        envelope.add(block);
        if (levels) levels->add(block);
        stereo.add(block);
    }
    void addToSpectra(ConstBlock block) {
        if (!hasSource) faults.add(block);
        stream.add(block, sinks);
    }
    void addToSource(ConstBlock block) {
        faults.add(block);
        if (separation) separation->add(block);
    }

    StreamSpec spec;
    AnalysisOptions options;
    std::int64_t frames = 0;
    LoudnessMeter loudness;
    TruePeakMeter truePeak;
    DynamicsMeter dynamics;
    StereoMeter stereo;
    FaultFinder faults;
    std::optional<SeparationMeter> separation;
    std::optional<LevelStepsMeter> levels;
    SpectralStream stream;
    SpectrumMeter spectrum, heard;
    SinceFirstSound sinceFirstSound{heard};
    OnsetDetector onsets;
    KeyDetector key;
    ResonanceFinder resonances;
    TimbreMeter timbre;
    PeakEnvelope envelope;
    std::vector<SpectralSink*> sinks;
    bool hasSource;
    BackgroundSink spectra, source;  // last: their threads must end before what they feed
};

Analyzer::Analyzer(const StreamSpec& spec, const AnalysisOptions& options) : parts_(std::make_unique<Parts>(spec, options)) {}
Analyzer::~Analyzer() = default;
Analyzer::Analyzer(Analyzer&&) noexcept = default;
Analyzer& Analyzer::operator=(Analyzer&&) noexcept = default;

void Analyzer::add(ConstBlock block) {
    Parts& p = *parts_;
    p.frames += block.numFrames;
    p.spectra.push(block);
    if (p.hasSource) p.source.push(block);
    p.addToWaveform(block);
}

Analysis Analyzer::result() {
    Parts& p = *parts_;
    p.spectra.finish();
    p.source.finish();
    Analysis facts;
    facts.spec = p.spec;
    facts.frames = p.frames;
    const double durationSeconds = static_cast<double>(p.frames) / p.spec.sampleRateHz;
    p.stream.finish(p.sinks);

    const LoudnessMeter::Result loudness = p.loudness.result();
    const double samplePeakDbfs = p.envelope.peak() > 0.0f ? gainToDb(p.envelope.peak()) : kSilentDb;
    facts.loudness = {.integratedLufs = loudness.integratedLufs,
                      .maxMomentaryLufs = loudness.maxMomentaryLufs,
                      .maxShortTermLufs = loudness.maxShortTermLufs,
                      .loudnessRangeLu = loudness.loudnessRangeLu,
                      .truePeakDbtp = p.options.truePeak ? p.truePeak.truePeakDbtp() : samplePeakDbfs,
                      .samplePeakDbfs = samplePeakDbfs};
    facts.dynamics = p.dynamics.result(loudness, facts.loudness.truePeakDbtp);

    SpectrumMeter::Result spectrum = p.spectrum.result(durationSeconds);
    facts.spectrum = spectrum.spectrum;
    if (p.options.resonances) {
        ResonanceFinder::Result found = p.resonances.result();
        facts.spectrum.fineExcessDb = found.excessDb;
        facts.spectrum.narrowPeaks = std::move(found.peaks);
    }
    if (p.options.sketch) {
        facts.dynamics.bandSpreadDb = bandSpreadDb(spectrum.sketch);
        facts.sketch = std::move(spectrum.sketch);
        facts.sketch.levels = p.levels->result();
    }

    FaultFinder::Result faults = p.faults.result(p.stereo);
    facts.activity = faults.activity;
    facts.edges = std::move(faults.edges);
    facts.hum = faults.hum;
    facts.noise = faults.noise;
    facts.dcOffset = faults.dcOffset;
    facts.lossyCutoffHz = faults.lossyCutoffHz;
    facts.faults = std::move(faults.faults);

    if (p.options.rhythm) facts.rhythm = rhythmFacts(p.onsets.result(durationSeconds), facts.activity.activeShare * durationSeconds);
    if (p.options.key) facts.key = p.key.result();
    if (p.options.timbre) {
        facts.timbre = p.timbre.result();
        SpectrumMeter::Result heard = p.heard.result(durationSeconds - p.stream.firstSoundSeconds());
        facts.heard = {heard.spectrum, std::move(heard.sketch)};
    }
    if (p.separation) {
        facts.kickSeparation = p.separation->kick();
        facts.centreSeparation = p.separation->centre();
    }

    facts.stereo = p.stereo.result();
    facts.stereo.thirdOctaveWidthDb = spectrum.thirdOctaveWidthDb;
    facts.stereo.monoLossLu = loudness.monoLossLu;
    facts.peakEnvelope = p.envelope.result();
    return facts;
}

}  // namespace tonewright
