// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "sc_models/platform/target.h"

namespace xive::platform {

/// A target in front of another that shows every access where it is performed: hook(request,
/// response).
template <typename Behind, typename Hook>
class Tap final : public Target {
 public:
  Tap(Behind& target, Hook hook) : target_(target), hook_(std::move(hook)) {}

  Response access(const Request& request) override {
    const Response response = target_.access(request);
    hook_(request, response);
    return response;
  }
  bool read_block(std::uint64_t address, std::span<std::uint8_t> data) override {
    return target_.read_block(address, data);
  }
  bool write_block(std::uint64_t address, std::span<const std::uint8_t> data) override {
    return target_.write_block(address, data);
  }
  // No direct(): an access that bypasses the tap would not be seen.

 private:
  Behind& target_;
  Hook hook_;
};

}  // namespace xive::platform
