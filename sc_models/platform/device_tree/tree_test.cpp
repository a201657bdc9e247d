// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

extern "C" {
#include <libfdt.h>
}

#include <cstdlib>
#include <cstring>

#include "sc_models/platform/device_tree/tree_builder.h"
#include "sc_models/platform/device_tree/tree_check.h"
#include "sc_models/platform/image/testing.h"

namespace xive::platform {
namespace {

using ::testing::HasSubstr;
using testing::message_of;
using testing::ScratchFolder;

TreeConfig two_cores() {
  TreeConfig config;
  config.chips = {{0, 0, 0x40000000}};
  config.cores = {{0, 0, 2}, {0, 4, 2}};
  config.uart = 0x60300d00103f8;
  config.exit = 0x603f000000000;
  return config;
}

std::string check_error(const std::vector<std::uint8_t>& tree) {
  return message_of<FileError>([&] { check_tree(tree, "t.dtb"); });
}

/// The tree without one node or property.
std::vector<std::uint8_t> without(const TreeConfig& config, const char* path,
                                  const char* property = nullptr) {
  auto tree = build_tree(config);
  const int node = fdt_path_offset(tree.data(), path);
  EXPECT_GE(node, 0) << path;
  const int error = property == nullptr ? fdt_del_node(tree.data(), node)
                                        : fdt_delprop(tree.data(), node, property);
  EXPECT_EQ(error, 0) << path;
  return tree;
}

TEST(DeviceTree, EveryOptionPassesTheCheck) {
  for (const bool awan : {false, true}) {
    for (const bool psi : {false, true}) {
      for (const ConsoleKind console : {ConsoleKind::Root, ConsoleKind::Lpc, ConsoleKind::None}) {
        TreeConfig config = two_cores();
        config.awan = awan;
        config.psi = psi;
        config.console = console;
        const auto tree = build_tree(config);
        EXPECT_EQ(fdt_totalsize(tree.data()), tree.size());
        EXPECT_NO_THROW(check_tree(tree, "built"));
      }
    }
  }
}

TEST(DeviceTree, FactsOfChipsAndThreads) {
  TreeConfig config = two_cores();
  config.chips.push_back({8, 0x40000000, 0x40000000});
  config.cores.push_back({8, 0x800, 4});
  const auto tree = build_tree(config);
  const TreeFacts facts = tree_facts(tree);
  EXPECT_EQ(facts.pirs, (std::vector<std::uint32_t>{0, 1, 4, 5, 0x800, 0x801, 0x802, 0x803}));
  EXPECT_EQ(facts.memory_end, 0x80000000U);
  EXPECT_GE(fdt_path_offset(tree.data(), "/xscom@623fc00000000/xive@5013000"), 0);
  EXPECT_GE(fdt_path_offset(tree.data(), "/memory@40000000"), 0);
  int length = 0;
  const int exit = fdt_node_offset_by_compatible(tree.data(), -1, "xive-cosim,exit");
  const auto* reg =
      static_cast<const std::uint8_t*>(fdt_getprop(tree.data(), exit, "reg", &length));
  ASSERT_EQ(length, 16);
  EXPECT_EQ(reg[1], 0x06U);
  EXPECT_EQ(reg[3], 0xf0U);
}

TEST(DeviceTree, ManyCoresGrowTheTree) {
  TreeConfig config = two_cores();
  config.cores.clear();
  for (unsigned n = 0; n < 96; ++n) config.cores.push_back({0, 4 * n, 4});
  const auto tree = build_tree(config);
  EXPECT_GT(tree.size(), 16384U);
  EXPECT_EQ(tree_facts(tree).pirs.size(), 384U);
}

TEST(DeviceTree, NothingToDescribe) {
  EXPECT_THROW(build_tree({}), std::invalid_argument);
}

TEST(DeviceTree, HeaderErrors) {
  EXPECT_EQ(check_error({1, 2, 3}), "t.dtb: 3 bytes, a flattened device tree has at least 40");
  auto tree = build_tree(two_cores());
  auto broken = tree;
  broken[0] = 0;
  EXPECT_THAT(check_error(broken), HasSubstr("begins with 0xd00dfeed"));
  broken = tree;
  broken.resize(tree.size() - 4);
  EXPECT_THAT(check_error(broken), HasSubstr("truncated: "));
  broken = tree;
  broken[11] ^= 0x41U;  // offset of the structure block
  EXPECT_THAT(check_error(broken), HasSubstr("broken device tree"));
}

TEST(DeviceTree, EachMandatoryNodeAndPropertyIsMissed) {
  struct Case {
    const char* path;
    const char* property;
    const char* message;
  };
  const Case cases[] = {
      {"/", "#size-cells", "node / has no property \"#size-cells\""},
      {"/cpus", nullptr, "no node /cpus"},
      {"/cpus/PowerPC,POWER9@4", "reg", "node /cpus/PowerPC,POWER9@4 has no property \"reg\""},
      {"/cpus/PowerPC,POWER9@4", "status", "PowerPC,POWER9@4 has no property \"status\""},
      {"/cpus/PowerPC,POWER9@0", "ibm,chip-id", "PowerPC,POWER9@0 has no property \"ibm,chip-id\""},
      {"/memory@0", nullptr, "no node with device_type \"memory\""},
      {"/memory@0", "device_type", "node /memory@0 has no property \"device_type\""},
      {"/memory@0", "reg", "node /memory@0 has no property \"reg\""},
      {"/memory@0", "ibm,chip-id", "node /memory@0 has no property \"ibm,chip-id\""},
      {"/xscom@603fc00000000", nullptr, "no node compatible with \"ibm,xscom\""},
      {"/xscom@603fc00000000", "reg", "node /xscom@603fc00000000 has no property \"reg\""},
      {"/xscom@603fc00000000", "ibm,chip-id", "has no property \"ibm,chip-id\""},
      {"/xscom@603fc00000000", "#address-cells", "has no property \"#address-cells\""},
      {"/xscom@603fc00000000/xive@5013000", nullptr, "psihb@5012900 without a XIVE node"},
      {"/xscom@603fc00000000/xive@5013000", "reg", "xive@5013000 has no property \"reg\""},
      {"/lpcm-opb@6030000000000", "ranges", "has no property \"ranges\""},
      {"/lpcm-opb@6030000000000", "ibm,chip-id", "has no property \"ibm,chip-id\""},
      {"/lpcm-opb@6030000000000/lpc@0/serial@i3f8", "reg", "has no property \"reg\""},
      {"/lpcm-opb@6030000000000/lpc@0/serial@i3f8", "current-speed", "\"current-speed\""},
      {"/lpcm-opb@6030000000000/lpc@0/serial@i3f8", "clock-frequency", "\"clock-frequency\""},
      {"/awan", nullptr, "no node /qemu or /awan"},
  };
  TreeConfig config = two_cores();
  config.qemu = false;
  config.psi = true;
  config.console = ConsoleKind::Lpc;
  EXPECT_NO_THROW(check_tree(build_tree(config), "built"));
  for (const Case& c : cases) {
    const std::string message = check_error(without(config, c.path, c.property));
    EXPECT_THAT(message, HasSubstr(c.message)) << c.path;
    EXPECT_EQ(message.rfind("t.dtb: ", 0), 0U);
  }
}

TEST(DeviceTree, ChosenOfATreeFromAFile) {
  auto tree = build_tree(two_cores());
  change_chosen(tree, "t.dtb",
                {.kernel_base = 0x20000000,
                 .initrd = 0x28000000,
                 .initrd_size = 0x1000,
                 .bootargs = "quiet"});
  check_tree(tree, "t.dtb");
  const int chosen = fdt_path_offset(tree.data(), "/chosen");
  EXPECT_STREQ(static_cast<const char*>(fdt_getprop(tree.data(), chosen, "bootargs", nullptr)),
               "quiet");
  int length = 0;
  EXPECT_NE(fdt_getprop(tree.data(), chosen, "kernel-base-address", &length), nullptr);
  EXPECT_EQ(length, 8);
  EXPECT_NE(fdt_getprop(tree.data(), chosen, "linux,initrd-end", &length), nullptr);
}

class TreeFile : public ::testing::Test {
 protected:
  static bool have_dtc() { return std::system("dtc --version >/dev/null 2>&1") == 0; }
  ScratchFolder folder_;
};

TEST_F(TreeFile, BinaryTree) {
  const auto tree = build_tree(two_cores());
  EXPECT_EQ(load_tree(folder_.file("a.dtb", tree)), tree);
  const std::string bad = folder_.file("b.dtb", "no tree");
  EXPECT_EQ(message_of<FileError>([&] { load_tree(bad); }),
            bad + ": 7 bytes, a flattened device tree has at least 40");
}

TEST_F(TreeFile, SourceGoesThroughTheCompiler) {
  if (!have_dtc()) GTEST_SKIP() << "dtc (Debian: device-tree-compiler) is not installed";
  const std::string source = folder_.file("a.dts", R"(/dts-v1/;
/ { #address-cells = <2>; #size-cells = <2>; compatible = "ibm,powernv"; qemu { };
  memory@0 { device_type = "memory"; reg = <0 0 0 0x40000000>; ibm,chip-id = <0>; };
  cpus { #address-cells = <1>; #size-cells = <0>;
    cpu@8 { device_type = "cpu"; reg = <8>; status = "okay"; ibm,chip-id = <0>; }; };
  xscom@603fc00000000 { compatible = "ibm,xscom"; reg = <0x603fc 0 4 0>; ibm,chip-id = <0>;
    #address-cells = <1>; #size-cells = <1>; };
};)");
  EXPECT_EQ(tree_facts(load_tree(source)).pirs, std::vector<std::uint32_t>{8});
  const std::string bad = folder_.file("b.dts", "/dts-v1/;\n/ { oops\n");
  EXPECT_THAT(message_of<FileError>([&] { load_tree(bad); }), HasSubstr("dtc refused it: "));
}

TEST_F(TreeFile, MissingCompilerNamesTheRemedy) {
  const std::string source = folder_.file("a.dts", "/dts-v1/; / { };");
  const char* const path = std::getenv("PATH");
  const std::string saved = path == nullptr ? "" : path;
  ::setenv("PATH", folder_.path("nowhere").c_str(), 1);
  const std::string message = message_of<EnvironmentError>([&] { load_tree(source); });
  ::setenv("PATH", saved.c_str(), 1);
  EXPECT_THAT(message, HasSubstr("remedy: apt-get install device-tree-compiler"));
}

}  // namespace
}  // namespace xive::platform
