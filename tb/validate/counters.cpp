// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/counters.h"

namespace xive::validate {
namespace {

struct Text {
  std::string_view name;
  std::string_view sentence;
};

constexpr std::array<Text, kSeen> kSeenText{{
    {"ack-with-exception", "acknowledge that took an exception"},
    {"ack-spurious", "acknowledge with nothing presented"},
    {"os-line-rose", "OS exception line rose"},
    {"hv-line-rose", "hypervisor exception line rose"},
    {"match-none", "MATCH that found no thread"},
    {"match-one", "MATCH that found one thread"},
    {"match-many", "MATCH that found more than one thread"},
    {"match-user", "MATCH with F=1 that found a thread"},
    {"present-ack", "PRESENT delivered"},
    {"present-nack", "PRESENT refused"},
    {"fetch", "memory request of a push"},
    {"fetch-with-ipb", "... answered with pending interrupts"},
    {"fetch-refused", "... answered with an error"},
    {"fetch-late", "... answered in a later cycle"},
    {"match-during-fetch", "MATCH answered during a fetch"},
    {"overlap", "both ports under way"},
    {"back-to-back", "submitted before the answer of the same port"},
    {"thread-fall", "thread disabled (thread reset)"},
    {"reset-in-traffic", "block reset with work under way"},
    {"idle-jump", "64 cycles or more with nothing to do"},
}};

constexpr std::array<std::string_view, kErrorCodes> kCodeNames{
    "none",       "no-access", "align", "undef",    "pull-invalid",
    "push-valid", "nvp",       "multi", "group-g1", "crowd"};

}  // namespace

std::string_view name(Seen seen) {
  return kSeenText.at(static_cast<std::size_t>(seen)).name;
}
std::string_view describe(Seen seen) {
  return kSeenText.at(static_cast<std::size_t>(seen)).sentence;
}
std::string_view error_code_name(std::size_t code) {
  return kCodeNames.at(code);
}

void Counters::add(const Counters& other) {
  for (std::size_t i = 0; i < kOpClasses; ++i) operations[i] += other.operations[i];
  for (std::size_t i = 0; i < kSeen; ++i) seen[i] += other.seen[i];
  for (std::size_t i = 0; i < kErrorCodes; ++i) codes[i] += other.codes[i];
}

std::uint64_t Counters::total_operations() const {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : operations) sum += count;
  return sum;
}

}  // namespace xive::validate
