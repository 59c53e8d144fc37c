#pragma once
#include <span>
#include <string>
#include <vector>

#include "analysis/facts.h"

namespace tonewright {

// What a recording sounds like, as the numbers from which data/timbre_model.json recognises instruments (docs/roles.md):
// the spectrum's shape, how parts of it move in time and together, strikes, pitches, width. A gain changes none of them, nor
// does silence around the sound. Empty for silence. The names stand in soundFeatureNames(), in the same order; a model knows
// the names that it was trained with.
std::vector<double> soundFeatures(const Analysis& analysis);
const std::vector<std::string>& soundFeatureNames();

}  // namespace tonewright
