// SPDX-License-Identifier: Apache-2.0
/// iss-isa-page: prints docs/isa.md.
#include <fmt/format.h>

#include "sc_models/ppc/iss/isa_page.h"

int main() {
  fmt::print("{}", xive::ppc::iss::isa_page());
}
