#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tonewright {

struct RoleProbability {
    std::string role;
    double probability = 0.0;
};

// The model of data/timbre_model.json, which scripts/train-roles makes: what the features of a sound say of its role.
//
//   x = clip((features - mean) / scale, -3, 3)
//   p = mean over the networks of softmax((max(0, x H + h) O + o) / temperature)
class TimbreModel {
public:
    static const TimbreModel& get();

    // Throws InputError if the text is no such model, or asks for features that are not among soundFeatureNames().
    explicit TimbreModel(std::string_view json);

    // Of every role that the model knows, most probable first; they add up to 1. Precondition: as many features as soundFeatureNames().
    std::vector<RoleProbability> probabilities(std::span<const double> features) const;

private:
    struct Network {
        std::vector<double> hidden, hiddenBias, output, outputBias;  // weights row by row: [feature][unit], [unit][role]
    };

    std::vector<std::size_t> used_;  // features, as indices of soundFeatureNames()
    std::vector<std::string> roles_;
    std::vector<double> mean_, scale_;
    double temperature_ = 1.0;
    std::vector<Network> networks_;
};

}  // namespace tonewright
