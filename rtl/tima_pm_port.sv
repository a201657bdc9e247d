// SPDX-License-Identifier: Apache-2.0

// Presenter port: holds one request and one response. MATCH is answered here, from the registers and
// past the engine, so that it never waits for an operation (rule O4); PRESENT and BCAST go through
// the engine.
module tima_pm_port #(
  parameter int unsigned NumThreads = 4
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,

  input  logic [3:0]               cfg_blk_i,
  input  logic [NumThreads*15-1:0] cfg_pir_i,
  input  logic                     cfg_user_ring_i,
  input  logic                     req_valid_i,
  output logic                     req_ready_o,
  input  logic [1:0]               req_cmd_i,
  input  logic                     req_format_i,
  input  logic                     req_crowd_i,
  input  logic                     req_ignore_i,
  input  logic [3:0]               req_blk_i,
  input  logic [23:0]              req_idx_i,
  input  logic [7:0]               req_prio_i,
  input  logic [30:0]              req_logic_serv_i,
  input  logic [5:0]               req_level_i,
  input  logic [2:0]               req_thread_i,
  input  logic [1:0]               req_ring_i,

  output logic                     rsp_valid_o,
  input  logic                     rsp_ready_i,
  output logic [NumThreads-1:0]    rsp_match_o,
  output logic [2*NumThreads-1:0]  rsp_ring_o,
  output logic [NumThreads-1:0]    rsp_precluded_o,
  output logic [8*NumThreads-1:0]  rsp_pipr_o,
  output logic [3:0]               rsp_count_o,
  output logic                     rsp_multi_err_o,
  output logic                     rsp_ack_o,
  output logic [3:0]               rsp_err_code_o,

  // the request held, with the static inputs that belong to it
  output logic                     held_o,
  output logic                     format_o,
  output logic                     crowd_o,
  output logic                     ignore_o,
  output logic [3:0]               blk_o,
  output logic [23:0]              idx_o,
  output logic [7:0]               prio_o,
  output logic [30:0]              logic_serv_o,
  output logic [5:0]               level_o,
  output logic [2:0]               thread_o,
  output logic [1:0]               ring_o,
  output logic [3:0]               blk_cfg_o,
  output logic [NumThreads*15-1:0] pir_cfg_o,
  output logic                     user_ring_o,

  // MATCH: answered in this cycle
  output logic                     match_o,
  input  logic [NumThreads-1:0]    match_i,
  input  logic [2*NumThreads-1:0]  ring_i,
  input  logic [NumThreads-1:0]    precluded_i,
  input  logic [8*NumThreads-1:0]  pipr_i,
  input  logic [3:0]               count_i,
  input  logic                     multi_i,
  input  tima_pkg::err_e           match_code_i,

  // PRESENT and BCAST: towards the engine
  output logic                     present_o,  // PRESENT waits and its answer would find room
  output logic                     bcast_o,    // the same for BCAST
  input  logic                     done_i,
  input  logic                     ack_i,
  input  tima_pkg::err_e           code_i
);
  logic [1:0] cmd_q;

  assign req_ready_o = !held_o;
  assign match_o     = held_o && !rsp_valid_o && cmd_q == tima_pkg::PmMatch;
  assign present_o   = held_o && !rsp_valid_o && cmd_q == tima_pkg::PmPresent;
  assign bcast_o     = held_o && !rsp_valid_o && cmd_q[1];  // the code 3 is not used

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      held_o <= 1'b0;
    end else if (!held_o) begin
      if (req_valid_i) begin
        held_o       <= 1'b1;
        cmd_q        <= req_cmd_i;
        format_o     <= req_format_i;
        crowd_o      <= req_crowd_i;
        ignore_o     <= req_ignore_i;
        blk_o        <= req_blk_i;
        idx_o        <= req_idx_i;
        prio_o       <= req_prio_i;
        logic_serv_o <= req_logic_serv_i;
        level_o      <= req_level_i;
        thread_o     <= req_thread_i;
        ring_o       <= req_ring_i;
        blk_cfg_o    <= cfg_blk_i;
        pir_cfg_o    <= cfg_pir_i;
        user_ring_o  <= cfg_user_ring_i;
      end
    end else if (done_i || match_o) begin
      held_o <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      rsp_valid_o     <= 1'b0;
      rsp_match_o     <= '0;
      rsp_ring_o      <= '0;
      rsp_precluded_o <= '0;
      rsp_pipr_o      <= '0;
      rsp_count_o     <= '0;
      rsp_multi_err_o <= 1'b0;
      rsp_ack_o       <= 1'b0;
      rsp_err_code_o  <= '0;
    end else if (done_i || match_o) begin
      // The vectors come as 0 unless match_o, and so do ack_i and code_i unless done_i.
      rsp_valid_o     <= 1'b1;
      rsp_match_o     <= match_i;
      rsp_ring_o      <= ring_i;
      rsp_precluded_o <= precluded_i;
      rsp_pipr_o      <= pipr_i;
      rsp_count_o     <= count_i;
      rsp_multi_err_o <= multi_i;
      rsp_ack_o       <= done_i && ack_i;
      rsp_err_code_o  <= match_o ? match_code_i : code_i;
    end else if (rsp_ready_i) begin
      rsp_valid_o <= 1'b0;
    end
  end
endmodule : tima_pm_port
