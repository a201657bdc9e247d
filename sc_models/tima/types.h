// SPDX-License-Identifier: Apache-2.0
/// The vocabulary of the thread interrupt management area (TIMA) of one core: the messages of its
/// four ports (spec/tima.md 6.3), its register image and its knobs. Plain data, no behaviour.
///
/// Bit and byte order follow the specification: byte 0 of a register image is the most significant
/// one, `wdata`/`rdata` are right-justified big-endian values, priority 0 is the most favoured.
#pragma once

#include <array>
#include <cstdint>

namespace xive::tima {

/// TIMA clock cycles since the TimaPort was constructed.
using Cycle = std::uint64_t;

inline constexpr unsigned kMaxThreads = 8;
inline constexpr unsigned kThreadBytes = 64;

/// Rings of a thread context; the value is address bits [5:4].
enum class Ring : std::uint8_t { User = 0, Os = 1, Pool = 2, Phys = 3 };

/// Privilege pages of the window; the value is address bits [17:16].
enum class Page : std::uint8_t { Hw = 0, Hv = 1, Os = 2, User = 3 };

/// Byte offsets inside a ring (spec 1.1).
namespace reg {
inline constexpr unsigned kNsr = 0, kCppr = 1, kIpb = 2, kLsmfb = 3, kAck = 4, kLgs = 5,
                          kTarget = 6, kPipr = 7, kWord2 = 8, kOgen = 15;
}

/// Error codes of spec 6.5. Only NoAccess and Align set MmioResponse::err.
enum class ErrorCode : std::uint8_t {
  None = 0,
  NoAccess = 1,
  Align = 2,
  Undef = 3,
  PullInvalid = 4,
  PushValid = 5,
  Nvp = 6,
  Multi = 7,
  GroupG1 = 8,
  Crowd = 9,
};

/// One access through the window of one thread.
struct MmioRequest {
  std::uint8_t thread = 0;   ///< thread inside the core
  Page page = Page::Hw;      ///< privilege page
  std::uint16_t offset = 0;  ///< offset inside the 64 KiB page
  bool write = false;
  std::uint8_t size_log2 = 0;  ///< 0..3: 1, 2, 4, 8 bytes
  std::uint64_t wdata = 0;     ///< right-justified, big-endian value order

  friend bool operator==(const MmioRequest&, const MmioRequest&) = default;
};

/// Answer to an MmioRequest; `rdata` is all ones of the access size on error and 0 for stores.
struct MmioResponse {
  std::uint64_t rdata = 0;
  bool err = false;
  ErrorCode code = ErrorCode::None;  ///< also reports the codes that do not set `err`

  friend bool operator==(const MmioResponse&, const MmioResponse&) = default;
};

enum class PresenterCmd : std::uint8_t { Match = 0, Present = 1, Bcast = 2 };

/// Message of the router to the presenter port.
struct PresenterRequest {
  PresenterCmd cmd = PresenterCmd::Match;
  bool format = false;    ///< END format F: 1 = user event (EBB)
  bool crowd = false;     ///< generation 2
  bool ignore = false;    ///< group notification, generation 2
  std::uint8_t blk = 0;   ///< 4 bits
  std::uint32_t idx = 0;  ///< 24 bits (generation 1 uses 19)
  std::uint8_t prio = 0;
  std::uint32_t logic_serv = 0;  ///< 31 bits, format 1 only
  std::uint8_t level = 0;        ///< PRESENT: 6 bits, 0 = directed
  std::uint8_t thread = 0;       ///< PRESENT only
  Ring ring = Ring::User;        ///< PRESENT only

  friend bool operator==(const PresenterRequest&, const PresenterRequest&) = default;
};

/// Answer of the presenter port. MATCH fills the per-thread part, PRESENT `ack`, BCAST `count`.
struct PresenterResponse {
  std::uint8_t match = 0;                ///< bit t = thread t matches
  std::uint8_t precluded = 0;            ///< bit t, implies match; group only
  std::array<Ring, kMaxThreads> ring{};  ///< meaningful where match is set, else User
  std::array<std::uint8_t, kMaxThreads>
      pipr{};                        ///< PIPR of the signalling ring where match, else 0
  std::uint8_t count = 0;            ///< matching threads that are not precluded
  bool multi_err = false;            ///< directed MATCH with more than one matching thread
  bool ack = false;                  ///< PRESENT: delivered (true) or nack
  ErrorCode code = ErrorCode::None;  ///< None, Multi, GroupG1 or Crowd

  friend bool operator==(const PresenterResponse&, const PresenterResponse&) = default;
};

/// Operations of the request port towards router and memory (xive-chip.md section 10).
enum class MemoryOp : std::uint8_t {
  NvtIpbFetchClr = 0,  ///< generation 1
  NvpIpbFetchClr = 1,
  NvpCheckout = 2,
  NvpSave = 3,
  NvpReadPgo = 4,
  BklgScan = 5,
  BklgDecr = 6,
  Redist = 7,  ///< posted: no answer
  ReportWr = 8,
  NvpRelease = 9,  ///< posted: no answer
};

constexpr bool is_posted(MemoryOp op) {
  return op == MemoryOp::Redist || op == MemoryOp::NvpRelease;
}

/// Request of the TIMA to the chip that owns block `blk`.
struct MemoryRequest {
  MemoryOp op = MemoryOp::NvtIpbFetchClr;
  std::uint8_t thread = 0;
  std::uint8_t blk = 0;
  std::uint32_t idx = 0;
  std::uint8_t priv = 0;  ///< 0 OS, 1 POOL, 2 hard
  std::uint16_t pir = 0;  ///< 15 bits
  std::uint8_t level = 0;
  std::uint8_t prio = 0;
  bool line_odd = false;
  std::uint8_t len = 0;                  ///< bytes of `wdata` in use
  std::array<std::uint8_t, 64> wdata{};  ///< byte 0 first

  friend bool operator==(const MemoryRequest&, const MemoryRequest&) = default;
};

/// Answer to a MemoryRequest that is not posted.
struct MemoryResponse {
  bool ok = false;
  std::uint8_t ipb = 0, cppr = 0, lsmfb = 0, lgs = 0, t = 0;
  bool nvp_hw = false;
  std::uint8_t pgofirst = 0;
  std::uint8_t scan_prio = 0xff;
  std::uint8_t scan_level = 0;

  friend bool operator==(const MemoryResponse&, const MemoryResponse&) = default;
};

/// Exception lines of one thread towards the core.
struct Lines {
  bool os_ext = false;    ///< OS External, L_os AND V(OS)
  bool hv_ext = false;    ///< hypervisor virtualization, L_hv AND V(PHYS)
  bool user_ebb = false;  ///< 0 unless K_USER_RING

  friend bool operator==(const Lines&, const Lines&) = default;
};

/// The complete state of one thread: register image R[0..63] and the two line latches.
struct ThreadState {
  std::array<std::uint8_t, kThreadBytes> r{};
  bool l_os = false;
  bool l_hv = false;
  bool enabled = false;  ///< as last taken over by the TIMA from cfg_thread_en

  std::uint8_t at(Ring ring, unsigned byte) const {
    return r[static_cast<unsigned>(ring) * 16U + byte];
  }
  std::uint8_t& at(Ring ring, unsigned byte) { return r[static_cast<unsigned>(ring) * 16U + byte]; }
  /// V(ring): bit 0 (IBM) of byte +8.
  bool valid(Ring ring) const { return (at(ring, reg::kWord2) & 0x80U) != 0; }
  /// WORD2 of the ring, bit 0 (IBM) = most significant bit.
  std::uint32_t word2(Ring ring) const {
    return static_cast<std::uint32_t>(at(ring, 8)) << 24U |
           static_cast<std::uint32_t>(at(ring, 9)) << 16U |
           static_cast<std::uint32_t>(at(ring, 10)) << 8U | at(ring, 11);
  }

  friend bool operator==(const ThreadState&, const ThreadState&) = default;
};

/// Knobs of spec 0.4 that the TIMA itself reads; the defaults are the specification's.
struct Knobs {
  bool ack_recompute = false;
  bool pull64_lo = false;  ///< K_PULL64 = lo
  bool g1_pool_push = false;
  bool save_clr_ipb = true;
  bool pool_cppr = true;
  bool lsmfb_min = true;
  bool low400_alias = true;
  bool user_ring = false;
  bool cppr_load = false;

  friend bool operator==(const Knobs&, const Knobs&) = default;
};

/// Structural parameters, fixed for the life of a TIMA.
struct Params {
  unsigned generation = 1;  ///< 1 or 2
  unsigned threads = 4;     ///< 1..8
  Knobs knobs{};
};

/// Static inputs of spec 6.2: may change only while the TIMA is idle.
struct StaticInputs {
  std::uint8_t blk = 0;                          ///< cfg_blk, 4 bits
  std::array<std::uint16_t, kMaxThreads> pir{};  ///< cfg_pir, 15 bits each
  bool tid8 = false;
  bool save_restore = true;
  bool gen1_tima = false;

  friend bool operator==(const StaticInputs&, const StaticInputs&) = default;
};

}  // namespace xive::tima
