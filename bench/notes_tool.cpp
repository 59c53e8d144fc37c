// bench_notes FILE: how each phrase of a file is read. Lines are `PHRASE` or `PHRASE => what is meant`; an empty line and one that begins with # are left out.
#include <cstdio>
#include <fstream>
#include <string>

#include "core/text.h"
#include "engineer/notes/read_notes.h"

using namespace tonewright;

namespace {

std::string inShort(const Request& request) {
    std::string text = request.target;
    for (const std::string& except : request.except) text += " -" + except;
    text += " " + std::string(kAttributeNames[static_cast<std::size_t>(request.attribute)]) + " " + std::string(kDirectionNames[static_cast<std::size_t>(request.direction)]);
    if (request.amount == AmountKind::little) text += " little";
    if (request.amount == AmountKind::lot) text += " lot";
    if (request.amount == AmountKind::decibels) text += " " + fixed(request.number, 2) + "dB";
    if (request.amount == AmountKind::percent) text += " " + fixed(request.number, 2) + "%";
    return request.where.empty() ? text : text + " @" + request.where;
}

}  // namespace

int main(int count, char** words) {
    if (count != 2) {
        std::fprintf(stderr, "usage: bench_notes FILE\n");
        return 2;
    }
    std::ifstream file(words[1]);
    if (!file) {
        std::fprintf(stderr, "cannot read %s\n", words[1]);
        return 1;
    }
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.front() == '#') continue;
        const std::size_t arrow = line.find(" => ");
        const NoteReading reading = readNote(line.substr(0, arrow));
        std::printf("%s\n", line.substr(0, arrow).c_str());
        if (arrow != std::string::npos) std::printf("    meant:     %s\n", line.substr(arrow + 4).c_str());
        for (const Request& request : reading.requests) std::printf("    read:      %s\n", inShort(request).c_str());
        for (const UnreadNote& unread : reading.unread) std::printf("    not read:  %s (%s)\n", unread.text.c_str(), unread.why.c_str());
        for (const std::string& correction : reading.corrections) std::printf("    corrected: %s\n", correction.c_str());
    }
    return 0;
}
