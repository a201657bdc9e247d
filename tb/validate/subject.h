// SPDX-License-Identifier: Apache-2.0
/// What is validated: one TimaPort of the wanted kind with its rules, and what a capsule wants to
/// know about it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sc_models/rules/rule_book.h"
#include "sc_models/tima/event.h"
#include "sc_models/tima/tima_port.h"
#include "tb/validate/validate_options.h"

namespace xive::validate {

struct SubjectOptions {
  TimaKind kind = TimaKind::Lockstep;
  tima::Params params{};
  unsigned mutant = 0;  ///< RTL mutant, 0 = none
  bool skip_idle = true;
  bool stalls = true;
  std::uint64_t stall_seed = 0;  ///< of the random stalls on the handshakes
  /// Events that reference and rules hear of at once (bridge::RtlOptions::batch). Above 1
  /// violated() may become true some events late; check_idle() and finish() are exact.
  unsigned batch = 1;
};

/// Both sides of the first difference between the device and its reference.
struct Difference {
  tima::Event event{};                  ///< as the device announced it
  tima::ThreadState expected_before{};  ///< reference, before the event
  tima::ThreadState expected{};         ///< reference, after the event
};

class Subject {
 public:
  virtual ~Subject() = default;

  virtual tima::TimaPort& port() = 0;
  /// configure() of the port and of the rules.
  virtual void configure(const tima::StaticInputs& inputs) = 0;
  /// An additional listener to the committed events; null removes it.
  virtual void listen(tima::Observer* observer) = 0;
  /// Called while the port is idle; compares whole states.
  virtual void check_idle() = 0;
  /// End of the run, port idle.
  virtual void finish() = 0;

  /// True as soon as a rule has fired.
  virtual bool violated() const = 0;
  virtual std::optional<Violation> first_violation() const = 0;
  virtual std::vector<RuleBook::Entry> rules() const = 0;
  /// Lock-step: the first difference, if there is one.
  virtual std::optional<Difference> difference() const = 0;
  /// Starts an FST file at the current cycle; false if the subject has no waves (the model).
  /// std::runtime_error if the file cannot be written.
  virtual bool open_waves(const std::string& path) = 0;
  virtual void close_waves() = 0;
};

/// Throws std::invalid_argument for what cannot be built (generation, threads, mutant).
std::unique_ptr<Subject> make_subject(const SubjectOptions& options);

/// Makes subjects; tests put in faulty ones.
using SubjectFactory = std::unique_ptr<Subject> (*)(const SubjectOptions&);

}  // namespace xive::validate
