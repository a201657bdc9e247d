// SPDX-License-Identifier: Apache-2.0

// Thread enables: turns changes of cfg_thread_en_i into steps of the engine, lowest thread first.
//
// A fall is remembered until it is taken over, so that a short low pulse still resets the thread.
module tima_enable #(
  parameter int unsigned NumThreads = 4
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,

  input  logic [NumThreads-1:0] cfg_thread_en_i,
  input  logic [NumThreads-1:0] thread_en_i,  // as taken over

  output logic                  pend_o,
  output tima_pkg::step_e       step_o,       // StepEnable or StepDisable while pend_o
  output logic [2:0]            thread_o,
  input  logic                  done_i,       // the step above is taken in this cycle
  output logic                  quiet_o       // nothing pending, nothing unseen
);
  logic [NumThreads-1:0] seen_q;  // cfg_thread_en_i of the previous cycle
  logic [NumThreads-1:0] fell_q;  // has been low since it was last taken over
  logic [NumThreads-1:0] fall;    // threads to disable
  logic [NumThreads-1:0] pend;
  logic [NumThreads-1:0] taken;

  assign fall    = thread_en_i & (fell_q | ~seen_q);
  assign pend    = fall | (seen_q & ~thread_en_i);
  assign pend_o  = pend != '0;
  assign quiet_o = !pend_o && seen_q == cfg_thread_en_i;

  always_comb begin
    step_o   = tima_pkg::StepNone;
    thread_o = '0;
    taken    = '0;
    if (pend_o) begin
      for (int t = NumThreads - 1; t >= 0; t--) begin
        if (pend[t]) begin
          thread_o = 3'(t);
          step_o   = fall[t] ? tima_pkg::StepDisable : tima_pkg::StepEnable;
          taken    = '0;
          taken[t] = done_i;
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      seen_q <= '0;
      fell_q <= '0;
    end else if (!quiet_o) begin
      seen_q <= cfg_thread_en_i;
      fell_q <= (fell_q & ~taken) | (seen_q & ~cfg_thread_en_i);
    end
  end
endmodule : tima_enable
