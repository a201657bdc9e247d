// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/operation.h"

namespace xive::validate {
namespace {

struct ClassText {
  std::string_view name;
  std::string_view sentence;
};

constexpr std::array<ClassText, kOpClasses> kClassText{{
    {"cppr-store", "store to OS or PHYS CPPR"},
    {"ack", "acknowledge load of OS or PHYS"},
    {"set-pending", "set OS pending"},
    {"pull-os", "pull OS context"},
    {"pull-pool", "pull POOL context"},
    {"pull-phys", "pull PHYS context"},
    {"push-os", "push OS context (fetches the IPB in memory)"},
    {"pool-store", "store to POOL WORD2"},
    {"vt-store", "store to VT"},
    {"vt-poll", "load of VT"},
    {"save-load", "load that saves words 0 and 1 of a context"},
    {"restore-store", "store that restores words 0 and 1 of a context"},
    {"raw-load", "raw load, 4 or 8 bytes, any ring and page"},
    {"raw-store", "raw store, 4 or 8 bytes, any ring and page"},
    {"user-ring", "access to the USER ring"},
    {"wrong-page", "special operation from a page without the right"},
    {"bad-special", "special half, key or size that is no operation"},
    {"bad-size", "1 or 2 bytes where no operation is"},
    {"misaligned", "address not a multiple of the size"},
    {"low400", "raw alias 0x400..0x7ff"},
    {"any-access", "any thread, page, offset, size, direction"},
    {"match-pushed", "MATCH of a context that was pushed"},
    {"match-thread", "MATCH of a hardware thread's own id"},
    {"match-any", "MATCH of an id that is probably nowhere"},
    {"match-user", "MATCH with format F=1"},
    {"match-group", "MATCH with ignore or crowd"},
    {"present-follow", "PRESENT that follows its MATCH, as a router does"},
    {"present-stale", "PRESENT of an old MATCH"},
    {"present-blind", "PRESENT without MATCH"},
    {"bcast", "BCAST"},
    {"enable-change", "change of the thread enables"},
    {"reset", "block reset in mid-traffic"},
    {"configure", "new static inputs while idle"},
}};

constexpr std::array<std::string_view, kOpKinds> kKindNames{"mmio", "presenter", "enable", "reset",
                                                            "configure"};

}  // namespace

std::string_view name(OpClass op_class) {
  return kClassText.at(static_cast<std::size_t>(op_class)).name;
}
std::string_view describe(OpClass op_class) {
  return kClassText.at(static_cast<std::size_t>(op_class)).sentence;
}
std::string_view name(OpKind kind) {
  return kKindNames.at(static_cast<std::size_t>(kind));
}

}  // namespace xive::validate
