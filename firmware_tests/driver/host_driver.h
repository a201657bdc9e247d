// SPDX-License-Identifier: Apache-2.0
/// Host side of a Linux-like driver (scenarios.md 6.1 to 6.6): processors, IPIs, device interrupts.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "firmware_tests/driver/event_queue.h"
#include "firmware_tests/driver/irq.h"
#include "firmware_tests/driver/opal_client.h"

namespace xive::driver {

/// Ways to get it wrong, for faulty variants of scenarios.
enum class DriverFault : std::uint8_t {
  None,
  FreeWithoutQuery,  ///< shutdown does not wait until the source is inactive (S5.5)
  UnmaskDropsP,      ///< unmask sets 00 although an entry is outstanding (S5.6)
  AllOnesIsPending,  ///< all ones of a frozen bridge taken as P=1 (S5.13)
  AllOnesIsSavedP,   ///< same when the source is masked (S5.13)
};

class HostDriver {
 public:
  struct Options {
    std::uint64_t tima = 0x0006030203180000;
    std::uint64_t queues = 0x02000000;  ///< one page of 2^queue_order for each thread
    unsigned queue_order = 16;
    unsigned prio = 7;
    bool pool = true;  ///< VP of the pool ring for each thread
    DriverFault fault = DriverFault::None;
  };
  using Handler = std::function<void(Cpu&, Irq&)>;
  /// Logical number of every thread's IPI.
  static constexpr std::uint32_t kIpiLirq = 1;

  explicit HostDriver(OpalClient& opal) : HostDriver(opal, Options{}) {}
  HostDriver(OpalClient& opal, const Options& options) : opal_(opal), options_(options) {}

  OpalClient& opal() { return opal_; }
  const Options& options() const { return options_; }

  // --- controller (6.1) ---
  /// XIVE_RESET to exploitation mode and the pool VPs.
  void start(Cpu& cpu, const std::vector<std::uint32_t>& pirs);
  /// Back to the mode of the firmware; every processor has been torn down.
  void stop(Cpu& cpu);

  // --- processors (6.2, 6.6) ---
  /// Steps 1 to 7, on any processor.
  void prepare_cpu(Cpu& cpu, std::uint32_t pir);
  /// Steps 8 to 11, on the processor itself.
  void finish_cpu(Cpu& cpu);
  /// Moves no interrupt (see set_affinity); empties the queue so that what is in it reaches its
  /// new target.
  void offline_cpu(Cpu& cpu);
  void teardown_cpu(Cpu& cpu);

  // --- IPIs (6.3) ---
  void send_ipi(Cpu& cpu, std::uint32_t target_pir);
  void on_ipi(std::function<void(Cpu&)> handler) { ipi_handler_ = std::move(handler); }
  /// Body of the 0xea0 handler.
  Consumer::Seen receive(Cpu& cpu);
  /// Every entry that comes out of a queue, before it is handled.
  std::function<void(Cpu&, std::uint32_t lirq)> on_entry;
  /// An entry without a descriptor (check CHK-FREE).
  std::function<void(Cpu&, std::uint32_t lirq)> on_orphan;

  // --- device interrupts (6.4 to 6.6) ---
  /// Looks the number up and switches the source off. The reference stays valid until unmap().
  Irq& map(Cpu& cpu, std::uint32_t number, std::uint32_t lirq, Handler handler = {});
  void startup(Cpu& cpu, Irq& irq, std::uint32_t target_pir);
  void mask(Cpu& cpu, Irq& irq) { mask_source(cpu, irq); }
  void unmask(Cpu& cpu, Irq& irq);
  void set_affinity(Cpu& cpu, Irq& irq, std::uint32_t target_pir);
  /// Masks, takes the target away, waits (at most `patience`) until no entry is outstanding.
  /// False: it still was. Waiting lets other threads run, an interrupt on this one too.
  bool shutdown(Cpu& cpu, Irq& irq, platform::Time patience = 100 * platform::kMicrosecond);
  /// Forgets the descriptor. Nothing of the source may be in a queue: see shutdown() and drain().
  void unmap(Irq& irq);
  /// An IPI makes the target of `irq` look at its queue; waits until it has seen the end of it. For
  /// a source whose page did not answer shutdown() (Irq::gone). False: it never came.
  bool drain(Cpu& cpu, Irq& irq, platform::Time patience = 100 * platform::kMicrosecond);
  Irq* find(std::uint32_t lirq);
  /// Every mapped interrupt, by logical number.
  void for_each_irq(const std::function<void(Irq&)>& action);
  /// Told before a descriptor goes away.
  std::function<void(Irq&)> on_unmap;

  struct Processor {
    std::uint32_t pir = 0;
    std::uint64_t pool_vp = 0;
    Irq ipi{};
    Consumer consumer{};
    Consumer::Seen total{};
    int deferred = 0;  ///< interrupts that moved away and may still be in the queue
  };
  Processor& processor(std::uint32_t pir) { return processors_.at(pir); }
  /// By PIR; one that was never prepared has no IPI.
  const std::map<std::uint32_t, Processor>& processors() const { return processors_; }

 private:
  struct Entry {
    Irq irq;
    Handler handler;
  };
  void mask_source(Cpu& cpu, Irq& irq);
  void handle(Cpu& cpu, std::uint32_t lirq);

  OpalClient& opal_;
  Options options_;
  std::map<std::uint32_t, Processor> processors_;  ///< by PIR
  std::map<std::uint32_t, Entry> irqs_;            ///< by logical number
  std::function<void(Cpu&)> ipi_handler_;
  std::uint64_t pool_ = 0;
};

}  // namespace xive::driver
