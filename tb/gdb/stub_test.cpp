// SPDX-License-Identifier: Apache-2.0
#include "tb/gdb/stub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <map>

namespace xive::gdb {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class FakeDebuggee final : public Debuggee {
 public:
  unsigned threads() const override { return 2; }
  std::string describe(unsigned thread) const override { return thread == 0 ? "one" : "two"; }
  std::string target_xml() const override { return "<target/>"; }
  unsigned registers() const override { return 2; }
  std::vector<std::uint8_t> read_register(unsigned thread, unsigned number) const override {
    return {static_cast<std::uint8_t>(thread), static_cast<std::uint8_t>(number)};
  }
  bool write_register(unsigned thread, unsigned number,
                      const std::vector<std::uint8_t>& bytes) override {
    written[{thread, number}] = bytes;
    return true;
  }
  std::optional<std::vector<std::uint8_t>> read_memory(unsigned, std::uint64_t address,
                                                       std::size_t length) override {
    if (address >= 0x1000) return std::nullopt;
    return std::vector<std::uint8_t>(length, 0xab);
  }
  bool write_memory(unsigned, std::uint64_t address,
                    const std::vector<std::uint8_t>& bytes) override {
    memory[address] = bytes;
    return address < 0x1000;
  }
  void breakpoint(std::uint64_t address, bool on) override {
    log += (on ? "+b" : "-b") + std::to_string(address);
  }
  void watchpoint(Watch, std::uint64_t address, std::uint64_t length, bool on) override {
    log += (on ? "+w" : "-w") + std::to_string(address) + "," + std::to_string(length);
  }
  void step(unsigned thread) override { log += "s" + std::to_string(thread); }
  void clear() override { log += "clear"; }
  std::string monitor(std::string_view command) override {
    return "you said " + std::string(command);
  }
  std::map<std::pair<unsigned, unsigned>, std::vector<std::uint8_t>> written;
  std::map<std::uint64_t, std::vector<std::uint8_t>> memory;
  std::string log;
};

/// A debugger that sends everything first and reads the answers afterwards.
class StubTest : public ::testing::Test {
 protected:
  StubTest() : path_("/tmp/xive-stub-test-" + std::to_string(getpid())) {
    connection_ = std::make_unique<Connection>(path_);
    client_ = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, path_.c_str(), path_.size());
    EXPECT_EQ(connect(client_, reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
    stub_ = std::make_unique<Stub>(*connection_, debuggee_);
  }
  ~StubTest() override { close(client_); }

  void say(const std::string& bytes) { EXPECT_GT(write(client_, bytes.data(), bytes.size()), 0); }
  std::string heard() {
    char buffer[65536];
    const ssize_t got = recv(client_, buffer, sizeof buffer, MSG_DONTWAIT);
    return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : std::string();
  }
  /// Answers to `packets`, without acknowledgements; the machine runs again after them.
  std::vector<std::string> ask(const std::vector<std::string>& packets) {
    for (const std::string& packet : packets) say(frame(packet));
    say(frame("c"));
    EXPECT_EQ(stub_->serve({}, [] { return false; }), Stub::Resume::Run);
    PacketReader reader;
    reader.put(heard());
    std::vector<std::string> answers;
    while (const auto input = reader.next()) answers.push_back(input->text);
    return answers;
  }

  std::string path_;
  std::unique_ptr<Connection> connection_;
  int client_ = -1;
  FakeDebuggee debuggee_;
  std::unique_ptr<Stub> stub_;
};

using ::testing::ElementsAre;

TEST_F(StubTest, RegistersAndThreads) {
  EXPECT_THAT(ask({"?", "g", "Hg2", "g", "p1", "p9", "P0=beef", "Hg7", "T2", "T3", "qC"}),
              ElementsAre("T02thread:1;", "00000001", "OK", "01000101", "0101", "E01", "OK", "E01",
                          "OK", "E01", "QC2"));
  EXPECT_EQ((debuggee_.written[{1, 0}]), (std::vector<std::uint8_t>{0xbe, 0xef}));
}

TEST_F(StubTest, Memory) {
  EXPECT_THAT(ask({"m10,2", "m1000,2", "m10", "M20,2:0102", "X30,2:}a", "M20,3:0102", "X40,0:"}),
              ElementsAre("abab", "E01", "E01", "OK", "OK", "E01", "OK"));
  EXPECT_EQ(debuggee_.memory[0x20], (std::vector<std::uint8_t>{1, 2}));
}

TEST_F(StubTest, Points) {
  EXPECT_THAT(ask({"Z0,10,4", "z0,10,4", "Z2,20,8", "Z9,20,8", "Z0,x"}),
              ElementsAre("OK", "OK", "OK", "", "E01"));
  EXPECT_EQ(debuggee_.log, "+b16-b16+w32,8");
}

TEST_F(StubTest, Queries) {
  const auto answers =
      ask({"qSupported:multiprocess+", "qfThreadInfo", "qsThreadInfo", "qThreadExtraInfo,2",
           "qXfer:features:read:target.xml:0,4", "qXfer:features:read:target.xml:4,100", "vCont?",
           "qNonsense", "vMustReplyEmpty"});
  ASSERT_EQ(answers.size(), 9U);
  EXPECT_THAT(answers[0], HasSubstr("qXfer:features:read+"));
  EXPECT_EQ(answers[1], "m1,2");
  EXPECT_EQ(answers[2], "l");
  EXPECT_EQ(answers[3], text_to_hex("two"));
  EXPECT_EQ(answers[4], "m<tar");
  EXPECT_EQ(answers[5], "lget/>");
  EXPECT_THAT(answers[6], StartsWith("vCont;"));
  EXPECT_EQ(answers[7], "");
  EXPECT_EQ(answers[8], "");
}

TEST_F(StubTest, Monitor) {
  EXPECT_THAT(ask({"qRcmd," + text_to_hex("xive tima"), "qRcmd,4"}),
              ElementsAre("O" + text_to_hex("you said xive tima"), "OK", "E01"));
}

TEST_F(StubTest, StepsTheThreadThatIsNamed) {
  say(frame("vCont;s:2;c"));
  EXPECT_EQ(stub_->serve({}, [] { return false; }), Stub::Resume::Run);
  EXPECT_EQ(debuggee_.log, "s1");
  heard();
  say(frame("D"));
  Stop stop;
  stop.thread = 1;
  stop.reason = Stop::Reason::Watch;
  stop.address = 0x30;
  EXPECT_EQ(stub_->serve(stop, [] { return false; }), Stub::Resume::Detached);
  EXPECT_THAT(heard(), HasSubstr("$T05thread:2;watch:30;#"));
  EXPECT_EQ(debuggee_.log, "s1clear");
}

TEST_F(StubTest, CtrlCAndLostConnection) {
  say(frame("c"));
  EXPECT_EQ(stub_->serve({}, [] { return false; }), Stub::Resume::Run);
  EXPECT_FALSE(stub_->wants_stop());
  say("\x03");
  EXPECT_TRUE(stub_->wants_stop());
  close(client_);
  EXPECT_EQ(stub_->serve({}, [] { return false; }), Stub::Resume::Detached);
  EXPECT_EQ(debuggee_.log, "clear");
  EXPECT_EQ(stub_->serve({}, [] { return true; }), Stub::Resume::Interrupted);
}

TEST_F(StubTest, DamagedPacketsAreAskedForAgain) {
  say("$g#00");
  EXPECT_THAT(ask({}), ElementsAre());
}

TEST(Connection, BadAddressesAreTold) {
  for (const char* address : {"", "x", "99999", "example.org:1", "/nowhere/at/all"}) {
    EXPECT_THROW(Connection{address}, ConnectionError) << address;
  }
  const Connection any("0");
  EXPECT_THAT(any.address(), StartsWith("localhost:"));
}

}  // namespace
}  // namespace xive::gdb
