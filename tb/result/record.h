// SPDX-License-Identifier: Apache-2.0
/// One result of one job: what ran, what came out. Written first; text, JUnit, HTML and the ledger
/// are views of it. What depends on the host (times, machine) is kept apart, so that the rest is
/// the same byte for byte wherever and whenever the job runs.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace xive::result {

using Json = nlohmann::ordered_json;

enum class Verdict : std::uint8_t {
  Pass,
  Fail,     ///< a rule fired, an expectation was not met, a scenario or check failed
  Error,    ///< the job could not be carried out: bad configuration, too little memory
  Timeout,  ///< killed at its deadline
  Crash,    ///< died of a signal
};
std::string_view name(Verdict verdict);
/// Throws RecordError.
Verdict verdict_of(std::string_view name);

struct RuleCount {
  std::string id;
  std::uint64_t hits = 0;
  std::uint64_t fired = 0;
  friend bool operator==(const RuleCount&, const RuleCount&) = default;
};

/// The program that ran.
struct Build {
  std::string version, commit;
  bool dirty = false;
  std::map<std::string, std::string> tools;  ///< name to version
  friend bool operator==(const Build&, const Build&) = default;
};

/// What stays the same from commit to commit.
std::string key_of(const std::string& suite, const std::map<std::string, std::string>& settings,
                   std::uint64_t seed);

struct Record {
  // What ran.
  std::string suite;                            ///< e.g. "load"
  std::map<std::string, std::string> settings;  ///< keys that are no defaults, without the seed
  std::uint64_t seed = 0;
  std::string config_hash;  ///< of the whole configuration with defaults, and of what is expected;
                            ///< may be empty
  Build build;

  // What came out; a pure function of the above.
  Verdict verdict = Verdict::Error;
  std::string digest;  ///< of all transactions; empty if there was none
  std::vector<RuleCount> rules;
  std::map<std::string, double> metrics;  ///< simulated; units in the names, e.g. "..._ns"
  std::vector<std::string> failures;      ///< one line each
  std::string reproduce;                  ///< a command, relative to the job's folder
  std::string capsule;                    ///< folder, relative to the job's folder; may be empty

  // The host's part.
  std::map<std::string, double> host;  ///< e.g. "wall_s", "cpu_s", "interrupts_per_s"

  bool passed() const { return verdict == Verdict::Pass; }
  std::string key() const { return key_of(suite, settings, seed); }
  /// Class of a failure: its first line without numbers and paths; empty for a pass.
  std::string signature() const;
};

/// Text that is no record; what() says why.
class RecordError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

inline constexpr int kRecordVersion = 1;

/// Without the host's part, and that alone: each one line of JSON.
std::string to_text(const Record& record);
std::string host_text(const Record& record);
/// `host` may be empty. Throws RecordError.
Record from_text(std::string_view text, std::string_view host = {});

/// Numbers, hexadecimal words, quoted names and paths become '#', so that the same failure at
/// another place has the same signature.
std::string normalised(std::string_view line);

}  // namespace xive::result
