// SPDX-License-Identifier: Apache-2.0
/// The payload is a C program with numbers of its own: they are those of the OPAL interface that
/// the project's firmware and its checks use.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "firmware_tests/opal/abi.h"

namespace xive::opal {
namespace {

/// Enumerators "NAME = value" of the C header, which is no C++ (and has no need to be).
std::map<std::string, long long> numbers(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  const std::string contents = text.str();
  const std::regex line(R"(\b(\w+) = (-?(?:0x)?[0-9a-f]+)\b)");
  std::map<std::string, long long> found;
  for (std::sregex_iterator i(contents.begin(), contents.end(), line), end; i != end; ++i) {
    found[(*i)[1]] = std::stoll((*i)[2], nullptr, 0);
  }
  return found;
}

TEST(PayloadAbi, Tokens) {
  const auto found = numbers(std::string(PAYLOAD_SOURCE_DIR) + "/rt/opal.h");
  std::size_t calls = 0;
  for (const Token token : kXiveTokens) {
    const std::string name = "OPAL_" + std::string(to_string(token));
    ASSERT_TRUE(found.count(name)) << name;
    EXPECT_EQ(found.at(name), static_cast<long long>(token)) << name;
    ++calls;
  }
  EXPECT_EQ(calls, 18U);
}

TEST(PayloadAbi, Results) {
  const auto found = numbers(std::string(PAYLOAD_SOURCE_DIR) + "/rt/opal.h");
  EXPECT_EQ(found.at("OPAL_PARAMETER"), rc::kParameter);
  EXPECT_EQ(found.at("OPAL_BUSY"), rc::kBusy);
  EXPECT_EQ(found.at("OPAL_RESOURCE"), rc::kResource);
  EXPECT_EQ(found.at("OPAL_INTERNAL_ERROR"), rc::kInternalError);
  EXPECT_EQ(found.at("OPAL_WRONG_STATE"), rc::kWrongState);
  EXPECT_EQ(found.at("OPAL_PROVISIONING"), rc::kProvisioning);
  EXPECT_EQ(found.at("OPAL_FREE_ACTIVE"), rc::kFreeActive);
}

TEST(PayloadAbi, Flags) {
  const auto found = numbers(std::string(PAYLOAD_SOURCE_DIR) + "/xive/calls.h");
  EXPECT_EQ(found.at("kIrqTriggerPage"), static_cast<long long>(irq_flag::kTriggerPage));
  EXPECT_EQ(found.at("kIrqStoreEoi"), static_cast<long long>(irq_flag::kStoreEoi));
  EXPECT_EQ(found.at("kIrqStoreEoi2"), static_cast<long long>(irq_flag::kStoreEoi2));
  EXPECT_EQ(found.at("kQueueEnabled"), static_cast<long long>(queue_flag::kEnabled));
  EXPECT_EQ(found.at("kQueueAlwaysNotify"), static_cast<long long>(queue_flag::kAlwaysNotify));
  EXPECT_EQ(found.at("kQueueEscalate"), static_cast<long long>(queue_flag::kEscalate));
  EXPECT_EQ(found.at("kVpEnabled"), static_cast<long long>(vp_flag::kEnabled));
  EXPECT_EQ(found.at("kVpSingleEscalation"), static_cast<long long>(vp_flag::kSingleEscalation));
  EXPECT_EQ(found.at("kVpSaveRestore"), static_cast<long long>(vp_flag::kSaveRestore));
}

}  // namespace
}  // namespace xive::opal
