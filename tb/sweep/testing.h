// SPDX-License-Identifier: Apache-2.0
/// For the tests of executors.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tb/host/files.h"
#include "tb/ledger/testing.h"

namespace xive::sweep::testing {

/// A program that does what a shell script says; executors call it with "job FOLDER".
class WithProgram : public ::testing::Test {
 protected:
  std::string program(const std::string& script) {
    const std::string path = folder_.file("program");
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    chmod(path.c_str(), 0755);
    return path;
  }
  std::string folder() const { return std::filesystem::path(folder_.file("x")).parent_path(); }

  ledger::testing::TemporaryFolder folder_;
};

}  // namespace xive::sweep::testing
