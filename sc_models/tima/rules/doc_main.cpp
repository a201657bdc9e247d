// SPDX-License-Identifier: Apache-2.0
/// tima_rules_doc --check FILE | --write FILE: holds docs/rules.md to the registered rules.
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "sc_models/tima/rules/catalogue.h"

namespace {

constexpr int kGood = 0, kStale = 1, kUsage = 2, kEnvironment = 3;

int check(const char* path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    fmt::print(stderr, "tima_rules_doc: cannot read {}\n", path);
    return kEnvironment;
  }
  std::ostringstream seen;
  seen << in.rdbuf();
  if (seen.str() != xive::tima::rules::catalogue_markdown()) {
    fmt::print(stderr, "tima_rules_doc: {} is stale; run: tima_rules_doc --write {}\n", path, path);
    return kStale;
  }
  return kGood;
}

int write(const char* path) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << xive::tima::rules::catalogue_markdown();
  out.close();
  if (!out) {
    fmt::print(stderr, "tima_rules_doc: cannot write {}\n", path);
    return kEnvironment;
  }
  return kGood;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc == 3 ? argv[1] : "";
  if (mode == "--check") {
    return check(argv[2]);
  }
  if (mode == "--write") {
    return write(argv[2]);
  }
  fmt::print(stderr, "usage: tima_rules_doc --check FILE | --write FILE\n");
  return kUsage;
}
