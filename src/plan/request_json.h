#pragma once
#include "core/json.h"
#include "plan/plan.h"

namespace tonewright {

// The keys notes, requests, unread and corrections of a plan's intent; absent where there are none.
void setNotes(Json& json, const Intent& intent);
void readNotes(JsonReader& json, Intent& intent);

Json requestSchema();

}  // namespace tonewright
