// SPDX-License-Identifier: Apache-2.0

// XTI record: registered with the state it announces, valid for one cycle. Fields are written only
// when an operation begins or commits; those that do not belong to the kind of the event are 0.
module tima_xti (
  input  logic                clk_i,
  input  logic                rst_ni,

  input  tima_pkg::step_e     step_i,
  input  logic                first_i,
  input  logic                commit_i,
  input  logic [2:0]          thread_i,

  // context before and after the step
  input  logic [511:0]        ctx_before_i,
  input  logic                l_os_before_i,
  input  logic                l_hv_before_i,
  input  logic                en_before_i,
  input  logic [511:0]        ctx_after_i,
  input  logic                l_os_after_i,
  input  logic                l_hv_after_i,
  input  logic                en_after_i,

  // the operation and its answer
  input  logic [1:0]          mm_page_i,
  input  logic [15:0]         mm_offset_i,
  input  logic                mm_write_i,
  input  logic [1:0]          mm_size_i,
  input  logic [63:0]         mm_wdata_i,
  input  logic                pm_format_i,
  input  logic                pm_crowd_i,
  input  logic                pm_ignore_i,
  input  logic [3:0]          pm_blk_i,
  input  logic [23:0]         pm_idx_i,
  input  logic [7:0]          pm_prio_i,
  input  logic [5:0]          pm_level_i,
  input  logic [1:0]          pm_ring_i,
  input  logic [63:0]         rdata_i,
  input  tima_pkg::err_e      code_i,
  input  logic                ack_i,

  output xti_pkg::xti_t       xti_o,
  output logic [3:0]          err_pulse_o,
  output logic [2:0]          err_thread_o,
  output logic                active_o      // xti_o or err_pulse_o will change by themselves
);
  logic is_mm;
  logic is_pm;

  assign is_mm    = step_i == tima_pkg::StepMmio || step_i == tima_pkg::StepPushDone;
  assign is_pm    = step_i == tima_pkg::StepPresent || step_i == tima_pkg::StepBcast;
  assign active_o = xti_o.valid;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      xti_o        <= '0;
      err_pulse_o  <= '0;
      err_thread_o <= '0;
    end else begin
      if (xti_o.valid) begin
        xti_o.valid  <= 1'b0;
        err_pulse_o  <= '0;
        err_thread_o <= '0;
      end
      if (first_i) begin
        xti_o.enabled_before <= en_before_i;
        xti_o.l_os_before    <= l_os_before_i;
        xti_o.l_hv_before    <= l_hv_before_i;
        xti_o.regs_before    <= ctx_before_i;
      end
      if (commit_i) begin
        xti_o.valid         <= 1'b1;
        xti_o.kind          <= is_mm ? xti_pkg::KindMmio :
                               step_i == tima_pkg::StepPresent ? xti_pkg::KindPresent :
                               step_i == tima_pkg::StepBcast   ? xti_pkg::KindBcast :
                                                                 xti_pkg::KindEnable;
        xti_o.last          <= 1'b1;
        xti_o.thread        <= thread_i;
        xti_o.page          <= is_mm ? mm_page_i : '0;
        xti_o.offset        <= is_mm ? mm_offset_i : '0;
        xti_o.write         <= is_mm && mm_write_i;
        xti_o.size          <= is_mm ? mm_size_i : '0;
        xti_o.wdata         <= (is_mm && mm_write_i) ? mm_wdata_i : '0;
        xti_o.rdata         <= rdata_i;
        xti_o.err           <= code_i == tima_pkg::ErrNoacc || code_i == tima_pkg::ErrAlign;
        xti_o.err_code      <= code_i;
        xti_o.format        <= is_pm && pm_format_i;
        xti_o.crowd         <= is_pm && pm_crowd_i;
        xti_o.ignore        <= is_pm && pm_ignore_i;
        xti_o.blk           <= is_pm ? pm_blk_i : '0;
        xti_o.idx           <= is_pm ? pm_idx_i : '0;
        xti_o.prio          <= is_pm ? pm_prio_i : '0;
        xti_o.level         <= step_i == tima_pkg::StepPresent ? pm_level_i : '0;
        xti_o.ring          <= step_i == tima_pkg::StepPresent ? pm_ring_i : '0;
        xti_o.ack           <= ack_i;
        xti_o.count         <= '0;  // BCAST of generation 2
        xti_o.enabled_after <= en_after_i;
        xti_o.l_os_after    <= l_os_after_i;
        xti_o.l_hv_after    <= l_hv_after_i;
        xti_o.regs_after    <= ctx_after_i;
        if (code_i != tima_pkg::ErrNone && code_i != tima_pkg::ErrNoacc &&
            code_i != tima_pkg::ErrAlign) begin
          err_pulse_o  <= code_i;
          err_thread_o <= thread_i;
        end
      end
    end
  end
endmodule : tima_xti
