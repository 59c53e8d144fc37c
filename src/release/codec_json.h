#pragma once
#include "core/json.h"
#include "release/codec_check.h"

namespace tonewright {

// The codecs of a check, each with what every round found: `output.master.codecs` of the report, `codecs` of
// `tonewright codec --json`.
Json codecsJson(const CodecHistory& history);
Json codecsSchema();

}  // namespace tonewright
