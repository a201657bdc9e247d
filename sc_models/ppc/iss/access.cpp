// SPDX-License-Identifier: Apache-2.0
// Storage accesses that the software TLB does not serve: first touch of a page, pages with code or
// reservations, unaligned accesses, devices.
#include <algorithm>
#include <array>

#include "sc_models/ppc/iss/context.h"
#include "sc_models/ppc/iss/handlers.h"

namespace xive::ppc::iss {

using platform::Atomic;
using platform::Command;
using platform::Request;
using platform::Response;

bool Context::translate(const Op* op, std::uint64_t address, AccessKind kind, std::uint64_t& real) {
  const auto fault = translation->translate(thread, address, kind, real);
  if (!fault) return true;
  thread.set_data_address(address);
  thread.engine_regs().dsisr = fault->dsisr;
  interrupt(op, fault->vector);
  return false;
}

void Context::bus_error(const Op* op, std::uint64_t address) {
  sync_time(op);
  thread.set_data_address(address);
  thread.engine_regs().dsisr = 0;
  stop_before(op);
  extra += instruction_time;
  leave = true;
  thread.raise_machine_check();
}

// ---------------------------------------------------------------- memory

bool Context::load(const Op* op, std::uint64_t address, unsigned size) {
  const std::uint64_t in_page = address & ~kPageMask;
  if (in_page + size > kPageSize) return straddling(op, address, size, false, 0);
  std::uint64_t real = 0;
  if (view.device(address, real)) return device(op, address, real, size, false, 0);
  if (!translate(op, address, AccessKind::Load, real)) return false;
  if (std::uint8_t* page = storage.page(real)) {
    if (!is_watched(address)) view.fill_load(address, page);
    value = platform::from_big_endian({page + in_page, size});
    check_watch(address, size, false);
    return true;
  }
  view.fill_device(address, real);
  return device(op, address, real, size, false, 0);
}

bool Context::store(const Op* op, std::uint64_t address, unsigned size, std::uint64_t data) {
  const std::uint64_t in_page = address & ~kPageMask;
  if (in_page + size > kPageSize) return straddling(op, address, size, true, data);
  std::uint64_t real = 0;
  if (view.device(address, real)) return device(op, address, real, size, true, data);
  if (!translate(op, address, AccessKind::Store, real)) return false;
  if (std::uint8_t* page = storage.page(real)) {
    const std::uint64_t first = real & kPageMask;
    if (!is_watched(address) && !storage.code().holds_page(first) &&
        storage.ram().may_store_unseen(first, first + kPageSize - 1, requester)) {
      view.fill_store(address, page);
      storage.note_store_page(view, first);
    }
    storage.ram().access({.command = Command::Store,
                          .size = static_cast<std::uint8_t>(size),
                          .address = real,
                          .data = data & platform::all_ones(size),
                          .requester = requester});
    check_watch(address, size, true);
    return true;
  }
  view.fill_device(address, real);
  return device(op, address, real, size, true, data);
}

bool Context::straddling(const Op* op, std::uint64_t address, unsigned size, bool write,
                         std::uint64_t data) {
  // Both pages must be RAM, and nothing is stored before that is known.
  const AccessKind kind = write ? AccessKind::Store : AccessKind::Load;
  const auto first_size = static_cast<unsigned>(kPageSize - (address & ~kPageMask));
  std::uint64_t real[2] = {0, 0};
  if (!translate(op, address, kind, real[0])) return false;
  if (!translate(op, address + first_size, kind, real[1])) return false;
  if (!storage.is_ram(real[0], first_size) || !storage.is_ram(real[1], size - first_size)) {
    alignment(op, address);
    return false;
  }
  std::array<std::uint8_t, 8> bytes{};
  const std::span<std::uint8_t> all(bytes.data(), size);
  if (!write) {
    storage.ram().read(real[0], all.first(first_size));
    storage.ram().read(real[1], all.subspan(first_size));
    value = platform::from_big_endian(all);
  } else {
    platform::to_big_endian(data, all);
    for (unsigned n = 0; n < size; ++n) {
      storage.ram().access({.command = Command::Store,
                            .size = 1,
                            .address = n < first_size ? real[0] + n : real[1] + n - first_size,
                            .data = bytes[n],
                            .requester = requester});
    }
  }
  check_watch(address, size, write);
  return true;
}

bool Context::load_reserve(const Op* op, std::uint64_t address, unsigned size) {
  std::uint64_t real = 0;
  if ((address & (size - 1)) != 0) {
    alignment(op, address);
    return false;
  }
  if (!translate(op, address, AccessKind::Load, real)) return false;
  if (!storage.is_ram(real, size)) {
    // Caching-inhibited storage has no reservations.
    thread.set_data_address(address);
    thread.engine_regs().dsisr = ibm_bit(32 + 5);
    interrupt(op, vector::kDataStorage);
    return false;
  }
  value = storage.ram()
              .access({.command = Command::Load,
                       .size = static_cast<std::uint8_t>(size),
                       .address = real,
                       .atomic = Atomic::LoadReserve,
                       .requester = requester})
              .data;
  check_watch(address, size, false);
  return true;
}

bool Context::store_conditional(const Op* op, std::uint64_t address, unsigned size,
                                std::uint64_t data) {
  std::uint64_t real = 0;
  if ((address & (size - 1)) != 0) {
    alignment(op, address);
    return false;
  }
  if (!translate(op, address, AccessKind::Store, real)) return false;
  if (!storage.is_ram(real, size)) {
    thread.set_data_address(address);
    thread.engine_regs().dsisr = ibm_bit(32 + 5) | ibm_bit(32 + 6);
    interrupt(op, vector::kDataStorage);
    return false;
  }
  done = storage.ram()
             .access({.command = Command::Store,
                      .size = static_cast<std::uint8_t>(size),
                      .address = real,
                      .data = data & platform::all_ones(size),
                      .atomic = Atomic::StoreConditional,
                      .requester = requester})
             .data == 1;
  if (done) check_watch(address, size, true);
  return true;
}

bool Context::zero_block(const Op* op, std::uint64_t address) {
  constexpr unsigned kLine = 128;
  address &= ~std::uint64_t{kLine - 1};
  std::uint64_t real = 0;
  if (!translate(op, address, AccessKind::Store, real)) return false;
  if (!storage.is_ram(real, kLine)) {
    alignment(op, address);
    return false;
  }
  for (unsigned n = 0; n < kLine; n += 8) {
    storage.ram().access({.command = Command::Store,
                          .size = 8,
                          .address = real + n,
                          .data = 0,
                          .requester = requester});
  }
  const std::uint64_t first = real & kPageMask;
  std::uint8_t* page = storage.page(real);
  if (page != nullptr && !is_watched(address) && !storage.code().holds_page(first) &&
      storage.ram().may_store_unseen(first, first + kPageSize - 1, requester)) {
    view.fill_store(address, page);
    storage.note_store_page(view, first);
  }
  check_watch(address, kLine, true);
  return true;
}

bool Context::icbi(const Op* op, std::uint64_t address) {
  constexpr unsigned kLine = 128;
  address &= ~std::uint64_t{kLine - 1};
  std::uint64_t real = 0;
  if (!translate(op, address, AccessKind::Load, real)) return false;
  if (storage.code().holds(real, kLine)) storage.code().invalidate(real, kLine);
  return true;
}

// ---------------------------------------------------------------- devices and messages

[[gnu::always_inline]] inline bool Context::begin_io(const Op* op, Time& now) {
  commit(op);
  const Time begin = cpu.local_;
  if (cpu.config_.sync_before_io) cpu.catch_up();
  now = cpu.now();
  if (now >= thread.next_timer_edge()) thread.update_time();
  // A reset has given the thread another life; whatever this instruction was, it is over.
  if (thread.generation() != generation) {
    budget += cur->count - op->index;
    leave = true;
    return false;
  }
  if (thread.needs_attention()) {
    stop_before(op);
    leave = true;
    return false;
  }
  // Others may have run meanwhile.
  extra += now - begin;
  return true;
}

bool Context::begin_io(const Op* op) {
  Time now = 0;
  return begin_io(op, now);
}

inline Response Context::perform(const Request& request) {
  return request.command == Command::Store ? cpu.order_.store(request, host::AccessClass::Inhibited)
                                           : cpu.order_.load(request, host::AccessClass::Inhibited);
}

Response Context::perform_seen(const Request& request) {
  const bool write = request.command == Command::Store;
  IoAccess seen{request.instruction, request.address, request.size, write, false,
                request.data,        request.time};
  for (ThreadObserver* watcher : thread.observers()) watcher->on_io_issue(thread, seen);
  const Response response = perform(request);
  seen.error = !response.ok();
  if (!write) seen.value = response.data;
  for (ThreadObserver* watcher : thread.observers()) watcher->on_io_retire(thread, seen);
  return response;
}

bool Context::device(const Op* op, std::uint64_t address, std::uint64_t real, unsigned size,
                     bool write, std::uint64_t data) {
  if ((address & (size - 1)) != 0 || only_ram_) {
    alignment(op, address);
    return false;
  }
  Time now = 0;
  if (!begin_io(op, now)) return false;
  ++cpu.statistics_.device_accesses;
  Request request{.command = write ? Command::Store : Command::Load,
                  .size = static_cast<std::uint8_t>(size),
                  .address = real,
                  .data = write ? data & platform::all_ones(size) : 0,
                  .requester = requester,
                  .instruction = thread.retired(),
                  .time = now};
  const Response response = thread.observers().empty() ? perform(request) : perform_seen(request);
  // The target may have blocked: then the time is already spent.
  const Time end = std::max(cpu.now(), request.time + response.latency);
  extra += end - request.time;
  cpu.local_ = end;
  after_io = !leave;
  leave = true;
  if (thread.generation() != generation) {
    budget += cur->count - op->index;
    return false;
  }
  if (!response.ok()) {
    bus_error(op, address);
    return false;
  }
  value = response.data;
  check_watch(address, size, write);
  return true;
}

void Context::wait_at_barrier(const Op* op, host::Barrier kind) {
  sync_time(op);
  const Time wait = cpu.order_.barrier(kind, cpu.now());
  if (wait != 0) {
    extra += wait;
    leave = true;
  }
}

bool Context::message(const Op* op, const DoorbellMessage& message) {
  if (!begin_io(op)) return false;
  cpu.order_.message(message, thread.config().msgsnd_form, thread.config().pir, cpu.now());
  leave = true;
  return true;
}

// ---------------------------------------------------------------- watchpoints

bool Context::is_watched(std::uint64_t page) const {
  const std::uint64_t first = page & kPageMask, last = first + kPageSize - 1;
  return std::any_of(watchpoints.begin(), watchpoints.end(), [&](const Watchpoint& point) {
    return point.address <= last && point.address + point.length - 1 >= first;
  });
}

void Context::check_watch(std::uint64_t address, unsigned size, bool write) {
  for (const Watchpoint& point : watchpoints) {
    if (!(write ? point.on_store : point.on_load)) continue;
    if (point.address >= address + size || address >= point.address + point.length) continue;
    if (!watch_hit) {
      watch_hit = true;
      watch_write = write;
      watch_address = std::max(address, point.address);
    }
    leave = true;
  }
}

}  // namespace xive::ppc::iss
