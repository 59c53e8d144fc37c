#include "tests/report/example.h"

#include <cmath>
#include <limits>
#include <numbers>
#include <random>

namespace tonewright::test {

namespace {

constexpr int kRate = 48000;
constexpr double kSeconds = 72.0;

Step step(const std::string& id, StepParams params, std::vector<Reason> because = {}) {
    Step result;
    result.id = id;
    result.params = std::move(params);
    result.because = std::move(because);
    return result;
}

Reason reason(const std::string& rule, const std::string& text, std::vector<Evidence> evidence = {}, double confidence = 0.9) {
    return {rule, text, std::move(evidence), confidence};
}

Step bells(const std::string& id, std::vector<EqualizerBand> bands, Reason because) {
    return step(id, Equalizer::Params{.bands = std::move(bands)}, {std::move(because)});
}

// How loud the song is over its time, 0 ... 1: verse, chorus, verse, chorus, end.
double shape(double t) {
    const double level = t < 2.0 ? 0.25 : t < 20.0 ? 0.55 : t < 36.0 ? 0.9 : t < 50.0 ? 0.5 : t < 67.0 ? 1.0 : std::max(0.0, (kSeconds - t) / 5.0);
    return level * (0.85 + 0.15 * std::cos(2.0 * std::numbers::pi * t / 2.0));
}

// Facts of a programme of this loudness; peaks are held at `ceilingDb`.
Analysis programme(double lufs, double ceilingDb, int channels, unsigned seed) {
    std::mt19937 random(seed);
    const auto uniform = [&] { return static_cast<double>(random() >> 8) / 16777216.0; };
    Analysis facts;
    facts.spec = {static_cast<double>(kRate), channels};
    facts.frames = static_cast<std::int64_t>(kSeconds * kRate);
    facts.loudness = {lufs, lufs + 5.2, lufs + 2.9, 6.4, ceilingDb, ceilingDb - 0.11};
    facts.dynamics.rmsDbfs = lufs - 0.4;
    facts.dynamics.crestDb = ceilingDb - lufs + 0.3;
    facts.dynamics.peakToLoudnessDb = ceilingDb - lufs;
    facts.dynamics.dynamicRangeDb = 9.3;
    const double ceiling = std::pow(10.0, ceilingDb / 20.0), gain = std::pow(10.0, (lufs + 13.0) / 20.0);
    for (int i = 0; i < 1500; ++i) {
        const double t = kSeconds * i / 1500.0, hit = std::exp(-4.0 * std::fmod(t, 0.5));
        const double peak = std::min(ceiling, gain * shape(t) * (0.35 + 0.9 * hit + 0.3 * uniform()));
        facts.peakEnvelope.push_back(static_cast<float>(-peak * (0.8 + 0.2 * uniform())));
        facts.peakEnvelope.push_back(static_cast<float>(peak));
    }
    for (int i = 0; i < 700; ++i) {
        const double level = shape(kSeconds * i / 700.0);
        facts.dynamics.shortTermLufs.push_back(level < 0.01 ? -200.0f : static_cast<float>(lufs + 2.5 + 14.0 * std::log10(level)));
    }
    for (int b = 0; b < kThirdOctaves; ++b) {
        const double octave = (b - 7) / 3.0;
        facts.spectrum.thirdOctaveDb[b] = lufs - 8.0 - 1.1 * std::abs(octave) - (b < 3 ? 6.0 * (3 - b) : 0.0) + 2.0 * std::sin(0.9 * b + seed) - (b > 27 ? 5.0 * (b - 27) : 0.0);
        facts.stereo.thirdOctaveWidthDb[b] = channels == 1 || b < 6 ? kSilentDb : -18.0 + 0.5 * b + 1.5 * std::sin(1.3 * b);
    }
    facts.stereo.correlation = 0.71;
    facts.activity = {0.2, kSeconds - 1.0, 0.94, false};
    facts.noise = {-71.3, 48.0};
    facts.rhythm.tempoBpm = 120.0;
    facts.key = {9, true, 0.6};
    return facts;
}

struct Part {
    const char *id, *name, *file, *role;
    double confidence, faderDb, position, lufs, rawLufs;
    const char* output;
};

constexpr Part kParts[] = {
    {"kick", "Kick", "01 Kick In.wav", "drums/kick", 0.98, -4.5, 0.0, -21.5, -16.2, "drums"},
    {"snare", "Snare", "02 Snare Top.wav", "drums/snare", 0.97, -2.1, 0.0, -21.9, -19.0, "drums"},
    {"hat", "Hi-hat", "03 HH.wav", "drums/hi-hat", 0.91, -9.0, -0.3, -30.2, -22.0, "drums"},
    {"overhead", "Overheads", "04 OH.wav", "drums/overheads", 0.95, -3.4, 0.0, -24.8, -20.5, "drums"},
    {"room", "Room", "05 Room.wav", "drums/room", 0.83, -14.0, 0.0, -33.0, -18.7, "drums"},
    {"bass", "Bass DI", "06 Bass DI.wav", "bass/electric", 0.96, -1.2, 0.0, -20.4, -19.9, "mix"},
    {"gtr-l", "Guitar L", "07 Gtr L.flac", "guitar/electric", 0.88, -5.0, -0.7, -24.6, -18.1, "guitars"},
    {"gtr-r", "Guitar R", "08 Gtr R.flac", "guitar/electric", 0.88, -4.6, 0.7, -24.4, -18.6, "guitars"},
    {"keys", "Rhodes", "09 Rhodes.aif", "keys/electric-piano", 0.74, -8.3, 0.25, -27.9, -17.5, "mix"},
    {"pad", "Pad", "10 Pad.wav", "synth/pad", 0.52, -12.5, -0.2, -31.4, -16.9, "mix"},
    {"vocal", "Lead vocal", "11 Lead Vox.wav", "vocals/lead", 0.99, 1.3, 0.0, -18.6, -22.3, "mix"},
    {"backing", "Backing vocals", "12 BV.wav", "vocals/backing", 0.87, -6.7, 0.0, -28.8, -21.0, "mix"},
};

TrackPlan track(const Part& part) {
    TrackPlan result;
    result.id = part.id;
    result.name = part.name;
    result.source = {std::string("../Song/") + part.file, "xxh3:0", kRate, 1, static_cast<std::int64_t>(kSeconds * kRate)};
    result.role = part.role;
    result.roleConfidence = part.confidence;
    result.roleSource = part.confidence > 0.6 ? "name" : "sound";
    result.output = part.output;
    result.fader = step(result.id + ".fader", Gain::Params{.gainDb = part.faderDb},
                        {reason("mix.balance", "Sits where a " + result.name + " is expected beside the rest.",
                                {{"integratedLufs", part.rawLufs, "LUFS", "in the mix " + std::to_string(static_cast<int>(part.lufs))}})});
    result.pan = step(result.id + ".pan", Panner::Params{.position = part.position, .source = Panner::Source::mono});
    if (part.position != 0.0)
        result.pan.because = {reason("mix.pan", "Opens the middle for the voice, and keeps left and right in balance.", {{"balanceDb", 0.3, "dB", "limit 1.0"}}, 0.7)};
    return result;
}

TrackPlan& find(Plan& plan, const std::string& id) {
    for (TrackPlan& each : plan.tracks)
        if (each.id == id) return each;
    return plan.tracks.front();
}

void addChains(Plan& plan) {
    find(plan, "overhead").chain = {step("overhead.align", Alignment::Params{.delayFrames = -87.25, .invertPolarity = true},
                                         {reason("repair.alignment", "This microphone heard the snare late and upside down; now they push together.",
                                                 {{"delayFrames", 87.25, "frames", "against Snare"}, {"correlation", -0.62, "", "after 0.64"}}, 0.97)})};
    find(plan, "kick").chain = {step("kick.trim", Gain::Params{.gainDb = -9.0}, {reason("repair.trim", "Brings the recording to the level that all tracks start from.")}),
                                bells("kick.eq", {{.type = BandType::bell, .frequencyHz = 320.0, .gainDb = -3.0, .q = 1.2}, {.type = BandType::highShelf, .frequencyHz = 4000.0, .gainDb = 2.0}},
                                      reason("mix.tone", "Takes the cardboard out and lets the beater through.", {{"excessDb", 4.1, "dB", "limit 2.0"}}))};
    Step duck = step("bass.compressor", Compressor::Params{}, {reason("mix.dynamics", "Evens out the notes so that the low end stays put.", {{"spreadLu", 7.2, "LU", "limit 5.0"}}, 0.8)});
    find(plan, "bass").chain = {bells("bass.eq", {{.type = BandType::bell, .frequencyHz = 240.0, .gainDb = -2.5, .q = 1.2}},
                                      reason("mix.masking", "Bass covers the kick between 180 and 300 Hz.", {{"maskedShare", 0.41, "", "limit 0.25"}}, 0.8)),
                                duck};
    find(plan, "gtr-r").chain = {step("gtr-r.hum", HumFilter::Params{}, {reason("repair.hum", "The amplifier hums at 50 Hz and its harmonics.", {{"humDbfs", -52.0, "dBFS", "limit -70"}})})};
    find(plan, "vocal").chain = {bells("vocal.eq", {{.type = BandType::lowCut, .frequencyHz = 90.0}, {.type = BandType::bell, .frequencyHz = 3100.0, .gainDb = 2.5, .q = 0.8}},
                                       reason("mix.masking", "Guitars cover the words around 3 kHz.", {{"maskedShare", 0.33, "", "limit 0.15"}})),
                                 step("vocal.compressor", Compressor::Params{.thresholdDb = -26.0, .ratio = 3.0},
                                      {reason("mix.dynamics", "Whispered lines would get lost and loud ones jump out.", {{"spreadLu", 9.8, "LU", "limit 6.0"}})}),
                                 step("vocal.de-esser", DeEsser::Params{}, {reason("mix.sibilance", "S sounds stick out after compression.", {{"sibilanceDb", 5.3, "dB", "limit 3.0"}}, 0.6)})};
    find(plan, "vocal").chain[0].because.push_back(reason("mix.low-cut", "Nothing below the voice but stage noise.", {{"shareBelowCorner", 0.8, "%", "between 0.2 and 10"}}, 0.95));
    find(plan, "vocal").sends = {{"room-verb", step("vocal.to.room", Gain::Params{.gainDb = -14.0}, {reason("mix.space", "Gives the dry voice the room that the drums have.")})}};
    find(plan, "snare").sends = {{"room-verb", step("snare.to.room", Gain::Params{.gainDb = -18.0}, {reason("mix.space", "A touch of the same room.")})}};
    TrackPlan& keys = find(plan, "keys");
    keys.fader.origin = Origin::user;
    keys.fader.locked = true;
    keys.fader.because.clear();
    keys.fader.note = "a little softer, please";
    TrackPlan& pad = find(plan, "pad");
    pad.mute = step("pad.mute", Gain::Params{.gainDb = -120.0}, {reason("mix.selection", "The recording is silent: there is nothing to mix.", {{"truePeakDbtp", kSilentDb, "dBTP", "limit -90"}}, 1.0)});
    TrackPlan& backing = find(plan, "backing");
    backing.chain = {step("backing.gate", Gate::Params{}, {reason("repair.noise", "Noise between the phrases.", {{"floorDbfs", -48.0, "dBFS", "limit -60"}})})};
    backing.chain[0].enabled = false;
}

void addBuses(Plan& plan) {
    plan.buses = {{"drums", "Drums", BusKind::group,
                   {step("drums.glue", Compressor::Params{.thresholdDb = -20.0, .ratio = 2.0}, {reason("mix.bus", "Lets the kit breathe as one instrument.")})},
                   step("drums.fader", Gain::Params{})},
                  {"guitars", "Guitars", BusKind::group, {}, step("guitars.fader", Gain::Params{})},
                  {"room-verb", "Room", BusKind::effect, {step("room-verb.reverb", ReverbParams{}, {reason("mix.space", "One small room for everybody.", {{"decaySeconds", 0.9, "s", ""}})})},
                   step("room-verb.fader", Gain::Params{})}};
    plan.mixBus = {step("mix.headroom", Gain::Params{.gainDb = -2.3}, {reason("mix.headroom", "The sum came out too near to full scale; it is turned down so that nothing clips before mastering.")})};
}

void addMaster(Plan& plan) {
    plan.master = {bells("master.eq", {{.type = BandType::lowShelf, .frequencyHz = 110.0, .gainDb = 1.0}, {.type = BandType::bell, .frequencyHz = 420.0, .gainDb = -1.5, .q = 0.9}},
                         reason("master.tone", "A little less of the boxy middle, a little more foundation; half of the way to the style's band.", {{"deviationDb", 3.1, "dB", "dead zone 1.5"}}, 0.75)),
                   step("master.compressor", Compressor::Params{.thresholdDb = -18.0, .ratio = 1.5}, {reason("master.dynamics", "Holds verse and chorus together.")}),
                   step("master.limiter", Limiter::Params{.inputGainDb = 5.9}, {reason("master.loudness", "Brings the song to the loudness of the style, under the ceiling.", {{"integratedLufs", -19.9, "LUFS", "target -14.0"}}, 1.0)})};
    plan.delivery.text = "Loudness of the style; a peak ceiling that survives lossy codecs.";
}

Fault fault(const std::string& kind, Severity severity, const std::string& text, std::vector<TimeSpan> where = {}) {
    return {kind, severity, 1.0, "", text, std::move(where)};
}

}  // namespace

Report mixReport() {
    Report report;
    Plan& plan = report.plan;
    plan.title = "Late Train";
    plan.style = "rock";
    plan.frames = static_cast<std::int64_t>(kSeconds * kRate);
    for (const Part& part : kParts) {
        plan.tracks.push_back(track(part));
        Analysis facts = programme(part.rawLufs, -3.0, 1, static_cast<unsigned>(plan.tracks.size()));
        report.sources.emplace(part.id, std::move(facts));
        report.inMix[part.id] = {part.lufs, part.lufs + 5.0, part.lufs + 3.0, 7.0, part.lufs + 14.0, part.lufs + 13.9};
    }
    addChains(plan);
    addBuses(plan);
    addMaster(plan);
    report.inMix.erase("pad");
    report.inMix["room-verb"] = {-34.2, -30.0, -31.0, 5.0, -18.0, -18.1};
    report.sources["pad"].activity.silent = true;
    report.sources["pad"].loudness = {};
    report.sources["pad"].faults = {fault("silent", Severity::warning, "This recording is silent. Export it again, or leave it out.")};
    report.sources["gtr-r"].faults = {fault("hum", Severity::warning, "Mains hum at 50 Hz with 6 harmonics. A filter removes it; a different power socket would be better.")};
    report.sources["snare"].faults = {fault("clipping", Severity::error, "The snare is clipped in 14 places. Record it again with less gain if you can.", {{12.5, 12.52}, {31.0, 31.01}, {64.25, 64.3}})};
    report.sources["vocal"].faults = {fault("starts-cut", Severity::info, "The recording starts in the middle of a sound. Export a little earlier.", {{0.0, 0.05}})};
    report.work = {{"bass.compressor", -4.2, -1.9}, {"vocal.compressor", -7.4, -2.8}, {"drums.glue", -2.1, -0.8}, {"master.compressor", -1.6, -0.5}, {"master.limiter", -3.8, -0.9}};
    report.mix = OutputReport{"out/mix.wav", "WAV, 24-bit PCM, 48000 Hz", programme(-19.9, -3.1, 2, 40)};
    report.master = OutputReport{"out/master.wav", "WAV, 24-bit PCM, 48000 Hz", programme(-14.0, -1.0, 2, 40)};
    report.mix->facts.loudness.loudnessRangeLu = 7.6;
    for (int b = 0; b < kThirdOctaves; ++b) report.master->facts.spectrum.thirdOctaveDb[b] += b < 7 ? 1.0 : b < 16 ? -1.3 : 0.2;
    report.platforms = platformEffects(report.master->facts.loudness);
    report.targetText = "The master measures -14.0 LUFS (target -14.0) with peaks at -1.00 dBTP (ceiling -1.0).";
    report.warnings = {{"input.rate", "Rhodes was recorded at 44100 Hz; it was converted to 48000 Hz."}};
    plan.warnings = {{"input.hum", "Guitar R: " + report.sources["gtr-r"].faults[0].text},  // said twice, as the engineer does
                     {"mix.role", "Pad was recognised by its sound only (52 % sure). Name it in roles.json if that is wrong."}};
    report.planFile = "out/plan.json";
    report.htmlFile = "out/report.html";
    report.jsonFile = "out/report.json";
    report.seconds = kSeconds;
    return report;
}

Report masterReport() {
    Report report;
    report.plan.kind = PlanKind::master;
    report.plan.title = "Demo bounce";
    report.plan.style = "folk";
    report.plan.frames = static_cast<std::int64_t>(kSeconds * kRate);
    report.plan.tracks = {track(kParts[0])};
    TrackPlan& source = report.plan.tracks[0];
    source = {.id = "source", .name = "Demo bounce", .source = {"../bounce.wav", "xxh3:0", kRate, 2, report.plan.frames}, .role = "mix/programme", .roleConfidence = 1.0, .roleSource = "user",
              .fader = step("source.fader", Gain::Params{}), .pan = step("source.pan", Panner::Params{})};
    addMaster(report.plan);
    report.sources.emplace("source", programme(-18.2, -0.4, 2, 50));
    report.master = OutputReport{"Demo bounce.wav", "WAV, 16-bit PCM, 48000 Hz", programme(-14.0, -1.0, 2, 50)};
    report.platforms = platformEffects(report.master->facts.loudness);
    report.targetText = "The master measures -14.0 LUFS (target -14.0).";
    report.planFile = "Demo bounce.plan.json";
    report.htmlFile = "Demo bounce.report.html";
    report.jsonFile = "Demo bounce.report.json";
    report.seconds = kSeconds;
    return report;
}

Report silentReport() {
    Report report;
    report.plan.frames = 1;
    report.plan.tracks = {track(kParts[0])};
    report.plan.tracks[0].fader.because.clear();
    report.sources.emplace("kick", Analysis{});
    report.inMix["kick"] = {};
    report.mix = OutputReport{"mix.wav", "WAV, 24-bit PCM, 48000 Hz", Analysis{}};
    report.mix->facts.spec = {48000.0, 2};
    report.mix->facts.dynamics.shortTermLufs = {-200.0f, -200.0f};
    report.mix->facts.peakEnvelope = {0.0f, 0.0f};
    report.mix->facts.spectrum.thirdOctaveDb.fill(kSilentDb);
    report.mix->facts.stereo.thirdOctaveWidthDb.fill(kSilentDb);
    return report;
}

Report hostileReport() {
    const std::string script = "<script>alert('x')</script>\"&'\x1b[31m \u202Egnp.exe \U0001F941 \xFF";
    constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
    Report report = mixReport();
    Plan earlier = report.plan;  // it began from this one
    std::get<Gain::Params>(earlier.tracks[0].fader.params).gainDb -= 2.0;
    earlier.tracks[1].chain.clear();
    earlier.intent.moods = {{"warm", 0.5}};
    report.revision = Revision{"out/plan.1.json", comparePlans(earlier, report.plan)};
    report.alternates = {{.info = {.kind = Alternate::instrumental, .leftOut = {"vox"}, .whyNot = {}, .note = {}}, .file = "out/alternates/instrumental.wav", .loudness = {-19.0, -14.0, -16.0, 6.0, -4.0, -4.1}},
                         {.info = {.kind = Alternate::drumless, .leftOut = {}, .whyNot = "no track is drums", .note = {}}, .file = {}, .loudness = {}}};
    report.plan.title = script;
    for (TrackPlan& each : report.plan.tracks) {
        each.name = script + each.id;
        each.role = script;
        each.source.file = "../" + std::string("a<b>\"'&.wav");
        each.fader.note = script;
    }
    report.plan.tracks[0].fader.because = {{script, script, {{script, nan, script, script}, {"peak", -infinity, "dBTP", ""}, {"zero", -0.0, "dB", ""}, {"nearly", -0.001, "dB", ""}}, 0.5}};
    report.plan.buses[0].name = script;
    report.plan.warnings.push_back({script, script});
    report.sources["kick"].faults.push_back(fault(script, Severity::error, script, {{0.0, 1e9}}));
    report.targetReached = false;
    report.targetText = script;
    report.work[0].maxReductionDb = nan;
    report.work[1].meanReductionDb = -infinity;
    for (Analysis* facts : {&report.mix->facts, &report.master->facts}) {
        facts->loudness = {-infinity, nan, infinity, nan, -infinity, -0.04};
        facts->dynamics.peakToLoudnessDb = nan;
        facts->dynamics.shortTermLufs[5] = std::numeric_limits<float>::quiet_NaN();
        facts->dynamics.shortTermLufs[9] = std::numeric_limits<float>::infinity();
        facts->peakEnvelope[4] = std::numeric_limits<float>::quiet_NaN();
        facts->peakEnvelope[7] = std::numeric_limits<float>::infinity();
        facts->peakEnvelope.push_back(0.5f);
        facts->spectrum.thirdOctaveDb[3] = nan;
        facts->spectrum.thirdOctaveDb[4] = infinity;
        facts->stereo.thirdOctaveWidthDb[8] = nan;
    }
    for (auto& [id, loudness] : report.inMix) loudness.integratedLufs = -infinity;
    report.platforms[0].gainDb = -0.0;
    report.platforms[0].playedLufs = nan;
    report.platforms[0].platform.name = script;
    report.seconds = nan;
    return report;
}

}  // namespace tonewright::test
