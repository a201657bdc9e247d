// SPDX-License-Identifier: Apache-2.0
#include "bridge/request_limits.h"

#include <fmt/format.h>

namespace xive::bridge {

void limit_exceeded(const char* field, unsigned long long value, unsigned long long limit) {
  throw std::out_of_range(fmt::format("{} = {:#x} is above {:#x}", field, value, limit));
}

}  // namespace xive::bridge
