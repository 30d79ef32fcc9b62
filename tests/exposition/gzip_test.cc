// The gzip body is put together from segments that were deflated on their own: it must be one
// stream to whoever reads it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "exposition/boards.h"
#include "exposition/deflate.h"

namespace tidegauge {
namespace {

// A file that is gone with the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view content) {
    const int file = mkstemp(name_);
    EXPECT_GE(file, 0);
    close(file);
    std::ofstream(name_, std::ios::binary) << content;
  }
  ~TemporaryFile() { unlink(name_); }
  std::string name() const { return name_; }

 private:
  char name_[32] = "/tmp/tidegauge-gzip-XXXXXX";
};

bool Installed(const std::string& program) {
  return std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0;
}

std::shared_ptr<const Page> PageOf(const std::vector<std::string>& parts) {
  Deflater deflater;
  std::vector<std::shared_ptr<const PageSegment>> segments;
  for (const std::string& part : parts) {
    auto segment = std::make_shared<PageSegment>();
    segment->text = deflater.Deflate(part);
    segment->openmetrics = segment->text;
    segments.push_back(std::move(segment));
  }
  return std::make_shared<Page>(std::move(segments));
}

TEST(GzipTest, IsOneStreamWhateverTheSegments) {
  std::string noise;
  unsigned state = 1;
  for (int i = 0; i < 100'000; ++i) noise += static_cast<char>((state = state * 69069 + 1) >> 24);
  const struct {
    const char* name;
    std::vector<std::string> parts;
  } cases[] = {
      {"none", {}},
      {"one", {"a 1\n"}},
      {"an empty one", {""}},
      {"an empty one between", {"a 1\n", "", "b 2\n"}},
      {"equal ones", {"a 1\n", "a 1\n", "a 1\n"}},
      {"that deflate cannot shrink", {noise, noise}},
      {"that shrink a lot", {std::string(1'000'000, 'a'), std::string(1'000'000, 'b')}},
      {"as many as may be", std::vector<std::string>(kMaxSegments, "line 1\n")},
  };
  for (const auto& c : cases) {
    std::string whole;
    for (const auto& part : c.parts) whole += part;
    const auto page = PageOf(c.parts);
    EXPECT_EQ(Text(*page), whole) << c.name;
    EXPECT_EQ(Gunzip(Gzip(*page)), whole) << c.name;
    EXPECT_LE(page->Body(PageFormat::kText, PageEncoding::kGzip).size(), kMaxSegments + 2)
        << c.name;
  }
}

TEST(GzipTest, GzipItselfReadsThePage) {
  if (!Installed("gzip")) GTEST_SKIP() << "SKIPPED: gzip is not installed";
  PageBuilder builder({}, FixedProcess);
  const auto page = builder.Build(LargeBoard(100, 10), kNow);
  ASSERT_GT(page->segments().size(), 3U);
  for (const PageFormat format : {PageFormat::kText, PageFormat::kOpenMetrics}) {
    const TemporaryFile gzip(Gzip(*page, format));
    const TemporaryFile plain("");
    EXPECT_EQ(std::system(("gzip -t < " + gzip.name()).c_str()), 0);
    ASSERT_EQ(std::system(("gzip -dc < " + gzip.name() + " > " + plain.name()).c_str()), 0);
    std::ifstream file(plain.name(), std::ios::binary);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), Text(*page, format));
  }
}

TEST(GzipTest, PythonReadsThePageAsOneStream) {
  if (!Installed("python3")) GTEST_SKIP() << "SKIPPED: python3 is not installed";
  PageBuilder builder({}, FixedProcess);
  const auto page = builder.Build(LargeBoard(100, 10), kNow);
  const TemporaryFile gzip(Gzip(*page));
  const TemporaryFile plain(Text(*page));
  const TemporaryFile script(
      "import sys, zlib\n"
      "d = zlib.decompressobj(31)\n"
      "out = d.decompress(open(sys.argv[1], 'rb').read())\n"
      "assert d.eof and not d.unused_data and not d.unconsumed_tail\n"
      "assert out == open(sys.argv[2], 'rb').read()\n");
  EXPECT_EQ(
      std::system(("python3 " + script.name() + " " + gzip.name() + " " + plain.name()).c_str()),
      0);
}

TEST(GzipTest, ShrinksAPageToAFifthOrLess) {
  PageBuilder builder({}, FixedProcess);
  const auto page = builder.Build(LargeBoard(100, 10), kNow);
  EXPECT_LT(Gzip(*page).size() * 5, Text(*page).size());
}

}  // namespace
}  // namespace tidegauge
