// SPDX-License-Identifier: Apache-2.0

// CAM comparator of one thread, spec/tima.md 4.1 and 4.3, generation 1. Which rings hold the virtual
// processor that a notification names? Combinational; 0 while valid_i is 0.
//
// Generation 2 brings masks from `ignore` and `crowd`, a longer index and the LGS condition here.
module tima_cam (
`ifdef TIMA_MUTANTS
  input  logic [7:0]  mutant_i,
`endif
  input  logic        valid_i,
  // notification
  input  logic        format_i,
  input  logic [3:0]  blk_i,
  input  logic [18:0] idx_i,
  input  logic [30:0] logic_serv_i,
  // context
  input  logic [31:0] user_word2_i,
  input  logic [31:0] os_word2_i,
  input  logic [31:0] pool_word2_i,
  input  logic        phys_v_i,
  input  logic [3:0]  cfg_blk_i,
  input  logic [6:0]  cfg_pir_i,

  output logic [3:0]  hit_o  // index = ring; not ordered
);
  logic [23:0] vp;     // bit 23 = WORD2 bit 8, which must be 0
  logic [23:0] hw;
  logic        os_id;

  always_comb begin
    hit_o = '0;
    vp    = '0;
    hw    = '0;
    os_id = 1'b0;

    if (valid_i) begin
      vp    = {1'b0, `TIMA_MUT(77, os_word2_i[22:19], blk_i), idx_i};
      hw    = {1'b0, cfg_blk_i, 11'd0, `TIMA_MUT(80, 1'b0, 1'b1), cfg_pir_i};
      os_id = os_word2_i[31] && os_word2_i[23:0] == vp;
      if (format_i) begin
        hit_o[tima_pkg::RingUser] = os_id && user_word2_i[31] && user_word2_i[30:0] == logic_serv_i;
      end else begin
        hit_o[tima_pkg::RingPhys] = phys_v_i && hw == vp;
        hit_o[tima_pkg::RingPool] = pool_word2_i[31] && pool_word2_i[23:0] == vp;
        hit_o[tima_pkg::RingOs]   = os_id;
      end
    end
  end

  // WORD2 bits 1:7 carry no CAM bits in generation 1.
  logic unused_word2;
  assign unused_word2 = ^{os_word2_i[30:24], pool_word2_i[30:24]};
endmodule : tima_cam
