// SPDX-License-Identifier: Apache-2.0
/// A source controller outside the interrupt controller (PSI host bridge, PHB): holds PQ and levels
/// of its sources and sends trigger messages with the "PQ checked" bit (xive-chip.md 5.3 to 5.5).
#pragma once

#include <cstdint>
#include <vector>

#include "sc_models/xive/environment.h"
#include "sc_models/xive/source/esb_page.h"

namespace xive::ic {

/// Where trigger messages go: the notify page of a chip.
class NotifyPort {
 public:
  virtual ~NotifyPort() = default;
  virtual void notify(std::uint64_t data) = 0;
};

class SourceUnit {
 public:
  struct Config {
    std::uint8_t id = 0;  ///< tells units apart in observer events
    unsigned count = 14;
    unsigned page_shift = 12;  ///< one page per source
    unsigned first_lsi = 0;    ///< sources from here on are LSIs
    bool store_eoi = false;
    Pq initial = Pq::Off;
  };

  /// Messages go to `port` while the notify address is valid. `env` carries FIR and observer.
  SourceUnit(const Config& config, Environment& env, NotifyPort& port);

  /// Message of source 0; source n is OR-ed in, as firmware sets up (offset register).
  void set_offset(std::uint64_t data) { offset_ = data; }
  /// Valid bit of the notify address register; without it no message leaves.
  void set_notify_valid(bool valid) { notify_valid_ = valid; }

  /// An edge (MSI) or, for an LSI, a pulse of its level.
  void trigger(unsigned source);
  /// Level of an LSI.
  void set_level(unsigned source, bool asserted);

  /// All sources off; levels stay as they are.
  void reset();

  /// Load or store at `offset` of the unit's ESB window. False = bus error (loads: all ones).
  bool access(std::uint64_t offset, unsigned size, bool write, std::uint64_t& data);

  Pq pq(unsigned source) const { return sources_.at(source).pq; }
  bool level(unsigned source) const { return sources_.at(source).asserted; }

 private:
  struct Source {
    Pq pq;
    bool lsi;
    bool asserted;
  };
  PqStep run(unsigned n, PqOp op);
  void send(unsigned n);

  Config config_;
  Environment& env_;
  NotifyPort& port_;
  std::vector<Source> sources_;
  std::uint64_t offset_ = 0;
  bool notify_valid_ = false;
};

}  // namespace xive::ic
