// SPDX-License-Identifier: Apache-2.0

// The whole state of all threads: register images, line latches and taken-over thread enables, with
// the exception lines that follow from them. One read port, one write port, and a view for MATCH.
module tima_regs #(
  parameter int unsigned NumThreads = 4
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
`ifdef TIMA_MUTANTS
  input  logic [7:0]               mutant_i,
`endif

  // read: 0 while rd_i is 0 or for a thread that does not exist
  input  logic                     rd_i,
  input  logic [2:0]               thread_i,
  output logic [511:0]             ctx_o,
  output logic                     l_os_o,
  output logic                     l_hv_o,
  output logic                     en_o,

  // write, to the thread that is being read
  input  logic                     we_i,
  input  logic [511:0]             ctx_i,
  input  logic                     l_os_i,
  input  logic                     l_hv_i,
  input  logic                     en_i,

  // view for MATCH, 0 while match_rd_i is 0; thread t at [width*t +: width]
  input  logic                     match_rd_i,
  output logic [NumThreads-1:0]    thread_en_o,  // always there
  output logic [32*NumThreads-1:0] user_word2_o,
  output logic [32*NumThreads-1:0] os_word2_o,
  output logic [32*NumThreads-1:0] pool_word2_o,
  output logic [NumThreads-1:0]    phys_v_o,
  output logic [8*NumThreads-1:0]  os_pipr_o,
  output logic [8*NumThreads-1:0]  phys_pipr_o,

  // exception lines
  output logic [NumThreads-1:0]    os_ext_o,
  output logic [NumThreads-1:0]    hv_ext_o,
  output logic [NumThreads-1:0]    user_ebb_o
);
  localparam int unsigned IdxW = (NumThreads > 1) ? $clog2(NumThreads) : 1;

  // Public so that a testbench can look without side effects.
  logic [511:0]          ctx_q [NumThreads] /* verilator public_flat_rd */;
  logic [NumThreads-1:0] l_os_q             /* verilator public_flat_rd */;
  logic [NumThreads-1:0] l_hv_q             /* verilator public_flat_rd */;
  logic [NumThreads-1:0] thread_en_q        /* verilator public_flat_rd */;

  logic [IdxW-1:0] idx;
  logic            exists;

  assign idx    = thread_i[IdxW-1:0];
  assign exists = 32'(thread_i) < NumThreads;

  always_comb begin
    ctx_o  = '0;
    l_os_o = 1'b0;
    l_hv_o = 1'b0;
    en_o   = 1'b0;
    if (rd_i && exists) begin
      ctx_o  = ctx_q[idx];
      l_os_o = l_os_q[idx];
      l_hv_o = l_hv_q[idx];
      en_o   = thread_en_q[idx];
    end
  end

  always_comb begin
    user_word2_o = '0;
    os_word2_o   = '0;
    pool_word2_o = '0;
    phys_v_o     = '0;
    os_pipr_o    = '0;
    phys_pipr_o  = '0;
    if (match_rd_i) begin
      for (int t = 0; t < NumThreads; t++) begin
        user_word2_o[32*t +: 32] = ctx_q[t][tima_pkg::LsbUserWord2 +: 32];
        os_word2_o[32*t +: 32]   = ctx_q[t][tima_pkg::LsbOsWord2 +: 32];
        pool_word2_o[32*t +: 32] = ctx_q[t][tima_pkg::LsbPoolWord2 +: 32];
        phys_v_o[t]              = ctx_q[t][tima_pkg::BitPhysV];
        os_pipr_o[8*t +: 8]      = ctx_q[t][tima_pkg::LsbOsPipr +: 8];
        phys_pipr_o[8*t +: 8]    = ctx_q[t][tima_pkg::LsbPhysPipr +: 8];
      end
    end
  end
  assign thread_en_o = thread_en_q;

  // The lines are registers of their own, written with the context: free of glitches, and of any
  // work in a cycle that changes nothing.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      for (int t = 0; t < NumThreads; t++) begin
        ctx_q[t] <= `TIMA_MUT(5, tima_pkg::ResetG1Pipr0, tima_pkg::ResetG1);
      end
      l_os_q      <= '0;
      l_hv_q      <= '0;
      thread_en_q <= '0;
      os_ext_o    <= '0;
      hv_ext_o    <= '0;
      user_ebb_o  <= '0;
    end else if (we_i) begin
      ctx_q[idx]       <= ctx_i;
      l_os_q[idx]      <= l_os_i;
      l_hv_q[idx]      <= l_hv_i;
      thread_en_q[idx] <= en_i;
      os_ext_o[idx]    <= l_os_i & `TIMA_MUT(1, 1'b1, ctx_i[tima_pkg::BitOsV]);
      hv_ext_o[idx]    <= l_hv_i & ctx_i[tima_pkg::BitPhysV];
      user_ebb_o[idx]  <= ctx_i[tima_pkg::BitUserEb] & ctx_i[tima_pkg::BitUserV] &
                          ctx_i[tima_pkg::BitOsV];
    end
  end
endmodule : tima_regs
