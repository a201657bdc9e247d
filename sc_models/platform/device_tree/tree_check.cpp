// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/device_tree/tree_check.h"

#include <fmt/format.h>

extern "C" {
#include <libfdt.h>
}

#include <algorithm>
#include <cstring>
#include <string_view>

namespace xive::platform {
namespace {

class Checker {
 public:
  Checker(std::span<const std::uint8_t> tree, const std::string& name)
      : fdt_(tree.data()), size_(tree.size()), name_(name) {}

  void run() {
    header();
    root();
    simulator();
    cpus();
    memory();
    xscom();
    lpc();
    uart();
  }

 private:
  [[noreturn]] void fail(const std::string& text) const { throw FileError(name_, text); }

  void header() const {
    constexpr std::size_t kHeader = 40;
    if (size_ < kHeader) {
      fail(fmt::format("{} bytes, a flattened device tree has at least {}", size_, kHeader));
    }
    if (fdt_magic(fdt_) != FDT_MAGIC) {
      fail(fmt::format("magic {:#x}, a flattened device tree begins with {:#x}", fdt_magic(fdt_),
                       FDT_MAGIC));
    }
    if (fdt_totalsize(fdt_) > size_) {
      fail(fmt::format("truncated: {} bytes, its header says {}", size_, fdt_totalsize(fdt_)));
    }
    if (const int error = fdt_check_full(fdt_, size_); error != 0) {
      fail(fmt::format("broken device tree: {}", fdt_strerror(error)));
    }
  }

  std::string path(int node) const {
    char text[256];
    return fdt_get_path(fdt_, node, text, sizeof text) == 0 ? text : "?";
  }
  bool has(int node, const char* property) const {
    return fdt_getprop(fdt_, node, property, nullptr) != nullptr;
  }
  void need(int node, const char* property, const char* why) const {
    if (!has(node, property)) {
      fail(fmt::format("node {} has no property \"{}\"; {}", path(node), property, why));
    }
  }
  void need_size(int node, const char* property, int bytes) const {
    int length = 0;
    fdt_getprop(fdt_, node, property, &length);
    if (length < bytes) {
      fail(fmt::format("node {}: property \"{}\" has {} bytes, {} expected", path(node), property,
                       length, bytes));
    }
  }
  void need_cell(int node, const char* property, std::uint32_t value) const {
    int length = 0;
    const void* data = fdt_getprop(fdt_, node, property, &length);
    if (data == nullptr || length != 4) {
      fail(fmt::format("node {} has no property \"{}\"; <{}> expected", path(node), property,
                       value));
    }
    std::uint32_t cell = 0;
    std::memcpy(&cell, data, 4);
    if (fdt32_to_cpu(cell) != value) {
      fail(fmt::format("node {}: property \"{}\" is <{}>, <{}> expected", path(node), property,
                       fdt32_to_cpu(cell), value));
    }
  }
  int child(const char* name) const { return fdt_path_offset(fdt_, name); }
  bool type_is(int node, std::string_view type) const {
    int length = 0;
    const auto* text = static_cast<const char*>(fdt_getprop(fdt_, node, "device_type", &length));
    return text != nullptr && length > 0 &&
           std::string_view(text, static_cast<std::size_t>(length) - 1) == type;
  }

  void root() const { need_cell(0, "#size-cells", 2); }

  void simulator() const {
    int length = 0;
    const auto* text = static_cast<const char*>(fdt_getprop(fdt_, 0, "compatible", &length));
    const std::string_view compatible(text == nullptr ? "" : text,
                                      text == nullptr ? 0 : static_cast<std::size_t>(length));
    if (compatible.find("qemu,powernv") != std::string_view::npos) return;
    for (const char* name : {"/qemu", "/awan", "/mambo"}) {
      if (child(name) >= 0) return;
    }
    fail(
        "no node /qemu or /awan: firmware would wait for a time-of-day network, which is not "
        "modelled");
  }

  void cpus() const {
    const int cpus = child("/cpus");
    if (cpus < 0) fail("no node /cpus");
    unsigned count = 0;
    int node = 0;
    fdt_for_each_subnode(node, fdt_, cpus) {
      if (!type_is(node, "cpu")) continue;
      ++count;
      for (const char* property : {"reg", "status", "ibm,chip-id"}) {
        need(node, property, "firmware asserts on it");
      }
      need_size(node, "reg", 4);
    }
    if (count == 0) fail("node /cpus has no child with device_type \"cpu\"");
  }

  void memory() const {
    unsigned count = 0;
    int node = 0;
    fdt_for_each_subnode(node, fdt_, 0) {
      const std::string_view name = fdt_get_name(fdt_, node, nullptr);
      if (name.substr(0, 7) == "memory@") need(node, "device_type", "\"memory\" expected");
      if (!type_is(node, "memory")) continue;
      ++count;
      need(node, "reg", "firmware asserts on it");
      need_size(node, "reg", 16);
      need(node, "ibm,chip-id", "firmware finds no memory of the chip for its XIVE tables");
    }
    if (count == 0) fail("no node with device_type \"memory\"");
  }

  void xscom() const {
    int node = fdt_node_offset_by_compatible(fdt_, -1, "ibm,xscom");
    if (node < 0) fail("no node compatible with \"ibm,xscom\"; firmware finds no chip without it");
    bool xive = false;
    for (; node >= 0; node = fdt_node_offset_by_compatible(fdt_, node, "ibm,xscom")) {
      need(node, "reg", "firmware asserts on it");
      need_size(node, "reg", 16);
      need(node, "ibm,chip-id", "firmware asserts on it");
      need_cell(node, "#address-cells", 1);
    }
    for (const char* name : {"ibm,power9-xive-x", "ibm,power10-xive-x"}) {
      for (int n = fdt_node_offset_by_compatible(fdt_, -1, name); n >= 0;
           n = fdt_node_offset_by_compatible(fdt_, n, name)) {
        need(n, "reg", "firmware asserts on it");
        xive = true;
      }
    }
    const int psi = fdt_node_offset_by_compatible(fdt_, -1, "ibm,psihb-x");
    if (psi >= 0 && !xive) {
      fail(fmt::format("node {} without a XIVE node: firmware faults in its set-up", path(psi)));
    }
  }

  void lpc() const {
    for (int node = fdt_node_offset_by_compatible(fdt_, -1, "ibm,power9-lpcm-opb"); node >= 0;
         node = fdt_node_offset_by_compatible(fdt_, node, "ibm,power9-lpcm-opb")) {
      need(node, "ranges", "firmware asserts on it");
      need_size(node, "ranges", 16);
      need(node, "ibm,chip-id", "firmware asserts on it");
    }
  }

  void uart() const {
    for (int node = fdt_node_offset_by_compatible(fdt_, -1, "ns16550"); node >= 0;
         node = fdt_node_offset_by_compatible(fdt_, node, "ns16550")) {
      for (const char* property : {"current-speed", "clock-frequency"}) {
        need(node, property, "firmware asserts on it");
      }
      need(node, "reg", "there would be no console");
    }
  }

  const void* fdt_;
  std::size_t size_;
  const std::string& name_;
};

std::uint32_t cell_at(const void* data, int index) {
  std::uint32_t cell = 0;
  std::memcpy(&cell, static_cast<const char*>(data) + 4 * index, 4);
  return fdt32_to_cpu(cell);
}

}  // namespace

void check_tree(std::span<const std::uint8_t> tree, const std::string& name) {
  Checker(tree, name).run();
}

TreeFacts tree_facts(std::span<const std::uint8_t> tree) {
  const void* fdt = tree.data();
  TreeFacts facts;
  int node = 0;
  const int cpus = fdt_path_offset(fdt, "/cpus");
  fdt_for_each_subnode(node, fdt, cpus) {
    int length = 0;
    const void* type = fdt_getprop(fdt, node, "device_type", &length);
    if (type == nullptr || std::string_view(static_cast<const char*>(type)) != "cpu") continue;
    const void* status = fdt_getprop(fdt, node, "status", nullptr);
    if (status != nullptr && std::string_view(static_cast<const char*>(status)) != "okay") continue;
    const void* servers = fdt_getprop(fdt, node, "ibm,ppc-interrupt-server#s", &length);
    if (servers == nullptr) {
      const void* pir = fdt_getprop(fdt, node, "ibm,pir", nullptr);
      facts.pirs.push_back(
          cell_at(pir != nullptr ? pir : fdt_getprop(fdt, node, "reg", nullptr), 0));
    }
    for (int n = 0; servers != nullptr && n < length / 4; ++n) {
      facts.pirs.push_back(cell_at(servers, n));
    }
  }
  std::sort(facts.pirs.begin(), facts.pirs.end());
  fdt_for_each_subnode(node, fdt, 0) {
    const void* type = fdt_getprop(fdt, node, "device_type", nullptr);
    if (type == nullptr || std::string_view(static_cast<const char*>(type)) != "memory") continue;
    int length = 0;
    const void* reg = fdt_getprop(fdt, node, "reg", &length);
    for (int n = 0; n + 4 <= length / 4; n += 4) {
      const std::uint64_t base = std::uint64_t{cell_at(reg, n)} << 32U | cell_at(reg, n + 1);
      const std::uint64_t size = std::uint64_t{cell_at(reg, n + 2)} << 32U | cell_at(reg, n + 3);
      facts.memory_end = std::max(facts.memory_end, base + size);
    }
  }
  return facts;
}

void change_chosen(std::vector<std::uint8_t>& tree, const std::string& name,
                   const ChosenChange& change) {
  const auto check = [&](int result) {
    if (result < 0) throw FileError(name, fmt::format("/chosen: {}", fdt_strerror(result)));
    return result;
  };
  std::vector<std::uint8_t> larger(tree.size() + change.bootargs.size() + 1024);
  check(fdt_open_into(tree.data(), larger.data(), static_cast<int>(larger.size())));
  void* fdt = larger.data();
  int chosen = fdt_path_offset(fdt, "/chosen");
  if (chosen < 0) chosen = check(fdt_add_subnode(fdt, 0, "chosen"));
  if (change.kernel_base) {
    check(fdt_setprop_u64(fdt, chosen, "kernel-base-address", *change.kernel_base));
  }
  if (change.initrd_size != 0) {
    check(fdt_setprop_u32(fdt, chosen, "linux,initrd-start",
                          static_cast<std::uint32_t>(change.initrd)));
    check(fdt_setprop_u32(fdt, chosen, "linux,initrd-end",
                          static_cast<std::uint32_t>(change.initrd + change.initrd_size)));
  }
  if (!change.bootargs.empty()) {
    check(fdt_setprop(fdt, chosen, "bootargs", change.bootargs.c_str(),
                      static_cast<int>(change.bootargs.size() + 1)));
  }
  check(fdt_pack(fdt));
  larger.resize(fdt_totalsize(fdt));
  tree = std::move(larger);
}

}  // namespace xive::platform
