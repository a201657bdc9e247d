// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/target.h"

namespace xive::platform {

std::string_view to_string(Status status) {
  switch (status) {
    case Status::Ok:
      return "ok";
    case Status::AddressError:
      return "address error";
    case Status::SizeError:
      return "size error";
    case Status::CommandError:
      return "command error";
    case Status::DeviceError:
      return "device error";
  }
  return "?";
}

}  // namespace xive::platform
