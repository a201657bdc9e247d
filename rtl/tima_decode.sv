// SPDX-License-Identifier: Apache-2.0

// Operation table of spec/tima.md 0.2, 2.1, 2.2 and 2.4: what an access is, before anybody looks at
// the state of the thread. Combinational; its outputs are 0 while valid_i is 0.
module tima_decode #(
  parameter int unsigned Gen = 1
) (
`ifdef TIMA_MUTANTS
  input  logic [7:0]    mutant_i,
`endif
  input  logic          valid_i,
  input  logic [1:0]    page_i,
  input  logic [15:0]   offset_i,
  input  logic          write_i,
  input  logic [1:0]    size_i,
  input  logic [8:0]    knobs_i,

  output tima_pkg::op_e op_o,
  output logic          undef_hw_o,   // ERR_UNDEF when the ring is hardware owned
  output logic          undef_sw_o,   // ERR_UNDEF when the ring is software owned
  output logic          misaligned_o
);
  localparam bit IsG2 = (Gen == 2);

  logic [7:0]    key;   // address bits [11:10] and [5:0]
  logic [2:0]    acc;   // load/store and size, as below
  tima_pkg::op_e op;    // what the table says
  logic [1:0]    page;  // least privileged page that may use it
  logic          alias_ok;

  localparam logic [2:0] Ld1 = 3'b000;
  localparam logic [2:0] Ld2 = 3'b001;
  localparam logic [2:0] Ld4 = 3'b010;
  localparam logic [2:0] Ld8 = 3'b011;
  localparam logic [2:0] St1 = 3'b100;
  localparam logic [2:0] St4 = 3'b110;
  localparam logic [2:0] St8 = 3'b111;

  always_comb begin
    key          = '0;
    acc          = '0;
    op           = tima_pkg::OpNone;
    page         = 2'd0;
    alias_ok     = 1'b0;
    op_o         = tima_pkg::OpNone;
    undef_hw_o   = 1'b0;
    undef_sw_o   = 1'b0;
    misaligned_o = 1'b0;

    if (valid_i) begin
      key = {offset_i[11:10], offset_i[5:0]};
      acc = {write_i, size_i};

      unique case (size_i)
        2'd0:    misaligned_o = 1'b0;
        2'd1:    misaligned_o = offset_i[0];
        2'd2:    misaligned_o = |offset_i[1:0];
        default: misaligned_o = |offset_i[2:0];
      endcase

      // Keys are written as address bits [11:10], [5:0].
      unique case (key)
        // low half
        {2'b00, 6'h00}: begin
          page = 2'd3;
          if (knobs_i[tima_pkg::KnobUserRing]) begin
            if (acc == Ld1) op = tima_pkg::OpLoadByte;
            if (acc == St1) op = tima_pkg::OpStoreByte;
          end
        end
        {2'b00, 6'h11}: begin
          page = 2'd2;
          if (acc == St1) op = tima_pkg::OpSetCppr;
          if (acc == Ld1 && knobs_i[tima_pkg::KnobCpprLoad]) op = tima_pkg::OpLoadByte;
        end
        {2'b00, 6'h31}: begin
          page = 2'd1;
          if (acc == St1) op = tima_pkg::OpSetCppr;
          if (acc == Ld1 && knobs_i[tima_pkg::KnobCpprLoad]) op = tima_pkg::OpLoadByte;
        end
        {2'b00, 6'h18}: begin
          page = 2'd1;
          if (acc == St4) op = tima_pkg::OpPush;
          if (acc == St8 && IsG2) op = tima_pkg::OpPush;
        end
        {2'b00, 6'h28}: begin
          page = 2'd1;
          if ((acc == St4 || acc == St8) && IsG2) op = tima_pkg::OpPush;
        end
        {2'b00, 6'h38}: begin
          page = 2'd1;
          if (acc == St1) begin
            op         = tima_pkg::OpPush;
            undef_hw_o = 1'b1;
          end
          if (acc == Ld1) op = tima_pkg::OpLoadByte;
        end
        {2'b00, 6'h15}: begin
          page = 2'd2;
          if (acc == St1 && IsG2) op = tima_pkg::OpStoreByte;
        end
        {2'b00, 6'h25}, {2'b00, 6'h36}: begin
          page = 2'd1;
          if (acc == St1 && IsG2) op = tima_pkg::OpStoreByte;
        end

        // special half
        {2'b10, 6'h00}: begin
          page = 2'd3;
          if (acc == Ld1 && knobs_i[tima_pkg::KnobUserRing]) op = tima_pkg::OpAckEbb;
        end
        {2'b10, 6'h08}: begin
          page = 2'd2;
          if (knobs_i[tima_pkg::KnobUserRing]) begin
            if (acc == St4) op = tima_pkg::OpPush;
            if (acc == Ld4) op = tima_pkg::OpPull;
          end
        end
        {2'b10, 6'h10}: begin
          page       = 2'd2;
          undef_sw_o = 1'b1;
          if (acc == Ld2) op = tima_pkg::OpAck;
          if (acc == Ld4 && IsG2) begin
            op   = tima_pkg::OpPull;
            page = 2'd1;
          end
        end
        {2'b10, 6'h12}: begin
          page       = 2'd2;
          undef_sw_o = 1'b1;
          if (acc == St1) op = tima_pkg::OpSetPending;
        end
        {2'b10, 6'h18}, {2'b10, 6'h28}: begin
          page       = 2'd1;
          undef_sw_o = 1'b1;
          if (acc == Ld4 || acc == Ld8) op = tima_pkg::OpPull;
        end
        {2'b10, 6'h20}: begin
          page       = 2'd1;
          undef_sw_o = 1'b1;
          if (acc == Ld4 && IsG2) op = tima_pkg::OpPull;
        end
        {2'b10, 6'h30}: begin
          page       = 2'd1;
          undef_sw_o = 1'b1;
          if (acc == Ld2) op = tima_pkg::OpAck;
          if (acc == Ld4 && IsG2) op = tima_pkg::OpPull;
        end
        {2'b10, 6'h38}: begin
          page       = 2'd1;
          undef_sw_o = 1'b1;
          if (acc == Ld1) op = tima_pkg::OpPull;
        end
        {2'b11, 6'h10}: begin
          page       = 2'd2;
          undef_sw_o = 1'b1;
          if (acc == St1 && IsG2) op = tima_pkg::OpAckLine;
        end
        {2'b11, 6'h18}, {2'b11, 6'h38}: begin
          page       = 2'd1;
          undef_sw_o = 1'b1;
          if (acc == St1 && IsG2) op = tima_pkg::OpPullLine;
        end
        default: ;
      endcase

      // A page may use what it or a less privileged page may use.
      if (`TIMA_MUT(73, 1'b0, page_i > page)) op = tima_pkg::OpNone;

      // Bits [9:6] pick a snooper; they never take part in the decode.
      alias_ok = `TIMA_MUT(74, offset_i[9:6] == 4'd0, 1'b1);

      if (op != tima_pkg::OpNone && (!offset_i[11] || alias_ok)) begin
        op_o = op;
      end else if (!offset_i[11] && size_i[1] &&
                   (!offset_i[10] || knobs_i[tima_pkg::KnobLow400Alias])) begin
        // Raw accesses are 4 or 8 bytes wide; tima_mask decides which bytes they reach.
        op_o       = write_i ? tima_pkg::OpRawStore : tima_pkg::OpRawLoad;
        undef_hw_o = write_i;
        undef_sw_o = 1'b0;
      end
    end
  end
endmodule : tima_decode
