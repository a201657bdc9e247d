// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/subject.h"

#include <stdexcept>

#include "sc_models/tima/reference_port.h"

namespace xive::validate {
namespace {

class ModelSubject final : public Subject {
 public:
  explicit ModelSubject(const SubjectOptions& options) : port_(options.params) {}

  tima::TimaPort& port() override { return port_; }
  void configure(const tima::StaticInputs& inputs) override { port_.configure(inputs); }
  void listen(tima::Observer* observer) override { port_.observe(observer); }
  void check_idle() override {}
  void finish() override {}
  bool violated() const override { return !book_.clean(); }
  std::optional<Violation> first_violation() const override {
    if (book_.clean()) return std::nullopt;
    return book_.violations().front();
  }
  std::vector<RuleBook::Entry> rules() const override {
    return {book_.entries().begin(), book_.entries().end()};
  }
  std::optional<tima::ThreadState> reference_state(unsigned) const override { return std::nullopt; }
  bool open_waves(const std::string&) override { return false; }
  void close_waves() override {}

 private:
  RuleBook book_;
  tima::ReferencePort port_;
};

}  // namespace

std::unique_ptr<Subject> make_subject(const SubjectOptions& options) {
  if (options.kind != TimaKind::Model) throw std::invalid_argument("not yet");
  return std::make_unique<ModelSubject>(options);
}

}  // namespace xive::validate
