#include "config/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "config/fault_text.h"
#include "config/temp_directory.h"

namespace tidegauge {
namespace {

std::vector<std::string> NamesIn(const std::string& directory, std::vector<Fault>& faults) {
  std::vector<std::string> names;
  for (const GaugeFile& file : FindGaugeFiles(directory, faults)) names.push_back(file.name);
  return names;
}

using Names = std::vector<std::string>;

TEST(FindGaugeFilesTest, GoesThroughFoldersInOrder) {
  const TempDirectory directory;
  directory.Write("b.sql", "");
  directory.Write("a/z.sql", "");
  directory.Write("a/deep/er/x.sql", "");
  directory.Write("README.md", "");
  directory.Write("b.sql.bak", "");
  directory.Write(".sql", "");
  std::vector<Fault> faults;
  const auto files = FindGaugeFiles(directory.path(), faults);
  ASSERT_EQ(files.size(), 3u);
  EXPECT_EQ(files[0].name, "a/deep/er/x");
  EXPECT_EQ(files[0].file, directory / "a/deep/er/x.sql");
  EXPECT_EQ(files[1].name, "a/z");
  EXPECT_EQ(files[2].name, "b");
  EXPECT_EQ(TextOf(faults), "");
}

TEST(FindGaugeFilesTest, PassesOverDotNames) {
  const TempDirectory directory;
  directory.Write(".hidden.sql", "");
  directory.Write(".git/x.sql", "");
  directory.Write("shown.sql", "");
  std::vector<Fault> faults;
  EXPECT_EQ(NamesIn(directory.path(), faults), Names{"shown"});
}

// A ConfigMap is mounted as links into ..data, itself a link to a folder with a time in its name.
TEST(FindGaugeFilesTest, TakesAKubernetesMountOnce) {
  const TempDirectory directory;
  directory.Write("..2024_01_01/items.sql", "");
  directory.Write("..2024_01_01/logins.sql", "");
  directory.Link("..2024_01_01", "..data");
  directory.Link("..data/items.sql", "items.sql");
  directory.Link("..data/logins.sql", "logins.sql");
  std::vector<Fault> faults;
  EXPECT_EQ(NamesIn(directory.path(), faults), (Names{"items", "logins"}));
  EXPECT_EQ(TextOf(faults), "");
}

TEST(FindGaugeFilesTest, FollowsLinksToFoldersOutside) {
  const TempDirectory directory;
  directory.Write("elsewhere/x.sql", "");
  directory.Write("queries/y.sql", "");
  directory.Link("../elsewhere", "queries/linked");
  std::vector<Fault> faults;
  EXPECT_EQ(NamesIn(directory / "queries", faults), (Names{"linked/x", "y"}));
}

TEST(FindGaugeFilesTest, EndsOnLinksInACircle) {
  const TempDirectory directory;
  directory.Write("a/x.sql", "");
  directory.Write("b/y.sql", "");
  directory.Link("..", "a/up");
  directory.Link("../b", "a/b");
  directory.Link("../a", "b/a");
  directory.Link(".", "self");
  std::vector<Fault> faults;
  EXPECT_EQ(NamesIn(directory.path(), faults), (Names{"a/x", "b/y"}));
  EXPECT_EQ(TextOf(faults), "");
}

TEST(FindGaugeFilesTest, TellsLinksThatLeadNowhere) {
  const TempDirectory directory;
  directory.Link("gone.sql", "x.sql");
  directory.Link("gone.txt", "x.txt");
  std::vector<Fault> faults;
  EXPECT_EQ(NamesIn(directory.path(), faults), Names{});
  EXPECT_EQ(ShortTextOf(faults, directory.path()),
            "x.sql: error: symlink leads nowhere: No such file or directory; delete or mend it\n");
}

TEST(FindGaugeFilesTest, TellsAFolderThatIsNotThere) {
  const TempDirectory directory;
  directory.Write("file", "");
  std::vector<Fault> faults;
  FindGaugeFiles(directory / "gone", faults);
  FindGaugeFiles(directory / "file", faults);
  EXPECT_EQ(ShortTextOf(faults, directory.path()),
            "gone: error: no such folder: make it, or name another under queries.paths\n"
            "file: error: is no folder: queries.paths names folders of gauge files\n");
}

TEST(ReadTextFileTest, ReadsWhole) {
  const TempDirectory directory;
  const std::string text = std::string("a\0b\r\n", 5);
  const std::string file = directory.Write("x", text);
  std::vector<Fault> faults;
  EXPECT_EQ(ReadTextFile(file, faults), text);
  const std::string largest(kMaxFileBytes, 'x');
  EXPECT_EQ(ReadTextFile(directory.Write("y", largest), faults), largest);
  EXPECT_EQ(TextOf(faults), "");
}

TEST(ReadTextFileTest, TellsWhatCannotBeRead) {
  const TempDirectory directory;
  std::vector<Fault> faults;
  EXPECT_FALSE(ReadTextFile(directory / "gone", faults));
  std::filesystem::create_directory(directory / "folder");
  EXPECT_FALSE(ReadTextFile(directory / "folder", faults));
  // Opening a pipe would wait for a writer for ever.
  ASSERT_EQ(mkfifo((directory / "pipe").c_str(), 0600), 0);
  EXPECT_FALSE(ReadTextFile(directory / "pipe", faults));
  EXPECT_FALSE(ReadTextFile(directory.Write("large", std::string(kMaxFileBytes + 1, 'x')), faults));
  EXPECT_EQ(ShortTextOf(faults, directory.path()),
            "gone: error: cannot be read: No such file or directory\n"
            "folder: error: is no file: expected a regular file\n"
            "pipe: error: is no file: expected a regular file\n"
            "large: error: is larger than 1 MB: split it, or shorten it\n");
}

TEST(ResolveTest, TakesRelativePathsFromTheFolder) {
  EXPECT_EQ(Resolve("", "queries"), "queries");
  EXPECT_EQ(Resolve("/etc/t", "queries"), "/etc/t/queries");
  EXPECT_EQ(Resolve("/", "queries"), "/queries");
  EXPECT_EQ(Resolve("etc/", "queries"), "etc/queries");
  EXPECT_EQ(Resolve("etc", "/abs"), "/abs");
}

}  // namespace
}  // namespace tidegauge
