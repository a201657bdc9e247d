// SPDX-License-Identifier: Apache-2.0
#include "tb/run/text.h"

namespace xive::run {

const char* tima_name(bridge::TimaKind kind) {
  switch (kind) {
    case bridge::TimaKind::Model:
      return "model";
    case bridge::TimaKind::Rtl:
      return "rtl";
    case bridge::TimaKind::Lockstep:
      return "lockstep";
  }
  return "?";
}

double share(std::uint64_t part_ns, double seconds) {
  return seconds <= 0 ? 0 : 100.0 * static_cast<double>(part_ns) / 1e9 / seconds;
}

std::string xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

}  // namespace xive::run
