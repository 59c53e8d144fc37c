#include "plan/plan.h"

#include <algorithm>

namespace tonewright {

namespace {

template <class PlanType, class Visit>
void visitSteps(PlanType& plan, const Visit& visit) {
    for (auto& track : plan.tracks) {
        const std::string target = "tracks/" + track.id;
        if (track.mute) visit(target, *track.mute);
        for (auto& step : track.chain) visit(target, step);
        visit(target, track.fader);
        visit(target, track.pan);
        for (auto& send : track.sends) {
            visit(target, send.level);
            if (send.ride) visit(target, *send.ride);
        }
    }
    for (auto& bus : plan.buses) {
        const std::string target = "buses/" + bus.id;
        for (auto& step : bus.chain) visit(target, step);
        visit(target, bus.fader);
    }
    for (auto& step : plan.mixBus) visit("mix", step);
    for (auto& step : plan.master) visit("master", step);
}

bool isKept(const Step& step) { return step.locked || step.origin == Origin::user; }

bool anyKept(const Send& send) { return isKept(send.level) || (send.ride && isKept(*send.ride)); }

template <class T>
T* findById(std::vector<T>& list, const std::string& id) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const T& item) { return item.id == id; });
    return found == list.end() ? nullptr : &*found;
}

// Kept steps of a chain go back to where they stood: in place of the step of the same id, else after the step that
// preceded them.
void keepInChain(std::vector<Step>& fresh, const std::vector<Step>& old) {
    for (std::size_t i = 0; i < old.size(); ++i) {
        if (!isKept(old[i])) continue;
        if (Step* same = findById(fresh, old[i].id)) {
            *same = old[i];
            continue;
        }
        std::size_t place = 0;
        for (std::size_t before = i; before-- > 0;) {
            if (const Step* neighbour = findById(fresh, old[before].id)) {
                place = static_cast<std::size_t>(neighbour - fresh.data()) + 1;
                break;
            }
        }
        fresh.insert(fresh.begin() + static_cast<std::ptrdiff_t>(place), old[i]);
    }
}

void keepStep(Step& fresh, const Step& old) {
    if (isKept(old)) fresh = old;
}

bool anyKept(const TrackPlan& track) {
    const auto kept = [](const Step& step) { return isKept(step); };
    return std::any_of(track.chain.begin(), track.chain.end(), kept) || isKept(track.fader) || isKept(track.pan) ||
           (track.mute && isKept(*track.mute)) ||
           std::any_of(track.sends.begin(), track.sends.end(), [](const Send& send) { return anyKept(send); });
}

bool anyKept(const BusPlan& bus) {
    return std::any_of(bus.chain.begin(), bus.chain.end(), isKept) || isKept(bus.fader);
}

void keepTrack(TrackPlan& fresh, const TrackPlan& old) {
    if (old.mute && isKept(*old.mute)) fresh.mute = old.mute;
    keepInChain(fresh.chain, old.chain);
    keepStep(fresh.fader, old.fader);
    keepStep(fresh.pan, old.pan);
    for (const Send& send : old.sends) {
        if (!anyKept(send)) continue;
        const auto same = std::find_if(fresh.sends.begin(), fresh.sends.end(), [&](const Send& s) { return s.to == send.to; });
        if (same == fresh.sends.end())
            fresh.sends.push_back(send);
        else
            *same = send;
    }
}

}  // namespace

void forEachStep(const Plan& plan, const std::function<void(const std::string&, const Step&)>& visit) { visitSteps(plan, visit); }
void forEachStep(Plan& plan, const std::function<void(const std::string&, Step&)>& visit) { visitSteps(plan, visit); }

std::vector<Warning> keepLockedMix(Plan& fresh, const Plan& old) {
    std::vector<Warning> warnings;
    const auto lost = [&](const std::string& what) {
        warnings.push_back({"plan.lock-lost", what + " is no longer part of the session, so what was locked on it could not be kept."});
    };
    for (const BusPlan& bus : old.buses) {
        if (BusPlan* same = findById(fresh.buses, bus.id)) {
            keepInChain(same->chain, bus.chain);
            keepStep(same->fader, bus.fader);
        } else if (anyKept(bus)) {
            lost("The bus \"" + bus.name + "\"");
        }
    }
    for (const TrackPlan& track : old.tracks) {
        if (TrackPlan* same = findById(fresh.tracks, track.id))
            keepTrack(*same, track);
        else if (anyKept(track))
            lost("The track \"" + track.name + "\"");
    }
    // A send that was kept needs its return.
    for (TrackPlan& track : fresh.tracks)
        std::erase_if(track.sends, [&](const Send& send) {
            if (findById(fresh.buses, send.to)) return false;
            lost("The return \"" + send.to + "\"");
            return true;
        });
    keepInChain(fresh.mixBus, old.mixBus);
    return warnings;
}

void keepLockedMaster(Plan& fresh, const Plan& old) { keepInChain(fresh.master, old.master); }

}  // namespace tonewright
