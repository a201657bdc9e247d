// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/image/symbols.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "sc_models/platform/image/elf.h"
#include "sc_models/platform/image/file.h"

namespace xive::platform {
namespace {

bool parse_hex(std::string text, std::uint64_t& value) {
  if (text.rfind("0x", 0) == 0) text.erase(0, 2);
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value, 16);
  return !text.empty() && result.ec == std::errc{} && result.ptr == end;
}

}  // namespace

void SymbolTable::read(const std::string& file, std::uint64_t base) {
  const auto data = read_file(file);
  const std::size_t before = symbols_.size();
  if (is_elf(data)) {
    for (ElfSymbol& symbol : ElfFile(data, file).symbols()) {
      add(symbol.address + base, std::move(symbol.name), symbol.size);
    }
  } else {
    std::istringstream text(std::string(data.begin(), data.end()));
    std::string line;
    while (std::getline(text, line)) {
      std::istringstream in(line);
      std::vector<std::string> words;
      for (std::string word; in >> word;) words.push_back(word);
      std::uint64_t address = 0, size = 0;
      if (words.size() < 2 || !parse_hex(words[0], address)) continue;
      if (words.size() < 3 || !parse_hex(words[1], size) || words[1].size() < 8) size = 0;
      std::string name = words.back();
      if (name.front() == '.') name.erase(0, 1);  // code of a function descriptor
      if (!name.empty()) add(address + base, std::move(name), size);
    }
  }
  if (symbols_.size() == before) {
    throw FileError(file, "holds no symbols; an ELF file or lines \"ADDRESS TYPE NAME\" expected");
  }
}

std::size_t SymbolTable::read_embedded(std::span<const std::uint8_t> image, std::uint64_t base) {
  constexpr std::size_t kDigits = 16, kShortest = kDigits + 4;
  const std::string_view text(reinterpret_cast<const char*>(image.data()), image.size());
  std::size_t count = 0;
  for (std::size_t at = std::min(text.find(" t "), text.find(" T "));
       at != text.npos && at + 3 < text.size();) {
    // Lines are searched by their type letter, which is rare outside of the map.
    const std::size_t end = text.find('\n', at);
    std::uint64_t address = 0;
    if (at >= kDigits && end != text.npos && end - at < 256 && end - at + kDigits >= kShortest &&
        parse_hex(std::string(text.substr(at - kDigits, kDigits)), address)) {
      std::string_view name = text.substr(at + 3, end - at - 3);
      if (name.front() == '.') name.remove_prefix(1);
      if (!name.empty()) add(address + base, std::string(name));
      ++count;
    }
    const std::size_t local = text.find(" t ", at + 3), global = text.find(" T ", at + 3);
    at = std::min(local, global);
  }
  return count;
}

void SymbolTable::add(std::uint64_t address, std::string name, std::uint64_t size) {
  symbols_.push_back({address, size, std::move(name)});
  sorted_ = false;
}

std::uint64_t SymbolTable::lowest() const {
  sort();
  return symbols_.empty() ? ~std::uint64_t{0} : symbols_.front().address;
}

void SymbolTable::sort() const {
  if (sorted_) return;
  std::stable_sort(symbols_.begin(), symbols_.end(),
                   [](const Symbol& a, const Symbol& b) { return a.address < b.address; });
  sorted_ = true;
}

std::optional<SymbolTable::Hit> SymbolTable::find(std::uint64_t address) const {
  constexpr std::uint64_t kReach = 0x10000;
  sort();
  auto at = std::upper_bound(
      symbols_.begin(), symbols_.end(), address,
      [](std::uint64_t value, const Symbol& symbol) { return value < symbol.address; });
  if (at == symbols_.begin()) return std::nullopt;
  --at;
  // Of several names of one address the first one that has a size.
  auto best = at;
  for (auto other = at;; --other) {
    if (other->address != at->address) break;
    if (best->size == 0 || other->size != 0) best = other;
    if (other == symbols_.begin()) break;
  }
  const std::uint64_t offset = address - best->address;
  if (offset >= (best->size != 0 ? best->size : kReach)) return std::nullopt;
  return Hit{&best->name, offset};
}

std::string SymbolTable::describe(std::uint64_t address) const {
  const auto hit = find(address);
  return hit ? fmt::format("{}+{:#x}", *hit->name, hit->offset) : std::string();
}

}  // namespace xive::platform
