// SPDX-License-Identifier: Apache-2.0
/// What firmware is written against when it is compiled into the harness: one hardware thread as
/// its program sees it. Every call is one instruction (or a counted run of them) with time; before
/// it starts, a pending and enabled interrupt is taken, that is, its handler runs.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "sc_models/platform/time.h"
#include "sc_models/ppc/cause.h"
#include "sc_models/ppc/spr.h"

namespace xive::ppc {
class HardwareThread;
}

namespace xive::ppc::host {

using platform::Time;

/// What a handler finds. It plays the part of the saved registers: the harness saves SRR0/1 and
/// HSRR0/1 at entry, and at the end of the handler returns to srr0 with srr1 as they are here then.
struct InterruptFrame {
  std::uint64_t vector = 0;
  std::optional<Cause> cause;  ///< asynchronous interrupts only
  bool wake = false;           ///< end of a power-saving stop with EC=1
  bool hsrr = false;
  std::uint64_t srr0 = 0;
  std::uint64_t srr1 = 0;
};

/// The vectors of the hypervisor and those of the partition that runs on the thread.
enum class VectorSpace : std::uint8_t { Host, Guest };

class Cpu {
 public:
  using Handler = std::function<void(Cpu&, InterruptFrame&)>;

  virtual ~Cpu() = default;

  // --- memory: naturally big-endian values; whether an address is a device is the map's business
  // ---
  std::uint8_t load8(std::uint64_t a) { return static_cast<std::uint8_t>(load(a, 1)); }
  std::uint16_t load16(std::uint64_t a) { return static_cast<std::uint16_t>(load(a, 2)); }
  std::uint32_t load32(std::uint64_t a) { return static_cast<std::uint32_t>(load(a, 4)); }
  std::uint64_t load64(std::uint64_t a) { return load(a, 8); }
  void store8(std::uint64_t a, std::uint8_t v) { store(a, 1, v); }
  void store16(std::uint64_t a, std::uint16_t v) { store(a, 2, v); }
  void store32(std::uint64_t a, std::uint32_t v) { store(a, 4, v); }
  void store64(std::uint64_t a, std::uint64_t v) { store(a, 8, v); }
  /// `size` 1, 2, 4 or 8. A bus error is a machine check, then all ones.
  virtual std::uint64_t load(std::uint64_t address, unsigned size) = 0;
  virtual void store(std::uint64_t address, unsigned size, std::uint64_t value) = 0;
  /// A load whose bus error the program recovers from: nullopt and no machine check.
  virtual std::optional<std::uint64_t> probe(std::uint64_t address, unsigned size) = 0;
  /// lbarx .. ldarx and stbcx. .. stdcx.
  virtual std::uint64_t load_reserve(std::uint64_t address, unsigned size) = 0;
  virtual bool store_conditional(std::uint64_t address, unsigned size, std::uint64_t value) = 0;

  // --- barriers ---
  virtual void sync() = 0;
  virtual void lwsync() = 0;
  virtual void eieio() = 0;
  virtual void isync() = 0;
  virtual void ptesync() = 0;

  // --- doorbells ---
  virtual void msgsnd(std::uint64_t rb) = 0;
  virtual void msgclr(std::uint64_t rb) = 0;
  virtual void msgsndp(std::uint64_t rb) = 0;
  virtual void msgclrp(std::uint64_t rb) = 0;
  virtual void msgsync() = 0;

  // --- state ---
  virtual std::uint64_t mfspr(unsigned spr) = 0;
  virtual void mtspr(unsigned spr, std::uint64_t value) = 0;
  virtual std::uint64_t mfmsr() = 0;
  /// Any MSR, so this is also rfid into another context. What the new state enables is taken at the
  /// next instruction.
  virtual void mtmsr(std::uint64_t value) = 0;
  void set_ee(bool on) {
    const std::uint64_t value = mfmsr();
    mtmsr(on ? value | msr::kEe : value & ~msr::kEe);
  }
  virtual std::uint64_t gpr(unsigned n) const = 0;
  virtual void set_gpr(unsigned n, std::uint64_t value) = 0;

  // --- time ---
  /// `count` instructions without effect.
  virtual void execute(std::uint64_t count) = 0;
  /// Busy for `duration`, interruptible.
  virtual void delay(Time duration) = 0;
  virtual Time now() const = 0;

  // --- power saving, end ---
  /// The `stop` instruction with the current PSSCR. With EC=1 the wake enters the handler of 0x100
  /// and the program goes on when that returns.
  virtual void stop() = 0;
  /// RTAS stop-self: does not return; after start-cpu the program at its entry address runs.
  [[noreturn]] virtual void stop_self() = 0;

  // --- not instructions ---
  /// `vector` e.g. 0x500. Null removes the handler.
  virtual void set_handler(VectorSpace space, std::uint64_t vector, Handler handler) = 0;
  virtual HardwareThread& thread() = 0;
  virtual std::uint32_t pir() const = 0;
};

/// Handler of the decrementer in a program that asks for no time: it must not run out unheard, and
/// starts as high as it can.
inline void rewind_decrementer(Cpu& cpu, InterruptFrame&) {
  constexpr std::uint64_t kLongest = 0x7fffffff;
  cpu.mtspr(spr::kDec, kLongest);
}

}  // namespace xive::ppc::host
