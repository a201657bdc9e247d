// SPDX-License-Identifier: Apache-2.0
/// `xive-cosim run` with a firmware image: builds the platform, boots the image on the instruction
/// set simulator, follows it to its end and tells what happened.
#pragma once

#include <iosfwd>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sc_models/platform/image/loader.h"
#include "sc_models/platform/xscom.h"
#include "sc_models/rules/rule_book.h"
#include "tb/run/faults.h"
#include "tb/run/part_sampler.h"
#include "tb/run/run_options.h"

namespace xive::run {

/// How a run came to its end.
enum class BootEnd : std::uint8_t {
  Exit,         ///< store to the exit device
  Attention,    ///< firmware executed attn: it gave up
  Checkstop,    ///< machine check while machine checks were off
  BusError,     ///< load or store that nobody answers
  Watchdog,     ///< no access to any device for a long time
  Limit,        ///< simulated time was up
  Interrupted,  ///< Ctrl-C
  Error,        ///< exception of the simulator
};
std::string_view to_string(BootEnd end);

struct BootResult {
  /// A point on the way, seen on the console.
  struct Milestone {
    std::string name;
    std::uint64_t instructions = 0;
    platform::Time simulated = 0;
    double seconds = 0;
  };
  struct Thread {
    std::uint32_t pir = 0;
    std::uint64_t instructions = 0;
    std::uint64_t interrupts = 0;
  };

  std::string firmware;  ///< the file that was found
  BootEnd end = BootEnd::Error;
  std::uint32_t exit_code = 0;
  std::string reason;  ///< one line
  std::string state;   ///< registers and call stacks; empty after a good end
  std::vector<std::string> last_lines;
  std::vector<std::string> error_lines;  ///< what firmware printed at level error
  std::vector<Milestone> milestones;
  std::vector<Thread> threads;
  std::vector<platform::ImageLoader::Placed> images;
  std::vector<platform::XscomRouter::Unknown> unknown_xscom;  ///< of all chips
  std::vector<std::string> bus_errors;                        ///< the first ones
  std::uint64_t bus_error_count = 0;
  std::vector<std::string> unimplemented;  ///< instructions that nobody knows, with their counts

  RuleBook rules;
  std::string digest;
  std::string latency_text;
  std::string profile_text;  ///< empty unless asked for
  PartShares shares;
  std::uint64_t instructions = 0;
  std::uint64_t console_characters = 0;
  std::uint64_t accesses = 0;
  std::uint64_t tima_events = 0;
  std::uint64_t tima_errors = 0;
  std::vector<Fault> faults;
  std::uint64_t compared_events = 0;
  std::uint64_t rtl_cycles = 0;
  std::uint64_t switches = 0;
  platform::Time simulated = 0;
  double build_seconds = 0;
  double seconds = 0;

  bool passed() const { return end == BootEnd::Exit && exit_code == 0 && rules.clean(); }
  double mips() const {
    return seconds <= 0 ? 0.0 : static_cast<double>(instructions) / seconds / 1e6;
  }
};

/// Console output goes to `terminal` (null: nowhere) unless the options name a file. Throws
/// platform::FileError, platform::EnvironmentError, std::invalid_argument.
BootResult execute_boot(const RunOptions& options, std::ostream* terminal);

/// execute_boot(), prints to `out`, writes the files that `options` ask for. Exit code: 0 good, 1
/// the thing under test failed, 3 interrupted or not written.
int run_boot(const RunOptions& options, std::ostream& out, std::ostream& err);

std::string to_text(const RunOptions& options, const BootResult& result);
nlohmann::json to_json(const RunOptions& options, const BootResult& result);
std::string to_junit(const RunOptions& options, const BootResult& result);

}  // namespace xive::run
