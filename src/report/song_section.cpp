#include "report/song_section.h"

#include <algorithm>

#include "core/text.h"
#include "report/html_sections.h"
#include "report/html_text.h"
#include "report/plain_text.h"

namespace tonewright {

namespace {

constexpr double kLeft = 190.0, kRight = 990.0, kRow = 20.0, kHead = 30.0;   // of the picture

std::string tempoWords(const Song& song) {
    if (song.tempoBpm <= 0.0) return "no steady tempo";
    const std::string words = fixed(song.tempoBpm, 1) + " BPM";
    return song.beatsPerBar == 3 ? words + ", three beats to the bar" : song.beatsPerBar == 4 ? words + ", four beats to the bar" : words;
}

// "1:05"
std::string clock(double seconds) {
    const int whole = static_cast<int>(seconds + 0.5);
    return std::to_string(whole / 60) + (whole % 60 < 10 ? ":0" : ":") + std::to_string(whole % 60);
}

std::string rectangle(double from, double to, double top, double height, const std::string& css) {
    return "<rect x=\"" + fixed(from, 1) + "\" y=\"" + fixed(top, 1) + "\" width=\"" + fixed(std::max(1.0, to - from), 1) + "\" height=\"" + fixed(height, 1) + "\" rx=\"2\" class=\"" + css + "\"/>";
}

std::string text(double x, double y, const std::string& anchor, const std::string& words, const std::string& css = "") {
    return "<text x=\"" + fixed(x, 1) + "\" y=\"" + fixed(y, 1) + "\" text-anchor=\"" + anchor + "\"" + (css.empty() ? "" : " class=\"" + css + "\"") + ">" + escaped(words) + "</text>";
}

std::string timeline(const Plan& plan, const Song& song) {
    const double end = song.parts.back().endSeconds;
    const auto x = [&](double seconds) { return kLeft + (kRight - kLeft) * seconds / end; };
    const double height = kHead + 18.0 + kRow * static_cast<double>(song.elements.size());
    std::string svg = "<svg class=\"song\" viewBox=\"0 0 1000 " + fixed(height + 4.0, 0) + "\" role=\"img\" aria-label=\"Parts of the song, and when each track plays\">";
    for (std::size_t i = 0; i < song.parts.size(); ++i) {
        const SongPart& part = song.parts[i];
        const double from = x(part.startSeconds), to = x(part.endSeconds);
        svg += rectangle(from + 1.0, to - 1.0, 0.0, kHead - 6.0, "part part" + std::to_string((part.label.empty() ? 0 : part.label.front() - 'A') % 6));
        const std::string title = partTitle(song, i);
        const auto fits = static_cast<std::size_t>((to - from) / 7.0);
        if (fits >= 3) svg += text(0.5 * (from + to), 16.5, "middle", shortened(title, fits), "partname");
        svg += text(from, kHead + 9.0, "start", to - from > 34.0 ? clock(part.startSeconds) : "");
    }
    double top = kHead + 18.0;
    for (const SongElement& element : song.elements) {
        const auto track = std::ranges::find_if(plan.tracks, [&](const TrackPlan& t) { return t.id == element.track; });
        const bool known = track != plan.tracks.end();
        svg += text(kLeft - 8.0, top + 13.0, "end", shortened(known && !track->name.empty() ? track->name : element.track, 26));
        svg += "<g class=\"" + familyClass(known ? track->role : "unknown") + "\">";
        for (const TimeSpan& span : element.spans) svg += rectangle(x(std::min(span.startSeconds, end)), x(std::min(span.endSeconds, end)), top + 2.0, kRow - 6.0, "plays");
        svg += "</g>";
        top += kRow;
    }
    return svg + "</svg>\n";
}

}  // namespace

std::string songLine(const Plan& plan) {
    if (!plan.song || plan.song->parts.empty()) return "";
    const Song& song = *plan.song;
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < song.parts.size(); ++i) parts.push_back(clock(song.parts[i].startSeconds) + " " + plainText(partTitle(song, i)));
    return tempoWords(song) + (song.parts.size() < 2 ? "" : ": " + join(parts, ", "));
}

std::string songHtml(const Plan& plan) {
    if (!plan.song || plan.song->parts.empty() || plan.song->elements.empty()) return "";
    const Song& song = *plan.song;
    std::string html = "<p>" + escaped(capitalized(tempoWords(song))) + ". Parts of one colour sound alike; a part is named only where that is clear.</p>\n";
    return sectionHtml("song", "The song", html + "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"The song\">" + timeline(plan, song) + "</div>\n");
}

}  // namespace tonewright
