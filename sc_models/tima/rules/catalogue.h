// SPDX-License-Identifier: Apache-2.0
/// The catalogue of the TIMA rules as docs/rules.md shows it.
#pragma once

#include <string>

namespace xive::tima::rules {

/// The whole text of docs/rules.md, made from rule_table().
std::string catalogue_markdown();

}  // namespace xive::tima::rules
