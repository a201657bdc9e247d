// SPDX-License-Identifier: Apache-2.0
/// A trace in the JSON format of Chrome, which Perfetto and chrome://tracing show: firmware calls
/// and interrupts as slices of their threads, every interrupt's hops as a track of its own.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include "sc_models/machine/machine.h"
#include "sc_models/machine/trace/trip_tracer.h"

namespace xive::trace {

/// Written to a temporary file that close() gives its name. Times in picoseconds of the simulation.
class TraceFile {
 public:
  using Time = platform::Time;
  /// Throws std::runtime_error when the file cannot be written.
  explicit TraceFile(std::string path);
  ~TraceFile();
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;

  /// Events beyond this are counted and left out; the trace says so.
  static constexpr std::uint64_t kMaxEvents = 5'000'000;

  void name_thread(std::uint32_t pir, std::string_view name);
  /// Something that a thread did from `begin` to `end`.
  void slice(std::uint32_t pir, std::string_view name, Time begin, Time end,
             std::string_view arguments = {});
  void instant(std::uint32_t pir, std::string_view name, Time time);
  /// A hop of interrupt `trip`.
  void hop(std::uint64_t trip, std::string_view kind, std::string_view name, Time begin, Time end);

  std::uint64_t events() const { return events_; }
  /// Ends the file and gives it its name. Throws std::runtime_error.
  void close();

 private:
  bool begin_event();
  void discard() const;
  std::string path_, temporary_;
  std::ofstream out_;
  std::uint64_t events_ = 0, left_out_ = 0;
  bool open_ = true;
};

/// Feeds a TraceFile with what happens on a machine: interrupts taken, hops of their way.
class MachineTrace final : public machine::TripListener, public ppc::ThreadObserver {
 public:
  /// Observes `machine` and `tracer`; nothing is owned.
  MachineTrace(TraceFile& file, machine::Machine& machine, machine::TripTracer& tracer);

  void on_station(const machine::TripStation& station) override;
  void on_interrupt(const ppc::HardwareThread& thread, const ppc::TakenInterrupt& taken) override;

 private:
  TraceFile& file_;
};

}  // namespace xive::trace
