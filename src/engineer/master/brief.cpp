#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

double MasterBrief::gainDb() const {
    return std::isfinite(loudnessLufs) ? std::clamp(roundTo(kWorkingLufs - loudnessLufs, 0.01), -60.0, 60.0) : 0.0;
}

bool MasterBrief::soundMayChange() const {
    return !condition.silent && !condition.finished && !condition.tooShort && intensity > 0.0;
}

bool MasterBrief::densityMayChange() const { return soundMayChange() && !condition.clipped; }

bool MasterBrief::stereoMayChange() const {
    return soundMayChange() && !condition.mono && !condition.brokenStereo && programme.spec.channels == 2;
}

}  // namespace tonewright
