#include "journey/reference_stage.h"

#include <algorithm>
#include <cmath>

#include "analysis/analyzer.h"
#include "analysis/loudness_meter.h"
#include "audiofile/resampler.h"
#include "core/content_hash.h"
#include "core/decibels.h"
#include "core/error.h"
#include "core/staged_file.h"
#include "core/text.h"
#include "journey/output_paths.h"
#include "render/stream_renderer.h"

namespace tonewright {

namespace fs = std::filesystem;

namespace {

constexpr int kStereo = 2, kBlockFrames = 16384;

struct MatchLoop {
    int mostRounds = 3;
    double enoughDb = 0.1;            // RMS over all bands: nearer than any ear
    double wholeSeconds = 60.0;       // songs up to here are rendered whole, of longer ones
    int pieces = 8;                   // pieces, evenly spread, deciding by what the chain does to them
    double pieceSeconds = 12.0, leadSeconds = 1.5;
    double mostDriveChangeDb = 6.0;   // in a round
};

// Sound files of a folder and below, sorted.
std::vector<fs::path> soundFiles(const fs::path& folder) {
    constexpr std::array kEndings = {".wav", ".wave", ".bwf", ".rf64", ".aif", ".aiff", ".caf", ".flac", ".ogg", ".oga", ".opus", ".mp3",
                                     ".m4a", ".aac",  ".mp4", ".w64",  ".au"};
    std::vector<fs::path> found;
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
        const std::string ending = lowerAscii(entry.path().extension().string());
        if (std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end() && !entry.path().filename().string().starts_with(".")) found.push_back(entry.path());
    }
    if (error) throw InputError(folder.string() + ": the folder cannot be read: " + error.message());
    if (found.empty()) throw InputError(folder.string() + ": there are no sound files in this folder, so it is no reference. Name the files, or another folder");
    std::sort(found.begin(), found.end());
    return found;
}

bool isProfile(const fs::path& file) { return lowerAscii(file.extension().string()) == ".json"; }

ReferenceProfile listenToReference(const fs::path& file, const std::string& hash, Progress& progress) {
    const auto reader = openAudio(file);
    const AudioFileInfo& info = reader->info();
    if (info.channels > kStereo)
        throw InputError(file.string() + ": has " + std::to_string(info.channels) + " channels; a reference must be mono or stereo. Mix it down to stereo first");
    const StreamSpec spec{static_cast<double>(info.sampleRateHz), info.channels};
    Analyzer analyzer(spec, {.truePeak = true, .sketch = false, .rhythm = false, .key = false, .separation = false});
    BalanceMeter balance(spec);
    forEachBlock(*reader, kBlockFrames, [&](ConstBlock block) {
        progress.throwIfCancelled();
        analyzer.add(block);
        balance.add(block);
        progress.advance(block.numFrames);
    });
    const Analysis facts = analyzer.result();
    if (facts.activity.silent || !std::isfinite(facts.loudness.integratedLufs))
        throw InputError(file.string() + ": this reference is silent, too quiet, or too short to be measured (0.4 s). Choose another recording");
    return describeReference(file.filename().string(), hash, facts, balance.result());
}

BalanceFacts measureBalance(const fs::path& file, Progress& progress) {
    const auto reader = openAudio(file);
    BalanceMeter meter({static_cast<double>(reader->info().sampleRateHz), reader->info().channels});
    forEachBlock(*reader, kBlockFrames, [&](ConstBlock block) {
        progress.throwIfCancelled();
        meter.add(block);
        progress.advance(block.numFrames);
    });
    return meter.result();
}

struct Piece {
    std::int64_t start = 0, leadFrames = 0, frames = 0;
};

std::vector<Piece> piecesOf(std::int64_t frames, int rateHz, const MatchLoop& loop) {
    const auto whole = static_cast<std::int64_t>(loop.wholeSeconds * rateHz), length = static_cast<std::int64_t>(loop.pieceSeconds * rateHz),
               lead = static_cast<std::int64_t>(loop.leadSeconds * rateHz);
    if (frames <= whole || frames <= loop.pieces * length) return {{0, 0, frames}};
    std::vector<Piece> pieces;
    for (int i = 0; i < loop.pieces; ++i) {
        const std::int64_t at = (frames - length) * (2 * i + 1) / (2 * loop.pieces);
        pieces.push_back({std::max<std::int64_t>(0, at - lead), std::min(at, lead), length});
    }
    return pieces;
}

using Powers = std::array<std::array<double, kThirdOctaves>, 2>;  // mid, side

void addPowers(Powers& sum, const MidSideSpectrum& spectrum) {
    for (int band = 0; band < kThirdOctaves; ++band) {
        sum[0][band] += dbToPower(spectrum.midDb[band]);
        sum[1][band] += dbToPower(spectrum.sideDb[band]);
    }
}

// What becomes of pieces of the song in a chain.
class Rehearsal {
public:
    Rehearsal(const fs::path& song, std::vector<Piece> pieces, int rateHz, int blockFrames, WorkPool& pool, Progress& progress)
        : song_(song), pieces_(std::move(pieces)), rateHz_(rateHz), blockFrames_(blockFrames), pool_(pool), progress_(progress), before_(spectraThrough({})) {}

    // The song's spectra with the change that the chain makes of its pieces.
    MidSideSpectrum through(std::span<const Step> chain, const MidSideSpectrum& song) {
        const Powers after = spectraThrough(chain);
        MidSideSpectrum made;
        for (int band = 0; band < kThirdOctaves; ++band) {
            made.midDb[band] = song.midDb[band] + powerToDb(after[0][band] / before_[0][band]);
            made.sideDb[band] = song.sideDb[band] + powerToDb(after[1][band] / before_[1][band]);
        }
        return made;
    }

private:
    Powers spectraThrough(std::span<const Step> chain) {
        std::vector<MidSideSpectrum> spectra(pieces_.size());
        std::int64_t frames = 0;
        for (const Piece& piece : pieces_) frames += piece.leadFrames + piece.frames;
        progress_.stage("Matching the reference", frames);
        pool_.forEach(static_cast<int>(pieces_.size()), [&](int i) { spectra[i] = spectrumThrough(chain, pieces_[i]); });
        Powers sum{};
        for (const MidSideSpectrum& spectrum : spectra) addPowers(sum, spectrum);
        return sum;
    }

    MidSideSpectrum spectrumThrough(std::span<const Step> chain, const Piece& piece) {
        const auto reader = atRate(openAudio(song_), rateHz_);
        if (piece.start > 0) reader->seek(piece.start);
        BalanceMeter meter({static_cast<double>(rateHz_), kStereo});
        std::int64_t toSkip = piece.leadFrames;
        const auto measure = [&](ConstBlock block) {
            const int skipped = static_cast<int>(std::min<std::int64_t>(toSkip, block.numFrames));
            toSkip -= skipped;
            const float* channels[kStereo] = {block.channels[0] + skipped, block.channels[1] + skipped};
            meter.add({channels, kStereo, block.numFrames - skipped});
        };
        renderStream(*reader, chain, kStereo, piece.leadFrames + piece.frames, blockFrames_, measure, progress_);
        return meter.result().whole;
    }

    fs::path song_;
    std::vector<Piece> pieces_;
    int rateHz_, blockFrames_;
    WorkPool& pool_;
    Progress& progress_;
    Powers before_;
};

bool mayChange(const Step& step) { return step.enabled && !step.locked && step.origin == Origin::automatic; }

// The match's steps in the place of those that stand in the chain.
void placeCurves(std::vector<Step>& master, const ReferenceMatch& match, const StreamSpec& spec) {
    for (Step& fresh : matchSteps(match, spec))
        for (Step& step : master)
            if (step.id == fresh.id && mayChange(step)) step = std::move(fresh);
}

// Loudness of the song after the chain, by the change of its spectra.
double loudnessChangeDb(const MidSideSpectrum& before, const MidSideSpectrum& after) {
    const KWeighting weighting = KWeighting::design(48000.0);
    double was = 0.0, is = 0.0;
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double weight = dbToPower(weighting.responseDb(thirdOctaveCentreHz(band), 48000.0));
        if (std::isfinite(before.midDb[band])) was += weight * dbToPower(before.midDb[band]);
        if (std::isfinite(before.sideDb[band])) was += weight * dbToPower(before.sideDb[band]);
        if (std::isfinite(after.midDb[band])) is += weight * dbToPower(after.midDb[band]);
        if (std::isfinite(after.sideDb[band])) is += weight * dbToPower(after.sideDb[band]);
    }
    return powerToDb(is / was);
}

MidSideSpectrum lowered(MidSideSpectrum spectrum, double db) {
    for (double& level : spectrum.midDb) level -= db;
    for (double& level : spectrum.sideDb) level -= db;
    return spectrum;
}

}  // namespace

std::optional<References> readReferences(const std::vector<fs::path>& inputs, WorkPool& pool, Progress& progress) {
    if (inputs.empty()) return std::nullopt;
    References references;
    for (const fs::path& input : inputs) {
        std::error_code error;
        if (!fs::is_directory(input, error)) {
            references.files.push_back(input);
            continue;
        }
        for (fs::path& file : soundFiles(input)) references.files.push_back(std::move(file));
    }
    const int count = static_cast<int>(references.files.size());
    std::int64_t frames = 0;
    for (const fs::path& file : references.files)
        if (!isProfile(file)) frames += openAudio(file)->info().frames;  // what cannot be read is said before any work
    progress.stage("Listening to the reference", std::max<std::int64_t>(1, frames));
    std::vector<ReferenceProfile> profiles(count);
    references.hashes.resize(count);
    pool.forEach(count, [&](int i) {
        const fs::path& file = references.files[i];
        references.hashes[i] = contentHash(file);
        profiles[i] = isProfile(file) ? referenceProfileFromJson(Json::parse(readTextFile(file), file.string()), file.string())
                                      : listenToReference(file, references.hashes[i], progress);
    });
    references.profile = averageReferences(std::move(profiles));
    return references;
}

void nameReferences(Plan& plan, const References& references, const fs::path& planFolder) {
    plan.intent.references.clear();
    for (std::size_t i = 0; i < references.files.size(); ++i) {
        plan.intent.references.push_back({planRelative(references.files[i], planFolder), references.hashes[i]});
        for (const TrackPlan& track : plan.tracks)
            if (plan.kind == PlanKind::master && track.source.hash == references.hashes[i])
                plan.warnings.push_back({"reference.same", references.files[i].filename().string() + ": the reference is the song itself, so there is nothing to match but its level."});
    }
}

ReferenceMatch startMatch(const ReferenceProfile& profile, const Intent& intent, const fs::path& song, const Analysis& facts, Progress& progress) {
    progress.stage("Comparing with the reference", facts.frames);
    return beginMatch(profile, measureBalance(song, progress), facts, findCondition(facts), intent);
}

void settleMatch(Plan& plan, ReferenceMatch& match, const fs::path& song, const Analysis& facts, int blockFrames, WorkPool& pool, Progress& progress) {
    const MatchLoop loop;
    const bool settled = std::none_of(plan.master.begin(), plan.master.end(), [](const Step& step) {
        return (step.id == kReferenceToneId || step.id == kReferenceWidthId) && mayChange(step);
    });
    if (settled) return;
    const int rateHz = plan.delivery.sampleRateHz;
    const StreamSpec spec{static_cast<double>(rateHz), kStereo};
    const auto limiter = std::find_if(plan.master.rbegin(), plan.master.rend(), [](const Step& step) { return step.type() == "limiter" && mayChange(step); });
    Rehearsal rehearsal(song, piecesOf(resampledFrames(facts.frames, static_cast<int>(facts.spec.sampleRateHz), rateHz), rateHz, loop), rateHz, blockFrames, pool, progress);
    const double songLufs = facts.loudness.integratedLufs + (facts.spec.channels == 1 ? 10.0 * std::log10(2.0) : 0.0);
    for (int round = 0; round < loop.mostRounds; ++round) {
        std::vector<Step> chain = plan.master;
        std::erase_if(chain, [](const Step& step) { return step.type() == "gainEnvelope"; });  // its places are the whole song's
        const MidSideSpectrum made = rehearsal.through(chain, match.song.whole);
        const double missingDb = correctMatch(match, made);
        if (limiter != plan.master.rend()) {
            double& driveDb = std::get<Limiter::Params>(limiter->params).inputGainDb;
            const double lufs = songLufs + loudnessChangeDb(match.song.whole, made);
            driveDb = std::clamp(roundTo(driveDb + std::clamp(plan.delivery.integratedLufs - lufs, -loop.mostDriveChangeDb, loop.mostDriveChangeDb), 0.01), -40.0, 40.0);
        }
        placeCurves(plan.master, match, spec);
        if (missingDb < loop.enoughDb) break;
    }
}

MatchReport reportMatch(const ReferenceMatch& match, const fs::path& master, Progress& progress) {
    const auto reader = openAudio(master);
    progress.stage("Comparing with the reference", reader->info().frames);
    const StreamSpec spec{static_cast<double>(reader->info().sampleRateHz), reader->info().channels};
    BalanceMeter balance(spec);
    LoudnessMeter loudness(spec);
    forEachBlock(*reader, kBlockFrames, [&](ConstBlock block) {
        progress.throwIfCancelled();
        balance.add(block);
        loudness.add(block);
        progress.advance(block.numFrames);
    });
    const BalanceFacts made = balance.result();
    const double lufs = loudness.result().integratedLufs;
    const ReferenceProfile& profile = match.profile;
    MatchReport report{.references = {}, .amounts = match.amounts, .song = match.song.whole, .master = lowered(made.whole, lufs), .reference = profile.whole,
                       .before = shapeError(match.song.whole, profile.whole), .after = shapeError(made.whole, profile.whole),
                       .loudBefore = shapeError(match.song.loud, profile.loud), .loudAfter = shapeError(made.loud, profile.loud),
                       .quietBefore = shapeError(match.song.quiet, profile.quiet), .quietAfter = shapeError(made.quiet, profile.quiet),
                       .referenceLufs = profile.integratedLufs, .referencePlrDb = profile.peakToLoudnessDb, .referenceRangeLu = profile.loudnessRangeLu};
    report.song = lowered(report.song, lufs - loudnessChangeDb(match.song.whole, made.whole));
    for (const auto& song : profile.songs) report.references.push_back(song.name);
    return report;
}

ReferenceProfile writeProfile(const std::vector<fs::path>& inputs, const fs::path& output, bool force, int threads, Progress& progress) {
    if (!isProfile(output)) throw UsageError(output.string() + ": a profile is a .json file; name it so, because --reference knows it by that");
    StagedFiles files(force);
    files.check(output);
    WorkPool pool(threads);
    const std::optional<References> references = readReferences(inputs, pool, progress);
    if (!references) throw UsageError("profile: name the recordings, or folders of them");
    for (const fs::path& file : references->files) files.protect(file);
    writeTextFile(files.stage(output), toJson(references->profile).dump() + "\n");
    files.commit();
    return references->profile;
}

std::string profileSummary(const ReferenceProfile& profile) {
    std::string text = std::to_string(profile.songs.size()) + (profile.songs.size() == 1 ? " recording: " : " recordings: ") + fixed(profile.integratedLufs, 1) +
                       " LUFS, peaks " + fixed(profile.peakToLoudnessDb, 1) + " dB over it" +
                       (profile.loudnessRangeLu ? ", range " + fixed(*profile.loudnessRangeLu, 1) + " LU" : "") + (profile.stereo ? "" : ", mono") + ".\n";
    for (const Warning& warning : profile.warnings) text += warning.text + "\n";
    return text;
}

}  // namespace tonewright
