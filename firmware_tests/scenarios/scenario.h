// SPDX-License-Identifier: Apache-2.0
/// An executable scenario of spec/scenarios.md: what it is about, over which parameters it runs,
/// and which faulty variants of the system each of its checks must catch.
///
/// A scenario passes when its right variant is silent over the whole sweep (no rule fires, every
/// program ends) and each faulty variant is caught by the checks that it names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace xive::scenarios {

class Context;

/// A parameter and its values; the first is the base value.
struct Axis {
  std::string name;
  std::vector<std::int64_t> values;
};

/// One combination of parameter values.
class Point {
 public:
  Point() = default;
  Point(std::size_t index, std::vector<std::pair<std::string, std::int64_t>> values)
      : index_(index), values_(std::move(values)) {}

  /// Number in the sweep, 0 = base point.
  std::size_t index() const { return index_; }
  /// Value of parameter `name`; std::out_of_range if the scenario has no such parameter.
  std::int64_t operator[](std::string_view name) const;
  const std::vector<std::pair<std::string, std::int64_t>>& values() const { return values_; }
  /// "width=4 pending=1"; empty without parameters.
  std::string text() const;

 private:
  std::size_t index_ = 0;
  std::vector<std::pair<std::string, std::int64_t>> values_;
};

/// A way to get it wrong, and who must notice.
struct FaultyVariant {
  std::string name;  ///< short, for the command line
  std::string what;  ///< one line
  /// Identifiers of the checks that must fire, all of them, at the listed point.
  std::vector<std::string> caught_by;
  /// The listed point: the base point with these values. They may lie outside the sweep.
  std::map<std::string, std::int64_t> at = {};
  /// Mutant of the RTL (rtl/mutants.json) in core n % size; empty: the fault is elsewhere. A model
  /// TIMA has no mutants: it is replaced by the RTL then.
  std::vector<unsigned> tima_mutants = {};
  /// Checks that must not fire at the listed point: what protects the system from the fault there.
  std::vector<std::string> silent = {};
};

struct Scenario {
  std::string id;         ///< "S1.1"
  std::string title;      ///< as in spec/scenarios.md
  std::string reference;  ///< "scenarios.md 2 S1.1"
  std::vector<Axis> axes = {};
  /// Combinations that make no sense are left out of the sweep; null: all make sense.
  std::function<bool(const Point&)> valid = {};
  std::vector<FaultyVariant> faulty = {};
  std::function<void(Context&)> body = {};
  /// Why there is nothing to run; then `body` is empty.
  std::string not_run = {};

  /// "S1" of "S1.1".
  std::string group() const { return id.substr(0, id.find('.')); }
  bool runs() const { return not_run.empty(); }

  /// Valid points, base point first; the last axis moves fastest. A scenario without axes has one.
  std::vector<Point> sweep() const;
  /// The base point with the values of `changes`; std::out_of_range for an unknown parameter.
  Point point(const std::map<std::string, std::int64_t>& changes = {}) const;
};

}  // namespace xive::scenarios
