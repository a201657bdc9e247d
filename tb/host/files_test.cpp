// SPDX-License-Identifier: Apache-2.0
#include "tb/host/files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sstream>

#include "sc_models/platform/image/testing.h"

namespace xive::host {
namespace {

class Files : public testing::Test {
 protected:
  std::filesystem::path path(const std::string& name) const { return folder_.path(name); }
  platform::testing::ScratchFolder folder_;
};

TEST_F(Files, AFileIsWholeOrNotThere) {
  write_file(path("a"), "one");
  write_file(path("a"), "two");
  EXPECT_EQ(read_file(path("a")), "two");
  EXPECT_THROW(write_file(path("no/a"), "x"), FileError);
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(path(""))) {
    EXPECT_EQ(entry.path().filename(), "a");
    ++count;
  }
  EXPECT_EQ(count, 1U);
}

TEST_F(Files, ALinkKeepsLeadingToItsFile) {
  write_file(path("a"), "one");
  std::filesystem::create_symlink(path("a"), path("link"));
  write_file(path("link"), "two");
  EXPECT_TRUE(std::filesystem::is_symlink(path("link")));
  EXPECT_EQ(read_file(path("a")), "two");
}

TEST_F(Files, APipeIsWrittenAndNotReplaced) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  const int reader = ::open(path("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  write_file(path("pipe"), "text");
  char text[8] = {};
  EXPECT_EQ(::read(reader, text, sizeof text), 4);
  EXPECT_STREQ(text, "text");
  ::close(reader);
  EXPECT_TRUE(std::filesystem::is_fifo(path("pipe")));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(path("")), {}), 1);
}

TEST_F(Files, ADirectoryIsLockedForOne) {
  const DirectoryLock lock(path(""));
  try {
    const DirectoryLock second(path(""));
    FAIL() << "locked twice";
  } catch (const FileError& error) {
    EXPECT_EQ(std::string(error.what()), path("").string() + ": is in use by another run");
  }
}

TEST_F(Files, AnOutputThatCannotBeWrittenIsTold) {
  std::ostringstream err;
  EXPECT_TRUE(write_output("", "x", err));
  EXPECT_TRUE(write_output(path("a"), "x", err));
  EXPECT_EQ(err.str(), "");
  EXPECT_FALSE(write_output(path("no/a"), "x", err));
  EXPECT_EQ(err.str(), "xive-cosim: error: " + path("no/a").string() +
                           ": cannot be written: No such file or directory\n");
}

}  // namespace
}  // namespace xive::host
