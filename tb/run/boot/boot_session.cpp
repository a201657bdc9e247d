// SPDX-License-Identifier: Apache-2.0
#include "tb/run/boot/boot_session.h"

#include <fmt/format.h>

#include "sc_models/machine/powernv/state_dump.h"
#include "sc_models/platform/image/file.h"
#include "tb/host/interrupt.h"

namespace xive::run {

using machine::Machine;
using ppc::iss::EventAction;
using ppc::iss::EventKind;

BootSession::BootSession(const RunOptions& options, Machine& machine, machine::PowerNv& platform,
                         const platform::SymbolTable& symbols, BootResult& result,
                         std::ostream* console)
    : options_(options),
      machine_(machine),
      platform_(platform),
      symbols_(symbols),
      result_(result),
      console_(console) {
  platform_.set_console_output([this](std::uint8_t character) { print(character); });
  platform_.set_exit([this](std::uint32_t code, std::uint32_t pir) {
    result_.exit_code = code;
    finish(BootEnd::Exit, fmt::format("exit code {} from the thread with PIR {:#x}", code, pir));
  });
  machine_.bus().set_error_hook([this](const platform::Bus::Error& error) { on_bus_error(error); });
  for (unsigned n = 0; n < machine_.threads(); ++n) {
    machine_.iss(n).set_event_hook(
        [this](ppc::iss::IssCpu& cpu, const ppc::iss::ExecutionEvent& event) {
          return on_event(cpu, event);
        });
  }
  log_.on_line([this](const std::string& line) {
    if (!started_ && line.find("OPAL v") != std::string::npos) {
      started_ = true;
      milestone("firmware's banner");
    }
    if (!payload_ && line.find("Starting kernel at") != std::string::npos) {
      payload_ = true;
      milestone("firmware starts the payload");
    }
  });
  if (!options_.gdb.empty()) {
    debugger_ =
        std::make_unique<gdb::Debugger>(options_.gdb, machine_, platform_.running(), symbols_,
                                        [] { return host::InterruptGuard::requested(); });
  }
  if (!options_.boot.input.empty()) {
    const auto text = platform::read_file(options_.boot.input);
    platform_.uart().feed({reinterpret_cast<const char*>(text.data()), text.size()});
  } else if (console_ != nullptr && options_.boot.console.empty()) {
    terminal_ = std::make_unique<Terminal>();
  }
}

std::uint64_t BootSession::instructions() const {
  std::uint64_t sum = 0;
  for (unsigned n = 0; n < machine_.threads(); ++n) sum += machine_.iss(n).instructions();
  return sum;
}

std::string BootSession::where(unsigned thread) const {
  const std::uint64_t nip = machine_.hardware_thread(thread).nip();
  const std::string name = symbols_.describe(nip);
  return fmt::format("thread {} (PIR {:#x}) at {:#x}{}", thread, machine_.pir(thread), nip,
                     name.empty() ? "" : " " + name);
}

void BootSession::milestone(const std::string& name) {
  result_.milestones.push_back({name, instructions(), machine_.executor().now(),
                                std::chrono::duration<double>(WallClock::now() - begin_).count()});
}

void BootSession::print(std::uint8_t character) {
  if (console_ != nullptr) {
    console_->put(static_cast<char>(character));
    if (character == '\n' || terminal_ != nullptr) console_->flush();
  }
  log_.put(character);
}

void BootSession::finish(BootEnd end, std::string reason) {
  if (ended_) return;
  ended_ = true;
  result_.end = end;
  result_.reason = std::move(reason);
  // Now, while the registers are those of the reason.
  if (end != BootEnd::Exit || result_.exit_code != 0) {
    result_.state = dump_threads(machine_, platform_.running(), symbols_);
  }
  // A thread would go on to the end of its time slice.
  for (const unsigned n : platform_.running()) machine_.iss(n).break_soon();
  machine_.executor().stop();
}

bool BootSession::obey(gdb::Debugger::Verdict verdict) {
  if (verdict == gdb::Debugger::Verdict::Kill) {
    finish(BootEnd::Interrupted, "ended by the debugger or by a signal");
  }
  return !ended_;
}

EventAction BootSession::on_event(ppc::iss::IssCpu& cpu, const ppc::iss::ExecutionEvent& event) {
  const unsigned thread = machine_.thread_of_pir(cpu.pir());
  if (debugger_ != nullptr && !ended_ && !obey(debugger_->on_event(cpu, event))) {
    return EventAction::Stop;
  }
  switch (event.kind) {
    case EventKind::Attention:
      finish(BootEnd::Attention, "attention (firmware gave up): " + where(thread));
      return EventAction::Stop;
    case EventKind::Checkstop:
      finish(BootEnd::Checkstop,
             "checkstop (machine check while machine checks are disabled): " + where(thread));
      return EventAction::Stop;
    default:
      return ended_ ? EventAction::Stop : EventAction::Continue;
  }
}

void BootSession::on_bus_error(const platform::Bus::Error& error) {
  const platform::Requester& who = error.request.requester;
  ++result_.bus_error_count;
  constexpr std::size_t kKept = 10;
  const unsigned thread = who.is_thread() ? machine_.thread_of_pir(who.pir) : machine_.threads();
  const std::string text = thread == machine_.threads() ? "device: " + error.message
                                                        : where(thread) + ": " + error.message;
  if (result_.bus_errors.size() < kKept) result_.bus_errors.push_back(text);
  const bool unmapped = error.status == platform::Status::AddressError;
  if (unmapped && who.is_thread() && options_.boot.bus_errors == BusErrorPolicy::Stop) {
    finish(BootEnd::BusError, text);
  }
}

/// A thread whose vectors hold no instructions takes one interrupt after the other.
void BootSession::check_progress() {
  progress_.resize(machine_.threads());
  for (const unsigned n : platform_.running()) {
    Progress& progress = progress_[n];
    const std::uint64_t retired = machine_.iss(n).instructions();
    const bool stuck = machine_.hardware_thread(n).can_run() && retired == progress.retired;
    progress.still = stuck ? progress.still + 1 : 0;
    progress.retired = retired;
    if (progress.still < kStuck) continue;
    finish(BootEnd::Watchdog,
           "takes interrupt after interrupt and completes no instruction: " + where(n));
    return;
  }
}

void BootSession::heartbeat() {
  if (ended_) return;
  ppc::host::Executor& executor = machine_.executor();
  if (host::InterruptGuard::requested()) {
    finish(BootEnd::Interrupted, "interrupted");
    return;
  }
  if (debugger_ != nullptr && !obey(debugger_->poll())) return;
  if (terminal_ != nullptr) {
    if (const std::string text = terminal_->typed(); !text.empty()) platform_.uart().feed(text);
  }
  const auto limit = static_cast<platform::Time>(options_.boot.watchdog_s * 1e12);
  const platform::Time now = executor.now();
  if (now > machine_.last_activity() && now - machine_.last_activity() > limit) {
    bool asleep = true;
    for (const unsigned n : platform_.running()) {
      asleep = asleep && !machine_.hardware_thread(n).can_run();
    }
    finish(BootEnd::Watchdog,
           fmt::format("watchdog: no access to a device for {} s of simulated time, {}; {}",
                       options_.boot.watchdog_s, asleep ? "all threads sleep" : "an endless loop",
                       where(platform_.running().front())));
    return;
  }
  check_progress();
  if (ended_) return;
  executor.at(now + kHeartbeat, [this] { heartbeat(); });
}

void BootSession::run() {
  const host::InterruptGuard guard;
  if (debugger_ != nullptr) {
    fmt::print(stderr, "xive-cosim: waiting for a debugger: target remote {}\n",
               debugger_->address());
    if (!obey(debugger_->begin())) return;
  }
  begin_ = WallClock::now();
  ppc::host::Executor& executor = machine_.executor();
  executor.at(executor.now() + kHeartbeat, [this] { heartbeat(); });
  try {
    executor.run(static_cast<platform::Time>(options_.work.limit_s * 1e12));
    finish(BootEnd::Limit, fmt::format("did not come to its end within {} s of simulated time; {}",
                                       options_.work.limit_s, where(platform_.running().front())));
  } catch (const std::exception& error) {
    finish(BootEnd::Error, error.what());
  }
  if (debugger_ != nullptr) {
    debugger_->exited(result_.end == BootEnd::Exit ? result_.exit_code : 1);
  }
  result_.seconds = std::chrono::duration<double>(WallClock::now() - begin_).count();
  result_.milestones.push_back({"end", instructions(), executor.now(), result_.seconds});
  result_.instructions = instructions();
  result_.simulated = executor.now();
  result_.last_lines = log_.last(12);
  result_.error_lines = log_.errors();
  result_.console_characters = log_.characters();
  if (console_ != nullptr) console_->flush();
}

}  // namespace xive::run
