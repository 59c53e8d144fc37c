#pragma once
#include <memory>

#include "analysis/facts.h"
#include "core/audio.h"

namespace tonewright {

// How much to listen for, and how. Loudness, peaks, dynamics, spectrum, stereo and faults are always measured.
struct AnalysisOptions {
    bool truePeak = true;   // the 16x meter (sample peak stands in where it is off)
    bool sketch = true;     // energy in ERB bands over time
    bool rhythm = true;     // onsets, tempo, beats
    bool key = true;
    bool separation = true; // how well kick and middle can be told from the rest
    bool sourceFaults = true;  // clicks, hum, lossy cut-off: a file of our own making has none that its source had not
    bool parallel = false;  // listen on up to three threads; the facts are the same
    bool resonances = true;    // narrow peaks of the spectrum
    bool timbre = false;    // strikes and pitches, from which a track's instrument is recognised

    bool operator==(const AnalysisOptions&) const = default;
};

// Listens once to a stream: bounded memory, one pass; the facts do not depend on how the stream was cut into blocks.
//
//   Analyzer analyzer(spec);
//   while (...) analyzer.add(block);
//   const Analysis facts = analyzer.result();   // once, at the end
class Analyzer {
public:
    // Throws std::invalid_argument for rates outside 8 ... 768 kHz or more than 64 channels.
    explicit Analyzer(const StreamSpec& spec, const AnalysisOptions& options = {});
    ~Analyzer();
    Analyzer(Analyzer&&) noexcept;
    Analyzer& operator=(Analyzer&&) noexcept;

    void add(ConstBlock block);
    Analysis result();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace tonewright
