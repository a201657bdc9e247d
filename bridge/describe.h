// SPDX-License-Identifier: Apache-2.0
/// One line of text for each message, for violations and logs.
#pragma once

#include <string>

#include "sc_models/tima/event.h"

namespace xive::bridge {

std::string describe(const tima::MmioRequest& r);
std::string describe(const tima::PresenterRequest& r);
std::string describe(const tima::PresenterResponse& r);
std::string describe(const tima::MemoryRequest& r);
std::string describe(const tima::Lines& l);
/// What happened, without the state.
std::string describe(const tima::Event& e);
/// The bytes, latches and enable in which two states differ.
std::string describe_difference(const tima::ThreadState& seen, const tima::ThreadState& expected);

}  // namespace xive::bridge
