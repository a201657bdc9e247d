// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "firmware_tests/driver/opal_client.h"

namespace xive::driver {

/// Whether a firmware lets guests with the native controller migrate: queue states can be read and
/// set (scenarios.md S5.10). Asked before a guest is given one.
struct MigrationCalls {
  bool get = false, set = false;
  bool both() const { return get && set; }
};

inline MigrationCalls query_migration_calls(Cpu& cpu, OpalClient& opal) {
  const auto has = [&](Token token) {
    return opal.call(cpu, Token::CheckToken, {static_cast<std::uint64_t>(token)}) == 1;
  };
  return {has(Token::XiveGetQueueState), has(Token::XiveSetQueueState)};
}

}  // namespace xive::driver
