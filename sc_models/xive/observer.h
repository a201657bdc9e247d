// SPDX-License-Identifier: Apache-2.0
/// What the chip tells observers: hops of an interrupt (for latency), and the facts that rules
/// judge. Observers see, they never change anything; without one the cost is a null test.
#pragma once

#include <array>
#include <cstdint>

#include "sc_models/tima/types.h"
#include "sc_models/xive/source/esb_page.h"
#include "sc_models/xive/source/pq.h"

namespace xive::ic {

/// Number of one interrupt on its way through all chips of a fabric; 0 = none.
using TraceId = std::uint64_t;

/// Stations on the way of an interrupt, in the order in which they can happen.
enum class Hop : std::uint8_t {
  Source,
  Esb,
  Forward,
  Eas,
  End,
  EqWrite,
  Match,
  Present,
  Backlog,
  Escalation,
  Sync
};
inline constexpr unsigned kHops = 11;

struct HopRecord {
  TraceId trace = 0;
  Hop hop = Hop::Source;
  std::uint8_t chip = 0;
  std::uint8_t blk = 0;
  std::uint32_t idx = 0;
};

/// Sees the stations of all interrupts, in order: the place to annotate and to measure latency.
class HopObserver {
 public:
  virtual ~HopObserver() = default;
  virtual void on_hop(const HopRecord& record) = 0;
};

enum class PqPlace : std::uint8_t { Source, EndNotify, EndEscalate, Unit };

/// One step of a PQ automaton.
struct PqEvent {
  PqPlace place = PqPlace::Source;
  std::uint8_t blk = 0;
  std::uint32_t idx = 0;
  PqOp op = PqOp::Get;
  Pq before = Pq::Reset;
  Pq after = Pq::Reset;
  bool forwarded = false;
  bool level = false;  ///< LSI whose input is asserted
};

/// One load or store of software to an ESB page, after it was executed.
struct EsbAccessEvent {
  PqPlace place = PqPlace::Source;
  EsbPageKind page = EsbPageKind::Management;
  std::uint8_t blk = 0;
  std::uint32_t idx = 0;
  std::uint64_t vc_offset = 0;  ///< offset in the VC BAR; 0 for source units
  std::uint16_t offset = 0;     ///< in the page
  std::uint8_t size = 0;
  bool write = false;
  bool store_eoi = false;  ///< feature enabled
  bool error = false;      ///< bus error
  bool has_pq = false;     ///< PQ could be read before and after
  bool forwarded = false;
  bool lsi = false;
  bool level = false;  ///< LSI: input asserted
  Pq before = Pq::Reset;
  Pq after = Pq::Reset;
  std::uint64_t result = 0;  ///< load value
};

/// An event source, or a message, handed an event to the router.
struct TriggerEvent {
  TraceId trace = 0;
  bool end_trigger = false;
  bool pq_checked = false;
  std::uint8_t blk = 0;
  std::uint32_t idx = 0;
};

/// Decision of the EAS stage.
struct EasEvent {
  TraceId trace = 0;
  std::uint8_t blk = 0;
  std::uint32_t idx = 0;
  bool pq_checked = false;  ///< as received
  bool pq_run = false;      ///< the router ran the PQ of the source
  bool read = false;        ///< `eas` could be read
  bool end_triggered = false;
  std::uint64_t eas = 0;
};

/// Result of the END stage up to the notification decision.
struct EndEvent {
  TraceId trace = 0;
  std::uint8_t chip = 0;
  std::uint8_t blk = 0;
  std::uint32_t idx = 0;
  std::uint32_t data = 0;
  bool redistribute = false;
  bool local = true;  ///< block is owned by the chip that processed it
  bool enable_s = false;
  const std::array<std::uint8_t, 32>* before = nullptr;
  const std::array<std::uint8_t, 32>* after = nullptr;  ///< as in the table afterwards
  bool eq_written = false;
  std::uint64_t eq_address = 0;
  std::uint32_t eq_word = 0;
  enum class Next : std::uint8_t { Error, Masked, Coalesced, Notify, Escalate } next = Next::Error;
};

/// End of the presenter's work for one notification.
struct PresentEvent {
  TraceId trace = 0;
  std::uint8_t end_blk = 0;
  std::uint32_t end_idx = 0;
  tima::PresenterRequest match{};
  unsigned matches = 0;  ///< matching threads in the last search
  bool multi_reported = false;
  bool delivered = false;
  std::uint32_t core = 0;
  std::uint8_t thread = 0;
  tima::Ring ring = tima::Ring::User;
};

/// IPB word of an NVT touched by the router (backlog) or by a push (fetch).
struct NvtEvent {
  TraceId trace = 0;
  std::uint8_t blk = 0;
  std::uint32_t idx = 0;
  bool fetch = false;
  bool b = true;  ///< backlog flag of the END
  std::uint8_t prio = 0;
  std::uint8_t answered = 0;  ///< IPB given to the push
  std::uint32_t before = 0;   ///< word 4
  std::uint32_t after = 0;
};

/// Decision of the escalation stage.
struct EscalationEvent {
  TraceId trace = 0;
  std::uint8_t blk = 0;
  std::uint32_t idx = 0;
  bool enable_u = false;
  bool delivered = false;  ///< the event had been delivered to a thread
  const std::array<std::uint8_t, 32>* before = nullptr;
  const std::array<std::uint8_t, 32>* after = nullptr;
  bool escalated = false;
  std::uint8_t to_blk = 0;
  std::uint32_t to_idx = 0;
  std::uint32_t to_data = 0;
};

/// How the way of an event ended; each trigger has exactly one.
enum class Outcome : std::uint8_t {
  PqStopped,
  EasMasked,
  EndMasked,
  Coalesced,
  Delivered,
  Backlogged,
  NotRecorded,
  EscalationStopped,
  Fault
};

/// Lookup of a table entry by (table, blk, idx).
struct VsdEvent {
  bool pc = false;  ///< PC copy of the descriptors, else VC
  std::uint8_t table = 0;
  std::uint8_t blk = 0;
  std::uint32_t idx = 0;
  std::uint32_t entry_bytes = 0;  ///< 0: four entries per byte
  std::uint64_t top = 0;          ///< descriptor of the block
  std::uint64_t sub_address = 0;  ///< where the sub-page descriptor lies; 0 = direct
  std::uint64_t sub = 0;          ///< sub-page descriptor used; 0 = direct
  bool ok = false;
  std::uint64_t address = 0;
};

/// Software wrote a VSD; `accepted` is what the engine holds now.
struct VsdWriteEvent {
  bool pc = false;
  std::uint64_t select = 0;  ///< last value that software wrote to this engine's ADDR register
  std::uint64_t data = 0;
  std::uint8_t table = 0;  ///< where it went
  std::uint8_t blk = 0;
  bool accepted = false;
};

/// Cache watch engine of ENDs or NVTs.
struct WatchEvent {
  enum class Kind : std::uint8_t { Spec, Load, Stage, Commit, ReadSpec } kind = Kind::Spec;
  bool nvt = false;
  bool full = false;
  std::uint8_t blk = 0;
  std::uint32_t idx = 0;
  unsigned dwords = 4;
  bool conflict = false;
  bool written = false;                   ///< Commit: memory changed
  std::array<std::uint64_t, 8> staged{};  ///< data registers
  std::array<std::uint64_t, 8> live{};    ///< structure before the operation
  std::array<std::uint64_t, 8> after{};   ///< structure after the operation
  std::uint64_t spec_value = 0;           ///< ReadSpec
};

/// Register of an engine whose VALID bit firmware polls.
struct PollEvent {
  std::uint16_t reg = 0;  ///< MMIO offset
  bool start = false;     ///< write with VALID, else read
  bool valid = false;     ///< value read
  bool dirty = false;     ///< matching lines are still not in memory
};

/// Sync protocol of VC_EQC_CONFIG.
struct SyncEvent {
  enum class Kind : std::uint8_t { Request, Done, Read, Clear } kind = Kind::Request;
  std::uint64_t bits = 0;     ///< request/done: the bit; read/clear: the done bits afterwards
  std::uint64_t earlier = 0;  ///< Done: events accepted before the request and not yet finished
};

/// CQ_TAR / CQ_TDR.
struct TableArrayEvent {
  std::uint64_t tar_before = 0, tar_after = 0, data = 0;
};

/// VC BAR decode.
struct VcDecodeEvent {
  std::uint64_t offset = 0, set_size = 0, edt = 0;
  bool four_k = false;
  bool ok = false;
  bool end_page = false;
  std::uint32_t idx = 0;
  std::uint8_t page = 0;
};

/// Indirect TIMA access through IC pages 4..7.
struct IndirectEvent {
  std::uint64_t selector = 0;  ///< as last written by software
  bool error = false;
  std::uint16_t pir7 = 0;  ///< thread reached
};

/// Register access on IC page 0.
struct RegisterEvent {
  std::uint16_t offset = 0;
  std::uint8_t size = 0;
  bool write = false;
  bool error = false;
};

/// Thread enable register written.
struct EnableEvent {
  std::uint32_t core = 0;
  std::uint8_t thread = 0;
  bool enable = false;  ///< bit of the register afterwards
  bool fell = false;    ///< 1 -> 0: the TIMA must reset the thread
  bool told = false;    ///< the TIMA was told
};

/// Sees what the router puts into event queues: all that an account of interrupts needs.
class QueueObserver {
 public:
  virtual ~QueueObserver() = default;
  /// `data` of 31 bits, without the generation.
  virtual void on_entry(std::uint32_t data) = 0;
};

/// Sees the facts that rules judge.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_pq(const PqEvent&) {}
  virtual void on_esb_access(const EsbAccessEvent&) {}
  virtual void on_trigger(const TriggerEvent&) {}
  virtual void on_eas(const EasEvent&) {}
  virtual void on_end(const EndEvent&) {}
  virtual void on_present(const PresentEvent&) {}
  virtual void on_nvt(const NvtEvent&) {}
  virtual void on_escalation(const EscalationEvent&) {}
  virtual void on_outcome(TraceId, Outcome) {}
  virtual void on_vsd(const VsdEvent&) {}
  virtual void on_vsd_write(const VsdWriteEvent&) {}
  virtual void on_kill(bool /*pc*/) {}
  virtual void on_watch(const WatchEvent&) {}
  virtual void on_poll(const PollEvent&) {}
  virtual void on_sync(const SyncEvent&) {}
  virtual void on_table_array(const TableArrayEvent&) {}
  virtual void on_vc_decode(const VcDecodeEvent&) {}
  virtual void on_indirect(const IndirectEvent&) {}
  virtual void on_register(const RegisterEvent&) {}
  virtual void on_enable(const EnableEvent&) {}
};

}  // namespace xive::ic
