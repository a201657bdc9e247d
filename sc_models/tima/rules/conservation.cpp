// SPDX-License-Identifier: Apache-2.0
/// Property 85 of spec/tima.md section 7 as far as one TIMA can see it: every directed notification
/// that it took is in an IPB until software is told of it by an ack. The ledger follows requests
/// and answers alone, never the registers.
#include <fmt/format.h>

#include "sc_models/tima/rules/shadow.h"

namespace xive::tima::rules {

namespace {

std::uint32_t in_ledger(Ring ring, unsigned bits) {
  return (bits & 0xffU) << (8U * static_cast<unsigned>(ring));
}
unsigned of_ledger(std::uint32_t ledger, Ring ring) {
  return ledger >> (8U * static_cast<unsigned>(ring)) & 0xffU;
}

void add(Shadow& shadow, Ring ring, unsigned bits) {
  shadow.ledger |= in_ledger(ring, bits);
}

void remove(Shadow& shadow, Ring ring, unsigned bits) {
  shadow.ledger &= ~in_ledger(ring, bits);
}

/// What the ack told software: NSR names the ring, the new CPPR is the priority taken. False when
/// the NSR, stored raw before, names none that the specification gives a meaning.
bool book_ack(Shadow& shadow, const View& v) {
  const auto nsr = static_cast<std::uint8_t>(v.event.mmio_response.rdata >> 8U);
  const auto prio = static_cast<unsigned>(v.event.mmio_response.rdata & 0xffU);
  if (!shows_exception(v.acked_ring(), nsr)) {
    return true;
  }
  if ((nsr & 0x3fU) != 0) {
    return false;
  }
  if (v.op == Op::AckOs) {
    remove(shadow, Ring::Os, ipb_bit(prio));
  } else if (he(nsr) != 3) {
    remove(shadow, he(nsr) == kHePool ? Ring::Pool : Ring::Phys, ipb_bit(prio));
  }
  return true;
}

void book_raw_store(Shadow& shadow, const View& v) {
  for (const Ring ring : {Ring::Os, Ring::Pool, Ring::Phys}) {
    if ((v.stored & byte_of(ring, reg::kIpb)) != 0) {
      const unsigned lane = static_cast<unsigned>(ring) * 16U + reg::kIpb - v.access.reg;
      remove(shadow, ring, 0xffU);
      add(shadow, ring,
          static_cast<std::uint8_t>(v.event.mmio.wdata >> (8U * (v.access.bytes - 1U - lane))));
    }
  }
}

/// Moves the ledger; false when what happened cannot be told from the interface.
bool book(Shadow& shadow, const View& v) {
  if (v.event.kind == EventKind::Enable) {
    shadow.ledger = 0;
  } else if (v.present) {
    add(shadow, v.event.presenter.ring, ipb_bit(v.event.presenter.prio));
  } else if (v.op == Op::SetOsPending) {
    add(shadow, Ring::Os, ipb_bit(v.data8));
  } else if (v.push && shadow.fetch.answered && shadow.fetch.answer.ok) {
    add(shadow, Ring::Os, shadow.fetch.answer.ipb);
  } else if (v.op == Op::RawStore) {
    book_raw_store(shadow, v);
  } else if (v.is_ack()) {
    return book_ack(shadow, v);
  }
  return true;
}

}  // namespace

void check_conservation(Checker& c, const View& v) {
  Shadow& shadow = c.threads[v.event.thread % kMaxThreads];
  const std::uint32_t held = shadow.ledger;
  const bool told = book(shadow, v);
  const std::uint32_t ipbs = in_ledger(Ring::Os, v.is(Ring::Os, reg::kIpb)) |
                             in_ledger(Ring::Pool, v.is(Ring::Pool, reg::kIpb)) |
                             in_ledger(Ring::Phys, v.is(Ring::Phys, reg::kIpb));
  const bool anything = (held | shadow.ledger | ipbs) != 0;
  if (told && anything) {
    c.expect(RuleId::P85, ipbs == shadow.ledger, [&] {
      const std::uint32_t due = shadow.ledger;
      return fmt::format(
          "{}: IPBs OS {:02X} POOL {:02X} PHYS {:02X}, expected {:02X} {:02X} {:02X}", v.text(),
          of_ledger(ipbs, Ring::Os), of_ledger(ipbs, Ring::Pool), of_ledger(ipbs, Ring::Phys),
          of_ledger(due, Ring::Os), of_ledger(due, Ring::Pool), of_ledger(due, Ring::Phys));
    });
  }
  shadow.ledger = ipbs;
}

}  // namespace xive::tima::rules
