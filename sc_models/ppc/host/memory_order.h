// SPDX-License-Identifier: Apache-2.0
/// The order in which the memory operations of one thread become visible. Everything a thread does
/// to memory, to devices and to other threads passes through here, so that a store buffer with
/// legal reordering (scenarios.md 3.1) can take the place of the sequentially consistent
/// implementation.
#pragma once

#include <cstdint>

#include "sc_models/platform/target.h"
#include "sc_models/ppc/doorbell.h"

namespace xive::ppc::host {

using platform::Time;

enum class AccessClass : std::uint8_t { Cacheable, Inhibited };
enum class Barrier : std::uint8_t { Sync, Lwsync, Eieio, Isync, Ptesync, Msgsync };

/// Takes messages of msgsnd on their way.
class MessagePort {
 public:
  virtual ~MessagePort() = default;
  virtual void send(const DoorbellMessage& message, MsgsndForm form, std::uint32_t sender_pir,
                    Time time) = 0;
};

/// One per hardware thread. `Request::time` is the thread's local time.
class MemoryOrder {
 public:
  virtual ~MemoryOrder() = default;
  virtual platform::Response load(const platform::Request& request, AccessClass access) = 0;
  /// The response says whether the store was accepted; latency is what the thread waits for it.
  virtual platform::Response store(const platform::Request& request, AccessClass access) = 0;
  /// Load-reserve or store-conditional, as Request::atomic says.
  virtual platform::Response atomic(const platform::Request& request) = 0;
  /// Barriers have nothing to do, because everything is in order anyway.
  virtual bool always_ordered() const { return false; }
  /// Returns how long the thread waits.
  virtual Time barrier(Barrier barrier, Time time) = 0;
  virtual void message(const DoorbellMessage& message, MsgsndForm form, std::uint32_t sender_pir,
                       Time time) = 0;
};

/// Every operation is visible to everybody before the next one of the thread starts.
class SequentialOrder final : public MemoryOrder {
 public:
  SequentialOrder(platform::Target& bus, MessagePort& messages) : bus_(bus), messages_(messages) {}

  platform::Response load(const platform::Request& request, AccessClass) override {
    return bus_.access(request);
  }
  platform::Response store(const platform::Request& request, AccessClass) override {
    return bus_.access(request);
  }
  platform::Response atomic(const platform::Request& request) override {
    return bus_.access(request);
  }
  bool always_ordered() const override { return true; }
  Time barrier(Barrier, Time) override { return 0; }
  void message(const DoorbellMessage& message, MsgsndForm form, std::uint32_t sender_pir,
               Time time) override {
    messages_.send(message, form, sender_pir, time);
  }

 private:
  platform::Target& bus_;
  MessagePort& messages_;
};

}  // namespace xive::ppc::host
