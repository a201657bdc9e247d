// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "sc_models/platform/target.h"

namespace xive::platform {

/// Ends the simulation: a 4-byte store to offset 0 is the exit code. Announced in the device tree
/// as compatible "xive-cosim,exit". Skiboot's generic platform has no power-off of its own
/// (skiboot-boot.md 6.8).
class ExitDevice final : public Target {
 public:
  static constexpr std::uint64_t kSize = 0x10000;
  using Handler = std::function<void(std::uint32_t code, const Requester& who)>;

  ExitDevice(std::uint64_t base, Handler handler) : base_(base), handler_(std::move(handler)) {}

  Response access(const Request& request) override {
    if (request.address != base_) return error_response(Status::AddressError, request);
    if (request.size != 4) return error_response(Status::SizeError, request);
    if (request.command == Command::Store) {
      handler_(static_cast<std::uint32_t>(request.data), request.requester);
    }
    return {};
  }

 private:
  std::uint64_t base_;
  Handler handler_;
};

}  // namespace xive::platform
