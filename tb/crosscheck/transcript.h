// SPDX-License-Identifier: Apache-2.0
/// What a payload printed (firmware_tests/payload/rt/check.h), out of the console of a machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xive::crosscheck {

/// One line that is compared between machines.
struct Line {
  enum class Kind : std::uint8_t {
    Check,  ///< "ok N - NAME VALUE" or "not ok N - NAME VALUE expected VALUE"
    Note,   ///< "note NAME VALUE"
    Dump,   ///< "dump NAME = VALUE"
    Skip,   ///< "skip NAME": a suite that does not run on this machine
    Bail,   ///< "bail out: NAME", "unexpected exception ..."
  };

  Kind kind = Kind::Check;
  std::string name;
  std::string value;     ///< empty: none is printed
  std::string expected;  ///< of a check that failed
  bool good = true;

  /// "not ok NAME = VALUE" and the like, for reports.
  std::string text() const;
  bool operator==(const Line&) const = default;
};

struct Transcript {
  bool started = false;   ///< the payload's first line was seen
  bool finished = false;  ///< its verdict was seen
  bool passed = false;    ///< the verdict
  std::vector<Line> lines;
  std::uint64_t checks = 0;
  /// Lines with times ("info", "bench"), in order; not compared.
  std::vector<std::string> measures;
};

/// `console` is everything that was printed, firmware included; lines may end in CR LF.
Transcript read_transcript(std::string_view console);

/// True when the verdict line is complete: the machine may be stopped.
bool has_verdict(std::string_view console);

}  // namespace xive::crosscheck
