// SPDX-License-Identifier: Apache-2.0
/// Makers of the single Verilated variants; verilated_tima.cpp chooses among them.
#pragma once

#include <memory>

#include "bridge/verilated_tima.h"

namespace xive::bridge {

using MakeVariant = std::unique_ptr<VerilatedTima>(const tima::Params&, const RtlOptions&);

MakeVariant make_Vtima_t1, make_Vtima_t2, make_Vtima_t3, make_Vtima_t4, make_Vtima_t5,
    make_Vtima_t6, make_Vtima_t7, make_Vtima_t8, make_Vtima_mut;

}  // namespace xive::bridge
