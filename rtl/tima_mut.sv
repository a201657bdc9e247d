// SPDX-License-Identifier: Apache-2.0

// Switchable defects: `TIMA_MUT(number, wrong, right) is `wrong` while that mutant is selected and
// `right` otherwise. Without TIMA_MUTANTS nothing but `right` is left in the design. A module that
// uses it has the port `mutant_i`. The catalogue is rtl/mutants.json.
//
// Compile this file first.
`ifdef TIMA_MUTANTS
  `define TIMA_MUT(number_, wrong_, right_) ((mutant_i == 8'd``number_) ? (wrong_) : (right_))
`else
  `define TIMA_MUT(number_, wrong_, right_) (right_)
`endif
