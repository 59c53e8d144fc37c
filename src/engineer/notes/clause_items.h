#pragma once
#include "engineer/notes/clause.h"

namespace tonewright {

// Words whose meaning depends on their neighbours get the one that they have in this clause: "warm the bass up", "to loud",
// "shouldn't the guitars be wider", "guitar left louder", "more bass on the kick".
void settleItems(Clause& clause);

}  // namespace tonewright
