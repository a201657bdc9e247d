// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/event_log.h"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "sc_models/tima/error_code.h"

namespace xive::validate {
namespace {

constexpr std::array<std::string_view, 4> kRings{"USER", "OS", "POOL", "PHYS"};
constexpr std::array<std::string_view, 4> kPages{"HW", "HV", "OS", "USER"};
constexpr std::array<std::string_view, 3> kCommands{"MATCH", "PRESENT", "BCAST"};
constexpr std::array<std::string_view, 10> kMemoryOps{
    "NVT_IPB_FETCHCLR", "NVP_IPB_FETCHCLR", "NVP_CHECKOUT", "NVP_SAVE",  "NVP_READ_PGO",
    "BKLG_SCAN",        "BKLG_DECR",        "REDIST",       "REPORT_WR", "NVP_RELEASE"};
constexpr std::array<std::string_view, 5> kEvents{"mmio", "present", "bcast", "enable", "reset"};
constexpr std::array<std::string_view, 16> kBytes{"NSR", "CPPR", "IPB",  "LSMFB", "ACK",  "INC",
                                                  "AGE", "PIPR", "W2.0", "W2.1",  "W2.2", "W2.3",
                                                  "+C",  "+D",   "+E",   "+F"};

template <typename Array, typename Value>
std::string_view pick(const Array& names, Value value) {
  const auto i = static_cast<std::size_t>(value);
  return i < names.size() ? names[i] : std::string_view("?");
}

std::string code_text(tima::ErrorCode code) {
  if (code == tima::ErrorCode::None) return {};
  return fmt::format(" {}", to_string(code));
}

std::string text_of(const tima::MemoryRequest& r) {
  return fmt::format("{} t{} blk {:x} idx {:06x}", pick(kMemoryOps, r.op), r.thread, r.blk, r.idx);
}

std::string text_of(const tima::PresenterResponse& r) {
  std::string text = fmt::format("ack {} count {}", r.ack ? 1 : 0, r.count);
  for (unsigned t = 0; t < tima::kMaxThreads; ++t) {
    if ((r.match >> t & 1U) == 0) continue;
    fmt::format_to(std::back_inserter(text), " t{}:{}/pipr {:02x}", t, pick(kRings, r.ring[t]),
                   r.pipr[t]);
  }
  return text + code_text(r.code);
}

std::string text_of(const Operation& op) {
  switch (op.kind) {
    case OpKind::Mmio:
      return validate::describe(op.mmio);
    case OpKind::Presenter:
      return validate::describe(op.presenter);
    case OpKind::Enable:
      return fmt::format("thread enable = {:#04x}", op.enable);
    case OpKind::Reset:
      return "block reset";
    case OpKind::Configure:
      return "static inputs: " + std::to_string(op.inputs.blk);
  }
  return {};
}

}  // namespace

std::string describe(const tima::MmioRequest& r) {
  const unsigned size = 1U << r.size_log2;
  std::string text = fmt::format("t{} {:<4} {}{} {:#06x}", r.thread, pick(kPages, r.page),
                                 r.write ? "St" : "Ld", size, r.offset);
  if (r.write) fmt::format_to(std::back_inserter(text), " = {:0{}x}", r.wdata, 2 * size);
  return text;
}

std::string describe(const tima::PresenterRequest& r) {
  std::string text =
      fmt::format("{} blk {:x} idx {:06x} prio {:x}", pick(kCommands, r.cmd), r.blk, r.idx, r.prio);
  const auto out = std::back_inserter(text);
  if (r.cmd == tima::PresenterCmd::Present) {
    fmt::format_to(out, " to t{} {}", r.thread, pick(kRings, r.ring));
  }
  if (r.level != 0) fmt::format_to(out, " level {:02x}", r.level);
  if (r.format) fmt::format_to(out, " F=1 server {:x}", r.logic_serv);
  if (r.ignore) text += " ignore";
  if (r.crowd) text += " crowd";
  return text;
}

std::string describe_change(const tima::ThreadState& before, const tima::ThreadState& after) {
  std::string text;
  const auto out = std::back_inserter(text);
  for (unsigned i = 0; i < tima::kThreadBytes; ++i) {
    if (before.r[i] == after.r[i]) continue;
    fmt::format_to(out, " {}.{} {:02x}->{:02x}", kRings[i / 16], kBytes[i % 16], before.r[i],
                   after.r[i]);
  }
  if (before.l_os != after.l_os) fmt::format_to(out, " L_os {:d}->{:d}", before.l_os, after.l_os);
  if (before.l_hv != after.l_hv) fmt::format_to(out, " L_hv {:d}->{:d}", before.l_hv, after.l_hv);
  if (before.enabled != after.enabled) {
    fmt::format_to(out, " enable {:d}->{:d}", before.enabled, after.enabled);
  }
  return text.empty() ? "no change" : text.substr(1);
}

std::string describe_state(const tima::ThreadState& state) {
  std::string text = "      NSR CPPR IPB LSMFB ACK INC AGE PIPR | WORD2       | +C..+F\n";
  const auto out = std::back_inserter(text);
  for (unsigned ring = 0; ring < 4; ++ring) {
    const std::uint8_t* r = &state.r[ring * 16U];
    fmt::format_to(out,
                   "{:<5} {:02x}  {:02x}   {:02x}  {:02x}    {:02x}  {:02x}  {:02x}  {:02x}   | "
                   "{:02x} {:02x} {:02x} {:02x} | {:02x} {:02x} {:02x} {:02x}\n",
                   kRings[ring], r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8], r[9], r[10],
                   r[11], r[12], r[13], r[14], r[15]);
  }
  fmt::format_to(out, "L_os {:d}  L_hv {:d}  enabled {:d}\n", state.l_os, state.l_hv,
                 state.enabled);
  return text;
}

void EventLog::keep(tima::Cycle cycle, Content content) {
  if (records_.size() >= capacity_) {
    if (frozen_) return;
    records_.pop_front();
  }
  records_.push_back({cycle, std::move(content)});
}

void EventLog::on_submit(const Operation& op, std::uint64_t number, tima::Cycle cycle) {
  keep(cycle, Submit{op, number});
}
void EventLog::on_mmio_answer(const tima::MmioResponse& response, std::uint64_t number,
                              tima::Cycle cycle) {
  keep(cycle, MmioAnswer{response, number});
}
void EventLog::on_presenter_answer(const tima::PresenterResponse& response, std::uint64_t number,
                                   tima::Cycle cycle) {
  keep(cycle, PresenterAnswer{response, number});
}
void EventLog::on_memory_request(const tima::MemoryRequest& request, tima::Cycle cycle) {
  keep(cycle, request);
}
void EventLog::on_memory_answer(const tima::MemoryResponse& response, tima::Cycle cycle) {
  keep(cycle, response);
}
void EventLog::on_lines(unsigned thread, const tima::Lines& lines, tima::Cycle cycle) {
  keep(cycle, LineChange{thread, lines});
}
void EventLog::on_error(unsigned thread, tima::ErrorCode code, tima::Cycle cycle) {
  keep(cycle, Error{thread, code});
}
void EventLog::on_event(const tima::Event& event) {
  keep(event.cycle, event);
}
void EventLog::on_violation(const Violation& violation) {
  keep(violation.time, Note{std::string(violation.rule) + ": " + violation.detail});
  capacity_ = records_.size() + aftermath_;
  frozen_ = true;
}

namespace {

template <typename... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <typename... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace

EventLog::Line EventLog::describe(const Content& content) {
  return std::visit(
      Overloaded{[](const Submit& s) {
                   return Line{"submit", s.number,
                               fmt::format("{}  ({})", text_of(s.op), name(s.op.op_class))};
                 },
                 [](const MmioAnswer& a) {
                   return Line{
                       "answer", a.number,
                       fmt::format("{:x}{}{}", a.response.rdata, a.response.err ? " error" : "",
                                   code_text(a.response.code))};
                 },
                 [](const PresenterAnswer& a) {
                   return Line{"answer", a.number, text_of(a.response)};
                 },
                 [](const tima::MemoryRequest& r) {
                   return Line{"memory", 0, text_of(r)};
                 },
                 [](const tima::MemoryResponse& r) {
                   return Line{"memory", 0, fmt::format("answer ok {:d} ipb {:02x}", r.ok, r.ipb)};
                 },
                 [](const LineChange& l) {
                   return Line{"lines", 0,
                               fmt::format("t{} os_ext {:d} hv_ext {:d} user_ebb {:d}", l.thread,
                                           l.lines.os_ext, l.lines.hv_ext, l.lines.user_ebb)};
                 },
                 [](const Error& e) {
                   return Line{"error", 0, fmt::format("t{}{}", e.thread, code_text(e.code))};
                 },
                 [](const tima::Event& e) {
                   std::string text = fmt::format("{} t{}: ", pick(kEvents, e.kind), e.thread);
                   if (e.kind == tima::EventKind::Mmio) text += validate::describe(e.mmio) + ": ";
                   if (e.kind == tima::EventKind::Present)
                     text += validate::describe(e.presenter) + ": ";
                   text += e.kind == tima::EventKind::Reset ? "all threads"
                                                            : describe_change(e.before, e.after);
                   return Line{"event", 0, text};
                 },
                 [](const Note& n) {
                   return Line{"VIOLATION", 0, n.text};
                 }},
      content);
}

std::string EventLog::text() const {
  std::string text = fmt::format("{:>12}  {:<9}  {:>9}  {}\n", "cycle", "what", "operation", "");
  for (const Record& record : records_) {
    const Line line = describe(record.content);
    const std::string number = line.number == 0 ? "" : "#" + std::to_string(line.number);
    fmt::format_to(std::back_inserter(text), "{:>12}  {:<9}  {:>9}  {}\n", record.cycle, line.what,
                   number, line.text);
  }
  return text;
}

std::string EventLog::json_lines() const {
  std::string text;
  for (const Record& record : records_) {
    const Line line = describe(record.content);
    nlohmann::json value{{"cycle", record.cycle}, {"what", line.what}, {"text", line.text}};
    if (line.number != 0) value["operation"] = line.number;
    text += value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
  }
  return text;
}

const tima::Event* EventLog::last_event(tima::Cycle cycle) const {
  const tima::Event* found = nullptr;
  for (const Record& record : records_) {
    if (const auto* event = std::get_if<tima::Event>(&record.content)) {
      if (record.cycle <= cycle) found = event;
    }
  }
  return found;
}

}  // namespace xive::validate
