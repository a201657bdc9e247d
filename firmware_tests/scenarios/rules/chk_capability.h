// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include "firmware_tests/driver/opal_client.h"
#include "sc_models/machine/rules/rule_context.h"

namespace xive::scenarios {

/// The part of CHK-RC that is due when a guest gets its interrupt controller (scenarios.md S5.10):
/// what is offered rests on calls that the firmware has, so that no later one can fail for that.
class ChkCapability {
 public:
  explicit ChkCapability(const machine::RuleContext& context)
      : check_(context, {"CHK-RC",
                         "every call returns a result of its documented set, as a signed 64-bit "
                         "number",
                         "scenarios.md 0.1"}) {}

  /// A guest is offered the native controller.
  void offered(const opal::Firmware& firmware) {
    for (const opal::Token token :
         {opal::Token::XiveGetQueueState, opal::Token::XiveSetQueueState}) {
      check_.expect(firmware.has(token), [&] {
        return fmt::format("a guest that must migrate is offered a controller, OPAL_{} is missing",
                           opal::to_string(token));
      });
    }
  }

 private:
  machine::Check check_;
};

}  // namespace xive::scenarios
