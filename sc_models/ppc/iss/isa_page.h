// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace xive::ppc::iss {

/// docs/isa.md: what the table of instructions holds, as Markdown.
std::string isa_page();

}  // namespace xive::ppc::iss
