// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sc_models/platform/sparse_memory.h"

namespace xive::platform {

/// The reservations of all threads (larx/stcx.): one granule per thread. Any store of another agent
/// into the granule, of whatever size, clears the reservation; an own plain store does not.
class Reservations final : public StoreSnooper {
 public:
  /// `granule` in bytes, a power of two from 8 to 128: std::invalid_argument otherwise.
  explicit Reservations(std::uint64_t granule = 128);

  bool held(std::uint32_t pir) const;
  void clear(std::uint32_t pir);

  void on_store(std::uint64_t address, std::uint64_t size, const Requester& requester) override;
  void on_reserve(std::uint64_t address, const Requester& requester) override;
  bool on_conditional(std::uint64_t address, const Requester& requester) override;
  bool indifferent(std::uint64_t first, std::uint64_t last,
                   const Requester& requester) const override;

 private:
  struct Reservation {
    std::uint32_t pir;
    std::uint64_t granule;
  };
  std::uint64_t mask_;
  std::vector<Reservation> held_;  ///< only the live ones: a store costs nothing when there is none
};

}  // namespace xive::platform
