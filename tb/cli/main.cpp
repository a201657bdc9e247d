// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "tb/cli/cli.h"

int main(int argc, char** argv) {
  return xive::cli::run({argv + 1, argv + argc}, std::cout, std::cerr);
}
