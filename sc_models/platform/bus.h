// SPDX-License-Identifier: Apache-2.0
/// Address decode: which target answers which physical address. Windows come and go while firmware
/// programs base address registers.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sc_models/platform/memory_port.h"
#include "sc_models/platform/target.h"
#include "sc_models/platform/timing/hop.h"

namespace xive::platform {

class Bus final : public Target, public MemoryPort {
 public:
  using WindowId = std::uint32_t;
  enum class Kind : std::uint8_t { Memory, Device };  ///< Device = cache-inhibited

  struct Window {
    std::string name;
    std::uint64_t base = 0;
    std::uint64_t size = 0;
    Target* target = nullptr;  ///< not owned
    Kind kind = Kind::Device;
    int priority = 0;    ///< where windows overlap the higher priority answers
    Time latency = 0;    ///< added to every access
    Hop* hop = nullptr;  ///< added to every access of a thread; not owned
  };

  /// An access that nobody answered, or that its target refused.
  struct Error {
    Request request;
    Status status;
    std::string message;  ///< names the access and the nearest windows
  };

  Bus() = default;
  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;

  /// Size 0, an end beyond 56 bits, no target, or an overlap with a window of the same priority:
  /// std::invalid_argument with both names.
  WindowId map(const Window& window);
  /// Unknown identifiers are ignored: a window may be unmapped twice.
  void unmap(WindowId id);

  /// Changes whenever a window comes or goes.
  std::uint64_t generation() const { return generation_; }
  /// Window that answers `address`, or null.
  const Window* decode(std::uint64_t address) const;
  bool is_memory(std::uint64_t address) const {
    const Window* window = decode(address);
    return window != nullptr && window->kind == Kind::Memory;
  }
  /// First and last address around `address` where the same window answers without interruption;
  /// {address, address} where none does.
  std::pair<std::uint64_t, std::uint64_t> extent(std::uint64_t address) const;
  /// "0x1000 is in no window; below: memory [0x0, 0xfff], above: ..."
  std::string explain(std::uint64_t address) const;
  void set_error_hook(std::function<void(const Error&)> hook) { error_hook_ = std::move(hook); }
  std::uint64_t errors() const { return errors_; }

  Response access(const Request& request) override {
    const bool legal_size =
        request.size == 1 || request.size == 2 || request.size == 4 || request.size == 8;
    if (!legal_size) return fail(request, Status::SizeError, 0);
    const Segment* segment = find(request.address);
    if (segment == nullptr || !segment->holds_all(request.address, request.size)) {
      return fail(request, Status::AddressError, 0);
    }
    // By value: a device may remap windows (a BAR write) while it serves the access.
    Target* const target = segment->window->target;
    const Time latency = segment->window->latency;
    Hop* const hop = segment->window->hop;
    Response response = target->access(request);
    response.latency += latency;
    if (hop != nullptr && request.requester.is_thread()) {
      response.latency += hop->flight(request.size);
    }
    if (!response.ok()) return fail(request, response.status, response.latency);
    return response;
  }
  bool read_block(std::uint64_t address, std::span<std::uint8_t> data) override;
  bool write_block(std::uint64_t address, std::span<const std::uint8_t> data) override;
  bool may_direct(std::uint64_t address) const override {
    const Window* window = decode(address);
    return window != nullptr && window->target->may_direct(address);
  }
  std::optional<DirectRegion> direct(std::uint64_t address) override;

  /// MemoryPort of a device (DMA): memory windows only.
  bool read(std::uint64_t address, std::span<std::uint8_t> data) override;
  bool write(std::uint64_t address, std::span<const std::uint8_t> data) override;
  HostMemory host_memory(std::uint64_t address) override;
  const std::uint64_t& layout() const override { return generation_; }

 private:
  /// Part of the address space with one answer; sorted, disjoint, gaps left out.
  struct Segment {
    std::uint64_t first = 1, last = 0;
    const Window* window = nullptr;
    bool holds(std::uint64_t address) const { return address >= first && address <= last; }
    /// `size` bytes that begin inside.
    bool holds_all(std::uint64_t address, std::uint64_t size) const {
      return size <= last - address + 1;
    }
  };
  struct Entry {
    WindowId id;
    Window window;
  };

  void rebuild();
  const Segment* find(std::uint64_t address) const {
    const Segment& hint = hints_[address >> kHintShift & (hints_.size() - 1)];
    return hint.holds(address) ? &hint : search(address);
  }
  const Segment* search(std::uint64_t address) const;
  Target* memory_at(std::uint64_t address, std::uint64_t size) const;
  Response fail(const Request& request, Status status, Time latency);

  std::vector<Entry> windows_;
  std::vector<Segment> segments_;
  /// Where an address was found last, by its kind: memory, TIMA, ESB pages and so on take turns.
  static constexpr unsigned kHintShift = 40;
  mutable std::array<Segment, 64> hints_{};
  WindowId next_id_ = 1;
  std::uint64_t generation_ = 0;
  std::uint64_t errors_ = 0;
  std::function<void(const Error&)> error_hook_;
};

}  // namespace xive::platform
