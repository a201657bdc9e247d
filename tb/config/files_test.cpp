// SPDX-License-Identifier: Apache-2.0
// The files under configs/ are good, and their schema is the one the program describes.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "sc_models/machine/hops.h"
#include "tb/config/config.h"

namespace xive::config {
namespace {

const std::filesystem::path kConfigs = std::filesystem::path(XIVE_SOURCE_DIR) / "configs";

TEST(ConfigFiles, AllAreGood) {
  unsigned count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kConfigs)) {
    // Descriptions of sweeps are read by their own command.
    const auto folder = entry.path().parent_path().filename();
    const bool sweep = folder == "sweeps" || folder == "suites";
    if (entry.path().extension() == ".yaml" && !sweep) {
      Document<Config> document{config_schema()};
      EXPECT_NO_THROW({
        document.load(entry.path().string());
        document.verify();
      }) << entry.path();
      ++count;
    }
  }
  EXPECT_GE(count, 1U);
}

TEST(ConfigFiles, TheFastPlatformIsTheDefaultOneWithoutTimesAndChecks) {
  const auto settings = [](const char* name) {
    Document<Config> document{config_schema()};
    document.load((kConfigs / "platforms" / name).string());
    return document.settings();
  };
  auto expected = settings("p9-skiboot.yaml");
  expected["platform.tima"] = "model";
  expected["platform.tima_period_ps"] = "1";
  expected["run.checks"] = "false";
  for (const machine::HopInfo& hop : machine::kHopInfo) {
    expected["platform.hops." + std::string(hop.name) + ".latency_ns"] = "0.0";
  }
  EXPECT_EQ(settings("p9-fast.yaml"), expected);
}

TEST(ConfigFiles, TheSchemaInTheTreeIsUpToDate) {
  std::ifstream stream(kConfigs / "schema" / kSchemaFile);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_EQ(text, json_schema(*config_schema().type(), std::string(kSchemaFile)))
      << "renew it: build/xive-cosim config schema > configs/schema/" << kSchemaFile;
}

}  // namespace
}  // namespace xive::config
