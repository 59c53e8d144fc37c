#include "engineer/notes/request_changes.h"

#include <algorithm>

#include "engineer/decision.h"

namespace tonewright {

std::vector<EqualizerBand> toneBands(Attribute attribute, double amountDb, const std::string& role) {
    const double db = roundDb(amountDb);
    const bool low = role == "drums/kick" || role.starts_with("bass");
    const auto bell = [](double hz, double gainDb, double q) { return EqualizerBand{.type = BandType::bell, .frequencyHz = hz, .gainDb = roundDb(gainDb), .q = q}; };
    const auto lowShelf = [](double hz, double gainDb) { return EqualizerBand{.type = BandType::lowShelf, .frequencyHz = hz, .gainDb = roundDb(gainDb), .q = 0.6}; };
    const auto highShelf = [](double hz, double gainDb) { return EqualizerBand{.type = BandType::highShelf, .frequencyHz = hz, .gainDb = roundDb(gainDb), .q = 0.6}; };
    switch (attribute) {
        case Attribute::brightness: return {highShelf(low ? 2000.0 : 4500.0, db)};
        case Attribute::warmth: return {lowShelf(250.0, 0.8 * db), highShelf(5000.0, -0.6 * db)};
        case Attribute::body: return {bell(low ? 110.0 : 220.0, db, 0.7)};
        case Attribute::lowEnd: return {lowShelf(low ? 90.0 : 140.0, db)};
        case Attribute::mids: return {bell(1000.0, db, 0.6)};
        case Attribute::air: return {highShelf(9000.0, db)};
        case Attribute::presence: return {bell(low ? 1800.0 : 3200.0, db, 0.8)};
        case Attribute::clarity: return {bell(3000.0, db, 0.8), bell(300.0, -0.6 * db, 0.9)};
        case Attribute::mud: return {bell(280.0, db, 0.9)};
        case Attribute::boom: return {bell(low ? 90.0 : 130.0, db, 0.9)};
        case Attribute::boxiness: return {bell(450.0, db, 1.1)};
        case Attribute::nasality: return {bell(900.0, db, 1.2)};
        case Attribute::harshness: return {bell(3500.0, db, 0.9)};
        case Attribute::sibilance: return {highShelf(6500.0, db)};
        default: return {};
    }
}

}  // namespace tonewright
