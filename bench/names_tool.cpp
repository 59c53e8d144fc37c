// bench_names FILE: how the file names of sessions are read. Lines are `NAME<tab>ROLE` or `NAME<tab>ROLE|ROLE` where either is right; an empty line ends a
// session, and lines that begin with # are left out. `unknown` is right where a name says nothing.
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "session/name_parser.h"

using namespace tonewright;

namespace {

struct Score {
    int names = 0, families = 0, roles = 0, silent = 0, sureAndWrong = 0;
};

std::vector<std::string> alternatives(const std::string& truth) {
    std::vector<std::string> roles;
    std::istringstream text(truth);
    for (std::string role; std::getline(text, role, '|');) roles.push_back(role);
    return roles;
}

bool isAmong(std::string_view word, const std::vector<std::string>& words) {
    for (const std::string& other : words)
        if (word == other) return true;
    return false;
}

// Drums, bass, guitar, keys, vocals; all others are one. What is a synthesizer's is no mistake either way.
std::string judgedFamily(std::string_view role) {
    const std::string family(roleFamily(role));
    for (const char* own : {"drums", "bass", "guitar", "vocals", "unknown"})
        if (family == own) return family;
    return family == "keys" && role != "keys/synth" ? family : "other";
}

void readSession(const std::vector<NameToRead>& names, const std::vector<std::string>& truths, Score& score) {
    constexpr double kSure = 0.8;
    const std::vector<NameReading> readings = readNames(names);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::vector<std::string> roles = alternatives(truths[i]);
        std::vector<std::string> families;
        for (const std::string& role : roles) families.push_back(judgedFamily(role));
        const NameReading& reading = readings[i];
        const bool isFamily = isAmong(judgedFamily(reading.role), families), isRole = isAmong(reading.role, roles), isSilent = reading.role == kUnknownRole;
        ++score.names;
        score.families += isFamily;
        score.roles += isRole;
        score.silent += isSilent && !isFamily;
        score.sureAndWrong += !isFamily && !isSilent && reading.confidence > kSure;
        if (!isRole) std::printf("%s %-45s %-28s read as %s %.2f\n", isFamily ? "role  " : isSilent ? "silent" : "WRONG ", names[i].name.c_str(), truths[i].c_str(), reading.role.c_str(), reading.confidence);
    }
}

}  // namespace

int main(int count, char** words) {
    if (count != 2) {
        std::fprintf(stderr, "usage: bench_names FILE\n");
        return 2;
    }
    std::ifstream file(words[1]);
    if (!file) {
        std::fprintf(stderr, "cannot read %s\n", words[1]);
        return 1;
    }
    Score score;
    std::vector<NameToRead> names;
    std::vector<std::string> truths;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty() && line.front() == '#') {
            std::printf("%s\n", line.c_str());
            continue;
        }
        const std::size_t tab = line.find('\t');
        if (tab != std::string::npos) {
            const std::string name = line.substr(0, tab);
            names.push_back({name.ends_with(".wav") ? name.substr(0, name.size() - 4) : name, ""});
            truths.push_back(line.substr(tab + 1));
            continue;
        }
        readSession(names, truths, score);
        names.clear();
        truths.clear();
    }
    readSession(names, truths, score);
    std::printf("%d names: family right %d, of the rest %d left open; role right %d; sure of a wrong family %d\n", score.names, score.families, score.silent, score.roles, score.sureAndWrong);
    return 0;
}
