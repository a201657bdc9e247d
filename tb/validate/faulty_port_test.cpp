// SPDX-License-Identifier: Apache-2.0
/// Ports that misbehave in ways no mutant of the RTL does: the bench must notice by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sc_models/tima/reference_port.h"
#include "sc_models/tima/tima_error.h"
#include "tb/host/files.h"
#include "tb/validate/report.h"
#include "tb/validate/test_support.h"

namespace xive::validate {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing_support::Folder;
using testing_support::Output;
using testing_support::validate;

enum class Fault : std::uint8_t { None, Hang, Swallow, Double };

Fault g_fault = Fault::None;
constexpr std::uint64_t kWhen = 3000;  ///< the MMIO answer that goes wrong

/// The reference model; its MMIO answer number kWhen goes wrong.
class FaultyPort final : public tima::TimaPort, private tima::TimaClient {
 public:
  explicit FaultyPort(const tima::Params& params) : port_(params) { port_.bind(*this); }

  const tima::Params& params() const override { return port_.params(); }
  void bind(tima::TimaClient& client) override { client_ = &client; }
  void observe(tima::Observer* observer) override { port_.observe(observer); }
  void reset() override { port_.reset(); }
  void configure(const tima::StaticInputs& inputs) override { port_.configure(inputs); }
  void set_thread_enable(std::uint8_t mask) override { port_.set_thread_enable(mask); }
  void submit(const tima::MmioRequest& request) override { port_.submit(request); }
  void submit(const tima::PresenterRequest& request) override { port_.submit(request); }
  void respond(const tima::MemoryResponse& response) override { port_.respond(response); }
  tima::Cycle now() const override { return port_.now(); }
  tima::Cycle advance(tima::Cycle horizon) override {
    if (g_fault == Fault::Hang && answers_ >= kWhen) throw tima::TimaHang("no sign of life");
    return port_.advance(horizon);
  }
  bool idle() const override { return port_.idle(); }
  tima::ThreadState state(unsigned thread) const override { return port_.state(thread); }
  tima::Lines lines(unsigned thread) const override { return port_.lines(thread); }

 private:
  void on_mmio_response(const tima::MmioResponse& response, tima::Cycle cycle) override {
    ++answers_;
    if (answers_ == kWhen && g_fault == Fault::Swallow) return;
    client_->on_mmio_response(response, cycle);
    if (answers_ == kWhen && g_fault == Fault::Double) client_->on_mmio_response(response, cycle);
  }
  void on_presenter_response(const tima::PresenterResponse& response, tima::Cycle cycle) override {
    client_->on_presenter_response(response, cycle);
  }
  void on_memory_request(const tima::MemoryRequest& request, tima::Cycle cycle) override {
    client_->on_memory_request(request, cycle);
  }
  void on_lines(unsigned thread, const tima::Lines& lines, tima::Cycle cycle) override {
    client_->on_lines(thread, lines, cycle);
  }
  void on_error(unsigned thread, tima::ErrorCode code, tima::Cycle cycle) override {
    client_->on_error(thread, code, cycle);
  }

  tima::ReferencePort port_;
  tima::TimaClient* client_ = nullptr;
  std::uint64_t answers_ = 0;
};

class FaultySubject final : public Subject {
 public:
  explicit FaultySubject(const SubjectOptions& options) : port_(options.params) {}
  tima::TimaPort& port() override { return port_; }
  void configure(const tima::StaticInputs& inputs) override { port_.configure(inputs); }
  void listen(tima::Observer* observer) override { port_.observe(observer); }
  void check_idle() override {}
  void finish() override {}
  bool violated() const override { return false; }
  std::optional<Violation> first_violation() const override { return std::nullopt; }
  std::vector<RuleBook::Entry> rules() const override { return {}; }
  std::optional<Difference> difference() const override { return std::nullopt; }
  bool open_waves(const std::string&) override { return false; }
  void close_waves() override {}

 private:
  FaultyPort port_;
};

std::unique_ptr<Subject> make_faulty(const SubjectOptions& options) {
  return std::make_unique<FaultySubject>(options);
}

Output run(const Folder& folder, Fault fault) {
  g_fault = fault;
  ValidateOptions options;
  options.tima = TimaKind::Model;
  options.ops = 20'000;
  options.shard_ops = 10'000;
  options.out = (folder / "out").string();
  options.json = (folder / "result.json").string();
  options.progress = Progress::Off;
  options.shrink_seconds = 0.4;
  options.program = "/bin/false";  // ends with 1, but reports no reproduction
  return validate(options, make_faulty);
}

json result(const Folder& folder) {
  return json::parse(host::read_file(folder / "result.json"));
}

TEST(Bench, IsSilentOnAGoodPort) {
  const Folder folder("good-port");
  EXPECT_EQ(run(folder, Fault::None).code, 0);
}

TEST(Bench, AHangIsAViolationAndNoEndlessLoop) {
  const Folder folder("hang");
  const Output output = run(folder, Fault::Hang);
  EXPECT_EQ(output.code, 1);
  EXPECT_THAT(output.out, HasSubstr("FAIL         VAL-HANG in shard 0"));
  EXPECT_THAT(output.out, HasSubstr("seen: no sign of life"));
  EXPECT_EQ(result(folder).at("finding").at("rule"), "VAL-HANG");
}

TEST(Bench, AnAnswerThatNeverComesIsAViolation) {
  const Folder folder("swallow");
  const Output output = run(folder, Fault::Swallow);
  EXPECT_EQ(output.code, 1);
  EXPECT_THAT(output.out, HasSubstr("FAIL         VAL-LOST"));
  EXPECT_THAT(output.out, HasSubstr("idle, but 1 MMIO and 0 presenter operations have no answer"));
}

TEST(Bench, AnAnswerTooManyIsAViolation) {
  const Folder folder("double");
  const Output output = run(folder, Fault::Double);
  EXPECT_EQ(output.code, 1);
  EXPECT_THAT(output.out, HasSubstr("VAL-LOST"));
}

TEST(Capsule, SaysWhenItsCommandDoesNotReproduce) {
  const Folder folder("not-reproduced");
  const Output output = run(folder, Fault::Hang);
  EXPECT_THAT(output.out, HasSubstr("NOT reproduced (exit code 1) by: '/bin/false' replay"));
  const std::filesystem::path capsule = result(folder).at("capsule").get<std::string>();
  const json head = json::parse(host::read_file(capsule / "capsule.json"));
  EXPECT_EQ(head.at("reproduction").at("reproduced"), false);
  EXPECT_EQ(head.at("waves"), false) << "the model has none";
}

TEST(Replay, TellsADifferentViolationFromTheSame) {
  const Folder folder("different");
  ASSERT_EQ(run(folder, Fault::Hang).code, 1);
  g_fault = Fault::Swallow;
  ReplayOptions options;
  options.capsule = result(folder).at("capsule").get<std::string>();
  const Output output = testing_support::replay(options, make_faulty);
  EXPECT_EQ(output.code, 1);
  EXPECT_THAT(output.out, HasSubstr("DIFFERENT    found VAL-LOST"));
  g_fault = Fault::None;
  EXPECT_EQ(testing_support::replay(options, make_faulty).code, 0);
}

}  // namespace
}  // namespace xive::validate
