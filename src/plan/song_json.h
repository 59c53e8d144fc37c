#pragma once
#include "analysis/song.h"
#include "core/json.h"

namespace tonewright {

Json toJson(const Song& song);
Song songFromJson(JsonReader json);
Json songSchema();

}  // namespace tonewright
