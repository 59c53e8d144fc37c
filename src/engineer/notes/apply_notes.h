#pragma once
#include <span>
#include <string>
#include <vector>

#include "analysis/facts.h"
#include "engineer/notes/find_spans.h"
#include "plan/plan.h"
#include "session/session.h"

namespace tonewright {

// What requests do in numbers (docs/notes.md). Three values: a little, as it is said, a lot.
struct NoteTuning {
    double mostLevelDb = 12.0;           // of one track, all requests together
    double levelLittleDb = 1.0, levelUsualDb = 2.0, levelLotDb = 4.0;
    double toneLittleDb = 1.0, toneUsualDb = 2.0, toneLotDb = 4.0, mostToneDb = 6.0;
    double sendLittleDb = 1.5, sendUsualDb = 3.0, sendLotDb = 6.0;
    double newSendDb = -12.0;            // where a track had none
    double panLittle = 0.25, panUsual = 0.5, panLot = 0.85, panStep = 0.2;
    double widthLittle = 1.15, widthUsual = 1.3, widthLot = 1.6;
    double transientLittleDb = 1.5, transientUsualDb = 3.0, transientLotDb = 5.0;
    double thresholdLittleDb = 1.5, thresholdUsualDb = 3.0, thresholdLotDb = 5.0;
    double driveLittleDb = 3.0, driveUsualDb = 6.0, driveLotDb = 10.0;
    double levelRampSeconds = 0.3, muteRampSeconds = 0.03;
};

struct NoteContext {
    const Session& session;
    std::span<const Analysis> analyses;   // one for each of session.tracks
    std::span<const SongSection> sections;
    const Plan* earlier = nullptr;        // the plan that is revised: "as they are" means as there
};

// Reads plan.intent.notes into plan.intent.requests (behind those that are there) and carries all requests out, as steps of
// their own with the user's words, after everything that the rules decided. What cannot be done is said in the request's
// answer; what was not understood stands in plan.intent.unread. Locked steps stay as they are.
void applyNotes(Plan& plan, const NoteContext& context, const NoteTuning& tuning = {});

}  // namespace tonewright
