#include "engineer/notes/apply_notes.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/notes/find_spans.h"
#include "engineer/notes/note_targets.h"
#include "engineer/notes/read_notes.h"
#include "engineer/notes/request_changes.h"

namespace tonewright {

double RequestWork::amount(double little, double usual, double lot, double most) const {
    switch (request.amount) {
        case AmountKind::little: return little;
        case AmountKind::usual: return usual;
        case AmountKind::lot: return lot;
        case AmountKind::decibels: return std::min(request.number, most);
        case AmountKind::percent: return std::min(lot * request.number / 100.0, most);
    }
    return usual;
}

Step RequestWork::step(const std::string& owner, const std::string& what, StepParams params, const std::string& does) const {
    const std::string id = owner + ".note" + std::to_string(number) + "." + what;
    Step made = makeStep(id, std::move(params), {.rule = "mix.note", .text = "You asked for it: \u201c" + request.text + "\u201d. " + does + ".", .evidence = {}});
    made.note = request.text;
    return made;
}

bool RequestWork::hasStep(const std::string& id) const {
    bool found = false;
    forEachStep(std::as_const(plan), [&](const std::string&, const Step& step) { found |= step.id == id || step.id.starts_with(id + "."); });
    return found;
}

namespace {

// The track as the earlier plan had it; without one, as it was recorded, placed and levelled by the rules.
std::string keepTrack(RequestWork& work, TrackPlan& track) {
    if (work.context.earlier)
        for (const TrackPlan& old : work.context.earlier->tracks)
            if (old.id == track.id) {
                const auto source = track.source;
                const auto output = track.output;
                track.chain = old.chain;
                track.fader = old.fader;
                track.pan = old.pan;
                track.mute = old.mute;
                track.source = source;
                track.output = output;
                return "as in the plan before";
            }
    for (Step& step : track.chain) {
        if (step.locked || step.origin == Origin::user) continue;
        const bool sound = step.type() == "equalizer" || step.type() == "dynamicEqualizer" || step.type() == "compressor" || step.type() == "multibandCompressor" ||
                           step.type() == "deEsser" || step.type() == "saturator" || step.type() == "transientShaper" || step.type() == "gate" || step.type() == "stereoWidth";
        if (!sound || !step.enabled) continue;
        step.enabled = false;
        step.because.insert(step.because.begin(), {.rule = "mix.note", .text = "You asked to leave it alone: \u201c" + work.request.text + "\u201d.", .evidence = {}});
    }
    return "its sound as it was recorded; only fader, place and space are set";
}

class Application {
public:
    Application(Plan& plan, const NoteContext& context, const NoteTuning& tuning) : plan_(plan), context_(context), tuning_(tuning) {}

    void run() {
        std::vector<Request>& requests = plan_.intent.requests;
        for (const Request& request : requests)
            if (request.attribute == Attribute::keep && request.direction == Direction::on)
                for (int i : tracksOf(request, nullptr)) kept_[i] = request.target;
        // "Just vocals and piano in the last chorus": two requests, one of which would silence the other.
        for (const Request& request : requests)
            if (request.attribute == Attribute::solo && request.direction == Direction::on)
                for (int i : tracksOf(request, nullptr)) heard_[request.where].insert(i);
        for (std::size_t i = 0; i < requests.size(); ++i) apply(requests[i], static_cast<int>(i) + 1);
    }

private:
    std::vector<int> tracksOf(const Request& request, std::string* why) const {
        FoundTracks found = findTracks(request.target, plan_, context_.session);
        for (const std::string& except : request.except) {
            const FoundTracks others = findTracks(except, plan_, context_.session);
            if (others.tracks.empty()) {
                if (why) *why = others.why;
                return {};
            }
            std::erase_if(found.tracks, [&](int i) { return std::ranges::find(others.tracks, i) != others.tracks.end(); });
        }
        if (why) *why = found.why;
        return found.tracks;
    }

    void answer(Request& request, RequestOutcome outcome, const std::string& words) const {
        request.outcome = outcome;
        request.answer = words;
    }

    void apply(Request& request, int number) {
        RequestWork work{.plan = plan_, .context = context_, .tuning = tuning_, .request = request, .number = number, .spans = {}};
        if (request.direction == Direction::keep) return answer(request, RequestOutcome::nothingToDo, "nothing was changed for this; the rules' own decision stands");
        if (request.attribute == Attribute::noise) return answer(request, RequestOutcome::notPossible, "understood, but I cannot do it on request: noise is removed where it is measured, and only there");
        const double end = static_cast<double>(plan_.frames) / plan_.sampleRateHz;
        if (!request.where.empty() && !findSpans(request.where, context_.sections, end, work.spans))
            return answer(request, RequestOutcome::notPossible, "understood, but I do not know where that is in this song; give times, as in \u201c1:10-1:30\u201d");
        const bool whole = request.target == "mix" || request.target == "everything";
        const bool parts = request.attribute == Attribute::keep || request.attribute == Attribute::compression || request.attribute == Attribute::saturation;
        if (whole && request.except.empty() && kept_.empty() && !parts) {
            const ChangeResult result = changeMix(work);
            return answer(request, result.done ? RequestOutcome::done : RequestOutcome::notPossible, result.done ? result.words : "understood, but " + result.words);
        }
        std::string why;
        const std::vector<int> tracks = tracksOf(request, &why);
        if (tracks.empty()) return answer(request, RequestOutcome::notPossible, why.empty() ? "nothing is left of it" : why);
        if (request.attribute == Attribute::keep) return keep(work, request, tracks);
        if (request.attribute == Attribute::solo) return solo(work, request, tracks);
        std::vector<std::string> done, failed;
        std::set<std::string> words, reasons;
        if (request.attribute == Attribute::width && work.sign() > 0) openUp(tracks);
        for (int i : tracks) {
            TrackPlan& track = plan_.tracks[i];
            if (const auto keeper = kept_.find(i); keeper != kept_.end() && keeper->second != request.target && tracks.size() > 1) {
                failed.push_back(track.name);
                reasons.insert("you asked to leave it alone");
                continue;
            }
            if (work.hasStep(track.id + ".note" + std::to_string(number))) {
                failed.push_back(track.name);
                reasons.insert("it has a locked step for this already");
                continue;
            }
            const ChangeResult result = changeTrack(work, track, levels_[i]);
            (result.done ? done : failed).push_back(track.name);
            (result.done ? words : reasons).insert(result.words);
        }
        const auto list = [](const std::set<std::string>& texts) { return join({texts.begin(), texts.end()}, "; "); };
        if (done.empty()) return answer(request, RequestOutcome::notPossible, "understood, but not done on " + join(failed, ", ") + ": " + list(reasons));
        std::string text = join(done, ", ") + ": " + list(words);
        if (!failed.empty()) text += ". Not on " + join(failed, ", ") + ": " + list(reasons);
        answer(request, failed.empty() ? RequestOutcome::done : RequestOutcome::partly, text);
    }

    // Several mono tracks that all stand in the centre have to leave it to become wide.
    void openUp(const std::vector<int>& tracks) {
        std::vector<int> centred;
        for (int i : tracks) {
            const TrackPlan& track = plan_.tracks[i];
            if (track.source.usedChannels() == 1 && std::get<Panner::Params>(track.pan.params).position == 0.0 && !track.pan.locked && track.pan.origin != Origin::user) centred.push_back(i);
        }
        if (centred.size() < 2) return;
        double side = -0.05;
        for (int i : centred) {
            std::get<Panner::Params>(plan_.tracks[i].pan.params).position = side;
            side = -side;
        }
    }

    void keep(RequestWork& work, Request& request, const std::vector<int>& tracks) {
        std::vector<std::string> names;
        std::string words;
        for (int i : tracks) {
            words = keepTrack(work, plan_.tracks[i]);
            names.push_back(plan_.tracks[i].name);
        }
        answer(request, RequestOutcome::done, join(names, ", ") + ": " + words);
    }

    void solo(RequestWork& work, Request& request, const std::vector<int>& tracks) {
        const bool first = silenced_.insert(request.where).second;  // of several solos of one place, the first silences the rest for all
        for (std::size_t i = 0; first && i < plan_.tracks.size(); ++i) {
            TrackPlan& track = plan_.tracks[i];
            if (track.muted() || heard_[request.where].contains(static_cast<int>(i))) continue;
            Request silent = request;
            RequestWork other{.plan = plan_, .context = context_, .tuning = tuning_, .request = silent, .number = work.number, .spans = work.spans};
            if (work.spans.empty())
                track.mute = other.step(track.id, "mute", Gain::Params{.gainDb = -120.0}, "All others are silent");
            else {
                silent.attribute = Attribute::mute;
                changeTrack(other, track, levels_[static_cast<int>(i)]);
            }
        }
        std::vector<std::string> names;
        for (int i : tracks) names.push_back(plan_.tracks[i].name);
        answer(request, RequestOutcome::done, "nothing but " + join(names, ", "));
    }

    Plan& plan_;
    const NoteContext& context_;
    const NoteTuning& tuning_;
    std::map<int, std::string> kept_;     // tracks that are left alone, and by which target
    std::map<std::string, std::set<int>> heard_;  // by where: tracks that play alone there
    std::set<std::string> silenced_;      // by where: all else is silent already
    std::map<int, double> levels_;        // of each track, what requests have changed so far
};

}  // namespace

void applyNotes(Plan& plan, const NoteContext& context, const NoteTuning& tuning) {
    const TrackNames names = trackNames(context.session);
    for (const std::string& note : plan.intent.notes) {
        NoteReading reading = readNote(note, names);
        for (Request& request : reading.requests) plan.intent.requests.push_back(std::move(request));
        for (UnreadNote& unread : reading.unread) plan.intent.unread.push_back(std::move(unread));
        for (const std::string& correction : reading.corrections) plan.intent.corrections.push_back(correction);
    }
    Application(plan, context, tuning).run();
}

}  // namespace tonewright
