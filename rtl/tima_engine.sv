// SPDX-License-Identifier: Apache-2.0

// Operation engine: picks the next step, one operation at a time (rule A1). Between operations the
// order is thread enable, presenter, MMIO; a presenter operation takes two cycles at least and an
// MMIO operation one step, so neither port starves the other.
//
// Generation 2 adds states in which a step waits for its own request (SCAN, SAVE, REPORT, REDIST).
module tima_engine (
  input  logic            clk_i,
  input  logic            rst_ni,

  // who wants to work
  input  tima_pkg::step_e enable_step_i,  // StepNone if nothing is pending
  input  logic [2:0]      enable_thread_i,
  input  logic            pm_present_i,
  input  logic            pm_bcast_i,
  input  logic [2:0]      pm_thread_i,
  input  logic            mm_pend_i,
  input  logic [2:0]      mm_thread_i,

  // step of this cycle; it is always carried out
  output tima_pkg::step_e step_o,
  output logic [2:0]      thread_o,
  input  logic            fetch_i,        // the step asks memory and is continued later
  input  logic            answered_i,     // memory has answered

  output logic            enable_done_o,
  output logic            pm_done_o,
  output logic            mm_done_o,
  output logic            commit_o,       // the operation is complete with this step
  output logic            first_o         // first step of its operation
);
  typedef enum logic [2:0] {
    StIdle  = 3'd0,
    StFetch = 3'd1  // MMIO operation waits for the IPB of its NVT
  } state_e;

  state_e state_q;

  always_comb begin
    step_o   = tima_pkg::StepNone;
    thread_o = '0;
    unique case (state_q)
      StIdle: begin
        if (enable_step_i != tima_pkg::StepNone) begin
          step_o   = enable_step_i;
          thread_o = enable_thread_i;
        end else if (pm_present_i) begin
          step_o   = tima_pkg::StepPresent;
          thread_o = pm_thread_i;
        end else if (pm_bcast_i) begin
          step_o   = tima_pkg::StepBcast;
        end else if (mm_pend_i) begin
          step_o   = tima_pkg::StepMmio;
          thread_o = mm_thread_i;
        end
      end
      StFetch: begin
        if (answered_i) begin
          step_o   = tima_pkg::StepPushDone;
          thread_o = mm_thread_i;
        end
      end
      default: ;
    endcase
  end

  assign commit_o      = step_o != tima_pkg::StepNone && !fetch_i;
  assign first_o       = step_o != tima_pkg::StepNone && step_o != tima_pkg::StepPushDone;
  assign enable_done_o = step_o == tima_pkg::StepEnable || step_o == tima_pkg::StepDisable;
  assign pm_done_o     = step_o == tima_pkg::StepPresent || step_o == tima_pkg::StepBcast;
  assign mm_done_o     = step_o == tima_pkg::StepPushDone || (step_o == tima_pkg::StepMmio && !fetch_i);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StIdle;
    end else if (fetch_i) begin
      state_q <= StFetch;
    end else if (commit_o) begin
      state_q <= StIdle;
    end
  end
endmodule : tima_engine
