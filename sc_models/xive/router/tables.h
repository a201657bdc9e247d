// SPDX-License-Identifier: Apache-2.0
/// The tables of one chip as its engines see them: VC copy of the descriptors for ESB, EAS and END,
/// PC copy for VP structures, and the caches in front of memory. Every failure is reported to the
/// FIR log by the place that finds it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "sc_models/xive/generation.h"
#include "sc_models/xive/router/structure_cache.h"
#include "sc_models/xive/router/vsd.h"

namespace xive::ic {

/// `Through` keeps memory always up to date (the default); `Back` puts caches in front of it.
enum class CacheMode : std::uint8_t { Through, Back };

/// The caches of a chip's router, in the mode that has any.
struct StructureCaches {
  StructureCache eas, end, vp;
};

using VpImage = std::array<std::uint8_t, 64>;

class alignas(64) Tables {
 public:
  Tables(Environment& env, const Generation& generation, CacheMode mode);

  struct PqResult {
    bool ok = false;
    Pq before = Pq::Reset, after = Pq::Reset;
    bool forward = false;
  };
  /// One step of the automaton of an internal source, in the ESB table in memory.
  PqResult step_esb(unsigned blk, std::uint32_t idx, PqOp op);

  bool read_eas(unsigned blk, std::uint32_t idx, std::uint64_t& eas);

  /// An END with its place, so that a write needs no second lookup.
  struct EndEntry {
    std::uint64_t address = 0;
    EndImage image;
  };
  bool read_end(unsigned blk, std::uint32_t idx, EndEntry& end);
  bool write_end_w1(unsigned blk, std::uint32_t idx, EndEntry& end, std::uint32_t w1);
  bool write_end(unsigned blk, std::uint32_t idx, const EndEntry& end);
  /// One step of ESn or ESe of a valid END; not ok for an invalid or missing END.
  PqResult step_end(unsigned blk, std::uint32_t idx, bool escalation, PqOp op);

  struct VpEntry {
    std::uint64_t address = 0;
    VpImage image{};
  };
  bool read_vp(unsigned blk, std::uint32_t idx, VpEntry& vp);
  bool write_vp(unsigned blk, std::uint32_t idx, const VpEntry& vp);
  /// What router and pushes want to know of a VP structure.
  struct VpState {
    std::uint64_t address = 0;
    bool valid = false;
    std::uint32_t ipb_word = 0;  ///< the word with the saved IPB
  };
  bool read_vp_state(unsigned blk, std::uint32_t idx, VpState& vp);
  bool write_vp_ipb(unsigned blk, std::uint32_t idx, const VpState& vp, std::uint32_t ipb_word);

  VsdTable& vc() { return vc_; }
  VsdTable& pc() { return pc_; }
  /// Null with CacheMode::Through.
  StructureCaches* caches() { return caches_.get(); }
  const Generation& generation() const { return generation_; }
  Environment& env() { return env_; }

 private:
  /// `which` cache, or memory; a bus error is reported.
  [[gnu::always_inline]] bool read(StructureCache StructureCaches::*which, unsigned blk,
                                   std::uint32_t idx, std::uint64_t address,
                                   std::span<std::uint8_t> out) {
    const bool ok =
        caches_ ? ((*caches_).*which).read(blk, idx, address, out) : env_.memory.read(address, out);
    if (!ok) env_.fir.report(FirId::TableBusError, address);
    return ok;
  }
  [[gnu::always_inline]] bool write(StructureCache StructureCaches::*which, unsigned blk,
                                    std::uint32_t idx, std::uint64_t address, unsigned offset,
                                    std::span<const std::uint8_t> in) {
    const bool ok = caches_ ? ((*caches_).*which).write(blk, idx, address, offset, in)
                            : env_.memory.write(address + offset, in);
    if (!ok) env_.fir.report(FirId::TableBusError, address);
    return ok;
  }

  // One line of a cache: descriptors and caches lie apart.
  Environment& env_;
  const Generation& generation_;
  VsdTable vc_, pc_;
  std::unique_ptr<StructureCaches> caches_;
};

/// What the mutants make of a step of the automaton.
PqStep broken_pq(Defect defect, PqOp op, Pq before, PqStep step);

/// The automaton with the mutants that concern it.
inline PqStep run_pq(const Environment& env, PqOp op, Pq before) {
  const PqStep step = pq_step(op, before);
  return env.defect == Defect::None ? step : broken_pq(env.defect, op, before, step);
}

}  // namespace xive::ic
