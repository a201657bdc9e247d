// SPDX-License-Identifier: Apache-2.0
/// The debugger's side of a stopped machine: commands of the remote serial protocol, all-stop.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tb/gdb/connection.h"
#include "tb/gdb/packet.h"

namespace xive::gdb {

/// What is debugged. Threads have numbers from 0; bytes are in the order of the thread's mode.
class Debuggee {
 public:
  virtual ~Debuggee() = default;
  virtual unsigned threads() const = 0;
  /// e.g. "PIR 0x4, asleep".
  virtual std::string describe(unsigned thread) const = 0;
  /// Description of the registers for the debugger (target.xml).
  virtual std::string target_xml() const = 0;
  virtual unsigned registers() const = 0;
  virtual std::vector<std::uint8_t> read_register(unsigned thread, unsigned number) const = 0;
  /// False: no such register, or it cannot be written.
  virtual bool write_register(unsigned thread, unsigned number,
                              const std::vector<std::uint8_t>& bytes) = 0;
  virtual std::optional<std::vector<std::uint8_t>> read_memory(unsigned thread,
                                                               std::uint64_t address,
                                                               std::size_t length) = 0;
  virtual bool write_memory(unsigned thread, std::uint64_t address,
                            const std::vector<std::uint8_t>& bytes) = 0;
  virtual void breakpoint(std::uint64_t address, bool on) = 0;
  enum class Watch : std::uint8_t { Write, Read, Access };
  virtual void watchpoint(Watch kind, std::uint64_t address, std::uint64_t length, bool on) = 0;
  /// One instruction of this thread, then a stop.
  virtual void step(unsigned thread) = 0;
  /// Takes all breakpoints and watchpoints away.
  virtual void clear() = 0;
  /// A `monitor` command; the answer is text for people.
  virtual std::string monitor(std::string_view command) = 0;
};

/// Why the machine stands.
struct Stop {
  unsigned thread = 0;
  enum class Reason : std::uint8_t {
    Interrupt,
    Breakpoint,
    Step,
    Watch,
    Fault
  } reason = Reason::Interrupt;
  Debuggee::Watch watch = Debuggee::Watch::Write;
  std::uint64_t address = 0;  ///< Watch
};

class Stub {
 public:
  /// Nothing is owned.
  Stub(Connection& connection, Debuggee& debuggee) : connection_(connection), debuggee_(debuggee) {}

  enum class Resume : std::uint8_t { Run, Detached, Kill, Interrupted };
  /// Tells of the stop and carries out commands until the debugger lets the machine run. Waits for
  /// a debugger if there is none. `interrupted` is asked now and then: true ends the wait.
  Resume serve(const Stop& stop, const std::function<bool()>& interrupted);
  /// While the machine runs: true if the debugger wants it to stop.
  bool wants_stop();
  bool attached() const { return attached_; }
  /// The machine has come to its end; tells a debugger that waits.
  void exited(unsigned code);

 private:
  std::optional<Resume> command(const std::string& text);
  void reply(std::string_view text);
  std::string stop_reply(const Stop& stop) const;
  std::string query(std::string_view text);
  std::string read_all() const;
  std::string write_all(std::string_view digits);
  std::string read_memory(std::string_view text);
  std::string write_memory(std::string_view text, bool binary);
  std::string point(std::string_view text, bool on);
  std::optional<Resume> resume(std::string_view actions);
  std::optional<unsigned> thread_of(std::string_view text) const;

  Connection& connection_;
  Debuggee& debuggee_;
  PacketReader reader_;
  Stop stop_;
  unsigned current_ = 0;  ///< thread of g, m, ... (Hg)
  bool attached_ = false;
  bool acknowledge_ = true;
  bool running_ = false;  ///< the debugger waits for a stop reply
};

}  // namespace xive::gdb
