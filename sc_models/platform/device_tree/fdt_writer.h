// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace xive::platform {

/// Writes a flattened device tree from beginning to end (libfdt's sequential writer). Values are
/// stored big-endian. A tree that does not fit grows; a wrong order of calls: std::logic_error.
class FdtWriter {
 public:
  FdtWriter();

  void begin(const std::string& node);
  void end();
  void cells(const std::string& name, const std::vector<std::uint32_t>& values);
  void cell(const std::string& name, std::uint32_t value) { cells(name, {value}); }
  /// 64-bit values as pairs of cells.
  void wide(const std::string& name, std::initializer_list<std::uint64_t> values);
  void text(const std::string& name, std::string_view value);
  void texts(const std::string& name, std::initializer_list<std::string_view> values);
  void empty(const std::string& name) { bytes(name, {}); }
  void bytes(const std::string& name, std::string_view data);

  /// The finished tree, totalsize bytes. The writer is used up.
  std::vector<std::uint8_t> finish();

 private:
  template <typename Call>
  void retry(Call call);

  std::vector<std::uint8_t> buffer_;
};

}  // namespace xive::platform
