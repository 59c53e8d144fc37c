#include "core/staged_file.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <set>

#include "core/error.h"

namespace tonewright {
namespace {

namespace fs = std::filesystem;

class StagedFilesTest : public testing::Test {
protected:
    StagedFilesTest() {
        std::string pattern = (fs::temp_directory_path() / "tonewright-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
    }
    ~StagedFilesTest() override {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }

    std::set<std::string> names() const {
        std::set<std::string> result;
        for (const auto& entry : fs::recursive_directory_iterator(folder_)) result.insert(fs::relative(entry.path(), folder_).string());
        return result;
    }

    using Names = std::set<std::string>;
    fs::path folder_;
};

TEST_F(StagedFilesTest, AppearTogetherAtCommitAndNotBefore) {
    StagedFiles files(false);
    for (const char* name : {"a", "b"}) writeTextFile(files.stage(folder_ / name), name);
    EXPECT_FALSE(fs::exists(folder_ / "a"));
    files.commit();
    EXPECT_EQ(names(), (Names{"a", "b"}));
    EXPECT_EQ(readTextFile(folder_ / "b"), "b");
}

TEST_F(StagedFilesTest, WithoutCommitNothingStaysNotEvenFolders) {
    {
        StagedFiles files(false);
        writeTextFile(files.stage(folder_ / "deep" / "er" / "a"), "x");
        EXPECT_TRUE(fs::exists(folder_ / "deep" / "er"));
    }
    EXPECT_EQ(names(), Names{});
}

TEST_F(StagedFilesTest, FoldersThatOthersFilledStay) {
    {
        StagedFiles files(false);
        files.stage(folder_ / "deep" / "a");
        writeTextFile(folder_ / "deep" / "other", "x");
    }
    EXPECT_EQ(names(), (Names{"deep", "deep/other"}));
}

TEST_F(StagedFilesTest, ReplaceOnlyWhenAllowedAndOnlyAtCommit) {
    writeTextFile(folder_ / "a", "old");
    EXPECT_THROW(StagedFiles(false).stage(folder_ / "a"), OutputError);
    EXPECT_THROW(StagedFiles(false).check(folder_ / "a"), OutputError);
    StagedFiles files(true);
    writeTextFile(files.stage(folder_ / "a"), "new");
    EXPECT_EQ(readTextFile(folder_ / "a"), "old");
    files.commit();
    EXPECT_EQ(readTextFile(folder_ / "a"), "new");
}

TEST_F(StagedFilesTest, ALinkThatLeadsNowhereExistsToo) {
    fs::create_symlink(folder_ / "nowhere", folder_ / "a");
    EXPECT_THROW(StagedFiles(false).stage(folder_ / "a"), OutputError);
}

TEST_F(StagedFilesTest, ProtectedFilesAreNeverReplacedUnderAnyName) {
    writeTextFile(folder_ / "recording", "x");
    fs::create_symlink(folder_ / "recording", folder_ / "link");
    fs::create_hard_link(folder_ / "recording", folder_ / "twin");
    StagedFiles files(true);
    files.protect(folder_ / "recording");
    for (const char* name : {"recording", "link", "twin", "./recording"}) EXPECT_THROW(files.stage(folder_ / name), OutputError) << name;
    EXPECT_NO_THROW(files.stage(folder_ / "other"));
}

TEST_F(StagedFilesTest, AFolderIsNotReplaced) {
    fs::create_directory(folder_ / "a");
    EXPECT_THROW(StagedFiles(true).stage(folder_ / "a"), OutputError);
    EXPECT_THROW(StagedFiles(true).stage("/proc/tonewright-test/a"), OutputError);
    writeTextFile(folder_ / "file", "x");
    EXPECT_THROW(StagedFiles(true).stage(folder_ / "file" / "a"), OutputError);
    EXPECT_EQ(names(), (Names{"a", "file"}));
}

TEST_F(StagedFilesTest, RemoveWhatDeadProcessesLeftAndNothingElse) {
    const pid_t dead = ::fork();
    if (dead == 0) ::_exit(0);
    ::waitpid(dead, nullptr, 0);
    const std::string left = ".a." + std::to_string(dead) + ".part", alive = ".a." + std::to_string(::getppid()) + ".part";
    const std::string other = ".ab." + std::to_string(dead) + ".part";
    for (const std::string& name : {left, alive, other, std::string(".a.x.part"), std::string(".a.part")}) writeTextFile(folder_ / name, "x");
    StagedFiles files(false);
    writeTextFile(files.stage(folder_ / "a"), "x");
    files.commit();
    EXPECT_EQ(names(), (Names{"a", alive, other, ".a.x.part", ".a.part"}));
}

TEST_F(StagedFilesTest, NamesAsLongAsTheFileSystemTakesThemKeepApart) {
    StagedFiles files(false);
    const std::string one(255, 'n'), two = std::string(254, 'n') + "m";
    const fs::path first = files.stage(folder_ / one), second = files.stage(folder_ / two);
    EXPECT_NE(first, second);
    writeTextFile(first, "1");
    writeTextFile(second, "2");
    files.commit();
    EXPECT_EQ(readTextFile(folder_ / one), "1");
    EXPECT_EQ(readTextFile(folder_ / two), "2");
    EXPECT_THROW(StagedFiles(false).stage(folder_ / std::string(256, 'n')), OutputError);
}

TEST_F(StagedFilesTest, AFailingCommitRemovesItsParts) {
    StagedFiles* files = new StagedFiles(true);
    writeTextFile(files->stage(folder_ / "a"), "x");
    fs::create_directories(folder_ / "a" / "full");  // came into being meanwhile: cannot be replaced by a file
    EXPECT_THROW(files->commit(), OutputError);
    delete files;
    EXPECT_EQ(names(), (Names{"a", "a/full"}));
}

TEST(TextFile, ReadsWhatIsThereAndRefusesTheRest) {
    EXPECT_THROW(readTextFile("/nowhere/at/all"), InputError);
    EXPECT_THROW(readTextFile("/tmp"), InputError);
    if (fs::exists("/dev/full")) {
        EXPECT_THROW(writeTextFile("/dev/full", "x"), OutputError);
    }
}

}  // namespace
}  // namespace tonewright
