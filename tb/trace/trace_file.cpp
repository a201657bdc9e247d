// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/trace_file.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <cstdio>
#include <stdexcept>

#include "tb/host/files.h"

namespace xive::trace {
namespace {

/// Process numbers of the viewer: one group for threads, one for interrupts.
constexpr int kThreads = 1;
constexpr int kInterrupts = 2;

double us(platform::Time time) {
  return static_cast<double>(time) / 1e6;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

}  // namespace

TraceFile::TraceFile(std::string path)
    : path_(std::move(path)),
      temporary_(host::is_device(path_) ? path_ : path_ + ".part"),
      out_(temporary_, std::ios::binary) {
  if (!out_) throw std::runtime_error("cannot write " + temporary_);
  fmt::print(
      out_,
      "{{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n"
      "{{\"ph\":\"M\",\"pid\":{},\"name\":\"process_name\",\"args\":{{\"name\":\"hardware "
      "threads\"}}}},\n"
      "{{\"ph\":\"M\",\"pid\":{},\"name\":\"process_name\",\"args\":{{\"name\":\"interrupts, "
      "hop by hop\"}}}}",
      kThreads, kInterrupts);
}

TraceFile::~TraceFile() {
  if (open_) {
    out_.close();
    discard();
  }
}

void TraceFile::discard() const {
  if (temporary_ != path_) std::remove(temporary_.c_str());
}

bool TraceFile::begin_event() {
  if (events_ == kMaxEvents) {
    ++left_out_;
    return false;
  }
  ++events_;
  out_ << ",\n";
  return true;
}

void TraceFile::name_thread(std::uint32_t pir, std::string_view name) {
  fmt::print(out_,
             ",\n{{\"ph\":\"M\",\"pid\":{},\"tid\":{},\"name\":\"thread_name\",\"args\":{{\"name\":"
             "{}}}}}",
             kThreads, pir, quoted(name));
}

void TraceFile::slice(std::uint32_t pir, std::string_view name, Time begin, Time end,
                      std::string_view arguments) {
  if (!begin_event()) return;
  fmt::print(out_, "{{\"ph\":\"X\",\"pid\":{},\"tid\":{},\"name\":{},\"ts\":{:.6f},\"dur\":{:.6f}",
             kThreads, pir, quoted(name), us(begin), us(end - begin));
  if (!arguments.empty()) fmt::print(out_, ",\"args\":{{\"detail\":{}}}", quoted(arguments));
  out_ << "}";
}

void TraceFile::instant(std::uint32_t pir, std::string_view name, Time time) {
  if (!begin_event()) return;
  fmt::print(out_, "{{\"ph\":\"i\",\"s\":\"t\",\"pid\":{},\"tid\":{},\"name\":{},\"ts\":{:.6f}}}",
             kThreads, pir, quoted(name), us(time));
}

void TraceFile::hop(std::uint64_t trip, std::string_view kind, std::string_view name, Time begin,
                    Time end) {
  for (const bool first : {true, false}) {
    if (!begin_event()) return;
    fmt::print(
        out_,
        "{{\"ph\":\"{}\",\"cat\":{},\"id\":{},\"pid\":{},\"tid\":0,\"name\":{},\"ts\":{:.6f}}}",
        first ? 'b' : 'e', quoted(kind), trip, kInterrupts, quoted(name), us(first ? begin : end));
  }
}

void TraceFile::close() {
  fmt::print(out_, "\n],\"otherData\":{{\"events\":{},\"events left out\":{}}}}}\n", events_,
             left_out_);
  out_.close();
  open_ = false;
  if (!out_ || (temporary_ != path_ && std::rename(temporary_.c_str(), path_.c_str()) != 0)) {
    discard();
    throw std::runtime_error("cannot write " + path_);
  }
}

MachineTrace::MachineTrace(TraceFile& file, machine::Machine& machine, machine::TripTracer& tracer)
    : file_(file) {
  for (unsigned n = 0; n < machine.threads(); ++n) {
    file_.name_thread(machine.pir(n), fmt::format("thread {} (PIR {:#x})", n, machine.pir(n)));
  }
  machine.observe_threads(*this);
  tracer.set_listener(this);
}

void MachineTrace::on_station(const machine::TripStation& station) {
  file_.hop(station.trip, to_string(station.kind), to_string(station.station), station.begin,
            station.end);
}

void MachineTrace::on_interrupt(const ppc::HardwareThread& thread,
                                const ppc::TakenInterrupt& taken) {
  file_.instant(thread.config().pir, fmt::format("interrupt {:#x}", taken.state.vector),
                taken.time);
}

}  // namespace xive::trace
