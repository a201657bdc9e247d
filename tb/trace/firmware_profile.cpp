// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/firmware_profile.h"

#include <fmt/format.h>

#include <algorithm>

#include "firmware_tests/opal/abi.h"

namespace xive::trace {
namespace {

/// POWER9's address map without the chip (xive-chip.md 2.2); the window's name, its size.
struct Window {
  std::uint64_t base, size;
  const char* name;
  std::uint64_t mask;  ///< of the offset that tells a register
};
constexpr std::array kWindows{
    Window{0x0006030203180000, 0x40000, "TIMA page", 0x3ffff},
    Window{0x0006030203100000, 0x80000, "IC page", 0x7ffff},
    Window{0x00060300d00103f8, 0x8, "UART", 0x7},
    Window{0x0006010000000000, 0x8000000000, "ESB", 0x1ffff},
    Window{0x0006020000000000, 0x1000000000, "VP window", 0},
    Window{0x000603f000000000, 0x1000, "exit device", 0},
};
constexpr std::uint64_t kXscom = 0x000603fc00000000;
constexpr std::uint64_t kXscomSize = std::uint64_t{1} << 34U;
constexpr std::uint64_t kChipBits = std::uint64_t{0xf} << 42U;

std::string call_name(std::uint64_t token) {
  const std::string_view name = to_string(static_cast<opal::Token>(token));
  return name.empty() || name == "?" ? fmt::format("OPAL {}", token)
                                     : fmt::format("{} ({})", name, token);
}

template <class Map, class Weight>
auto sorted(const Map& map, const Weight& weight) {
  std::vector<std::pair<typename Map::key_type, typename Map::mapped_type>> list(map.begin(),
                                                                                 map.end());
  std::stable_sort(list.begin(), list.end(), [&](const auto& a, const auto& b) {
    return weight(a.second) > weight(b.second);
  });
  return list;
}

}  // namespace

std::string register_name(std::uint64_t address) {
  const std::uint64_t chip0 = address & ~kChipBits;
  const std::uint64_t plain = (address & 0xff00000000000000ULL) == 0 ? chip0 : address;
  if (plain - kXscom < kXscomSize) return fmt::format("XSCOM {:#x}", (plain - kXscom) >> 3U);
  for (const Window& window : kWindows) {
    if (plain - window.base >= window.size) continue;
    const std::uint64_t offset = (plain - window.base) & window.mask;
    if (window.mask == 0) return window.name;
    if (window.mask < 0x100) return fmt::format("{} +{:#x}", window.name, offset);
    return fmt::format("{} {} +{:#05x}", window.name, offset >> 16U, offset & 0xffffU);
  }
  return fmt::format("{:#x}", address & ~std::uint64_t{0xffff});
}

FirmwareProfile::FirmwareProfile(machine::Machine& machine, const std::vector<unsigned>& threads,
                                 const platform::SymbolTable& symbols, TraceFile* file)
    : symbols_(symbols), machine_(machine), file_(file), open_(machine.threads()) {
  for (const unsigned n : threads) machine.iss(n).set_observer(this);
  machine.observe(*this);
}

unsigned FirmwareProfile::function_of(std::uint64_t nip) {
  const auto hit = symbols_.find(nip);
  const std::string name = hit ? *hit->name : fmt::format("{:#x}...", nip & ~std::uint64_t{0xffff});
  const auto [place, fresh] = known_.try_emplace(name, static_cast<unsigned>(names_.size()));
  if (fresh) {
    names_.push_back(name);
    counts_.push_back(0);
  }
  return place->second;
}

void FirmwareProfile::on_instruction(const ppc::iss::IssCpu& cpu, std::uint64_t nip,
                                     std::uint32_t /*word*/) {
  Cached& cached = cache_[nip >> 2U & 0xffffU];
  if (cached.nip != nip) {
    cached.nip = nip;
    cached.function = function_of(nip);
    const auto hit = symbols_.find(nip);
    cached.entry = hit && hit->offset == 0 && *hit->name == "opal_entry";
  }
  ++counts_[cached.function];
  std::vector<Open>& open = open_[machine_.thread_of_pir(cpu.pir())];
  if (cached.entry) {
    open.push_back({cpu.thread().gpr(0), cpu.thread().regs().lr, cpu.now()});
  } else if (!open.empty() && open.back().back == nip) {
    const Open call = open.back();
    open.pop_back();
    Call& sum = calls_[call.token];
    const platform::Time time = cpu.now() - call.begin;
    ++sum.count;
    sum.total += time;
    sum.longest = std::max(sum.longest, time);
    if (file_ != nullptr) {
      file_->slice(cpu.pir(), call_name(call.token), call.begin, cpu.now(),
                   fmt::format("result {}", static_cast<std::int64_t>(cpu.thread().gpr(3))));
    }
  }
}

void FirmwareProfile::on_access(const platform::Request& request,
                                const platform::Response& /*response*/) {
  if (!request.requester.is_thread() || machine_.memory().contains(request.address, 1)) return;
  Counts& counts = registers_[register_name(request.address)];
  ++(request.command == platform::Command::Load ? counts.loads : counts.stores);
}

std::map<std::string, std::uint64_t> FirmwareProfile::functions_by_name() const {
  std::map<std::string, std::uint64_t> by_name;
  for (std::size_t n = 0; n < names_.size(); ++n) by_name[names_[n]] = counts_[n];
  return by_name;
}

std::string FirmwareProfile::text(std::size_t lines) const {
  std::uint64_t all = 0;
  for (const std::uint64_t count : counts_) all += count;
  std::string text = fmt::format("instructions by function ({} in all)\n", all);
  std::size_t shown = 0;
  for (const auto& [name, count] : sorted(functions_by_name(), [](auto n) { return n; })) {
    if (shown++ == lines) break;
    text += fmt::format(
        "  {:>12}  {:5.1f} %  {}\n", count,
        100.0 * static_cast<double>(count) / static_cast<double>(std::max<std::uint64_t>(1, all)),
        name);
  }
  text += "device accesses by register          loads      stores\n";
  shown = 0;
  for (const auto& [name, counts] :
       sorted(registers_, [](const Counts& c) { return c.loads + c.stores; })) {
    if (shown++ == lines) break;
    text += fmt::format("  {:<32} {:>9} {:>11}\n", name, counts.loads, counts.stores);
  }
  if (!calls_.empty()) {
    text += "OPAL calls                               calls    total us  longest us\n";
    for (const auto& [token, call] : sorted(calls_, [](const Call& c) { return c.total; })) {
      text += fmt::format("  {:<36} {:>7} {:>11.3f} {:>11.3f}\n", call_name(token), call.count,
                          static_cast<double>(call.total) / 1e6,
                          static_cast<double>(call.longest) / 1e6);
    }
  }
  return text;
}

}  // namespace xive::trace
