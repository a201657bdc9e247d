// SPDX-License-Identifier: Apache-2.0

// MATCH over all threads of the core, spec/tima.md 4.3 to 4.5. Combinational; 0 while valid_i is 0.
module tima_match #(
  parameter int unsigned NumThreads = 4
) (
`ifdef TIMA_MUTANTS
  input  logic [7:0]               mutant_i,
`endif
  input  logic                     valid_i,
  // notification
  input  logic                     format_i,
  input  logic                     ignore_i,
  input  logic [3:0]               blk_i,
  input  logic [18:0]              idx_i,
  input  logic [30:0]              logic_serv_i,
  input  logic [3:0]               cfg_blk_i,
  input  logic [NumThreads*15-1:0] cfg_pir_i,
  // contexts, thread t at [width*t +: width]
  input  logic [NumThreads-1:0]    thread_en_i,
  input  logic [32*NumThreads-1:0] user_word2_i,
  input  logic [32*NumThreads-1:0] os_word2_i,
  input  logic [32*NumThreads-1:0] pool_word2_i,
  input  logic [NumThreads-1:0]    phys_v_i,
  input  logic [8*NumThreads-1:0]  os_pipr_i,
  input  logic [8*NumThreads-1:0]  phys_pipr_i,

  output logic [NumThreads-1:0]    match_o,
  output logic [2*NumThreads-1:0]  ring_o,
  output logic [NumThreads-1:0]    precluded_o,  // generation 2
  output logic [8*NumThreads-1:0]  pipr_o,
  output logic [3:0]               count_o,
  output logic                     multi_o,
  output tima_pkg::err_e           code_o
);
  logic [4*NumThreads-1:0] hit;

  for (genvar t = 0; t < NumThreads; t++) begin : gen_cam
    tima_cam u_cam (
`ifdef TIMA_MUTANTS
      .mutant_i     (mutant_i),
`endif
      .valid_i      (valid_i && !ignore_i && thread_en_i[t]),
      .format_i     (format_i),
      .blk_i        (blk_i),
      .idx_i        (idx_i),
      .logic_serv_i (logic_serv_i),
      .user_word2_i (user_word2_i[32*t +: 32]),
      .os_word2_i   (os_word2_i[32*t +: 32]),
      .pool_word2_i (pool_word2_i[32*t +: 32]),
      .phys_v_i     (phys_v_i[t]),
      .cfg_blk_i    (cfg_blk_i),
      .cfg_pir_i    (cfg_pir_i[15*t +: 7]),
      .hit_o        (hit[4*t +: 4])
    );
  end

  always_comb begin
    match_o     = '0;
    ring_o      = '0;
    precluded_o = '0;
    pipr_o      = '0;
    count_o     = '0;
    multi_o     = 1'b0;
    code_o      = tima_pkg::ErrNone;

    if (valid_i) begin
      for (int t = 0; t < NumThreads; t++) begin
        if (hit[4*t +: 4] != 4'd0) begin
          match_o[t] = 1'b1;
          count_o    = count_o + 4'd1;
          // First hit in the order PHYS, POOL, OS.
          if (`TIMA_MUT(70, hit[4*t+1], 1'b0)) begin
            ring_o[2*t +: 2] = tima_pkg::RingOs;
            pipr_o[8*t +: 8] = os_pipr_i[8*t +: 8];
          end else if (hit[4*t+3]) begin
            ring_o[2*t +: 2] = tima_pkg::RingPhys;
            pipr_o[8*t +: 8] = phys_pipr_i[8*t +: 8];
          end else if (hit[4*t+2]) begin
            ring_o[2*t +: 2] = tima_pkg::RingPool;
            pipr_o[8*t +: 8] = phys_pipr_i[8*t +: 8];
          end else if (hit[4*t+1]) begin
            ring_o[2*t +: 2] = tima_pkg::RingOs;
            pipr_o[8*t +: 8] = os_pipr_i[8*t +: 8];
          end
        end
      end
      multi_o = count_o > 4'd1;
      if (multi_o) code_o = tima_pkg::ErrMulti;
      if (ignore_i) code_o = tima_pkg::ErrGroupG1;
    end
  end

  // Generation 1 looks at PIR[6:0] only.
  logic unused_pir;
  assign unused_pir = ^cfg_pir_i;
endmodule : tima_match
