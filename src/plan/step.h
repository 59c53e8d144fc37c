#pragma once
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/fields.h"
#include "dsp/alignment.h"
#include "dsp/channel_matrix.h"
#include "dsp/component_equalizer.h"
#include "dsp/compressor.h"
#include "dsp/curve_filter.h"
#include "dsp/dc_filter.h"
#include "dsp/de_esser.h"
#include "dsp/delay.h"
#include "dsp/dynamic_equalizer.h"
#include "dsp/equalizer.h"
#include "dsp/fade.h"
#include "dsp/gain.h"
#include "dsp/gain_envelope.h"
#include "dsp/gate.h"
#include "dsp/hum_filter.h"
#include "dsp/limiter.h"
#include "dsp/multiband_compressor.h"
#include "dsp/panner.h"
#include "dsp/reverb.h"
#include "dsp/saturator.h"
#include "dsp/stereo_width.h"
#include "dsp/transient_shaper.h"
#include "dsp/trim.h"
#include "plan/reason.h"

namespace tonewright {

// The settings of any processor. The order is that of kStepTypes.
using StepParams =
    std::variant<Gain::Params, Panner::Params, Alignment::Params, DcFilter::Params, HumFilter::Params, Gate::Params, Equalizer::Params,
                 DynamicEqualizer::Params, ComponentEqualizer::Params, CurveFilter::Params, DeEsser::Params, Compressor::Params, MultibandCompressor::Params,
                 TransientShaper::Params, SaturatorParams, StereoWidth::Params, Delay::Params, ReverbParams, GainEnvelope::Params,
                 Fade::Params, Limiter::Params, Trim::Params, ChannelMatrix::Params>;

// The word that stands for each in the plan's "type".
inline constexpr Names<std::variant_size_v<StepParams>> kStepTypes = {
    "gain",       "pan",                 "alignment",       "dcFilter",  "humFilter",   "gate",  "equalizer",
    "dynamicEqualizer", "componentEqualizer", "curveFilter",   "deEsser",         "compressor", "multibandCompressor",
    "transientShaper",  "saturator",     "stereoWidth",     "delay",     "reverb",      "gainEnvelope",
    "fade",       "limiter",             "trim",            "channelMatrix"};

// One decision: a processor with its settings, why it is there, and who wants it.
struct Step {
    std::string id;                // unique in the plan: "bass.eq.1"
    StepParams params;
    bool enabled = true;           // false: bypassed, and still listed
    bool locked = false;           // true: a new planning keeps it as it is
    Origin origin = Origin::automatic;
    std::string key;               // side-chain: the id of the track that the detector hears, or of the step's own bus: what comes into it; empty: what reaches the step
    std::vector<Reason> because;
    std::string note;              // the user's own words

    std::string_view type() const { return kStepTypes[params.index()]; }
    bool operator==(const Step&) const = default;
};

// The step's settings in a few words: "-2.5 dB at 240 Hz (Q 1.2)", "ratio 3:1 above -24.0 dB". For reports.
std::string describe(const Step& step);

}  // namespace tonewright
