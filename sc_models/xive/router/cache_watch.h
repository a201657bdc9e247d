// SPDX-License-Identifier: Apache-2.0
/// Cache watch engine: how software changes an END or a VP structure atomically against the
/// hardware (xive-chip.md 3.7). The registers around it belong to the generation.
#pragma once

#include <array>
#include <cstdint>

#include "sc_models/xive/router/tables.h"

namespace xive::ic {

class CacheWatch {
 public:
  enum class Target : std::uint8_t { End, Vp };
  using Dwords = std::array<std::uint64_t, 8>;

  CacheWatch(Environment& env, Tables& tables, Target target)
      : env_(env),
        tables_(tables),
        target_(target),
        dwords_(target == Target::End ? 4 : tables.generation().vp_bytes / 8) {}

  unsigned dwords() const { return dwords_; }
  bool conflict() const { return conflict_; }

  /// Write of SPEC: arms the watch on an entry.
  void arm(unsigned blk, std::uint32_t idx, bool full);
  /// Read of DATA0 loads all data registers (zero if the entry cannot be reached); reads of the
  /// others return what is there.
  std::uint64_t read_data(unsigned n);
  /// Write of DATA1..n stages, of DATA0 commits the whole set.
  void write_data(unsigned n, std::uint64_t value);

 private:
  bool fetch(Dwords& live);
  bool store(const Dwords& image);
  void commit();
  WatchEvent event(WatchEvent::Kind kind) const;

  Environment& env_;
  Tables& tables_;
  Target target_;
  unsigned dwords_;
  std::uint8_t blk_ = 0;
  std::uint32_t idx_ = 0;
  bool full_ = false;
  bool conflict_ = false;
  bool loaded_valid_ = false;
  Dwords loaded_{};  ///< image of the last load or commit
  Dwords staged_{};
};

}  // namespace xive::ic
