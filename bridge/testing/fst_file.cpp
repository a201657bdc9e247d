// SPDX-License-Identifier: Apache-2.0
#include "bridge/testing/fst_file.h"

#include <gtkwave/fstapi.h>

#include <memory>
#include <stdexcept>
#include <unordered_map>

namespace xive::bridge::testing {
namespace {

using ByHandle = std::unordered_map<fstHandle, std::vector<FstFile::Change>>;

void note(void* user, std::uint64_t time, fstHandle handle, const unsigned char* value) {
  (*static_cast<ByHandle*>(user))[handle].push_back({time, reinterpret_cast<const char*>(value)});
}

void note_text(void*, std::uint64_t, fstHandle, const unsigned char*, std::uint32_t) {}

}  // namespace

FstFile::FstFile(const std::filesystem::path& path) {
  const std::unique_ptr<void, void (*)(void*)> file(fstReaderOpen(path.c_str()), fstReaderClose);
  if (file == nullptr) throw std::runtime_error("no FST file: " + path.string());
  ByHandle changes;
  fstReaderSetFacProcessMaskAll(file.get());
  if (fstReaderIterBlocks2(file.get(), note, note_text, &changes, nullptr) == 0) {
    throw std::runtime_error("damaged FST file: " + path.string());
  }
  while (const fstHier* entry = fstReaderIterateHier(file.get())) {
    if (entry->htyp != FST_HT_VAR) continue;
    const std::string name(entry->u.var.name, entry->u.var.name_length);
    signals_.try_emplace(name.substr(0, name.find(' ')), changes[entry->u.var.handle]);
  }
}

}  // namespace xive::bridge::testing
