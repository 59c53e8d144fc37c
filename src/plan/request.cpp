#include "plan/request.h"

#include <cstdlib>

#include "core/text.h"

namespace tonewright {

namespace {

std::string amountWords(const Request& request) {
    switch (request.amount) {
        case AmountKind::little: return " a little";
        case AmountKind::usual: return "";
        case AmountKind::lot: return " a lot";
        case AmountKind::decibels: return " by " + fixed(request.number, 1) + " dB";
        case AmountKind::percent: return " by " + fixed(request.number, 0) + " %";
    }
    return "";
}

std::string whereWords(const std::string& where) {
    if (where.empty()) return "";
    if (where.starts_with("not ")) return ", but not" + whereWords(where.substr(4));
    const std::size_t dash = where.find('-');
    if (dash == std::string::npos || where.find_first_not_of("0123456789.-") != std::string::npos) return " in the " + where;
    const std::string to = where.substr(dash + 1);
    return " from " + minutesSeconds(std::atof(where.c_str())) + (to.empty() ? " on" : " to " + minutesSeconds(std::atof(to.c_str())));
}

}  // namespace

std::string describe(const Request& request) {
    std::string text = request.target == "mix" ? "the mix" : request.target.starts_with("track:") ? request.target.substr(6) : request.target;
    if (!request.except.empty()) text += " except " + join(request.except, ", ");
    const std::string name(kAttributeNames[static_cast<std::size_t>(request.attribute)]);
    const bool single = request.attribute == Attribute::mute || request.attribute == Attribute::solo || request.attribute == Attribute::keep;
    text += ": ";
    if (request.direction == Direction::keep)
        text += single ? "not to be changed" : name + " not to be changed";
    else if (request.attribute == Attribute::keep)
        text += "keep it as it is";
    else if (single)
        text += name;
    else
        text += name + " " + std::string(kDirectionNames[static_cast<std::size_t>(request.direction)]) + amountWords(request);
    return text + whereWords(request.where);
}

}  // namespace tonewright
