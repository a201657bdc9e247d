// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tima/rules/testing/traffic.h"

#include <stdexcept>

namespace xive::tima::testing {

namespace {

constexpr unsigned kBlk = 5;
constexpr unsigned kVps = 4;
constexpr Cycle kPatience = 100'000;

struct LegalOp {
  unsigned key;
  bool write;
  unsigned size_log2;
  unsigned page;
  unsigned weight;
};
// Keys and sizes of the operations of generation 1, with the user ring's and the CPPR loads, which
// are errors unless their knob is set.
constexpr std::array<LegalOp, 20> kOps{
    {{0x011, true, 0, 2, 12},  {0x031, true, 0, 1, 12}, {0x018, true, 2, 1, 8},
     {0x038, true, 0, 1, 4},   {0x038, false, 0, 1, 1}, {0x810, false, 1, 2, 8},
     {0x830, false, 1, 1, 10}, {0x812, true, 0, 2, 4},  {0x818, false, 2, 1, 4},
     {0x818, false, 3, 1, 1},  {0x828, false, 2, 1, 3}, {0x828, false, 3, 1, 1},
     {0x838, false, 0, 1, 1},  {0x810, false, 2, 1, 1}, {0x011, false, 0, 2, 1},
     {0x031, false, 0, 1, 1},  {0x000, true, 0, 3, 1},  {0x808, true, 2, 2, 2},
     {0x808, false, 2, 2, 1},  {0x800, false, 0, 3, 1}}};

constexpr unsigned total_weight() {
  unsigned sum = 0;
  for (const LegalOp& op : kOps) {
    sum += op.weight;
  }
  return sum;
}

}  // namespace

Traffic::Traffic(TimaPort& port, std::uint64_t seed) : port_(port), random_(seed) {
  port_.bind(*this);
  inputs_.blk = kBlk;
  for (unsigned t = 0; t < kMaxThreads; ++t) {
    inputs_.pir[t] = static_cast<std::uint16_t>(0x10 + t);
  }
  port_.configure(inputs_);
  port_.set_thread_enable(0xff & ((1U << port_.params().threads) - 1U));
  drain();
}

void Traffic::on_memory_request(const MemoryRequest& request, Cycle) {
  if (is_posted(request.op)) {
    return;
  }
  MemoryResponse response;
  response.ok = !random_.chance(5);
  response.ipb =
      random_.chance(60) ? std::uint8_t{0} : static_cast<std::uint8_t>(0x80U >> random_.below(8));
  if (!response.ok) {
    response.ipb = 0;
  }
  if (random_.chance(50)) {
    port_.respond(response);
  } else {
    late_.push_back(response);
  }
}

void Traffic::drain() {
  const Cycle end = port_.now() + kPatience;
  while (!port_.idle()) {
    if (port_.now() >= end) {
      throw std::runtime_error("the port does not become idle");
    }
    if (!late_.empty() && random_.chance(40)) {
      const MemoryResponse response = late_.front();
      late_.pop_front();
      port_.respond(response);
    }
    port_.advance(port_.now() + 1 + random_.below(4));
  }
}

void Traffic::run(unsigned operations) {
  const unsigned end = submitted_ + operations;
  while (submitted_ < end) {
    const unsigned burst = 1 + random_.below(6);
    for (unsigned i = 0; i < burst; ++i) {
      one();
    }
    if (random_.below(2000) == 0) {  // in mid-traffic
      port_.advance(port_.now() + random_.below(8));
      port_.reset();
      late_.clear();
    }
    if (random_.below(600) == 0) {
      const unsigned all = (1U << port_.params().threads) - 1U;
      port_.set_thread_enable(static_cast<std::uint8_t>(random_.below(all + 1)));
      port_.set_thread_enable(
          static_cast<std::uint8_t>(random_.chance(90) ? all : random_.below(all + 1)));
    }
    drain();
  }
}

void Traffic::one() {
  const unsigned thread = random_.below(port_.params().threads);
  const unsigned kind = random_.below(100);
  if (kind < 40) {
    legal_operation(thread);
  } else if (kind < 65) {
    presenter(thread);
  } else if (kind < 82) {
    raw_access(thread);
  } else if (kind < 92) {
    wild_access(thread);
  } else if (kind < 97) {
    pull_and_push(thread);
  } else {
    double_ack(thread);
  }
}

void Traffic::mmio(unsigned thread, Page page, unsigned offset, bool write, unsigned size_log2,
                   std::uint64_t data) {
  MmioRequest request;
  request.thread = static_cast<std::uint8_t>(thread);
  request.page = page;
  request.offset = static_cast<std::uint16_t>(offset);
  request.write = write;
  request.size_log2 = static_cast<std::uint8_t>(size_log2);
  request.wdata = data;
  port_.submit(request);
  ++submitted_;
}

std::uint32_t Traffic::some_word2() {
  const std::uint32_t valid = random_.chance(85) ? 0x80000000U : 0U;
  const std::uint32_t odd = random_.chance(5) ? 0x00800000U : 0U;  // bit 8: never matches
  return valid | odd | kBlk << 19U | (0x100U + random_.below(kVps));
}

std::uint8_t Traffic::some_prio() {
  return static_cast<std::uint8_t>(random_.chance(3) ? random_.below(256) : random_.below(8));
}

void Traffic::legal_operation(unsigned thread) {
  unsigned pick = random_.below(total_weight());
  const LegalOp* op = kOps.data();
  while (pick >= op->weight) {
    pick -= op->weight;
    ++op;
  }
  const auto page =
      static_cast<Page>(random_.chance(90) ? random_.below(op->page + 1) : random_.below(4));
  const unsigned alias = random_.chance(25) ? random_.below(16) << 6U : 0U;
  std::uint64_t data = 0;
  switch (op->key) {
    case 0x011:
    case 0x031:
      data = random_.chance(40)   ? 0xffU
             : random_.chance(10) ? random_.below(256)
                                  : random_.below(8);
      break;
    case 0x018:
      data = some_word2();
      break;
    case 0x038:
      data = random_.chance(85) ? 0x80U : random_.below(256);
      break;
    case 0x812:
      data = some_prio();
      break;
    case 0x808:
      data = 0x80000000U | random_.below(4);
      break;
    default:
      data = random_.below(256);
      break;
  }
  mmio(thread, page, op->key | alias, op->write, op->size_log2, data);
}

void Traffic::raw_access(unsigned thread) {
  static constexpr std::array<unsigned, 9> kOffsets{0x00, 0x10, 0x10, 0x14, 0x18,
                                                    0x20, 0x28, 0x30, 0x38};
  const unsigned offset = kOffsets[random_.below(kOffsets.size())];
  const bool wide = (offset & 7U) == 0 && random_.chance(40);
  const bool write = random_.chance(45);
  std::uint64_t data = random_.next();
  if (random_.chance(70)) {  // what software stores: no NSR, sane priorities
    const std::uint64_t cppr = random_.chance(50) ? 0xffU : random_.below(8);
    const std::uint64_t ipb = 0x80U >> random_.below(8);
    const std::uint64_t word0 = cppr << 16U | ipb << 8U;
    data = (offset & 0xfU) >= 8 ? some_word2() : word0;
    data = wide ? data << 32U | 0xff000000U : data;
  }
  const auto page = static_cast<Page>(random_.chance(60) ? 0 : random_.below(4));
  mmio(thread, page, offset, write, wide ? 3 : 2, data);
}

void Traffic::wild_access(unsigned thread) {
  const unsigned size_log2 = random_.below(4);
  unsigned offset = random_.below(0x10000);
  if (random_.chance(70)) {
    offset &= 0xfc3fU;
  }
  if (random_.chance(80)) {
    offset &= ~((1U << size_log2) - 1U);
  }
  const auto page = static_cast<Page>(random_.below(4));
  const bool write = random_.chance(50);
  mmio(thread, page, offset, write, size_log2, random_.next());
}

/// What a hypervisor does to take a context away and bring it back.
void Traffic::pull_and_push(unsigned thread) {
  const std::uint32_t word2 = 0x80000000U | kBlk << 19U | (0x100U + random_.below(kVps));
  mmio(thread, Page::Hv, 0x18, true, 2, word2);
  if (random_.chance(50)) {
    mmio(thread, Page::Os, 0x11, true, 0, random_.below(8));
  }
  mmio(thread, Page::Hv, 0x818, false, 2, 0);
  mmio(thread, Page::Hv, 0x18, true, 2, word2);
}

void Traffic::double_ack(unsigned thread) {
  const bool os = random_.chance(50);
  for (int i = 0; i < 2; ++i) {
    mmio(thread, os ? Page::Os : Page::Hv, os ? 0x810 : 0x830, false, 1, 0);
  }
}

PresenterRequest Traffic::some_target(unsigned thread) {
  PresenterRequest request;
  request.thread = static_cast<std::uint8_t>(thread);
  request.blk = static_cast<std::uint8_t>(random_.chance(95) ? kBlk : random_.below(16));
  request.ring = static_cast<Ring>(1 + random_.below(3));
  request.idx =
      request.ring == Ring::Phys ? 0x80U | inputs_.pir[thread] : 0x100U + random_.below(kVps);
  request.prio = some_prio();
  request.format = random_.chance(8);
  request.ignore = random_.chance(3);
  request.crowd = random_.chance(3);
  if (request.format) {
    request.logic_serv = random_.below(4);
    request.ring = random_.chance(80) ? Ring::User : request.ring;
  }
  if (random_.chance(3)) {
    request.ring = static_cast<Ring>(random_.below(4));
    request.level = static_cast<std::uint8_t>(random_.below(64));
  }
  return request;
}

void Traffic::presenter(unsigned thread) {
  PresenterRequest request = some_target(thread);
  const unsigned kind = random_.below(100);
  request.cmd = kind < 55   ? PresenterCmd::Present
                : kind < 97 ? PresenterCmd::Match
                            : PresenterCmd::Bcast;
  port_.submit(request);
  ++submitted_;
}

}  // namespace xive::tima::testing
