// SPDX-License-Identifier: Apache-2.0

// Thread interrupt management area (TIMA) of one core: the top of the block.
//
// One operation at a time on one register file (spec/tima.md 6.1). Every port is valid/ready; MATCH
// is answered from the registers at any time, also while an operation waits for memory.
//
// Length: port list and named connections of ten modules, hardly any logic.
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

  if (Gen != 1) begin : gen_unsupported
    $error("tima: only Gen = 1 is built");
  end
  if (NumThreads < 1 || NumThreads > 8) begin : gen_bad_threads
    $error("tima: NumThreads must be 1 to 8");
  end

  // MMIO request held
  logic            mm_held, mm_pend;
  logic [2:0]      mm_thread;
  logic [1:0]      mm_page;
  logic [15:0]     mm_offset;
  logic            mm_write;
  logic [1:0]      mm_size;
  logic [63:0]     mm_wdata;
  logic [8:0]      mm_knobs;
  logic            mm_done;

  // presenter request held
  logic            pm_held, pm_present, pm_bcast, pm_match;
  logic            pm_format, pm_crowd, pm_ignore;
  logic [3:0]      pm_blk;
  logic [23:0]     pm_idx;
  logic [7:0]      pm_prio;
  logic [30:0]     pm_logic_serv;
  logic [5:0]      pm_level;
  logic [2:0]      pm_thread;
  logic [1:0]      pm_ring;
  logic [3:0]      pm_blk_cfg;
  logic [NumThreads*15-1:0] pm_pir_cfg;
  logic            pm_user_ring;
  logic            pm_done;

  // answer of MATCH
  logic [NumThreads-1:0]   match_hit;
  logic [2*NumThreads-1:0] match_ring;
  logic [NumThreads-1:0]   match_precluded;
  logic [8*NumThreads-1:0] match_pipr;
  logic [3:0]              match_count;
  logic                    match_multi;
  tima_pkg::err_e          match_code;

  // thread enables
  logic            en_pend, en_quiet, en_done;
  tima_pkg::step_e en_step;
  logic [2:0]      en_thread;

  // step of the engine
  tima_pkg::step_e step;
  logic            stepping, is_mmio, is_present;
  logic [2:0]      thread;
  logic            first, commit, fetch, answered;
  logic [3:0]      fetch_blk;
  logic [18:0]     fetch_idx;
  logic            rs_ok;
  logic [7:0]      rs_ipb;

  // decode
  tima_pkg::op_e   op;
  logic            undef_hw, undef_sw, misaligned;
  logic [7:0]      raw_bytes;

  // context of the thread before and after the step
  logic [511:0]    ctx_before;
  tima_pkg::ctx_t  ctx_after;
  logic            l_os_before, l_hv_before, en_before;
  logic            l_os_after, l_hv_after, en_after;
  logic            we;
  logic [3:0]      cam_hit;
  logic [6:0]      cam_pir;
  logic [63:0]     rdata;
  tima_pkg::err_e  code;
  logic            ack;
  logic            xti_active;

  // view for MATCH
  logic [NumThreads-1:0]    thread_en;
  logic [32*NumThreads-1:0] view_user_word2;
  logic [32*NumThreads-1:0] view_os_word2;
  logic [32*NumThreads-1:0] view_pool_word2;
  logic [NumThreads-1:0]    view_phys_v;
  logic [8*NumThreads-1:0]  view_os_pipr;
  logic [8*NumThreads-1:0]  view_phys_pipr;

  assign stepping   = step != tima_pkg::StepNone;
  assign is_mmio    = step == tima_pkg::StepMmio;
  assign is_present = step == tima_pkg::StepPresent;

  assign busy_o = mm_held || pm_held || en_pend;
  assign idle_o = !mm_held && !pm_held && !mm_rsp_valid_o && !pm_rsp_valid_o && !xti_active && en_quiet;

  tima_mm_port u_mm_port (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .cfg_knobs_i    (cfg_knobs_i),
    .req_valid_i    (mm_req_valid_i),
    .req_ready_o    (mm_req_ready_o),
    .req_thread_i   (mm_req_thread_i),
    .req_page_i     (mm_req_page_i),
    .req_offset_i   (mm_req_offset_i),
    .req_write_i    (mm_req_write_i),
    .req_size_i     (mm_req_size_i),
    .req_wdata_i    (mm_req_wdata_i),
    .rsp_valid_o    (mm_rsp_valid_o),
    .rsp_ready_i    (mm_rsp_ready_i),
    .rsp_rdata_o    (mm_rsp_rdata_o),
    .rsp_err_o      (mm_rsp_err_o),
    .rsp_err_code_o (mm_rsp_err_code_o),
    .held_o         (mm_held),
    .pend_o         (mm_pend),
    .thread_o       (mm_thread),
    .page_o         (mm_page),
    .offset_o       (mm_offset),
    .write_o        (mm_write),
    .size_o         (mm_size),
    .wdata_o        (mm_wdata),
    .knobs_o        (mm_knobs),
    .done_i         (mm_done),
    .rdata_i        (rdata),
    .code_i         (code)
  );

  tima_pm_port #(
    .NumThreads (NumThreads)
  ) u_pm_port (
    .clk_i            (clk_i),
    .rst_ni           (rst_ni),
    .cfg_blk_i        (cfg_blk_i),
    .cfg_pir_i        (cfg_pir_i),
    .cfg_user_ring_i  (cfg_knobs_i[tima_pkg::KnobUserRing]),
    .req_valid_i      (pm_req_valid_i),
    .req_ready_o      (pm_req_ready_o),
    .req_cmd_i        (pm_req_cmd_i),
    .req_format_i     (pm_req_format_i),
    .req_crowd_i      (pm_req_crowd_i),
    .req_ignore_i     (pm_req_ignore_i),
    .req_blk_i        (pm_req_blk_i),
    .req_idx_i        (pm_req_idx_i),
    .req_prio_i       (pm_req_prio_i),
    .req_logic_serv_i (pm_req_logic_serv_i),
    .req_level_i      (pm_req_level_i),
    .req_thread_i     (pm_req_thread_i),
    .req_ring_i       (pm_req_ring_i),
    .rsp_valid_o      (pm_rsp_valid_o),
    .rsp_ready_i      (pm_rsp_ready_i),
    .rsp_match_o      (pm_rsp_match_o),
    .rsp_ring_o       (pm_rsp_ring_o),
    .rsp_precluded_o  (pm_rsp_precluded_o),
    .rsp_pipr_o       (pm_rsp_pipr_o),
    .rsp_count_o      (pm_rsp_count_o),
    .rsp_multi_err_o  (pm_rsp_multi_err_o),
    .rsp_ack_o        (pm_rsp_ack_o),
    .rsp_err_code_o   (pm_rsp_err_code_o),
    .held_o           (pm_held),
    .format_o         (pm_format),
    .crowd_o          (pm_crowd),
    .ignore_o         (pm_ignore),
    .blk_o            (pm_blk),
    .idx_o            (pm_idx),
    .prio_o           (pm_prio),
    .logic_serv_o     (pm_logic_serv),
    .level_o          (pm_level),
    .thread_o         (pm_thread),
    .ring_o           (pm_ring),
    .blk_cfg_o        (pm_blk_cfg),
    .pir_cfg_o        (pm_pir_cfg),
    .user_ring_o      (pm_user_ring),
    .match_o          (pm_match),
    .match_i          (match_hit),
    .ring_i           (match_ring),
    .precluded_i      (match_precluded),
    .pipr_i           (match_pipr),
    .count_i          (match_count),
    .multi_i          (match_multi),
    .match_code_i     (match_code),
    .present_o        (pm_present),
    .bcast_o          (pm_bcast),
    .done_i           (pm_done),
    .ack_i            (ack),
    .code_i           (code)
  );

  tima_match #(
    .NumThreads (NumThreads)
  ) u_match (
`ifdef TIMA_MUTANTS
    .mutant_i     (mutant_i),
`endif
    .valid_i      (pm_match),
    .format_i     (pm_format),
    .ignore_i     (pm_ignore),
    .blk_i        (pm_blk),
    .idx_i        (pm_idx[18:0]),
    .logic_serv_i (pm_logic_serv),
    .cfg_blk_i    (pm_blk_cfg),
    .cfg_pir_i    (pm_pir_cfg),
    .thread_en_i  (thread_en),
    .user_word2_i (view_user_word2),
    .os_word2_i   (view_os_word2),
    .pool_word2_i (view_pool_word2),
    .phys_v_i     (view_phys_v),
    .os_pipr_i    (view_os_pipr),
    .phys_pipr_i  (view_phys_pipr),
    .match_o      (match_hit),
    .ring_o       (match_ring),
    .precluded_o  (match_precluded),
    .pipr_o       (match_pipr),
    .count_o      (match_count),
    .multi_o      (match_multi),
    .code_o       (match_code)
  );

  tima_enable #(
    .NumThreads (NumThreads)
  ) u_enable (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .cfg_thread_en_i (cfg_thread_en_i),
    .thread_en_i     (thread_en),
    .pend_o          (en_pend),
    .step_o          (en_step),
    .thread_o        (en_thread),
    .done_i          (en_done),
    .quiet_o         (en_quiet)
  );

  tima_engine u_engine (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .enable_step_i   (en_step),
    .enable_thread_i (en_thread),
    .pm_present_i    (pm_present),
    .pm_bcast_i      (pm_bcast),
    .pm_thread_i     (pm_thread),
    .mm_pend_i       (mm_pend),
    .mm_thread_i     (mm_thread),
    .step_o          (step),
    .thread_o        (thread),
    .fetch_i         (fetch),
    .answered_i      (answered),
    .enable_done_o   (en_done),
    .pm_done_o       (pm_done),
    .mm_done_o       (mm_done),
    .commit_o        (commit),
    .first_o         (first)
  );

  tima_decode #(
    .Gen (Gen)
  ) u_decode (
`ifdef TIMA_MUTANTS
    .mutant_i     (mutant_i),
`endif
    .valid_i      (is_mmio),
    .page_i       (mm_page),
    .offset_i     (mm_offset),
    .write_i      (mm_write),
    .size_i       (mm_size),
    .knobs_i      (mm_knobs),
    .op_o         (op),
    .undef_hw_o   (undef_hw),
    .undef_sw_o   (undef_sw),
    .misaligned_o (misaligned)
  );

  tima_mask u_mask (
`ifdef TIMA_MUTANTS
    .mutant_i    (mutant_i),
`endif
    .valid_i     (is_mmio && mm_size[1]),
    .page_i      (mm_page),
    .offset_i    (mm_offset[5:2]),
    .write_i     (mm_write),
    .size_i      (mm_size),
    .pool_push_i (mm_knobs[tima_pkg::KnobG1PoolPush]),
    .bytes_o     (raw_bytes)
  );

  // PRESENT is valid only if its target still matches (rule A3).
  always_comb begin
    cam_pir = '0;
    for (int t = 0; t < NumThreads; t++) begin
      if (32'(thread) == t) cam_pir = pm_pir_cfg[15*t +: 7];
    end
  end

  tima_cam u_cam (
`ifdef TIMA_MUTANTS
    .mutant_i     (mutant_i),
`endif
    .valid_i      (is_present && en_before),
    .format_i     (pm_format),
    .blk_i        (pm_blk),
    .idx_i        (pm_idx[18:0]),
    .logic_serv_i (pm_logic_serv),
    .user_word2_i (ctx_before[tima_pkg::LsbUserWord2 +: 32]),
    .os_word2_i   (ctx_before[tima_pkg::LsbOsWord2 +: 32]),
    .pool_word2_i (ctx_before[tima_pkg::LsbPoolWord2 +: 32]),
    .phys_v_i     (ctx_before[tima_pkg::BitPhysV]),
    .cfg_blk_i    (pm_blk_cfg),
    .cfg_pir_i    (cam_pir),
    .hit_o        (cam_hit)
  );

  tima_exec u_exec (
`ifdef TIMA_MUTANTS
    .mutant_i       (mutant_i),
`endif
    .step_i         (step),
    .ctx_i          (ctx_before),
    .l_os_i         (l_os_before),
    .l_hv_i         (l_hv_before),
    .en_i           (en_before),
    .op_i           (op),
    .undef_hw_i     (undef_hw),
    .undef_sw_i     (undef_sw),
    .misaligned_i   (misaligned),
    .bytes_i        (raw_bytes),
    .offset_i       (mm_offset[5:0]),
    .write_i        (mm_write),
    .size_i         (mm_size),
    .wdata_i        (mm_wdata),
    .knobs_i        (mm_knobs),
    .hit_i          (cam_hit),
    .pm_format_i    (pm_format),
    .pm_ignore_i    (pm_ignore),
    .pm_prio_i      (pm_prio),
    .pm_ring_i      (pm_ring),
    .pm_user_ring_i (pm_user_ring),
    .rs_ok_i        (rs_ok),
    .rs_ipb_i       (rs_ipb),
    .ctx_o          (ctx_after),
    .l_os_o         (l_os_after),
    .l_hv_o         (l_hv_after),
    .en_o           (en_after),
    .we_o           (we),
    .fetch_o        (fetch),
    .fetch_blk_o    (fetch_blk),
    .fetch_idx_o    (fetch_idx),
    .rdata_o        (rdata),
    .code_o         (code),
    .ack_o          (ack)
  );

  tima_regs #(
    .NumThreads (NumThreads)
  ) u_regs (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
`ifdef TIMA_MUTANTS
    .mutant_i     (mutant_i),
`endif
    .rd_i         (stepping),
    .thread_i     (thread),
    .ctx_o        (ctx_before),
    .l_os_o       (l_os_before),
    .l_hv_o       (l_hv_before),
    .en_o         (en_before),
    .we_i         (we),
    .ctx_i        (ctx_after),
    .l_os_i       (l_os_after),
    .l_hv_i       (l_hv_after),
    .en_i         (en_after),
    .match_rd_i   (pm_match),
    .thread_en_o  (thread_en),
    .user_word2_o (view_user_word2),
    .os_word2_o   (view_os_word2),
    .pool_word2_o (view_pool_word2),
    .phys_v_o     (view_phys_v),
    .os_pipr_o    (view_os_pipr),
    .phys_pipr_o  (view_phys_pipr),
    .os_ext_o     (os_ext_o),
    .hv_ext_o     (hv_ext_o),
    .user_ebb_o   (user_ebb_o)
  );

  tima_rq_port u_rq_port (
    .clk_i         (clk_i),
    .rst_ni        (rst_ni),
    .start_i       (fetch),
    .op_i          (tima_pkg::RqNvtIpbFetchClr),
    .thread_i      (thread),
    .blk_i         (fetch_blk),
    .idx_i         ({5'd0, fetch_idx}),
    .answered_o    (answered),
    .ok_o          (rs_ok),
    .ipb_o         (rs_ipb),
    .rq_valid_o    (rq_valid_o),
    .rq_ready_i    (rq_ready_i),
    .rq_op_o       (rq_op_o),
    .rq_thread_o   (rq_thread_o),
    .rq_blk_o      (rq_blk_o),
    .rq_idx_o      (rq_idx_o),
    .rq_priv_o     (rq_priv_o),
    .rq_pir_o      (rq_pir_o),
    .rq_level_o    (rq_level_o),
    .rq_prio_o     (rq_prio_o),
    .rq_line_odd_o (rq_line_odd_o),
    .rq_len_o      (rq_len_o),
    .rq_wdata_o    (rq_wdata_o),
    .rs_valid_i    (rs_valid_i),
    .rs_ready_o    (rs_ready_o),
    .rs_ok_i       (rs_ok_i),
    .rs_ipb_i      (rs_ipb_i)
  );

  tima_xti u_xti (
    .clk_i         (clk_i),
    .rst_ni        (rst_ni),
    .step_i        (step),
    .first_i       (first),
    .commit_i      (commit),
    .thread_i      (thread),
    .ctx_before_i  (ctx_before),
    .l_os_before_i (l_os_before),
    .l_hv_before_i (l_hv_before),
    .en_before_i   (en_before),
    .ctx_after_i   (ctx_after),
    .l_os_after_i  (l_os_after),
    .l_hv_after_i  (l_hv_after),
    .en_after_i    (en_after),
    .mm_page_i     (mm_page),
    .mm_offset_i   (mm_offset),
    .mm_write_i    (mm_write),
    .mm_size_i     (mm_size),
    .mm_wdata_i    (mm_wdata),
    .pm_format_i   (pm_format),
    .pm_crowd_i    (pm_crowd),
    .pm_ignore_i   (pm_ignore),
    .pm_blk_i      (pm_blk),
    .pm_idx_i      (pm_idx),
    .pm_prio_i     (pm_prio),
    .pm_level_i    (pm_level),
    .pm_ring_i     (pm_ring),
    .rdata_i       (rdata),
    .code_i        (code),
    .ack_i         (ack),
    .xti_o         (xti_o),
    .err_pulse_o   (err_pulse_o),
    .err_thread_o  (err_thread_o),
    .active_o      (xti_active)
  );

  // Inputs that only generation 2 reads.
  logic unused_g2;
  assign unused_g2 = ^{cfg_tid8_i, cfg_save_restore_i, cfg_gen1_tima_i, rs_cppr_i, rs_lsmfb_i, rs_lgs_i,
                       rs_t_i, rs_nvp_hw_i, rs_pgofirst_i, rs_scan_prio_i, rs_scan_level_i};

endmodule : tima
