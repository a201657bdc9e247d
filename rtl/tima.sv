// SPDX-License-Identifier: Apache-2.0

// Thread interrupt management area (TIMA) of one core: the top of the block.
//
// One operation at a time on one register file (spec/tima.md 6.1). Every port is valid/ready; MATCH
// is answered from the registers at any time, also while an operation waits for memory.
module tima #(
  parameter int unsigned Gen        = 1,  // 1 = POWER9, 2 = POWER10 (not built yet)
  parameter int unsigned NumThreads = 4   // 1..8
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,  // synchronous

`ifdef TIMA_MUTANTS
  input  logic [7:0]                   mutant_i,  // 0 = none, else the number of rtl/mutants.json
`endif

  // static inputs: may change only while idle_o (cfg_thread_en_i: at any time)
  input  logic [3:0]                   cfg_blk_i,
  input  logic [NumThreads*15-1:0]     cfg_pir_i,  // thread t at [15t +: 15]
  input  logic [NumThreads-1:0]        cfg_thread_en_i,
  input  logic                         cfg_tid8_i,
  input  logic                         cfg_save_restore_i,
  input  logic                         cfg_gen1_tima_i,
  input  logic [8:0]                   cfg_knobs_i,  // bit numbers: tima_pkg::Knob*

  // MMIO port
  input  logic                         mm_req_valid_i,
  output logic                         mm_req_ready_o,
  input  logic [2:0]                   mm_req_thread_i,
  input  logic [1:0]                   mm_req_page_i,
  input  logic [15:0]                  mm_req_offset_i,
  input  logic                         mm_req_write_i,
  input  logic [1:0]                   mm_req_size_i,
  input  logic [63:0]                  mm_req_wdata_i,

  output logic                         mm_rsp_valid_o,
  input  logic                         mm_rsp_ready_i,
  output logic [63:0]                  mm_rsp_rdata_o,
  output logic                         mm_rsp_err_o,
  output logic [3:0]                   mm_rsp_err_code_o,

  // presenter port
  input  logic                         pm_req_valid_i,
  output logic                         pm_req_ready_o,
  input  logic [1:0]                   pm_req_cmd_i,  // tima_pkg::pm_cmd_e
  input  logic                         pm_req_format_i,
  input  logic                         pm_req_crowd_i,
  input  logic                         pm_req_ignore_i,
  input  logic [3:0]                   pm_req_blk_i,
  input  logic [23:0]                  pm_req_idx_i,
  input  logic [7:0]                   pm_req_prio_i,
  input  logic [30:0]                  pm_req_logic_serv_i,
  input  logic [5:0]                   pm_req_level_i,
  input  logic [2:0]                   pm_req_thread_i,
  input  logic [1:0]                   pm_req_ring_i,

  output logic                         pm_rsp_valid_o,
  input  logic                         pm_rsp_ready_i,
  output logic [NumThreads-1:0]        pm_rsp_match_o,
  output logic [2*NumThreads-1:0]      pm_rsp_ring_o,
  output logic [NumThreads-1:0]        pm_rsp_precluded_o,
  output logic [8*NumThreads-1:0]      pm_rsp_pipr_o,
  output logic [3:0]                   pm_rsp_count_o,
  output logic                         pm_rsp_multi_err_o,
  output logic                         pm_rsp_ack_o,
  output logic [3:0]                   pm_rsp_err_code_o,

  // requests towards router and memory
  output logic                         rq_valid_o,
  input  logic                         rq_ready_i,
  output logic [3:0]                   rq_op_o,  // tima_pkg::rq_op_e
  output logic [2:0]                   rq_thread_o,
  output logic [3:0]                   rq_blk_o,
  output logic [23:0]                  rq_idx_o,
  output logic [1:0]                   rq_priv_o,
  output logic [14:0]                  rq_pir_o,
  output logic [5:0]                   rq_level_o,
  output logic [7:0]                   rq_prio_o,
  output logic                         rq_line_odd_o,
  output logic [6:0]                   rq_len_o,
  output logic [511:0]                 rq_wdata_o,

  input  logic                         rs_valid_i,
  output logic                         rs_ready_o,
  input  logic                         rs_ok_i,
  input  logic [7:0]                   rs_ipb_i,
  input  logic [7:0]                   rs_cppr_i,
  input  logic [7:0]                   rs_lsmfb_i,
  input  logic [7:0]                   rs_lgs_i,
  input  logic                         rs_t_i,
  input  logic                         rs_nvp_hw_i,
  input  logic [5:0]                   rs_pgofirst_i,
  input  logic [7:0]                   rs_scan_prio_i,
  input  logic [5:0]                   rs_scan_level_i,

  // exception lines and status
  output logic [NumThreads-1:0]        os_ext_o,
  output logic [NumThreads-1:0]        hv_ext_o,
  output logic [NumThreads-1:0]        user_ebb_o,
  output logic [3:0]                   err_pulse_o,
  output logic [2:0]                   err_thread_o,
  output logic                         busy_o,
  output logic                         idle_o,
  output xti_pkg::xti_t                xti_o
);

  // The engine is not connected yet: nothing is ever accepted.
  assign mm_req_ready_o = 1'b0;
  assign mm_rsp_valid_o = 1'b0;
  assign mm_rsp_rdata_o = '0;
  assign mm_rsp_err_o = 1'b0;
  assign mm_rsp_err_code_o = '0;
  assign pm_req_ready_o = 1'b0;
  assign pm_rsp_valid_o = 1'b0;
  assign pm_rsp_match_o = '0;
  assign pm_rsp_ring_o = '0;
  assign pm_rsp_precluded_o = '0;
  assign pm_rsp_pipr_o = '0;
  assign pm_rsp_count_o = '0;
  assign pm_rsp_multi_err_o = 1'b0;
  assign pm_rsp_ack_o = 1'b0;
  assign pm_rsp_err_code_o = '0;
  assign rq_valid_o = 1'b0;
  assign rq_op_o = '0;
  assign rq_thread_o = '0;
  assign rq_blk_o = '0;
  assign rq_idx_o = '0;
  assign rq_priv_o = '0;
  assign rq_pir_o = '0;
  assign rq_level_o = '0;
  assign rq_prio_o = '0;
  assign rq_line_odd_o = 1'b0;
  assign rq_len_o = '0;
  assign rq_wdata_o = '0;
  assign rs_ready_o = 1'b0;
  assign os_ext_o = '0;
  assign hv_ext_o = '0;
  assign user_ebb_o = '0;
  assign err_pulse_o = '0;
  assign err_thread_o = '0;
  assign busy_o = 1'b0;
  assign idle_o = 1'b1;
  assign xti_o = '0;

  tima_regs #(
    .NumThreads (NumThreads)
  ) u_regs (
    .clk_i  (clk_i),
    .rst_ni (rst_ni)
  );

endmodule : tima
