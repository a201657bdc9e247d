// SPDX-License-Identifier: Apache-2.0
/// The few words of the remote serial protocol that set a register before a machine starts.
#pragma once

#include <cstdint>
#include <string>

namespace xive::crosscheck {

/// Connects to the UNIX socket of a stopped QEMU (waits until it is there), stores `value` into the
/// general register `number` of the first `threads` threads, and lets the machine run. Throws
/// host::ProcessError.
void set_register_and_go(const std::string& socket, unsigned threads, unsigned number,
                         std::uint64_t value, double patience_seconds);

}  // namespace xive::crosscheck
