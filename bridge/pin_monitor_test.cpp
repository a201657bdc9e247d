// SPDX-License-Identifier: Apache-2.0
// Every BUS rule: silent on a legal sequence that gives it a chance, firing on a broken one.
#include "bridge/pin_monitor.h"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>

namespace xive::bridge {
namespace {

using tima::ErrorCode;
using tima::Event;
using tima::EventKind;
using tima::MemoryRequest;
using tima::MmioRequest;
using tima::MmioResponse;
using tima::PresenterCmd;
using tima::PresenterRequest;
using tima::PresenterResponse;

MmioRequest load() {
  return {2, tima::Page::Os, 0x10, false, 3, 0};
}
constexpr MmioResponse kData{0x1234, false, ErrorCode::None};

Event mmio_event() {
  Event e;
  e.kind = EventKind::Mmio;
  e.thread = 2;
  e.mmio = load();
  e.mmio_response = kData;
  return e;
}

PresenterRequest present() {
  PresenterRequest r;
  r.cmd = PresenterCmd::Present;
  r.thread = 2;
  r.ring = tima::Ring::Os;
  r.prio = 3;
  return r;
}
PresenterResponse acked() {
  PresenterResponse r;
  r.ack = true;
  return r;
}
Event present_event() {
  Event e;
  e.kind = EventKind::Present;
  e.thread = 2;
  e.presenter = present();
  e.presenter_response = acked();
  return e;
}
constexpr tima::Lines kRaised{true, false, false};
MemoryRequest fetch() {
  MemoryRequest r;
  r.thread = 2;
  r.idx = 0x123;
  return r;
}
constexpr LineWord kOsOfThread2 = 1U << 2U;

struct Case {
  const char* rule;
  const char* what;
  std::function<void(PinMonitor&)> legal;
  std::function<void(PinMonitor&)> broken;
};
std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.rule;
}

void mmio_done(PinMonitor& m, const MmioResponse& response, bool taken = true) {
  m.mmio_record(mmio_event(), true, load());
  m.mmio_response(response, true, taken, 1);
}
void present_done(PinMonitor& m, const PresenterResponse& response, bool taken = true) {
  m.presenter_record(present_event(), true, present());
  m.presenter_response(response, true, false, taken, 1);
}

const Case kCases[] = {
    {"BUS-MM-STABLE", "changes while stalled",
     [](PinMonitor& m) {
       mmio_done(m, kData, false);
       m.mmio_response(kData, true, true, 2);
     },
     [](PinMonitor& m) {
       mmio_done(m, kData, false);
       m.mmio_response({0x1235, false, ErrorCode::None}, true, true, 2);
     }},
    {"BUS-MM-STABLE", "withdrawn while stalled",
     [](PinMonitor& m) {
       mmio_done(m, kData, false);
       m.mmio_response(kData, true, true, 2);
       m.mmio_response_gone(3);
     },
     [](PinMonitor& m) {
       mmio_done(m, kData, false);
       m.mmio_response_gone(2);
     }},
    {"BUS-PM-STABLE", "changes while stalled",
     [](PinMonitor& m) {
       present_done(m, acked(), false);
       m.presenter_response(acked(), true, false, true, 2);
     },
     [](PinMonitor& m) {
       present_done(m, acked(), false);
       m.presenter_response({}, true, false, true, 2);
     }},
    {"BUS-PM-STABLE", "withdrawn while stalled",
     [](PinMonitor& m) {
       present_done(m, acked(), false);
       m.presenter_response(acked(), true, false, true, 2);
       m.presenter_response_gone(3);
     },
     [](PinMonitor& m) {
       present_done(m, acked(), false);
       m.presenter_response_gone(2);
     }},
    {"BUS-RQ-STABLE", "changes while stalled",
     [](PinMonitor& m) {
       m.memory_request(fetch(), false, false, 1);
       m.memory_request(fetch(), false, true, 2);
     },
     [](PinMonitor& m) {
       m.memory_request(fetch(), false, false, 1);
       MemoryRequest other = fetch();
       other.idx = 0x124;
       m.memory_request(other, false, true, 2);
     }},
    {"BUS-RQ-STABLE", "withdrawn while stalled",
     [](PinMonitor& m) {
       m.memory_request(fetch(), false, false, 1);
       m.memory_request(fetch(), false, true, 2);
       m.memory_request_gone(3);
     },
     [](PinMonitor& m) {
       m.memory_request(fetch(), false, false, 1);
       m.memory_request_gone(2);
     }},
    {"BUS-MM-ASKED", "response without a request", [](PinMonitor& m) { mmio_done(m, kData); },
     [](PinMonitor& m) {
       m.mmio_record(mmio_event(), true, load());
       m.mmio_response(kData, false, true, 1);
     }},
    {"BUS-PM-ASKED", "response without a request", [](PinMonitor& m) { present_done(m, acked()); },
     [](PinMonitor& m) {
       m.presenter_record(present_event(), true, present());
       m.presenter_response(acked(), false, false, true, 1);
     }},
    {"BUS-RQ-ONE", "second request before the answer to the first",
     [](PinMonitor& m) { m.memory_request(fetch(), false, true, 1); },
     [](PinMonitor& m) { m.memory_request(fetch(), true, true, 1); }},
    {"BUS-MM-XTI", "response differs from the record", [](PinMonitor& m) { mmio_done(m, kData); },
     [](PinMonitor& m) {
       mmio_done(m, {0x1234, false, ErrorCode::Undef});
     }},
    {"BUS-MM-XTI", "response before the record", [](PinMonitor& m) { mmio_done(m, kData); },
     [](PinMonitor& m) { m.mmio_response(kData, true, true, 1); }},
    {"BUS-PM-XTI", "response differs from the record",
     [](PinMonitor& m) { present_done(m, acked()); }, [](PinMonitor& m) { present_done(m, {}); }},
    {"BUS-PM-XTI", "response before the record", [](PinMonitor& m) { present_done(m, acked()); },
     [](PinMonitor& m) { m.presenter_response(acked(), true, false, true, 1); }},
    {"BUS-XTI-REQ", "record of another access",
     [](PinMonitor& m) { m.mmio_record(mmio_event(), true, load()); },
     [](PinMonitor& m) {
       MmioRequest other = load();
       other.offset = 0x18;
       m.mmio_record(mmio_event(), true, other);
     }},
    {"BUS-XTI-REQ", "record without an access",
     [](PinMonitor& m) { m.mmio_record(mmio_event(), true, load()); },
     [](PinMonitor& m) { m.mmio_record(mmio_event(), false, load()); }},
    {"BUS-XTI-REQ", "record of another PRESENT",
     [](PinMonitor& m) { m.presenter_record(present_event(), true, present()); },
     [](PinMonitor& m) {
       PresenterRequest other = present();
       other.prio = 4;
       m.presenter_record(present_event(), true, other);
     }},
    {"BUS-XTI-STATE", "array differs", [](PinMonitor& m) { m.array(mmio_event(), true); },
     [](PinMonitor& m) { m.array(mmio_event(), false); }},
    {"BUS-LINES", "line of another thread moves with an event",
     [](PinMonitor& m) { m.event_lines(present_event(), kRaised, 0, kOsOfThread2); },
     [](PinMonitor& m) { m.event_lines(present_event(), kRaised, 0, kOsOfThread2 | 1U); }},
    {"BUS-LINES", "line moves without an event",
     [](PinMonitor& m) { m.lines_without_event(0, kOsOfThread2, 2, 1); },
     [](PinMonitor& m) { m.lines_without_event(0, kOsOfThread2, ~0U, 1); }},
    {"BUS-LINES", "line falls with a memory request",
     [](PinMonitor& m) { m.lines_without_event(0, kOsOfThread2 << 16U, 2, 1); },
     [](PinMonitor& m) { m.lines_without_event(kOsOfThread2, 0, 2, 1); }},
    {"BUS-LINES", "hypervisor line rises with a memory request",
     [](PinMonitor& m) { m.lines_without_event(0, kOsOfThread2, 2, 1); },
     [](PinMonitor& m) { m.lines_without_event(0, kOsOfThread2 << 8U, 2, 1); }},
    {"BUS-LINE-VALUE", "line down although latch and V are set",
     [](PinMonitor& m) { m.event_lines(present_event(), kRaised, 0, kOsOfThread2); },
     [](PinMonitor& m) { m.event_lines(present_event(), kRaised, 0, 0); }},
    {"BUS-ERR", "no pulse for a code",
     [](PinMonitor& m) {
       Event e = mmio_event();
       e.code = ErrorCode::Undef;
       m.event_error(e, 3, 2);
     },
     [](PinMonitor& m) {
       Event e = mmio_event();
       e.code = ErrorCode::Undef;
       m.event_error(e, 0, 2);
     }},
    {"BUS-ERR", "pulse for a bus error",
     [](PinMonitor& m) {
       Event e = mmio_event();
       e.code = ErrorCode::NoAccess;
       m.event_error(e, 0, 0);
     },
     [](PinMonitor& m) {
       Event e = mmio_event();
       e.code = ErrorCode::NoAccess;
       m.event_error(e, 1, 2);
     }},
    {"BUS-ERR", "pulse without an event", [](PinMonitor& m) { m.event_error(mmio_event(), 0, 0); },
     [](PinMonitor& m) { m.error_without_event(4, 1, 1); }},
    {"BUS-IDLE", "idle in the middle of something", [](PinMonitor& m) { m.idle(false, 1); },
     [](PinMonitor& m) { m.idle(true, 1); }},
};

const RuleBook::Entry& entry(const RuleBook& book, std::string_view id) {
  for (const RuleBook::Entry& e : book.entries()) {
    if (e.info.id == id) return e;
  }
  throw std::logic_error("no such rule");
}

class PinRules : public ::testing::TestWithParam<Case> {};

TEST_P(PinRules, SilentOnTheLegalSequence) {
  RuleBook book;
  PinMonitor monitor(book);
  GetParam().legal(monitor);
  EXPECT_GT(entry(book, GetParam().rule).hits, 0U);
  EXPECT_TRUE(book.clean()) << book.violations().front().rule;
}

TEST_P(PinRules, FiresOnTheBrokenSequence) {
  RuleBook book;
  PinMonitor monitor(book);
  GetParam().broken(monitor);
  const RuleBook::Entry& e = entry(book, GetParam().rule);
  EXPECT_EQ(e.fired, 1U) << GetParam().what;
  EXPECT_GE(e.hits, e.fired);
}

INSTANTIATE_TEST_SUITE_P(Bus, PinRules, ::testing::ValuesIn(kCases), [](const auto& test) {
  std::string name = std::string(test.param.rule) + "_" + std::to_string(test.index);
  for (char& c : name) {
    if (c == '-') c = '_';
  }
  return name;
});

TEST(PinRulesTable, EveryRuleHasACase) {
  RuleBook book;
  const PinMonitor monitor(book);
  for (const RuleBook::Entry& e : book.entries()) {
    EXPECT_TRUE(std::any_of(std::begin(kCases), std::end(kCases), [&e](const Case& c) {
      return e.info.id == c.rule;
    })) << e.info.id;
  }
}

}  // namespace
}  // namespace xive::bridge
