// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/reservations.h"

#include <algorithm>
#include <stdexcept>

namespace xive::platform {

Reservations::Reservations(std::uint64_t granule) : mask_(~(granule - 1)) {
  if (granule < 8 || granule > 128 || (granule & (granule - 1)) != 0) {
    throw std::invalid_argument("reservation granule must be 8, 16, 32, 64 or 128 bytes");
  }
}

bool Reservations::held(std::uint32_t pir) const {
  return std::any_of(held_.begin(), held_.end(),
                     [&](const Reservation& entry) { return entry.pir == pir; });
}

void Reservations::clear(std::uint32_t pir) {
  std::erase_if(held_, [&](const Reservation& entry) { return entry.pir == pir; });
}

void Reservations::on_store(std::uint64_t address, std::uint64_t size, const Requester& requester) {
  if (held_.empty()) return;
  const std::uint64_t first = address & mask_, last = (address + size - 1) & mask_;
  std::erase_if(held_, [&](const Reservation& entry) {
    return entry.granule >= first && entry.granule <= last && entry.pir != requester.pir;
  });
}

void Reservations::on_reserve(std::uint64_t address, const Requester& requester) {
  if (!requester.is_thread()) return;
  clear(requester.pir);
  held_.push_back({requester.pir, address & mask_});
}

bool Reservations::on_conditional(std::uint64_t address, const Requester& requester) {
  const bool good = std::any_of(held_.begin(), held_.end(), [&](const Reservation& entry) {
    return entry.pir == requester.pir && entry.granule == (address & mask_);
  });
  clear(requester.pir);
  return good;
}

bool Reservations::indifferent(std::uint64_t first, std::uint64_t last,
                               const Requester& requester) const {
  return std::none_of(held_.begin(), held_.end(), [&](const Reservation& entry) {
    return entry.pir != requester.pir && entry.granule >= (first & mask_) && entry.granule <= last;
  });
}

}  // namespace xive::platform
