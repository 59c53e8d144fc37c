#include "engineer/notes/note_targets.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "core/text.h"
#include "session/name_text.h"
#include "session/role_words.h"

namespace tonewright {

namespace {

std::vector<std::string> wordsOfName(const std::string& name) {
    std::vector<std::string> words;
    for (const NameChunk& chunk : splitName(name))
        for (const std::string& word : chunk.isNumber ? std::vector<std::string>{chunk.text} : chunk.words) words.push_back(word);
    return words;
}

bool isDigits(const std::string& text) { return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos; }

// A word that says something about a sound or a direction could turn a sentence round: "Bass Up" is no name for a note.
bool isSafeInNames(const std::string& word) {
    const auto* meanings = NoteWords::get().find(word);
    return !meanings || std::ranges::all_of(*meanings, [](const NoteMeaning& meaning) {
        return meaning.kind == WordKind::target || meaning.kind == WordKind::left || meaning.kind == WordKind::right || meaning.kind == WordKind::unit;
    });
}

std::string base(const std::string& target) { return target.substr(0, target.find(':')); }
std::string filter(const std::string& target) {
    const std::size_t colon = target.find(':');
    return colon == std::string::npos ? "" : target.substr(colon + 1);
}

std::string family(const std::string& role) { return role.substr(0, role.find('/')); }

bool plays(const std::string& role, const std::string& wanted) {
    if (role == wanted || family(role) == wanted) return true;
    if (wanted == "mix" || wanted == "everything") return true;
    if (wanted == "instruments") return family(role) != "vocals";
    if (wanted == "rhythm") return family(role) == "drums" || family(role) == "bass";
    if (wanted == "vocals/lead") return role == "vocals/speech";
    if (wanted == "drums/cymbals") return role == "drums/crash" || role == "drums/ride";
    if (wanted == "guitar/electric") return role.starts_with("guitar/electric");
    if (wanted == "synth") return role == "keys/synth" || family(role) == "pad";
    if (wanted == "pad") return family(role) == "pad";
    return false;
}

// Roles that stand in where nobody has the wanted one: cymbals are heard in the overheads.
std::string standIn(const std::string& wanted) {
    if (wanted == "drums/cymbals") return "drums/overhead";
    if (wanted == "vocals/lead") return "vocals";
    if (wanted == "drums/percussion") return "";
    return "";
}

bool nameSays(const Track& track, const std::string& word) {
    static const std::vector<std::pair<std::string, std::vector<std::string>>> kAbbreviated = {
        {"lead", {"lead", "ld", "solo", "main"}}, {"rhythm", {"rhythm", "rhy", "rtm", "rhyt", "rythm", "rh"}}};
    std::vector<std::string> wanted = {word};
    for (const auto& [full, others] : kAbbreviated)
        if (full == word) wanted = others;
    const std::vector<std::string> words = wordsOfName(track.name);
    return std::ranges::any_of(words, [&](const std::string& own) {
        return std::ranges::any_of(wanted, [&](const std::string& w) { return own == w || own == w + "s" || (w.size() >= 4 && own.starts_with(w)); });
    });
}

std::string instrumentWords(const std::string& target) {
    const std::string word = filter(target), role = base(target);
    if (word.empty() || isDigits(word)) return "\"" + role + "\"" + (word.empty() ? "" : " number " + word);
    return word == "left" || word == "right" || word == "lead" || word == "rhythm" || word == "last" ? word + " \"" + role + "\"" : "\"" + word + "\"";
}

}  // namespace

TrackNames trackNames(const Session& session) {
    TrackNames names;
    const auto add = [&](const std::string& name, const Track& track) {
        if (const auto [entry, isNew] = names.emplace(name, "track:" + track.id); !isNew && entry->second != "track:" + track.id) entry->second = "";  // two of one name: neither is meant by it
    };
    for (const Track& track : session.tracks) {
        for (const std::string& written : {track.name, track.path.filename().string(), track.id})
            if (!written.empty() && written.find('"') == std::string::npos) add("\"" + plainNote(written) + "\"", track);
        std::vector<std::string> words = wordsOfName(track.name);
        while (!words.empty() && isDigits(words.front())) words.erase(words.begin());
        if (words.empty() || !std::ranges::all_of(words, isSafeInNames)) continue;
        const std::string name = join(words, " ");
        const auto letters = std::ranges::count_if(words, [](const std::string& word) { return !isDigits(word); });
        if (name.size() < 3 || NoteWords::get().find(name) || (letters == 1 && words.size() == 1 && RoleWords::get().find(name))) continue;
        add(name, track);
        // "GTR_02" is guitar 2.
        for (std::string& word : words)
            if (isDigits(word) && word.size() > 1 && word.front() == '0' && word.back() != '0') word.erase(0, word.find_first_not_of('0'));
        if (const std::string shorter = join(words, " "); shorter != name) add(shorter, track);
    }
    std::erase_if(names, [](const auto& entry) { return entry.second.empty(); });
    return names;
}

FoundTracks findTracks(const std::string& target, const Plan& plan, const Session& session) {
    FoundTracks found;
    const std::string which = filter(target);
    std::vector<int> leftOut;
    const auto collect = [&](const auto& matches) {
        for (std::size_t i = 0; i < plan.tracks.size(); ++i)
            if (const Track* track = findTrack(session, plan.tracks[i].id); track && matches(plan.tracks[i], *track)) (plan.tracks[i].muted() ? leftOut : found.tracks).push_back(static_cast<int>(i));
    };
    if (target.starts_with("track:")) {
        collect([&](const TrackPlan& track, const Track&) { return track.id == which; });
    } else {
        const std::string role = base(target);
        const bool byName = !which.empty() && !isDigits(which) && which != "left" && which != "right" && which != "last";
        collect([&](const TrackPlan& track, const Track& source) { return plays(track.role, role) && (!byName || nameSays(source, which)); });
        if (found.tracks.empty() && leftOut.empty() && !byName && !standIn(role).empty())
            collect([&](const TrackPlan& track, const Track&) { return plays(track.role, standIn(role)) && track.role != "vocals/backing"; });
        if (found.tracks.empty() && leftOut.empty() && byName)  // the name alone: a tambourine whose role is not known
            collect([&](const TrackPlan&, const Track& source) { return which.size() >= 4 && which != "lead" && which != "rhythm" && nameSays(source, which); });
        if (which == "left" || which == "right") {
            const double sign = which == "left" ? -1.0 : 1.0;
            std::erase_if(found.tracks, [&](int i) {
                const Track* track = findTrack(session, plan.tracks[i].id);
                if (!track->side.empty()) return track->side != (sign < 0 ? "L" : "R");
                return std::get<Panner::Params>(plan.tracks[i].pan.params).position * sign <= 0.05;
            });
        } else if (isDigits(which) || which == "last") {
            const int number = which == "last" ? static_cast<int>(found.tracks.size()) : std::atoi(which.c_str());
            std::vector<int> numbered;
            for (int i : found.tracks)
                if (findTrack(session, plan.tracks[i].id)->number == number) numbered.push_back(i);
            if (numbered.empty() && number >= 1 && number <= static_cast<int>(found.tracks.size()) &&
                std::ranges::none_of(found.tracks, [&](int i) { return findTrack(session, plan.tracks[i].id)->number > 0; }))
                numbered = {found.tracks[static_cast<std::size_t>(number - 1)]};
            found.tracks = numbered;
        }
    }
    if (found.tracks.empty())
        found.why = !leftOut.empty() ? plan.tracks[leftOut.front()].name + " is left out of the mix"
                                     : "no track of this session is known as " + instrumentWords(target) + "; use a track's name, or say what it is with --roles";
    return found;
}

}  // namespace tonewright
