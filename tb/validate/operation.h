// SPDX-License-Identifier: Apache-2.0
/// One operation of a stimulus: what is submitted, in which cycle, and everything that its
/// execution needs from outside (the answer to a memory request it may cause). A list of operations
/// is complete in itself: it can be stored, replayed and cut without the generator that made it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sc_models/tima/types.h"

namespace xive::validate {

/// Where an operation goes.
enum class OpKind : std::uint8_t {
  Mmio,       ///< TimaPort::submit(MmioRequest)
  Presenter,  ///< TimaPort::submit(PresenterRequest)
  Enable,     ///< TimaPort::set_thread_enable
  Reset,      ///< TimaPort::reset
  Configure,  ///< TimaPort::configure, when the TIMA has become idle
};
inline constexpr std::size_t kOpKinds = 5;

/// Why an operation was generated: the unit of the statistics.
enum class OpClass : std::uint8_t {
  CpprStore,
  Ack,
  SetPending,
  PullOs,
  PullPool,
  PullPhys,
  PushOs,
  PoolStore,
  VtStore,
  VtPoll,
  SaveLoad,
  RestoreStore,
  RawLoad,
  RawStore,
  UserRing,
  WrongPage,
  BadSpecial,
  BadSize,
  Misaligned,
  Low400,
  AnyAccess,
  MatchPushed,
  MatchThread,
  MatchAny,
  MatchUser,
  MatchGroup,
  PresentFollow,
  PresentStale,
  PresentBlind,
  Bcast,
  EnableChange,
  Reset,
  Configure,
};
inline constexpr std::size_t kOpClasses = 33;
inline constexpr std::size_t kMmioClasses = 21;      ///< the first ones
inline constexpr std::size_t kFirstPresenter = 21;   ///< MatchPushed
inline constexpr std::size_t kPresenterClasses = 9;  ///< MatchPushed .. Bcast

/// Spelling in results and files, e.g. "push-os".
std::string_view name(OpClass op_class);
std::string_view name(OpKind kind);
/// One sentence for the summary.
std::string_view describe(OpClass op_class);

/// The answer to the memory request that an operation may cause.
struct MemoryAnswer {
  tima::MemoryResponse response{};
  std::uint16_t delay = 0;  ///< cycles between request and answer; 0 = in the same cycle

  friend bool operator==(const MemoryAnswer&, const MemoryAnswer&) = default;
};

struct Operation {
  tima::Cycle cycle = 0;  ///< submitted when TimaPort::now() has reached it
  OpKind kind = OpKind::Mmio;
  OpClass op_class = OpClass::AnyAccess;
  tima::MmioRequest mmio{};
  tima::PresenterRequest presenter{};
  MemoryAnswer memory{};
  std::uint8_t enable = 0;      ///< OpKind::Enable: the new mask
  tima::StaticInputs inputs{};  ///< OpKind::Configure

  friend bool operator==(const Operation&, const Operation&) = default;
};

}  // namespace xive::validate
