// SPDX-License-Identifier: Apache-2.0
// Length: one list of checks, read from top to bottom.
#include "firmware_tests/opal/suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace xive::opal {

namespace {

constexpr std::uint64_t kVpEnabled = vp_flag::kEnabled;
constexpr std::uint64_t kHuge = ~std::uint64_t{0};

class Suite {
 public:
  Suite(Cpu& cpu, Firmware& firmware, const SuiteOptions& options)
      : cpu_(cpu), fw_(firmware), options_(options), self_(cpu.pir()) {
    for (const ChipConfig& chip : fw_.config().chips) {
      if (std::find(chip.pirs.begin(), chip.pirs.end(), self_) != chip.pirs.end()) {
        chip_ = chip.chip_id;
      }
    }
  }

  std::vector<SuiteResult> run() {
    try {
      mode();
      irq_info();
      irq_config();
      numbers();
      queues();
      queue_state();
      vps();
      single_escalation();
      delivery();
      sync_and_dump();
      emulation();
      call(Token::XiveReset, {kModeExploitation});
    } catch (const FirmwareError& error) {
      results_.push_back({"no hang", last_, false, std::string(error.what()) + " (CHK-PROG)"});
    }
    return std::move(results_);
  }

 private:
  std::uint64_t at(unsigned word) const { return options_.scratch + 8ULL * word; }
  std::uint64_t word(unsigned n) { return cpu_.load64(at(n)); }
  std::uint64_t half(unsigned n) { return cpu_.load32(at(n)); }

  /// Each result is held to the documented set.
  std::int64_t call(Token token, std::initializer_list<std::uint64_t> args) {
    last_ = token;
    const std::int64_t result = fw_.call(cpu_, token, args);
    if (!rc_documented(token, result)) {
      results_.push_back({fmt::format("{}/documented result", to_string(token)), token, false,
                          fmt::format("{:#x} is no result of this call (CHK-RC)", result)});
    }
    return result;
  }
  void check(Token token, std::string_view what, bool passed, std::string detail) {
    results_.push_back({fmt::format("{}/{}", to_string(token), what), token, passed,
                        passed ? std::string() : std::move(detail)});
  }
  void equal(Token token, std::string_view what, std::uint64_t seen, std::uint64_t wanted,
             std::string_view property = "") {
    check(token, what, seen == wanted,
          fmt::format("{:#x}, expected {:#x}{}", seen, wanted,
                      property.empty() ? "" : fmt::format(" ({})", property)));
  }
  void returns(Token token, std::string_view what, std::initializer_list<std::uint64_t> args,
               std::int64_t wanted, std::string_view property = "") {
    const std::int64_t seen = call(token, args);
    check(token, what, seen == wanted,
          fmt::format("{} ({:#x}), expected {}{}", rc_name(seen), seen, rc_name(wanted),
                      property.empty() ? "" : fmt::format(" ({})", property)));
  }

  void mode() {
    returns(Token::XiveReset, "version 2", {2}, rc::kParameter);
    returns(Token::XiveReset, "huge version", {kHuge}, rc::kParameter);
    returns(Token::XiveReset, "emulation", {kModeEmulation}, rc::kSuccess);
    const std::uint64_t vp = self_;
    returns(Token::XiveGetIrqInfo, "wrong mode", {0x20, at(0), 0, 0, 0, 0}, rc::kWrongState);
    returns(Token::XiveGetIrqConfig, "wrong mode", {0x20, at(0), at(1), at(2)}, rc::kWrongState);
    returns(Token::XiveSetIrqConfig, "wrong mode", {0x20, vp, 6, 1}, rc::kWrongState);
    returns(Token::XiveGetQueueInfo, "wrong mode", {vp, 6, 0, 0, 0, 0, 0}, rc::kWrongState);
    returns(Token::XiveSetQueueInfo, "wrong mode", {vp, 6, 0, 0, 0}, rc::kWrongState);
    returns(Token::XiveDonatePage, "wrong mode", {chip_, options_.pages}, rc::kWrongState);
    returns(Token::XiveAllocateVpBlock, "wrong mode", {4}, rc::kWrongState);
    returns(Token::XiveFreeVpBlock, "wrong mode", {0x44000000}, rc::kWrongState);
    returns(Token::XiveAllocateIrq, "wrong mode", {chip_}, rc::kWrongState);
    returns(Token::XiveFreeIrq, "wrong mode", {0x20}, rc::kWrongState);
    returns(Token::XiveGetQueueState, "wrong mode", {vp, 6, at(0), at(1)}, rc::kWrongState);
    returns(Token::XiveSetQueueState, "wrong mode", {vp, 6, 1, 0}, rc::kWrongState);
    returns(Token::XiveGetVpInfo, "any mode", {vp, at(0), at(1), at(2), at(3)}, rc::kSuccess);
    returns(Token::XiveReset, "exploitation", {kModeExploitation}, rc::kSuccess);
    returns(Token::XiveReset, "again", {kModeExploitation}, rc::kSuccess);
  }

  void irq_info() {
    constexpr Token kToken = Token::XiveGetIrqInfo;
    irq_ = call(Token::XiveAllocateIrq, {chip_});
    check(Token::XiveAllocateIrq, "own chip", irq_ > 0, std::string(rc_name(irq_)));
    if (irq_ <= 0) return;
    const auto number = static_cast<std::uint64_t>(irq_);
    returns(kToken, "good", {number, at(0), at(1), at(2), at(3), at(4)}, rc::kSuccess);
    equal(kToken, "flags", word(0), irq_flag::kTriggerPage, "B15, B17");
    equal(kToken, "trigger page before EOI page", word(2), word(1) - hw::kPage);
    equal(kToken, "page shift", half(3), hw::kPairShift);
    equal(kToken, "chip", half(4), chip_);
    eoi_ = word(1);
    trigger_ = word(2);
    equal(kToken, "source is off", cpu_.load64(eoi_ + hw::kEsbGet), 1);
    returns(kToken, "only flags wanted", {number, at(0), 0, 0, 0, 0}, rc::kSuccess);
    returns(kToken, "no flags", {number, 0, at(1), at(2), at(3), at(4)}, rc::kParameter);
    returns(kToken, "marker", {kNoIrq, at(0), 0, 0, 0, 0}, rc::kParameter);
    returns(kToken, "huge number", {kHuge, at(0), 0, 0, 0, 0}, rc::kParameter);
    constexpr std::size_t kBlocks = 16;  // that a number can name
    if (const std::size_t chips = fw_.config().chips.size(); chips < kBlocks) {
      const auto missing = girq::make(static_cast<unsigned>(chips), 0x20);
      returns(kToken, "missing chip", {missing, at(0), 0, 0, 0, 0}, rc::kParameter);
    }
  }

  void irq_config() {
    if (irq_ <= 0) return;
    const auto irq = static_cast<std::uint64_t>(irq_);
    constexpr Token kSet = Token::XiveSetIrqConfig, kGet = Token::XiveGetIrqConfig;
    returns(kGet, "new number", {irq, at(0), at(1), at(2)}, rc::kSuccess);
    equal(kGet, "new number is masked", cpu_.load8(at(1)), kPrioMasked);
    equal(kGet, "new number stands for itself", half(2), irq);
    returns(Token::XiveSetQueueInfo, "for routing", {self_, 6, options_.queues, 16, 3},
            rc::kSuccess);
    returns(kSet, "good", {irq, self_, 6, 0x1234}, rc::kSuccess);
    returns(kGet, "routed", {irq, at(0), at(1), at(2)}, rc::kSuccess);
    equal(kGet, "target", word(0), self_);
    equal(kGet, "priority", cpu_.load8(at(1)), 6);
    equal(kGet, "logical number", half(2), 0x1234);
    returns(kSet, "mask", {irq, self_, kPrioMasked, 0x1234}, rc::kSuccess);
    returns(kGet, "masked", {irq, at(0), at(1), at(2)}, rc::kSuccess);
    equal(kGet, "masked priority", cpu_.load8(at(1)), kPrioMasked);
    returns(kSet, "priority 8", {irq, self_, 8, 1}, rc::kParameter);
    returns(kSet, "unknown thread", {irq, 0x7f7f, 6, 1}, rc::kParameter);
    returns(kSet, "group", {irq, vp_id::kGroup | 0x1000000U, 6, 1}, rc::kParameter);
    returns(kSet, "VP not allocated", {irq, 0x50000000, 6, 1}, rc::kParameter);
    returns(kSet, "marker", {kNoIrq, self_, 6, 1}, rc::kParameter);
    returns(kGet, "marker", {kNoIrq, at(0), at(1), at(2)}, rc::kParameter);
  }

  void numbers() {
    constexpr Token kAllocate = Token::XiveAllocateIrq, kFree = Token::XiveFreeIrq;
    returns(kAllocate, "missing chip", {0x77}, rc::kParameter);
    const std::int64_t one = call(kAllocate, {kAnyChip});
    check(kAllocate, "any chip", one > 0, std::string(rc_name(one)));
    if (one <= 0) return;
    const auto number = static_cast<std::uint64_t>(one);
    returns(kFree, "good", {number}, rc::kSuccess);
    returns(kFree, "twice", {number}, rc::kParameter, "P61");
    returns(Token::XiveGetIrqConfig, "freed number is valid", {number, at(0), at(1), at(2)},
            rc::kSuccess, "P14");
    equal(Token::XiveGetIrqConfig, "freed number is masked", cpu_.load8(at(1)), kPrioMasked);
    returns(kFree, "marker", {kNoIrq}, rc::kParameter);
    returns(kFree, "escalation", {girq::kEscalation | 8U}, rc::kParameter);
    exhaust();
  }

  void exhaust() {
    constexpr Token kAllocate = Token::XiveAllocateIrq;
    std::uint64_t left = 0;
    for (unsigned blk = 0; blk < fw_.config().chips.size(); ++blk) {
      left += fw_.usage(blk).free_irqs;
    }
    if (left > options_.exhaust_limit) return;
    std::vector<std::uint64_t> taken;
    std::int64_t result = 0;
    while (taken.size() <= left) {
      result = call(kAllocate, {kAnyChip});
      if (result <= 0 || result == static_cast<std::int64_t>(kNoIrq)) break;
      taken.push_back(static_cast<std::uint64_t>(result));
    }
    check(kAllocate, "no number left", result == rc::kResource,
          fmt::format("{:#x}, expected RESOURCE (P61)", result));
    equal(kAllocate, "every number of every chip", taken.size(), left, "P61");
    returns(kAllocate, "no number left on a named chip", {chip_}, rc::kResource, "P61");
    bool freed = true;
    for (const std::uint64_t number : taken) {
      freed = call(Token::XiveFreeIrq, {number}) == rc::kSuccess && freed;
    }
    check(Token::XiveFreeIrq, "all of them", freed, "one was refused (P61)");
    const std::int64_t again = call(kAllocate, {kAnyChip});
    check(kAllocate, "freed numbers come again", again > 0, std::string(rc_name(again)));
    if (again > 0) call(Token::XiveFreeIrq, {static_cast<std::uint64_t>(again)});
  }

  std::uint64_t queue_flags(std::uint64_t vp, std::uint64_t prio) {
    call(Token::XiveGetQueueInfo, {vp, prio, at(0), at(1), at(2), at(3), at(4)});
    return word(4);
  }

  void queues() {
    constexpr Token kSet = Token::XiveSetQueueInfo, kGet = Token::XiveGetQueueInfo;
    const std::uint64_t vp = self_, page = options_.queues;
    for (const std::uint64_t size : {12U, 16U, 21U, 24U}) {
      returns(kSet, fmt::format("size {}", size), {vp, 3, page, size, 1}, rc::kSuccess);
      returns(kGet, fmt::format("size {}", size), {vp, 3, at(0), at(1), at(2), at(3), at(4)},
              rc::kSuccess);
      equal(kGet, fmt::format("page of size {}", size), word(0), page);
      equal(kGet, fmt::format("size is {}", size), word(1), size);
    }
    for (const std::uint64_t size : {1U, 11U, 13U, 25U}) {
      returns(kSet, fmt::format("size {}", size), {vp, 3, page, size, 1}, rc::kParameter);
    }
    for (const std::uint64_t flags : {7U, 3U, 5U, 1U}) {
      call(kSet, {vp, 3, page, 16, flags});
      equal(kGet, fmt::format("flags {}", flags), queue_flags(vp, 3), flags, "P63");
    }
    check(kGet, "escalation number", (half(3) & girq::kEscalation) != 0,
          fmt::format("{:#x} has no escalation bit", half(3)));
    returns(Token::XiveGetIrqInfo, "escalation", {half(3), at(8), at(9), at(10), at(11), at(12)},
            rc::kSuccess);
    equal(Token::XiveGetIrqInfo, "escalation flags", word(8), 0, "B15");
    equal(Token::XiveGetIrqInfo, "escalation has no trigger page", word(10), 0, "B15");
    equal(Token::XiveGetIrqInfo, "escalation page", word(9), word(2) + hw::kPage);
    returns(kSet, "off", {vp, 3, 0, 0, 0}, rc::kSuccess);
    equal(kGet, "off", queue_flags(vp, 3), 0);
    returns(kGet, "no results wanted", {vp, 3, 0, 0, 0, 0, 0}, rc::kSuccess);
    returns(kGet, "priority 8", {vp, 8, 0, 0, 0, 0, 0}, rc::kParameter);
    returns(kSet, "priority 8", {vp, 8, page, 16, 1}, rc::kParameter);
    returns(kGet, "unknown VP", {0x7f7f, 3, 0, 0, 0, 0, 0}, rc::kParameter);
    returns(kSet, "unknown VP", {0x7f7f, 3, page, 16, 1}, rc::kParameter);
  }

  void queue_state() {
    constexpr Token kSet = Token::XiveSetQueueState, kGet = Token::XiveGetQueueState;
    const std::uint64_t vp = self_;
    returns(kGet, "queue off", {vp, 3, at(0), at(1)}, rc::kWrongState);
    returns(kSet, "queue off", {vp, 3, 1, 0}, rc::kWrongState);
    call(Token::XiveSetQueueInfo, {vp, 3, options_.queues, 16, 1});
    returns(kGet, "new queue", {vp, 3, at(0), at(1)}, rc::kSuccess);
    equal(kGet, "new toggle", half(0), 1, "P63");
    equal(kGet, "new index", half(1), 0, "P63");
    returns(kSet, "good", {vp, 3, 0, 16380}, rc::kSuccess);
    call(kGet, {vp, 3, at(0), at(1)});
    equal(kGet, "toggle set", half(0), 0);
    equal(kGet, "index set", half(1), 16380);
    call(Token::XiveSetQueueInfo, {vp, 3, options_.queues, 16, 1});
    call(kGet, {vp, 3, at(0), at(1)});
    equal(kGet, "toggle after configuring anew", half(0), 1, "P63");
    equal(kGet, "index after configuring anew", half(1), 0, "P63");
    returns(kGet, "priority 8", {vp, 8, at(0), at(1)}, rc::kParameter);
    returns(kSet, "priority 8", {vp, 8, 1, 0}, rc::kParameter);
    returns(kGet, "unknown VP", {0x7f7f, 3, at(0), at(1)}, rc::kParameter);
    returns(kSet, "unknown VP", {0x7f7f, 3, 1, 0}, rc::kParameter);
    returns(kGet, "no results wanted", {vp, 3, 0, 0}, rc::kSuccess);
    call(Token::XiveSetQueueInfo, {vp, 3, 0, 0, 0});
  }

  std::optional<std::uint64_t> allocate_block(std::uint64_t order) {
    while (true) {
      const std::int64_t result = call(Token::XiveAllocateVpBlock, {order});
      if (result > 0) return static_cast<std::uint64_t>(result);
      if (result != rc::kProvisioning) return std::nullopt;
      for (const ChipConfig& chip : fw_.config().chips) {
        if (pages_used_ == options_.pages_count) return std::nullopt;
        const std::uint64_t page = options_.pages + kProvisionPageBytes * pages_used_++;
        if (call(Token::XiveDonatePage, {chip.chip_id, page}) != rc::kSuccess) return std::nullopt;
      }
    }
  }

  void vps() {
    constexpr Token kAllocate = Token::XiveAllocateVpBlock, kFree = Token::XiveFreeVpBlock,
                    kSet = Token::XiveSetVpInfo, kGet = Token::XiveGetVpInfo,
                    kState = Token::XiveGetVpState, kDonate = Token::XiveDonatePage;
    returns(kDonate, "missing chip", {0x77, options_.pages}, rc::kParameter);
    returns(kDonate, "not aligned", {chip_, options_.pages + 0x1000}, rc::kParameter);
    returns(kAllocate, "too many", {31}, rc::kResource);
    returns(kAllocate, "huge order", {kHuge}, rc::kResource);
    std::vector<std::uint64_t> blocks;
    for (unsigned n = 0; n < 3; ++n) {
      if (const auto block = allocate_block(5)) blocks.push_back(*block);
    }
    equal(kAllocate, "three blocks", blocks.size(), 3, "P62");
    if (blocks.size() != 3) return;
    const std::uint64_t vp = blocks[1];
    returns(kGet, "new VP", {vp, at(0), at(1), at(2), at(3)}, rc::kSuccess);
    equal(kGet, "new VP is off", word(0), 0);
    returns(kState, "VP off", {vp, at(0)}, rc::kWrongState);
    returns(kSet, "enable", {vp, kVpEnabled, 0x12345600}, rc::kSuccess);
    returns(kGet, "enabled", {vp, at(0), at(1), at(2), at(3)}, rc::kSuccess);
    equal(kGet, "enabled flag", word(0), kVpEnabled);
    equal(kGet, "report line", word(2), 0x12345600);
    returns(kState, "VP on", {vp, at(0)}, rc::kSuccess);
    equal(kState, "nothing pending", word(0), 0);
    returns(kSet, "report line not aligned", {vp, kVpEnabled, 0x80}, rc::kParameter);
    returns(kSet, "after an error", {vp, kVpEnabled, 0}, rc::kSuccess, "B12");
    returns(kSet, "unknown VP", {0x7f7f, kVpEnabled, 0}, rc::kParameter);
    returns(kSet, "group", {vp_id::kGroup | vp, kVpEnabled, 0}, rc::kParameter);
    returns(kGet, "unknown VP", {0x7f7f, at(0), 0, 0, 0}, rc::kParameter);
    returns(kGet, "group", {vp_id::kGroup | vp, at(0), 0, 0, 0}, rc::kParameter);
    returns(kState, "unknown VP", {0x7f7f, at(0)}, rc::kParameter);
    returns(kGet, "own thread", {self_, at(0), at(1), at(2), at(3)}, rc::kSuccess);
    equal(kGet, "own thread is on", word(0), kVpEnabled);
    equal(kGet, "own thread's chip", half(3), chip_);
    equal(kGet, "own thread's line", word(1) & 0x7ffffU, 0x80U | (self_ & 0x7fU));
    returns(kFree, "enabled VP", {vp}, rc::kFreeActive, "P62");
    returns(kFree, "not the base", {vp + 1}, rc::kParameter);
    returns(kFree, "group", {vp_id::kGroup | vp}, rc::kParameter);
    returns(kFree, "a thread", {self_}, rc::kParameter);
    returns(kSet, "disable", {vp, 0, 0}, rc::kSuccess);
    for (const std::uint64_t block : blocks) {
      returns(kFree, fmt::format("block {:#x}", block), {block}, rc::kSuccess, "P62");
    }
    returns(kFree, "twice", {vp}, rc::kParameter);
    // Provisioning: failing tries cost nothing.
    std::uint32_t before = fw_.usage(0).end_sets;
    const std::int64_t big = call(kAllocate, {9 + chip_bits()});
    if (big == rc::kProvisioning) {
      equal(kAllocate, "nothing kept after PROVISIONING", fw_.usage(0).end_sets, before, "P62");
      const auto block = allocate_block(9 + chip_bits());
      check(kAllocate, "after donations", block.has_value(), "still refused (P62)");
      if (block) returns(kFree, "big block", {*block}, rc::kSuccess, "P62");
      before = fw_.usage(0).end_sets;
    } else if (big > 0) {
      returns(kFree, "big block", {static_cast<std::uint64_t>(big)}, rc::kSuccess, "P62");
    }
    equal(kFree, "END sets come back", fw_.usage(0).end_sets, before, "P62");
  }
  unsigned chip_bits() const {
    unsigned bits = 0;
    while ((std::size_t{1} << bits) < fw_.config().chips.size()) ++bits;
    return bits;
  }

  void single_escalation() {
    constexpr Token kSet = Token::XiveSetVpInfo;
    constexpr std::uint64_t kBoth = vp_flag::kEnabled | vp_flag::kSingleEscalation;
    const auto block = allocate_block(4);
    if (!block) return;
    const std::uint64_t vp = *block;
    call(Token::XiveSetQueueInfo, {vp, 7, options_.queues, 16, 3});
    returns(kSet, "single escalation over a queue", {vp, kBoth, 0}, rc::kParameter);
    call(Token::XiveSetQueueInfo, {vp, 7, 0, 0, 0});
    returns(kSet, "single escalation", {vp, kBoth, 0}, rc::kSuccess);
    call(Token::XiveGetVpInfo, {vp, at(0), at(1), at(2), at(3)});
    equal(Token::XiveGetVpInfo, "single escalation", word(0), kBoth);
    call(Token::XiveGetQueueInfo, {vp, 7, at(0), at(1), at(2), at(3), at(4)});
    const std::uint64_t shared = half(3);
    for (std::uint64_t prio = 0; prio < 7; ++prio) {
      call(Token::XiveGetQueueInfo, {vp, prio, at(0), at(1), at(2), at(3), at(4)});
      equal(Token::XiveGetQueueInfo, fmt::format("shared escalation, priority {}", prio), half(3),
            shared, "P64");
    }
    returns(Token::XiveSetQueueInfo, "gathering END", {vp, 7, options_.queues, 16, 3},
            rc::kParameter);
    returns(Token::XiveSetIrqConfig, "shared escalation", {shared, self_, 6, 0x77}, rc::kSuccess);
    returns(Token::XiveGetIrqConfig, "shared escalation", {shared, at(0), at(1), at(2)},
            rc::kSuccess);
    returns(Token::XiveSetIrqConfig, "escalation of a queue", {shared - 2, self_, 6, 0x77},
            rc::kParameter);
    call(kSet, {vp, 0, 0});
    returns(Token::XiveFreeVpBlock, "with single escalation", {vp}, rc::kSuccess);
    // Whoever gets it next finds eight ordinary queues.
    const auto again = allocate_block(4);
    if (!again) return;
    equal(Token::XiveAllocateVpBlock, "same block again", *again, vp, "P62");
    returns(Token::XiveSetQueueInfo, "last queue of a reused VP",
            {*again, 7, options_.queues, 16, 3}, rc::kSuccess, "P62");
    call(Token::XiveSetQueueInfo, {*again, 7, 0, 0, 0});
    call(Token::XiveFreeVpBlock, {*again});
  }

  /// An event to a VP that runs nowhere: its queue and its state have it.
  void delivery() {
    const auto block = allocate_block(4);
    if (!block || irq_ <= 0) return;
    const auto irq = static_cast<std::uint64_t>(irq_);
    const std::uint64_t vp = *block, page = options_.queues + 0x10000;
    for (unsigned n = 0; n < 4; ++n) cpu_.store32(page + 4ULL * n, 0);
    call(Token::XiveSetVpInfo, {vp, kVpEnabled, 0});
    call(Token::XiveSetQueueInfo, {vp, 5, page, 16, 3});
    returns(Token::XiveSetIrqConfig, "to a VP", {irq, vp, 5, 0x321}, rc::kSuccess);
    equal(Token::XiveSetIrqConfig, "source stays off", cpu_.load64(eoi_ + hw::kEsbSet00), 1);
    cpu_.sync();
    cpu_.store64(trigger_, 0);
    returns(Token::XiveSync, "both", {sync_type::kEas | sync_type::kQueue, irq}, rc::kSuccess);
    equal(Token::XiveSync, "entry is in memory", cpu_.load32(page), 0x80000321, "P16, P43");
    equal(Token::XiveGetIrqInfo, "source is pending", cpu_.load64(eoi_ + hw::kEsbGet), 2);
    call(Token::XiveGetQueueState, {vp, 5, at(0), at(1)});
    equal(Token::XiveGetQueueState, "one entry", half(1), 1);
    call(Token::XiveGetVpState, {vp, at(0)});
    equal(Token::XiveGetVpState, "pending bit", word(0), 0x40000000000, "P30");
    cpu_.store64(trigger_, 0);
    cpu_.load64(eoi_ + hw::kEsbEoi);
    call(Token::XiveSync, {sync_type::kEas | sync_type::kQueue, irq});
    equal(Token::XiveSync, "second entry after EOI", cpu_.load32(page + 4), 0x80000321, "P7");
    returns(Token::XiveSetIrqConfig, "away", {irq, vp, kPrioMasked, 0x321}, rc::kSuccess);
    cpu_.load64(eoi_ + hw::kEsbSet00);
    cpu_.store64(trigger_, 0);
    call(Token::XiveSync, {sync_type::kEas, irq});
    equal(Token::XiveSetIrqConfig, "masked writes nothing", cpu_.load32(page + 8), 0, "P13");
    cpu_.load64(eoi_ + hw::kEsbSet01);
    call(Token::XiveSetVpInfo, {vp, 0, 0});
    returns(Token::XiveFreeVpBlock, "queue still on", {vp}, rc::kSuccess);
  }

  void sync_and_dump() {
    if (irq_ > 0) {
      const auto irq = static_cast<std::uint64_t>(irq_);
      returns(Token::XiveSync, "source", {sync_type::kEas, irq}, rc::kSuccess);
      returns(Token::XiveSync, "again", {sync_type::kEas, irq}, rc::kSuccess);
      returns(Token::XiveSync, "queue", {sync_type::kQueue, irq}, rc::kSuccess);
      returns(Token::XiveSync, "unknown type", {4, irq}, rc::kParameter);
    }
    returns(Token::XiveSync, "marker", {sync_type::kEas, kNoIrq}, rc::kParameter);
    for (std::uint64_t type = 0; type <= 5; ++type) {
      returns(Token::XiveDump, fmt::format("type {}", type), {type, self_}, rc::kSuccess);
    }
    returns(Token::XiveDump, "type 6", {6, self_}, rc::kParameter);
    returns(Token::XiveDump, "unknown thread", {0, 0x7f7f}, rc::kParameter);
    returns(Token::XiveDump, "unknown VP", {4, 0x7f7f}, rc::kParameter);
  }

  void emulation() {
    returns(Token::IntGetXirr, "wrong mode", {at(0), 0}, rc::kWrongState);
    returns(Token::IntSetCppr, "wrong mode", {0xff}, rc::kWrongState);
    returns(Token::IntSetMfrr, "wrong mode", {self_, 4}, rc::kWrongState);
    returns(Token::XiveReset, "back to emulation", {kModeEmulation}, rc::kSuccess);
    returns(Token::IntSetCppr, "mask all", {0}, rc::kSuccess);
    returns(Token::IntSetMfrr, "masked request", {self_, 4}, rc::kSuccess);
    returns(Token::IntSetCppr, "unmask", {0xff}, rc::kSuccess);
    cpu_.delay(10 * platform::kMicrosecond);
    returns(Token::IntGetXirr, "poll", {at(0), 1}, rc::kSuccess);
    equal(Token::IntGetXirr, "poll sees the IPI", half(0), 0xff000002, "B14, CHK-LOSTIPI");
    returns(Token::IntGetXirr, "take", {at(0), 0}, rc::kSuccess);
    equal(Token::IntGetXirr, "own IPI", half(0), 0xff000002);
    returns(Token::IntSetMfrr, "withdraw", {self_, 0xff}, rc::kSuccess);
    returns(Token::IntEoi, "EOI", {0xff000002}, rc::kSuccess);
    returns(Token::IntGetXirr, "nothing", {at(0), 0}, rc::kSuccess);
    equal(Token::IntGetXirr, "nothing", half(0), 0xff000000);
    returns(Token::IntSetMfrr, "unknown thread", {0x7f7f, 4}, rc::kParameter);
    returns(Token::SetXive, "unknown source", {0xffffff, 0, 5}, rc::kParameter);
    returns(Token::GetXive, "unknown source", {0xffffff, at(0), at(1)}, rc::kParameter);
  }

  Cpu& cpu_;
  Firmware& fw_;
  SuiteOptions options_;
  std::uint64_t self_;
  std::uint64_t chip_ = 0;
  std::int64_t irq_ = 0;
  std::uint64_t eoi_ = 0, trigger_ = 0;
  unsigned pages_used_ = 0;
  Token last_{};
  std::vector<SuiteResult> results_;
};

}  // namespace

std::vector<SuiteResult> run_call_suite(Cpu& cpu, Firmware& firmware, const SuiteOptions& options) {
  return Suite(cpu, firmware, options).run();
}

unsigned failures(const std::vector<SuiteResult>& results) {
  return static_cast<unsigned>(std::count_if(
      results.begin(), results.end(), [](const SuiteResult& result) { return !result.passed; }));
}

}  // namespace xive::opal
