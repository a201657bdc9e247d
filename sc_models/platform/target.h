// SPDX-License-Identifier: Apache-2.0
/// The plain C++ bus protocol: what one access is, and who answers it. The SystemC faces in
/// platform/tlm/ carry the same thing over TLM-2.0 sockets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sc_models/platform/memory_port.h"
#include "sc_models/platform/time.h"

namespace xive::platform {

/// Who makes an access. XSCOM completes to the thread, the TIMA window belongs to the thread.
struct Requester {
  std::uint32_t pir = kNoThread;
  std::uint16_t chip = 0;
  std::uint16_t core = 0;
  std::uint16_t thread = 0;  ///< number in the core

  static constexpr std::uint32_t kNoThread = ~std::uint32_t{0};  ///< a device
  bool is_thread() const { return pir != kNoThread; }
  friend bool operator==(const Requester&, const Requester&) = default;
};

enum class Command : std::uint8_t { Load, Store };

/// Part of a load-reserve / store-conditional pair. Both act where the memory is, so that no
/// interconnect in between can break their atomicity.
enum class Atomic : std::uint8_t { None, LoadReserve, StoreConditional };

/// One access of 1, 2, 4 or 8 bytes. `data` is the right-justified big-endian value.
struct Request {
  Command command = Command::Load;
  std::uint8_t size = 8;
  std::uint64_t address = 0;  ///< absolute physical address, also at the target
  std::uint64_t data = 0;     ///< store only
  Atomic atomic = Atomic::None;
  Requester requester{};
  std::uint64_t instruction = 0;  ///< number of the instruction within its thread, for CHK-ONCE
  Time time = 0;                  ///< the requester's local time
};

enum class Status : std::uint8_t {
  Ok = 0,
  AddressError,  ///< nobody there
  SizeError,     ///< size or alignment not possible there
  CommandError,  ///< load or store not possible there
  DeviceError,   ///< the device refused
};
std::string_view to_string(Status status);

struct Response {
  Status status = Status::Ok;
  std::uint64_t data = 0;  ///< load; all ones of the access size on error. StoreConditional: done?
  Time latency = 0;        ///< from Request::time to the answer

  bool ok() const { return status == Status::Ok; }
};

/// All ones of `size` bytes: what a failed load returns.
constexpr std::uint64_t all_ones(unsigned size) {
  return size >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8U * size)) - 1;
}
constexpr Response error_response(Status status, const Request& request, Time latency = 0) {
  return {status, request.command == Command::Load ? all_ones(request.size) : 0, latency};
}

/// Host memory that stands for [first, last] and may be accessed without the bus. Byte order is
/// that of the simulated memory: byte i of the range at data[i].
struct DirectRegion {
  std::uint8_t* data = nullptr;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  bool writable = false;
  Time latency = 0;  ///< of one access
};

class Target {
 public:
  virtual ~Target() = default;
  /// Performs the access with all its effects. Never throws for what software did wrong.
  virtual Response access(const Request& request) = 0;
  /// Block transfer of a device (DMA) or image loader; whole or not at all. Default: impossible.
  virtual bool read_block(std::uint64_t /*address*/, std::span<std::uint8_t> /*data*/) {
    return false;
  }
  virtual bool write_block(std::uint64_t /*address*/, std::span<const std::uint8_t> /*data*/) {
    return false;
  }
  /// See MemoryPort::host_memory().
  virtual HostMemory host_memory(std::uint64_t /*address*/) { return {}; }
  /// Would direct() grant something? Cheap, creates nothing.
  virtual bool may_direct(std::uint64_t /*address*/) const { return false; }
  /// Direct access to the memory around `address`, if there is any.
  virtual std::optional<DirectRegion> direct(std::uint64_t /*address*/) { return std::nullopt; }
};

}  // namespace xive::platform
