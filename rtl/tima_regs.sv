// SPDX-License-Identifier: Apache-2.0

// Register images, line latches and thread enables of all threads.
module tima_regs #(
  parameter int unsigned NumThreads = 4
) (
  input logic clk_i,
  input logic rst_ni
);
  logic [511:0]          ctx_q [NumThreads] /* verilator public_flat_rd */;
  logic [NumThreads-1:0] l_os_q /* verilator public_flat_rd */;
  logic [NumThreads-1:0] l_hv_q /* verilator public_flat_rd */;
  logic [NumThreads-1:0] thread_en_q /* verilator public_flat_rd */;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      for (int unsigned t = 0; t < NumThreads; t++) ctx_q[t] <= '0;
      l_os_q      <= '0;
      l_hv_q      <= '0;
      thread_en_q <= '0;
    end
  end
endmodule : tima_regs
