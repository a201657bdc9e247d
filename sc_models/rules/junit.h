// SPDX-License-Identifier: Apache-2.0
/// A JUnit XML file: what CI servers read. Counts its cases itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sc_models/rules/rule_book.h"

namespace xive {

class Junit {
 public:
  explicit Junit(std::string_view suite);

  void attribute(std::string_view name, std::string_view value);
  void property(std::string_view name, std::string_view value);

  /// `seconds` < 0: not measured. `type` may be empty.
  void passed(std::string_view group, std::string_view name, double seconds = -1);
  void failed(std::string_view group, std::string_view name, std::string_view message,
              std::string_view type = {}, double seconds = -1);
  void skipped(std::string_view group, std::string_view name, std::string_view reason);
  /// Failed if it fired, skipped if it never had a chance to.
  void rule(std::string_view group, std::string_view id, std::string_view sentence,
            std::uint64_t hits, std::uint64_t fired);
  void rules(std::string_view group, const RuleBook& book);

  std::string text() const;

 private:
  void open_case(std::string_view group, std::string_view name, double seconds = -1);

  std::string attributes_, properties_, cases_;
  std::size_t tests_ = 0, failures_ = 0, skipped_ = 0;
};

}  // namespace xive
