// SPDX-License-Identifier: Apache-2.0
#include "tb/gdb/stub.h"

#include <fmt/format.h>

#include <algorithm>

namespace xive::gdb {
namespace {

using std::chrono::milliseconds;

/// Bytes of one packet; gdb asks for memory in parts that fit.
constexpr std::size_t kPacketSize = 0x4000;
constexpr std::string_view kOk = "OK";
constexpr std::string_view kError = "E01";

bool starts(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}

/// Thread numbers of the protocol begin at 1.
std::string thread_id(unsigned thread) {
  return fmt::format("{:x}", thread + 1);
}

}  // namespace

void Stub::reply(std::string_view text) {
  connection_.send(frame(text));
}

std::string Stub::stop_reply(const Stop& stop) const {
  std::string text = fmt::format("T{:02x}thread:{};",
                                 stop.reason == Stop::Reason::Interrupt ? 2
                                 : stop.reason == Stop::Reason::Fault   ? 11
                                                                        : 5,
                                 thread_id(stop.thread));
  if (stop.reason == Stop::Reason::Watch) {
    const char* kind = stop.watch == Debuggee::Watch::Write  ? "watch"
                       : stop.watch == Debuggee::Watch::Read ? "rwatch"
                                                             : "awatch";
    text += fmt::format("{}:{:x};", kind, stop.address);
  }
  return text;
}

Stub::Resume Stub::serve(const Stop& stop, const std::function<bool()>& interrupted) {
  stop_ = stop;
  current_ = stop.thread;
  if (running_) {
    running_ = false;
    reply(stop_reply(stop));
  }
  while (true) {
    if (interrupted()) return Resume::Interrupted;
    if (!connection_.connected()) {
      if (attached_) {  // the debugger has gone without a word
        attached_ = false;
        debuggee_.clear();
        return Resume::Detached;
      }
      if (!connection_.accept(milliseconds(200))) continue;
      attached_ = true;
      acknowledge_ = true;
    }
    reader_.put(connection_.receive(milliseconds(200)));
    while (const auto input = reader_.next()) {
      if (input->kind == PacketReader::Input::Kind::Interrupt) continue;  // it stands already
      const bool damaged = input->kind == PacketReader::Input::Kind::Damaged;
      if (acknowledge_) connection_.send(damaged ? "-" : "+");
      if (damaged) continue;
      if (const auto how = command(input->text)) return *how;
    }
  }
}

bool Stub::wants_stop() {
  if (!attached_) return connection_.accept(milliseconds(0)) && (attached_ = true);
  reader_.put(connection_.receive(milliseconds(0)));
  bool stop = !connection_.connected();
  while (const auto input = reader_.next()) {
    stop = stop || input->kind == PacketReader::Input::Kind::Interrupt;
  }
  return stop;
}

void Stub::exited(unsigned code) {
  if (running_) reply(fmt::format("W{:02x}", code & 0xffU));
  running_ = false;
}

std::optional<Stub::Resume> Stub::command(const std::string& text) {
  const std::string_view rest = std::string_view(text).substr(text.empty() ? 0 : 1);
  switch (text.empty() ? '\0' : text.front()) {
    case '?':
      reply(stop_reply(stop_));
      break;
    case 'g':
      reply(read_all());
      break;
    case 'G':
      reply(write_all(rest));
      break;
    case 'p': {
      std::string_view number = rest;
      const auto n = take_number(number);
      reply(n && *n < debuggee_.registers()
                ? to_hex(debuggee_.read_register(current_, static_cast<unsigned>(*n)))
                : std::string(kError));
      break;
    }
    case 'P': {
      std::string_view number = rest;
      const auto n = take_number(number);
      const auto bytes = starts(number, "=") ? from_hex(number.substr(1)) : std::nullopt;
      reply(n && bytes && debuggee_.write_register(current_, static_cast<unsigned>(*n), *bytes)
                ? kOk
                : kError);
      break;
    }
    case 'm':
      reply(read_memory(rest));
      break;
    case 'M':
      reply(write_memory(rest, false));
      break;
    case 'X':
      reply(write_memory(rest, true));
      break;
    case 'Z':
      reply(point(rest, true));
      break;
    case 'z':
      reply(point(rest, false));
      break;
    case 'H': {
      const auto thread = thread_of(rest.substr(std::min<std::size_t>(1, rest.size())));
      if (thread && starts(rest, "g")) current_ = *thread;
      reply(thread ? kOk : kError);
      break;
    }
    case 'T':
      reply(thread_of(rest) ? kOk : kError);
      break;
    case 'c':
      return resume("c");
    case 's':
      return resume("s:" + thread_id(current_));
    case 'D':
      reply(kOk);
      debuggee_.clear();
      connection_.disconnect();
      attached_ = false;
      return Resume::Detached;
    case 'k':
      connection_.disconnect();
      attached_ = false;
      return Resume::Kill;
    case 'q':
    case 'Q':
      reply(query(text));
      if (text == "QStartNoAckMode") acknowledge_ = false;
      break;
    case 'v':
      if (text == "vCont?") {
        reply("vCont;c;C;s;S");
        break;
      }
      if (starts(text, "vCont;")) return resume(std::string_view(text).substr(6));
      if (starts(text, "vKill")) {
        reply(kOk);
        return Resume::Kill;
      }
      reply("");
      break;
    default:
      reply("");  // not known
  }
  return std::nullopt;
}

std::optional<Stub::Resume> Stub::resume(std::string_view actions) {
  // All threads run; a step is one of one thread, which stops everybody when it is done.
  while (!actions.empty()) {
    const std::size_t end = std::min(actions.find(';'), actions.size());
    const std::string_view action = actions.substr(0, end);
    actions.remove_prefix(std::min(end + 1, actions.size()));
    if (!starts(action, "s") && !starts(action, "S")) continue;
    const std::size_t colon = action.find(':');
    const auto thread = colon == std::string_view::npos ? std::optional(current_)
                                                        : thread_of(action.substr(colon + 1));
    if (!thread) {
      reply(kError);
      return std::nullopt;
    }
    debuggee_.step(*thread);
  }
  running_ = true;
  return Resume::Run;
}

std::optional<unsigned> Stub::thread_of(std::string_view text) const {
  if (text == "0" || text == "-1") return current_;
  const auto number = take_number(text);
  if (!number || *number == 0 || *number > debuggee_.threads()) return std::nullopt;
  return static_cast<unsigned>(*number - 1);
}

std::string Stub::read_all() const {
  std::string text;
  for (unsigned n = 0; n < debuggee_.registers(); ++n) {
    text += to_hex(debuggee_.read_register(current_, n));
  }
  return text;
}

std::string Stub::write_all(std::string_view digits) {
  for (unsigned n = 0; n < debuggee_.registers(); ++n) {
    const std::size_t size = 2 * debuggee_.read_register(current_, n).size();
    if (digits.size() < size) return std::string(kError);
    const auto bytes = from_hex(digits.substr(0, size));
    if (!bytes) return std::string(kError);
    debuggee_.write_register(current_, n, *bytes);
    digits.remove_prefix(size);
  }
  return std::string(kOk);
}

std::string Stub::read_memory(std::string_view text) {
  const auto address = take_number(text);
  if (!address || !starts(text, ",")) return std::string(kError);
  text.remove_prefix(1);
  const auto length = take_number(text);
  if (!length || *length > kPacketSize / 2) return std::string(kError);
  const auto bytes = debuggee_.read_memory(current_, *address, static_cast<std::size_t>(*length));
  return bytes ? to_hex(*bytes) : std::string(kError);
}

std::string Stub::write_memory(std::string_view text, bool binary) {
  const auto address = take_number(text);
  if (!address || !starts(text, ",")) return std::string(kError);
  text.remove_prefix(1);
  const auto length = take_number(text);
  if (!length || !starts(text, ":")) return std::string(kError);
  text.remove_prefix(1);
  const auto bytes =
      binary ? std::optional(std::vector<std::uint8_t>(text.begin(), text.end())) : from_hex(text);
  if (!bytes || bytes->size() != *length) return std::string(kError);
  return std::string(bytes->empty() || debuggee_.write_memory(current_, *address, *bytes) ? kOk
                                                                                          : kError);
}

std::string Stub::point(std::string_view text, bool on) {
  const char kind = text.empty() ? '?' : text.front();
  text.remove_prefix(std::min<std::size_t>(2, text.size()));
  const auto address = take_number(text);
  if (!address || !starts(text, ",")) return std::string(kError);
  text.remove_prefix(1);
  const auto length = take_number(text);
  if (!length) return std::string(kError);
  switch (kind) {
    case '0':
    case '1':
      debuggee_.breakpoint(*address, on);
      return std::string(kOk);
    case '2':
      debuggee_.watchpoint(Debuggee::Watch::Write, *address, *length, on);
      return std::string(kOk);
    case '3':
      debuggee_.watchpoint(Debuggee::Watch::Read, *address, *length, on);
      return std::string(kOk);
    case '4':
      debuggee_.watchpoint(Debuggee::Watch::Access, *address, *length, on);
      return std::string(kOk);
    default:
      return {};
  }
}

std::string Stub::query(std::string_view text) {
  if (starts(text, "qSupported")) {
    return fmt::format(
        "PacketSize={:x};qXfer:features:read+;QStartNoAckMode+;vContSupported+;hwbreak+;swbreak-",
        kPacketSize);
  }
  if (text == "QStartNoAckMode") return std::string(kOk);
  if (text == "qAttached") return "1";
  if (text == "qC") return "QC" + thread_id(current_);
  if (text == "qfThreadInfo") {
    std::string list = "m";
    for (unsigned n = 0; n < debuggee_.threads(); ++n) list += (n == 0 ? "" : ",") + thread_id(n);
    return list;
  }
  if (text == "qsThreadInfo") return "l";
  if (starts(text, "qThreadExtraInfo,")) {
    const auto thread = thread_of(text.substr(17));
    return thread ? text_to_hex(debuggee_.describe(*thread)) : std::string(kError);
  }
  constexpr std::string_view kFeatures = "qXfer:features:read:target.xml:";
  if (starts(text, kFeatures)) {
    text.remove_prefix(kFeatures.size());
    const auto offset = take_number(text);
    if (!offset || !starts(text, ",")) return std::string(kError);
    text.remove_prefix(1);
    const auto length = take_number(text);
    const std::string xml = debuggee_.target_xml();
    if (!length || *offset > xml.size()) return std::string(kError);
    const std::string part = xml.substr(*offset, *length);
    return (*offset + part.size() == xml.size() ? "l" : "m") + part;
  }
  if (starts(text, "qRcmd,")) {
    const auto bytes = from_hex(text.substr(6));
    if (!bytes) return std::string(kError);
    const std::string answer = debuggee_.monitor(std::string(bytes->begin(), bytes->end()));
    // Long answers go out in parts ("O...") before the final OK.
    constexpr std::size_t kPart = kPacketSize / 4;
    for (std::size_t i = 0; i < answer.size(); i += kPart) {
      reply("O" + text_to_hex(std::string_view(answer).substr(i, kPart)));
    }
    return std::string(kOk);
  }
  return {};
}

}  // namespace xive::gdb
