// SPDX-License-Identifier: Apache-2.0

// Request port towards router and memory: one request at a time, and its answer.
//
// Generation 1 asks for one thing only, the IPB of an NVT; the fields of the other operations are 0.
module tima_rq_port (
  input  logic             clk_i,
  input  logic             rst_ni,

  // from and to the engine
  input  logic             start_i,
  input  tima_pkg::rq_op_e op_i,
  input  logic [2:0]       thread_i,
  input  logic [3:0]       blk_i,
  input  logic [23:0]      idx_i,
  output logic             answered_o,  // the answer is here; it is used up in the same cycle
  output logic             ok_o,
  output logic [7:0]       ipb_o,

  output logic             rq_valid_o,
  input  logic             rq_ready_i,
  output logic [3:0]       rq_op_o,
  output logic [2:0]       rq_thread_o,
  output logic [3:0]       rq_blk_o,
  output logic [23:0]      rq_idx_o,
  output logic [1:0]       rq_priv_o,
  output logic [14:0]      rq_pir_o,
  output logic [5:0]       rq_level_o,
  output logic [7:0]       rq_prio_o,
  output logic             rq_line_odd_o,
  output logic [6:0]       rq_len_o,
  output logic [511:0]     rq_wdata_o,

  input  logic             rs_valid_i,
  output logic             rs_ready_o,
  input  logic             rs_ok_i,
  input  logic [7:0]       rs_ipb_i
);
  assign rq_priv_o     = '0;
  assign rq_pir_o      = '0;
  assign rq_level_o    = '0;
  assign rq_prio_o     = '0;
  assign rq_line_odd_o = 1'b0;
  assign rq_len_o      = '0;
  assign rq_wdata_o    = '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      rq_valid_o  <= 1'b0;
      rs_ready_o  <= 1'b0;
      answered_o  <= 1'b0;
      ok_o        <= 1'b0;
      ipb_o       <= '0;
      rq_op_o     <= '0;
      rq_thread_o <= '0;
      rq_blk_o    <= '0;
      rq_idx_o    <= '0;
    end else if (start_i) begin
      rq_valid_o  <= 1'b1;
      rq_op_o     <= op_i;
      rq_thread_o <= thread_i;
      rq_blk_o    <= blk_i;
      rq_idx_o    <= idx_i;
    end else if (rq_valid_o) begin
      if (rq_ready_i) begin
        rq_valid_o <= 1'b0;
        rs_ready_o <= 1'b1;
      end
    end else if (rs_ready_o) begin
      if (rs_valid_i) begin
        rs_ready_o <= 1'b0;
        answered_o <= 1'b1;
        ok_o       <= rs_ok_i;
        ipb_o      <= rs_ipb_i;
      end
    end else begin
      answered_o <= 1'b0;
    end
  end
endmodule : tima_rq_port
