#include "analysis/analyzer.h"

#include <gtest/gtest.h>

#include "analysis/facts_json.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

Analysis listen(AudioBuffer audio, int blockLength, const AnalysisOptions& options = {}) {
    Analyzer analyzer(audio.spec(), options);
    std::vector<float*> pointers(audio.numChannels());
    for (int start = 0; start < audio.numFrames(); start += blockLength)
        analyzer.add(audio.block(pointers, start, std::min(blockLength, audio.numFrames() - start)));
    return analyzer.result();
}

// Every key of the document is in the schema and the other way round, and types fit.
void expectFits(const Json& value, const Json& schema, const std::string& path) {
    if (const Json* choices = schema.find("enum")) {
        bool found = false;
        for (const Json& choice : choices->asArray()) found = found || choice == value;
        EXPECT_TRUE(found) << path;
        return;
    }
    const Json* type = schema.find("type");
    ASSERT_TRUE(type) << path;
    const auto allows = [&](const char* name) {
        if (type->isString()) return type->asString() == name;
        for (const Json& item : type->asArray())
            if (item.asString() == name) return true;
        return false;
    };
    if (value.isNull()) EXPECT_TRUE(allows("null")) << path;
    else if (value.isBool()) EXPECT_TRUE(allows("boolean")) << path;
    else if (value.isNumber()) EXPECT_TRUE(allows("number") || (allows("integer") && value.isInteger())) << path;
    else if (value.isString()) EXPECT_TRUE(allows("string")) << path;
    else if (value.isArray()) {
        ASSERT_TRUE(allows("array")) << path;
        for (const Json& item : value.asArray()) expectFits(item, *schema.find("items"), path + "[]");
    } else {
        ASSERT_TRUE(allows("object")) << path;
        const Json& properties = *schema.find("properties");
        for (const auto& [key, member] : value.asObject()) {
            ASSERT_TRUE(properties.find(key)) << path << "." << key;
            expectFits(member, *properties.find(key), path + "." + key);
        }
        for (const Json& key : schema.find("required")->asArray()) EXPECT_TRUE(value.find(key.asString())) << path << " lacks " << key.asString();
    }
}

}  // namespace

TEST(Analyzer, OnTwoThreadsTheFactsAreTheSameBits) {
    const AudioBuffer audio = noise({44100.0, 2}, 150000, -6.0, 4);
    const std::string alone = toJson(listen(audio, 4096)).dump();
    EXPECT_EQ(alone, toJson(listen(audio, 4096, {.parallel = true})).dump());
    EXPECT_EQ(alone, toJson(listen(audio, 150000, {.parallel = true})).dump());
}

TEST(Analyzer, TheFactsAreTheSameBitsHoweverTheStreamIsCut) {
    const AudioBuffer audio = noise({48000.0, 2}, 200000, -6.0, 3);
    const std::string whole = toJson(listen(audio, 200000)).dump();
    EXPECT_EQ(whole, toJson(listen(audio, 313)).dump());
    EXPECT_EQ(whole, toJson(listen(audio, 4096)).dump());
}

TEST(Analyzer, MeasuresAKnownToneInEveryPart) {
    const Analysis facts = listen(sine({48000.0, 2}, 5 * 48000, 1000.0, -20.0), 1024);
    EXPECT_EQ(facts.frames, 5 * 48000);
    EXPECT_NEAR(facts.loudness.integratedLufs, -20.0, 0.1);
    EXPECT_NEAR(facts.loudness.samplePeakDbfs, -20.0, 0.01);
    EXPECT_NEAR(facts.loudness.truePeakDbtp, -20.0, 0.05);
    EXPECT_NEAR(facts.dynamics.rmsDbfs, -23.01, 0.01);
    EXPECT_NEAR(facts.spectrum.thirdOctaveDb[17], -20.0, 0.05);  // both channels added
    EXPECT_NEAR(*facts.spectrum.centroidHz, 1000.0, 5.0);
    EXPECT_NEAR(*facts.stereo.correlation, 1.0, 1e-6);
    EXPECT_EQ(facts.stereo.thirdOctaveWidthDb[17], kSilentDb);
    EXPECT_FALSE(facts.activity.silent);
    EXPECT_NEAR(facts.activity.activeShare, 1.0, 0.01);
    EXPECT_FALSE(facts.sketch.power.empty());
    EXPECT_FALSE(facts.peakEnvelope.empty());
}

TEST(Analyzer, SilenceAndNothingAtAllAreSaidAsSuch) {
    for (int frames : {0, 1, 1000, 96000}) {
        const Analysis facts = listen(AudioBuffer({48000.0, 2}, frames), 4096);
        EXPECT_TRUE(facts.activity.silent) << frames;
        EXPECT_EQ(facts.loudness.integratedLufs, kSilentDb);
        EXPECT_EQ(facts.loudness.truePeakDbtp, kSilentDb);
        EXPECT_FALSE(facts.rhythm.tempoBpm || facts.key.tonic || facts.spectrum.centroidHz);
        expectFits(toJson(facts), analysisSchema(), "$");
    }
}

TEST(Analyzer, ShortMonoAndManyChannelsAreFine) {
    for (int channels : {1, 2, 3, 6})
        for (int frames : {1, 7, 4800, 50000}) {
            const Analysis facts = listen(noise({44100.0, channels}, frames, -6.0, 1), 1000);
            EXPECT_EQ(facts.frames, frames);
            EXPECT_TRUE(frames < 4800 || !facts.activity.silent);
            expectFits(toJson(facts), analysisSchema(), "$");
        }
}

TEST(Analyzer, RefusesWhatIsNoAudioStream) {
    EXPECT_THROW(Analyzer({0.0, 2}), std::invalid_argument);
    EXPECT_THROW(Analyzer({48000.0, 0}), std::invalid_argument);
    EXPECT_THROW(Analyzer({48000.0, 65}), std::invalid_argument);
    EXPECT_THROW(Analyzer({std::numeric_limits<double>::quiet_NaN(), 2}), std::invalid_argument);
}

TEST(Analyzer, LeavesOutWhatIsNotAskedFor) {
    const Analysis facts = listen(noise({48000.0, 1}, 96000, -6.0, 1), 1000, {.truePeak = false, .sketch = false, .rhythm = false, .key = false});
    EXPECT_TRUE(facts.sketch.power.empty());
    EXPECT_EQ(facts.loudness.truePeakDbtp, facts.loudness.samplePeakDbfs);
    EXPECT_FALSE(facts.rhythm.percussiveness);
}
