// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/driver/dump.h"

#include <fmt/format.h>

namespace xive::driver {

namespace {

/// Where the IPI record of a processor is that has none: no page is there.
constexpr std::uint64_t kNullRecord = 0x0000ffff00000000;

class Dump {
 public:
  Dump(Cpu& cpu, const DumpPlatform& platform, DumpFault fault)
      : cpu_(cpu), platform_(platform), fault_(fault) {}

  void source(const Irq& irq) {
    ++report.sources;
    const std::int64_t route = platform_.routing(cpu_, irq.number);
    report.lines.push_back(
        fmt::format("irq {:#x} number {:#x} route {} PQ {}", irq.lirq, irq.number, route, pq(irq)));
  }

  void processor(const HostDriver::Processor& processor) {
    ++report.processors;
    const Consumer& consumer = processor.consumer;
    std::string line = fmt::format("cpu {:#x} CPPR {:#x} pending {:#x}", processor.pir,
                                   consumer.cppr, consumer.pending);
    if (processor.ipi.info.eoi == 0 && fault_ != DumpFault::NoIpiCheck) {
      ++report.skipped;
      report.lines.push_back(line + " no IPI");
      return;
    }
    Irq ipi = processor.ipi;
    if (ipi.info.eoi == 0) ipi.info.eoi = kNullRecord;
    line += fmt::format(" IPI {:#x} PQ {}", ipi.number, pq(ipi));
    for (const EventQueue& queue : consumer.queues) {
      if (!queue.exists()) continue;
      const std::uint32_t mask = (1U << (queue.order() - 2U)) - 1U;
      const std::uint32_t next = (queue.index() + 1U) & mask;
      line += fmt::format(" EQ {:#010x} {:#010x}", cpu_.load32(queue.page() + 4ULL * queue.index()),
                          cpu_.load32(queue.page() + 4ULL * next));
    }
    report.lines.push_back(line);
  }

  DumpReport report;

 private:
  std::string pq(const Irq& irq) {
    std::uint64_t offset = esb::kGet;
    if (fault_ == DumpFault::EoiOffset) offset = esb::kLoadEoi;
    if (fault_ == DumpFault::ResetOffset) offset = esb::kSet00;
    if (fault_ == DumpFault::NoRecovery || fault_ == DumpFault::NoIpiCheck) {
      return std::to_string(irq.load(cpu_, offset) & 3U);
    }
    const auto value = platform_.esb_load(cpu_, irq, offset);
    if (!value) {
      ++report.faults;
      return "fault";
    }
    if (*value == esb::kGone) {
      ++report.frozen;
      return "unknown";
    }
    return std::to_string(*value & 3U);
  }

  Cpu& cpu_;
  const DumpPlatform& platform_;
  DumpFault fault_;
};

}  // namespace

DumpPlatform native_platform(OpalClient& opal, std::uint64_t scratch) {
  DumpPlatform platform;
  platform.name = "native";
  platform.routing = [&opal, scratch](Cpu& cpu, std::uint64_t number) {
    return opal.firmware().call(cpu, Token::XiveGetIrqConfig,
                                {number, scratch, scratch + 8, scratch + 12});
  };
  platform.esb_load = [](Cpu& cpu, const Irq& irq, std::uint64_t offset) {
    return cpu.probe(irq.info.eoi + offset, 8);
  };
  return platform;
}

DumpReport dump(Cpu& cpu, HostDriver& host, const std::vector<const Irq*>& sources,
                const DumpPlatform& platform, DumpFault fault) {
  Dump dump(cpu, platform, fault);
  for (const Irq* irq : sources) dump.source(*irq);
  for (const auto& [pir, processor] : host.processors()) dump.processor(processor);
  return std::move(dump.report);
}

}  // namespace xive::driver
