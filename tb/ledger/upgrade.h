// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/ledger/database.h"

namespace xive::ledger {

/// Brings a ledger of an older schema to the one of today, in one transaction. Nothing happens to
/// a ledger of today. Throws LedgerError.
void upgrade(Database& database);

}  // namespace xive::ledger
