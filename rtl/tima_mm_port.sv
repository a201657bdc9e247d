// SPDX-License-Identifier: Apache-2.0

// MMIO port: holds one request until the engine has done it, and one response until it is taken.
module tima_mm_port (
  input  logic           clk_i,
  input  logic           rst_ni,

  input  logic [8:0]     cfg_knobs_i,
  input  logic           req_valid_i,
  output logic           req_ready_o,
  input  logic [2:0]     req_thread_i,
  input  logic [1:0]     req_page_i,
  input  logic [15:0]    req_offset_i,
  input  logic           req_write_i,
  input  logic [1:0]     req_size_i,
  input  logic [63:0]    req_wdata_i,

  output logic           rsp_valid_o,
  input  logic           rsp_ready_i,
  output logic [63:0]    rsp_rdata_o,
  output logic           rsp_err_o,
  output logic [3:0]     rsp_err_code_o,

  // towards the engine
  output logic           held_o,     // a request is held
  output logic           pend_o,     // and its answer would find room
  output logic [2:0]     thread_o,
  output logic [1:0]     page_o,
  output logic [15:0]    offset_o,
  output logic           write_o,
  output logic [1:0]     size_o,
  output logic [63:0]    wdata_o,
  output logic [8:0]     knobs_o,
  input  logic           done_i,
  input  logic [63:0]    rdata_i,
  input  tima_pkg::err_e code_i
);
  assign req_ready_o = !held_o;
  assign pend_o      = held_o && !rsp_valid_o;

  // The static inputs are sampled with the request: an idle block has nothing that follows them.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      held_o <= 1'b0;
    end else if (!held_o) begin
      if (req_valid_i) begin
        held_o   <= 1'b1;
        thread_o <= req_thread_i;
        page_o   <= req_page_i;
        offset_o <= req_offset_i;
        write_o  <= req_write_i;
        size_o   <= req_size_i;
        wdata_o  <= req_wdata_i;
        knobs_o  <= cfg_knobs_i;
      end
    end else if (done_i) begin
      held_o <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      rsp_valid_o    <= 1'b0;
      rsp_rdata_o    <= '0;
      rsp_err_o      <= 1'b0;
      rsp_err_code_o <= '0;
    end else if (done_i) begin
      rsp_valid_o    <= 1'b1;
      rsp_rdata_o    <= rdata_i;
      rsp_err_o      <= code_i == tima_pkg::ErrNoacc || code_i == tima_pkg::ErrAlign;
      rsp_err_code_o <= code_i;
    end else if (rsp_ready_i) begin
      rsp_valid_o <= 1'b0;
    end
  end
endmodule : tima_mm_port
