// SPDX-License-Identifier: Apache-2.0
/// One interrupt from the trigger store of one thread to the EOI of another, on any kind of TIMA.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sc_models/machine/direct_tables.h"
#include "sc_models/ppc/host/fiber_executor.h"
#include "sc_models/tima/reference_port.h"

namespace xive::machine::testing {

inline TimaFactory reference_factory() {
  return [](unsigned, const tima::Params& params) {
    return std::make_unique<tima::ReferencePort>(params);
  };
}

/// What software saw; the same on every TIMA, whatever its timing.
struct Seen {
  unsigned interrupts = 0;
  std::uint64_t ack = 0, ack_again = 0;
  std::uint32_t entry = 0;
  std::uint64_t pq_in_handler = 0, pq_after = 0;
  tima::ThreadState final_state{};

  friend bool operator==(const Seen&, const Seen&) = default;
};

struct EndToEnd {
  Seen seen;
  Time taken = 0;  ///< time at which the handler began
  std::string digest;
  std::uint64_t violations = 0;
};

/// `sender` stores to the trigger page of a source of chip 0; `receiver` is its target, in its PHYS
/// ring at priority 7. `at_start` is called when it is
/// set up, `at_end` while the machine still exists.
inline EndToEnd run_end_to_end(const MachineConfig& config, const TimaFactory& factory,
                               unsigned sender, unsigned receiver,
                               const std::function<void()>& at_end = {},
                               const std::function<void(Machine&)>& at_start = {}) {
  constexpr std::uint32_t kSource = 0x40, kEnd = 0x207, kData = 0x5a5;
  ppc::host::FiberExecutor executor;
  Machine machine(config, executor, factory);
  DirectTables tables(machine);
  RuleBook book;
  ic::XiveRules rules(book, &machine.memory());
  for (unsigned n = 0; n < machine.chips(); ++n) machine.observe_chip(n, rules.chip(n));

  const unsigned blk = tables.block_of_thread(receiver);
  const std::uint64_t queue = tables.queue_area(blk);
  tables.set_vp(blk, tables.hardware_vp(receiver));
  tables.set_end(blk, kEnd,
                 {.queue = queue, .vp_blk = blk, .vp = tables.hardware_vp(receiver), .prio = 7});
  tables.set_eas(0, kSource, blk, kEnd, kData);
  tables.arm(0, kSource);

  EndToEnd result;
  if (at_start) at_start(machine);
  bool ready = false, done = false;
  machine.set_program(receiver, [&](ppc::host::Cpu& cpu) {
    cpu.set_handler(
        ppc::host::VectorSpace::Host, 0xea0, [&](ppc::host::Cpu& c, ppc::host::InterruptFrame&) {
          ++result.seen.interrupts;
          if (result.taken == 0) result.taken = c.now();
          result.seen.ack = c.load16(DirectTables::tima(1, 0x830));
          result.seen.entry = c.load32(queue);
          result.seen.pq_in_handler = c.load64(tables.management_page(0, kSource) + 0x800);
          c.load64(tables.management_page(0, kSource));  // EOI
          result.seen.ack_again = c.load16(DirectTables::tima(1, 0x830));
          c.store8(DirectTables::tima(1, 0x31), 0xff);
          done = true;
        });
    cpu.store8(DirectTables::tima(0, 0x38), 0x80);
    cpu.store8(DirectTables::tima(1, 0x31), 0xff);
    cpu.set_ee(true);
    ready = true;
    while (!done) cpu.delay(platform::kMicrosecond);
  });
  machine.set_program(sender, [&](ppc::host::Cpu& cpu) {
    while (!ready) cpu.delay(platform::kMicrosecond);
    cpu.store64(tables.trigger_page(0, kSource), 0);
  });
  executor.run(platform::kMillisecond);
  rules.finish();
  result.seen.pq_after = machine.peek(tables.management_page(0, kSource) + 0x800, 8);
  result.seen.final_state =
      machine.tima(machine.core_of_thread(receiver)).port().state(receiver % config.threads);
  result.digest = machine.digest().text();
  result.violations = book.violations().size();
  if (at_end) at_end();
  return result;
}

}  // namespace xive::machine::testing
