// SPDX-License-Identifier: Apache-2.0
/// From effective to real addresses. Real mode is here; an MMU takes its place behind the same
/// interface.
#pragma once

#include <cstdint>
#include <optional>

#include "sc_models/ppc/hardware_thread.h"
#include "sc_models/ppc/spr.h"

namespace xive::ppc::iss {

enum class AccessKind : std::uint8_t { Fetch, Load, Store };

/// The interrupt that a failed translation is.
struct TranslationFault {
  std::uint64_t vector = 0;
  std::uint64_t srr1 = 0;   ///< of a fetch
  std::uint64_t dsisr = 0;  ///< of a load or store
};

class AddressTranslation {
 public:
  virtual ~AddressTranslation() = default;
  /// Sets `real` or returns a fault. The result holds for the whole 4 KiB page and until
  /// the MSR or a register that controls translation changes.
  virtual std::optional<TranslationFault> translate(HardwareThread& thread, std::uint64_t effective,
                                                    AccessKind kind, std::uint64_t& real) = 0;
};

/// Hypervisor real mode (Power ISA Book III 5.7.3): the top four bits are ignored; without EA bit 0
/// the HRMOR takes part. With translation on every access faults: there is no MMU.
class RealMode final : public AddressTranslation {
 public:
  std::optional<TranslationFault> translate(HardwareThread& thread, std::uint64_t effective,
                                            AccessKind kind, std::uint64_t& real) override;
};

}  // namespace xive::ppc::iss
