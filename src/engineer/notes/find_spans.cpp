#include "engineer/notes/find_spans.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "engineer/notes/places.h"

namespace tonewright {

namespace {

// What lies between the spans.
std::vector<std::pair<double, double>> rest(std::vector<std::pair<double, double>> spans, double endSeconds) {
    std::ranges::sort(spans);
    std::vector<std::pair<double, double>> others;
    double from = 0.0;
    for (const auto& [start, end] : spans) {
        if (start > from) others.emplace_back(from, start);
        from = std::max(from, end);
    }
    if (from < endSeconds) others.emplace_back(from, endSeconds);
    return others;
}

// One part of the song by its name, or all that are called so. Of "solo", "bridge" and the like there may be one only.
bool findNamed(const std::string& where, std::span<const SongSection> sections, double endSeconds, Spans& spans) {
    const std::size_t space = where.find(' ');
    const std::string name = where.substr(0, space), which = space == std::string::npos ? "" : where.substr(space + 1);
    Spans all;
    for (const SongSection& section : sections)
        if (section.name == name) all.emplace_back(section.startSeconds, section.endSeconds);
    if (name == "song") all = {{0.0, endSeconds}};
    if (all.empty()) return false;
    const auto numbered = [&](const std::string& number) { return number == "last" ? all.size() : static_cast<std::size_t>(std::max(0, std::atoi(number.c_str()))); };
    if (which.starts_with("not ")) {
        const std::size_t index = numbered(which.substr(4));
        if (index < 1 || index > all.size() || all.size() < 2) return false;
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(index) - 1);
    } else if (!which.empty()) {
        const std::size_t index = numbered(which);
        if (index < 1 || index > all.size()) return false;
        all = {all[index - 1]};
    }
    spans.insert(spans.end(), all.begin(), all.end());
    return true;
}

}  // namespace

bool findSpans(const std::string& where, std::span<const SongSection> sections, double endSeconds, Spans& spans) {
    const auto spansOf = [&](const std::string& part) {
        Spans found;
        return findSpans(part, sections, endSeconds, found) ? found : Spans{};
    };
    const auto put = [&](double from, double to) {
        if (!(to > from) || from >= endSeconds) return false;
        spans.emplace_back(from, to);
        return true;
    };
    if (where.starts_with("not ")) {
        if (!findSpans(where.substr(4), sections, endSeconds, spans)) return false;
        spans = rest(spans, endSeconds);
        return !spans.empty();
    }
    if (const std::size_t plus = where.find('+'); plus != std::string::npos) {
        Spans a = spansOf(where.substr(0, plus)), b = spansOf(where.substr(plus + 1));
        if (a.empty() || b.empty()) return false;
        spans.insert(spans.end(), a.begin(), a.end());
        spans.insert(spans.end(), b.begin(), b.end());
        std::ranges::sort(spans);
        return true;
    }
    if (where.starts_with(kAtTime)) {
        const double time = std::atof(where.c_str() + std::string(kAtTime).size());
        for (const SongSection& section : sections)
            if (time >= section.startSeconds && time < section.endSeconds) return put(section.startSeconds, section.endSeconds);
        return false;
    }
    if (where.starts_with("end-")) return put(std::max(0.0, endSeconds - std::atof(where.c_str() + 4)), endSeconds);
    if (where.starts_with("until ")) {
        const Spans to = spansOf(where.substr(6));
        return !to.empty() && put(0.0, to.front().first);
    }
    if (where.starts_with("from ")) {
        const std::size_t until = where.find(" until ");
        const Spans from = spansOf(where.substr(5, until == std::string::npos ? until : until - 5));
        if (from.empty()) return false;
        if (until == std::string::npos) return put(from.front().first, endSeconds);
        for (const auto& [start, end] : spansOf(where.substr(until + 7)))  // the next of that name
            if (start > from.front().first) return put(from.front().first, start);
        return false;
    }
    if (where.starts_with("after ")) {  // after which of several?
        const std::size_t until = where.find(" until ");
        const Spans from = spansOf(where.substr(6, until == std::string::npos ? until : until - 6));
        if (from.size() != 1) return false;
        if (until == std::string::npos) return put(from.front().second, endSeconds);
        for (const auto& [start, end] : spansOf(where.substr(until + 7)))
            if (start > from.front().second) return put(from.front().second, start);
        return false;
    }
    if (const std::size_t half = where.find(" half "); half != std::string::npos) {
        for (const auto& [start, end] : spansOf(where.substr(0, half))) {
            const double middle = 0.5 * (start + end);
            if (!(where.ends_with('1') ? put(start, middle) : put(middle, end))) return false;
        }
        return !spans.empty();
    }
    if (where.find_first_not_of("0123456789.-") == std::string::npos) {
        const std::size_t dash = where.find('-');
        return put(std::atof(where.c_str()), dash + 1 < where.size() ? std::atof(where.c_str() + dash + 1) : endSeconds);
    }
    return findNamed(where, sections, endSeconds, spans);
}

}  // namespace tonewright
