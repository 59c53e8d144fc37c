#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/audio.h"

// What the analysis says of one recording: measured facts, no opinions and no targets. Everything here is bounded in
// size, however long the recording. What cannot be measured is -infinity (levels of silence) or nullopt, never 0.
namespace tonewright {

inline constexpr double kSilentDb = -std::numeric_limits<double>::infinity();

// ITU-R BS.1770-5, EBU Tech 3341 and 3342.
struct LoudnessFacts {
    double integratedLufs = kSilentDb;
    double maxMomentaryLufs = kSilentDb;          // 400 ms, updated every 10 ms
    double maxShortTermLufs = kSilentDb;          // 3 s, updated every 10 ms
    std::optional<double> loudnessRangeLu;        // nullopt below 3 s of programme
    double truePeakDbtp = kSilentDb;              // 16x
    double samplePeakDbfs = kSilentDb;
};

// Four bands in which a compressor may be wanted: kSpreadBandsHz[i] ... [i + 1].
inline constexpr int kSpreadBands = 4;
inline constexpr std::array<double, kSpreadBands + 1> kSpreadBandsHz = {35.0, 160.0, 630.0, 2500.0, 12000.0};

struct DynamicsFacts {
    double rmsDbfs = kSilentDb;                   // whole recording, mean of the channels' powers
    std::optional<double> crestDb;                // sample peak - RMS
    std::optional<double> peakToLoudnessDb;       // PLR: true peak - integrated loudness
    std::optional<double> minPeakToShortTermDb;   // PSR, lowest over the loud part (within 10 LU of the loudest)
    std::optional<double> dynamicRangeDb;         // "Measuring DR", unrounded
    std::array<std::optional<double>, kSpreadBands> bandSpreadDb;  // each band's level against the rest: P95 - P10 over time (band_spread.h)
    std::vector<float> shortTermLufs;             // over time, at most 1024 values evenly spread; -200 for silence
};

// Third octaves, IEC 61260-1 base ten, 20 Hz ... 20 kHz.
inline constexpr int kThirdOctaves = 31;
double thirdOctaveCentreHz(int band);             // exact mid-frequencies: 10^(n/10), n = 13 ... 43

// ERB-spaced bands of the sketch (Glasberg and Moore 1990), 30 Hz ... 18 kHz.
inline constexpr int kErbBands = 40;
double erbCentreHz(int band);
double erbEdgeHz(int edge);                       // edge 0 ... kErbBands

// Level over time, exact and finer than a sketch, whose lows are smeared over their long windows: five steps a frame.
struct LevelSteps {
    double stepSeconds = 0.01;                    // grows by doubling with the sketch's frames
    std::vector<float> power;                     // of each step: mean square of all channels added
    std::vector<float> peak;                      // highest sample of any channel
};

// Energy over time, the canvas on which mixes are decided. Power: mean square of both channels added.
struct Sketch {
    double frameSeconds = 0.05;                   // grows by doubling for long recordings, so that frames <= 8192
    int frames = 0;
    std::vector<float> power;                     // [frame * kErbBands + band]
    LevelSteps levels;                           // empty: not measured

    float at(int frame, int band) const { return power[static_cast<std::size_t>(frame) * kErbBands + band]; }
};

// Bands of 1/24 octave, 200 Hz ... 12.5 kHz.
inline constexpr int kFineBands = 144, kFineBandsPerOctave = 24;
double fineBandCentreHz(int band);

// A narrow peak that stands out of its surroundings (half an octave to each side) all the time: a resonance, or a drone.
struct NarrowPeak {
    double frequencyHz = 0.0;
    double excessDb = 0.0;                        // median over time
    double steadyDb = 0.0;                        // lower fifth: a note that comes and goes has little
    double q = 0.0;                               // of a bell as wide: between the points at half its dB
};

// The spectrum in the words of people, whole third octaves of each.
enum class ToneRegion { subsonic, deepBass, bass, lowMids, mids, presence, treble, sibilance };
inline constexpr int kToneRegions = 8;
struct ToneRegionRange {
    const char* name;                             // as in JSON
    double lowHz, highHz;                         // centres of the first and the last third octave; subsonic: the range itself
};
inline constexpr std::array<ToneRegionRange, kToneRegions> kToneRegionRanges = {{{"subsonic", 5.0, 27.0},
                                                                                 {"deepBass", 50.0, 80.0},
                                                                                 {"bass", 100.0, 160.0},
                                                                                 {"lowMids", 200.0, 500.0},
                                                                                 {"mids", 630.0, 2000.0},
                                                                                 {"presence", 2500.0, 5000.0},
                                                                                 {"treble", 6300.0, 12500.0},
                                                                                 {"sibilance", 5000.0, 10000.0}}};

// Power of a region against the mean power from 100 Hz to 10 kHz, active parts. kSilentDb where there is none.
struct RegionFacts {
    double levelDb = kSilentDb;                   // mean
    double medianDb = kSilentDb;                  // of rows of 50 ms (the sketch's)
    double loudDb = kSilentDb;                    // exceeded in 2 % of them
};

struct SpectrumFacts {
    std::array<double, kThirdOctaves> thirdOctaveDb{};  // mean power per band over the active parts, dBFS (both channels added); kSilentDb where empty
    std::array<double, kErbBands> erbDb{};              // the same in the sketch's bands
    std::optional<double> centroidHz;                   // power-weighted, active parts
    std::optional<double> flatness;                     // 0 tonal ... 1 noise; mean of frames' geometric / arithmetic mean, 100 Hz ... 10 kHz
    std::optional<double> tiltDbPerOctave;              // regression of third octaves, 100 Hz ... 10 kHz
    std::optional<double> rolloffHz;                    // 85 % of the power below
    std::array<RegionFacts, kToneRegions> regions;
    std::array<std::optional<double>, kFineBands> fineExcessDb;  // median over time against half an octave around; nullopt if not listened for
    std::vector<NarrowPeak> narrowPeaks;                // of that, highest first, at most 8

    const RegionFacts& region(ToneRegion which) const { return regions[static_cast<std::size_t>(which)]; }
};

// Three bands: below 200 Hz, 200 Hz ... 4 kHz, above.
struct StereoFacts {
    std::optional<double> correlation;                  // sum LR / sqrt(sum LL sum RR)
    std::optional<double> widthDb;                      // side power / mid power; kSilentDb for mono
    double balanceDb = 0.0;                             // left power / right power
    std::array<std::optional<double>, 3> bandCorrelation;
    std::array<std::optional<double>, 3> bandWidthDb;
    std::array<double, kThirdOctaves> thirdOctaveWidthDb{};  // side / mid per third octave
    std::optional<double> monoLossLu;                   // loudness of (L+R)/2 in both channels minus stereo loudness, <= 0
    bool dualMono = false;                              // two channels, one signal
    bool oneChannelSilent = false;
};

struct RhythmFacts {
    std::vector<float> onsetSeconds;                    // at most 20000, the strongest kept
    double onsetsPerSecond = 0.0;                       // in the active parts
    std::optional<double> tempoBpm;
    double tempoConfidence = 0.0;                       // 0 ... 1
    std::vector<float> beatSeconds;                     // at most 20000
    std::optional<double> percussiveness;               // 0 sustained ... 1 only attacks
};

struct KeyFacts {
    std::optional<int> tonic;                           // 0 = C ... 11 = B
    bool minor = false;
    double confidence = 0.0;                            // 0 ... 1: margin over the next key
    std::string name() const;                           // "A minor", "" if unknown
};

// Where there is sound; steady noise and rumble are none.
struct ActivityFacts {
    double firstSoundSeconds = 0.0;                     // first and last frame above the gate
    double lastSoundSeconds = 0.0;
    double activeShare = 0.0;                           // of the recording's length, 0 ... 1
    bool silent = true;                                 // nothing above -90 dBFS anywhere
};

// Where the programme begins and ends: sound that lasts, down to 70 dB below the loud parts or to the noise that it sinks into.
struct EdgeFacts {
    double startSeconds = 0.0, endSeconds = 0.0;        // equal: nothing sounds
    std::optional<double> leadingNoiseDbfs;             // steady noise before it; nullopt if there is none
    std::optional<double> trailingNoiseDbfs;            // and after it
    std::vector<double> clicksBeforeSeconds, clicksAfterSeconds;  // at most 32 each
    double peakDbfs = kSilentDb;                        // highest sample in between
};

enum class Severity { info, warning, error };

struct TimeSpan {
    double startSeconds = 0.0, endSeconds = 0.0;

    bool operator==(const TimeSpan&) const = default;
};

// Something wrong with the recording itself.
struct Fault {
    std::string kind;              // "clipping", "clicks", "dc", "hum", "noise", "dual-mono", "silent", "silent-channel", "inverted-channel",
                                   // "lossy-cutoff", "starts-cut", "ends-cut", "not-finite"
    Severity severity = Severity::warning;
    double value = 0.0;            // how much, in `unit`
    std::string unit;              // "dBFS", "Hz", "clicks/min", "%"
    std::string text;              // a sentence for a musician, with what to do about it
    std::vector<TimeSpan> where;   // the first 32 places
};

struct HumFacts {
    bool found = false;
    double fundamentalHz = 0.0;    // measured, near 50 or 60
    double levelDbfs = kSilentDb;  // all partials together
    int harmonics = 0;             // partials that stand out
};

struct NoiseFacts {
    std::optional<double> floorDbfs;     // RMS of the quiet parts, hum and rumble above 20 Hz included (nullopt if it never rests)
    std::optional<double> signalToNoiseDb;  // level of the active parts above the floor
};

// How well the kick of a mix can be moved without the bass, as the splitter sees it (dsp/kick_splitter.h), 30 ... 160 Hz.
struct KickSeparation {
    int hits = 0;                        // of drums that were heard often enough to be known
    double likeness = 0.0;               // of a hit to those before it, correlation, 0 ... 1
    double caught = 0.0;                 // share of the drum that the component holds, 0 ... 1
    double ringing = 0.0;                // energy of its second 110 ms over that of its first: near 1, and it rings like a bass
    double kickToRestDb = 0.0;           // energy of the drum over that of what else plays there
};

// The same for the middle without the sides (dsp/centre_splitter.h), 200 Hz ... 8 kHz. Raised by a gain of 1 + e, the
// component changes the sides' power by a factor of 1 + sidesLinear e + sidesSquare e^2.
struct CentreSeparation {
    double caught = 0.0;                 // share of the middle that the component holds, 0 ... 1
    double sidesLinear = 0.0, sidesSquare = 0.0;
    double centreToSidesDb = 0.0;
};

// How the sounds of a recording begin, die away and hold their pitch (timbre_meter.h). 0 where nothing was heard.
struct TimbreFacts {
    static constexpr int kBands = 4;                     // total, below 150 Hz, 150 Hz ... 2 kHz, above
    static constexpr int kDecays = 5;                    // 30, 60, 120, 240 and 480 ms after a strike
    double strikeShare = 0.0;                            // of the loud frames (10 ms)
    double riseDb = 0.0;                                 // within 20 ms
    std::array<std::array<double, kDecays>, kBands> decayDb{};
    double peakShare = 0.0;                              // power in peaks of the spectrum, 60 Hz ... 2 kHz, 0 ... 1
    double peakCount = 0.0;                              // peaks within 20 dB of the strongest
    double harmonicity = 0.0;                            // share of the peaks that multiples of one fundamental explain
    double followedShare = 0.0;                          // of the peaks that the frame before had too
    double glideCents = 0.0;                             // by which these moved in 43 ms
    double glidingShare = 0.0;                           // of these that moved by more than 10 cents
    double grid = 0.0;                                   // 1: all peaks on one grid of semitones ... 0: anywhere
    double voicedShare = 0.0;                            // of the frames that have a clear fundamental
    double pitchSemitones = 0.0, pitchSpreadSemitones = 0.0;  // of that, above 55 Hz
    double pitchStepSemitones = 0.0;                     // by which it moves in 43 ms, at most 3
    double fundamentalShare = 0.0;                       // of the peaks' amplitude
    double attackDb = 0.0;                               // strikes against 40 ms before
    double strikeGapOctaves = 0.0, strikeGapSpreadOctaves = 0.0;  // between strikes, above 100 ms; and how unlike these gaps are
    double decaySpreadDb = 0.0;                          // of what strikes lose within 120 ms, from strike to strike
    double strikeLowSpreadDb = 0.0, strikeHighSpreadDb = 0.0;  // of the lowest and the highest band's share: several drums or one
    double peakChangeDb = 0.0;                           // by which followed peaks change in 43 ms: strings die away, winds do not
    double peakRisingShare = 0.0;                        // of these that rise by more than 1 dB
    double peakWobbleDb = 0.0;                           // how unlike the changes of simultaneous peaks are: a mouth that moves
    double lowPeakWidth = 0.0, highPeakWidth = 0.0;      // bins between the points 3 dB down, below and above 600 Hz: vibrato, choirs
    double twoTonesShare = 0.0;                          // of the peaks' amplitude that two fundamentals explain
    double oddShare = 0.0;                               // of the harmonics' amplitude above the first, in the odd ones
    double secondDb = 0.0;                               // second harmonic against the first
    double highPeakShare = 0.0;                          // power in peaks of the spectrum, 2 ... 6 kHz, 0 ... 1
    double holdingShare = 0.0, waveringShare = 0.0;      // of the fundamental's steps in 43 ms: below 0.1, within 0.1 ... 1 semitones
};

// The spectrum and the sketch once more, on rows that begin with the first sound instead of with the file: the same numbers for a
// recording that begins some milliseconds later. Recognised by (session/sound_features.h); empty unless AnalysisOptions::timbre.
struct HeardFacts {
    SpectrumFacts spectrum;
    Sketch sketch;
};

// Everything said of one recording.
struct Analysis {
    StreamSpec spec;
    std::int64_t frames = 0;
    LoudnessFacts loudness;
    DynamicsFacts dynamics;
    SpectrumFacts spectrum;
    StereoFacts stereo;
    RhythmFacts rhythm;
    TimbreFacts timbre;
    HeardFacts heard;
    KeyFacts key;
    ActivityFacts activity;
    EdgeFacts edges;
    HumFacts hum;
    NoiseFacts noise;
    std::optional<KickSeparation> kickSeparation;      // nullopt: no drum that repeats
    std::optional<CentreSeparation> centreSeparation;  // nullopt: not two channels, or nothing in them
    std::array<double, 2> dcOffset{};    // mean of the first two channels, full scale = 1
    double lossyCutoffHz = 0.0;          // 0: none found
    Sketch sketch;
    std::vector<float> peakEnvelope;     // for drawing: [min, max] pairs over time, at most 2048 pairs
    std::vector<Fault> faults;           // worst first
};

}  // namespace tonewright
