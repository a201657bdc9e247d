// SPDX-License-Identifier: Apache-2.0
#include "tb/gdb/xive_monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace xive::gdb {
namespace {

using ic::Table;
using machine::Machine;

constexpr const char* kXiveHelp =
    "xive tima [THREAD]             context of a thread, or of all that have one\n"
    "xive esb CHIP SOURCE [COUNT]   PQ of sources\n"
    "xive eas CHIP SOURCE [COUNT]   event assignment\n"
    "xive end CHIP END [COUNT]      event notification descriptors\n"
    "xive nvt CHIP VP [COUNT]       virtual processors in memory\n"
    "xive queue CHIP END [ENTRIES]  entries of an END's event queue, the last ones\n"
    "xive lines                     exception lines of all threads\n"
    "xive fir                       errors that the controllers have reported\n";

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text) {
    if (c != ' ' && c != '\t') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

/// False: no number.
bool number(const std::string& word, std::uint64_t& value) {
  const bool hex = word.size() > 2 && word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
  const char* first = word.data() + (hex ? 2 : 0);
  const auto result = std::from_chars(first, word.data() + word.size(), value, hex ? 16 : 10);
  return result.ec == std::errc() && result.ptr == word.data() + word.size();
}

std::string tima_text(Machine& machine, unsigned thread) {
  static constexpr std::array<const char*, 4> kRings{"USER", "OS", "POOL", "PHYS"};
  const unsigned per_core = machine.config().threads;
  const tima::ThreadState state =
      machine.tima(machine.core_of_thread(thread)).port().state(thread % per_core);
  std::string text = fmt::format("thread {} (PIR {:#x}){}\n", thread, machine.pir(thread),
                                 state.enabled ? "" : ", disabled");
  text += "  ring   NSR  CPPR IPB  LSMFB ACK# INC  AGE  PIPR WORD2\n";
  for (unsigned n = 4; n-- > 0;) {
    const auto ring = static_cast<tima::Ring>(n);
    text += fmt::format("  {:<5} ", kRings.at(n));
    for (unsigned byte = 0; byte < 8; ++byte) {
      text += fmt::format("  {:02x} ", state.at(ring, byte));
    }
    text += fmt::format(" {:08x}{}\n", state.word2(ring), state.valid(ring) ? " valid" : "");
  }
  const tima::Lines& lines = machine.lines(thread);
  return text + fmt::format("  lines: OS external {}, hypervisor virtualization {}\n",
                            lines.os_ext ? "high" : "low", lines.hv_ext ? "high" : "low");
}

std::string line_text(Machine& machine) {
  std::string text;
  for (unsigned n = 0; n < machine.threads(); ++n) {
    const tima::Lines& lines = machine.lines(n);
    text +=
        fmt::format("thread {} (PIR {:#x}): OS external {}, hypervisor virtualization {}\n", n,
                    machine.pir(n), lines.os_ext ? "high" : "low", lines.hv_ext ? "high" : "low");
  }
  return text;
}

/// Reads one table of one chip as it stands in memory.
class TableView {
 public:
  TableView(Machine& machine, unsigned chip) : machine_(machine), chip_(machine.chip(chip)) {
    block_ = machine.chip_id(chip);
  }

  std::string entry(Table table, std::uint32_t idx) {
    const auto address = place(table, idx);
    if (!address) return fmt::format("  {:#x}: not provisioned\n", idx);
    switch (table) {
      case Table::Esb: {
        std::array<std::uint8_t, 1> byte{};
        if (!machine_.memory().read(*address, byte)) return bus_error(idx, *address);
        static constexpr std::array<const char*, 4> kNames{"00 reset", "01 off", "10 pending",
                                                           "11 queued"};
        return fmt::format("  source {:#x}: PQ {}\n", idx,
                           kNames.at(byte[0] >> (6U - 2U * (idx & 3U)) & 3U));
      }
      case Table::Eas: {
        const auto eas = platform::load_be<8>(machine_.memory(), *address);
        if (!eas) return bus_error(idx, *address);
        return fmt::format("  source {:#x}: {:016x}{}{} END {:#x}/{:#x} data {:#x}\n", idx, *eas,
                           (*eas >> 63U) != 0 ? " valid" : "",
                           (*eas >> 31U & 1U) != 0 ? " masked" : "", *eas >> 56U & 0xfU,
                           *eas >> 32U & 0xffffffU, *eas & 0x7fffffffU);
      }
      case Table::End:
        return fmt::format("  END {:#x} at {:#x}:{}\n", idx, *address, image(*address, 8));
      default:
        return fmt::format("  NVT {:#x} at {:#x}:{}\n", idx, *address, image(*address, 16));
    }
  }

  std::string queue(std::uint32_t idx, unsigned entries) {
    const auto address = place(Table::End, idx);
    if (!address) return fmt::format("  END {:#x}: not provisioned\n", idx);
    const ic::EndImage image = image_of(*address);
    const ic::End end = chip_.tables().generation().decode_end(image);
    if (!end.valid) return fmt::format("  END {:#x}: not valid\n", idx);
    const std::uint32_t size = end.eq_entries;
    const std::uint32_t index = image.word(1) & ic::end_w1::kPageOff;
    if (size == 0) return fmt::format("  END {:#x}: no queue\n", idx);
    std::string text =
        fmt::format("  END {:#x}: {} entries at {:#x}, next {}, generation {}\n", idx, size,
                    end.eq_address, index, (image.word(1) & ic::end_w1::kGeneration) != 0 ? 1 : 0);
    for (unsigned back = std::min<std::uint32_t>(entries, size); back > 0; --back) {
      const std::uint32_t at = (index + size - back) % size;
      const auto word = platform::load_be<4>(machine_.memory(), end.eq_address + 4ULL * at);
      text += word ? fmt::format("    [{:>5}] {:08x}  generation {}, data {:#x}\n", at, *word,
                                 *word >> 31U, *word & 0x7fffffffU)
                   : bus_error(at, end.eq_address + 4ULL * at);
    }
    return text;
  }

 private:
  std::optional<std::uint64_t> place(Table table, std::uint32_t idx) {
    ic::VsdTable& vsds = table == Table::Vp ? chip_.tables().pc() : chip_.tables().vc();
    return vsds.peek(table, block_, idx);
  }
  ic::EndImage image_of(std::uint64_t address) {
    ic::EndImage image;
    machine_.memory().read(address, image.bytes);
    return image;
  }
  std::string image(std::uint64_t address, unsigned words) {
    std::string text;
    for (unsigned n = 0; n < words; ++n) {
      const auto word = platform::load_be<4>(machine_.memory(), address + 4ULL * n);
      text += word ? fmt::format(" {:08x}", *word) : " ????????";
    }
    return text;
  }
  static std::string bus_error(std::uint32_t idx, std::uint64_t address) {
    return fmt::format("  {:#x}: no memory at {:#x}\n", idx, address);
  }

  Machine& machine_;
  ic::gen1::XiveChip& chip_;
  unsigned block_ = 0;
};

std::string table_text(Machine& machine, const std::vector<std::string>& words) {
  constexpr std::uint64_t kMost = 4096;
  static const std::array<std::pair<const char*, Table>, 4> kTables{
      {{"esb", Table::Esb}, {"eas", Table::Eas}, {"end", Table::End}, {"nvt", Table::Vp}}};
  std::uint64_t chip = 0;
  std::uint64_t first = 0;
  std::uint64_t count = words[0] == "queue" ? 8 : 1;
  const bool numbers = words.size() > 2 && number(words[1], chip) && number(words[2], first) &&
                       (words.size() < 4 || number(words[3], count));
  if (!numbers || chip >= machine.chips() || count > kMost) return kXiveHelp;
  TableView view(machine, static_cast<unsigned>(chip));
  if (words[0] == "queue") {
    return view.queue(static_cast<std::uint32_t>(first), static_cast<unsigned>(count));
  }
  for (const auto& [name, table] : kTables) {
    if (words[0] != name) continue;
    std::string text;
    for (std::uint64_t n = 0; n < count; ++n) {
      text += view.entry(table, static_cast<std::uint32_t>(first + n));
    }
    return text;
  }
  return kXiveHelp;
}

std::string fir_text(Machine& machine) {
  std::string text;
  for (unsigned n = 0; n < machine.chips(); ++n) {
    text += fmt::format("chip {}: {} errors reported\n", n, machine.chip(n).fir().total());
  }
  return text;
}

}  // namespace

std::string xive_monitor(Machine& machine, std::string_view command) {
  const std::vector<std::string> words = words_of(command);
  if (words.empty()) return kXiveHelp;
  if (words[0] == "lines") return line_text(machine);
  if (words[0] == "fir") return fir_text(machine);
  if (words[0] != "tima") return table_text(machine, words);
  if (words.size() > 1) {
    std::uint64_t thread = 0;
    if (!number(words[1], thread) || thread >= machine.threads()) {
      return fmt::format("expected a thread from 0 to {}, found '{}'\n", machine.threads() - 1,
                         words[1]);
    }
    return tima_text(machine, static_cast<unsigned>(thread));
  }
  std::string text;
  for (unsigned n = 0; n < machine.threads(); ++n) text += tima_text(machine, n);
  return text;
}

}  // namespace xive::gdb
