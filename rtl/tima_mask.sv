// SPDX-License-Identifier: Apache-2.0

// Raw access masks of spec/tima.md 1.5: which bytes of the addressed doubleword an access reaches.
// Combinational; 0 while valid_i is 0.
module tima_mask (
`ifdef TIMA_MUTANTS
  input  logic [7:0] mutant_i,
`endif
  input  logic       valid_i,
  input  logic [1:0] page_i,
  input  logic [5:2] offset_i,
  input  logic       write_i,
  input  logic [1:0] size_i,       // 2 or 3
  input  logic       pool_push_i,  // K_G1_POOL_PUSH

  output logic [7:0] bytes_o       // bit 7 = first byte of the doubleword
);
  logic [63:0] row;   // one hexadecimal digit per byte of the ring: 1 WO, 2 RO, 3 RW
  logic [31:0] half;  // the digits of the addressed doubleword
  logic [7:0]  lanes;
  logic [7:0]  perm;

  always_comb begin
    row     = '0;
    half    = '0;
    lanes   = '0;
    perm    = '0;
    bytes_o = '0;

    if (valid_i) begin
      // The USER ring is out of reach of raw accesses (1.6), so its rows stay 0.
      unique case ({page_i, offset_i[5:4]})
        {2'd0, tima_pkg::RingOs}:   row = 64'h3333_3302_3333_0003;
        {2'd0, tima_pkg::RingPool}: row = 64'h0033_0330_3333_0000;
        {2'd0, tima_pkg::RingPhys}: row = 64'h3333_0302_3003_3330;
        {2'd1, tima_pkg::RingOs}:   row = 64'h3333_3302_3333_0003;
        {2'd1, tima_pkg::RingPool}: row = 64'h0033_0330_0333_0000;
        {2'd1, tima_pkg::RingPhys}: row = 64'h3333_0302_3003_0000;
        {2'd2, tima_pkg::RingOs}:   row = 64'h2322_2202_0000_0000;
        default: ;
      endcase
      row |= `TIMA_MUT(4, {31'd0, row[33], 32'd0}, 64'd0);

      half = offset_i[3] ? row[31:0] : row[63:32];
      if (pool_push_i && page_i == 2'd1 && offset_i[5:3] == 3'd5 && (!write_i || size_i == 2'd2)) begin
        half |= 32'h3000_0000;
      end

      for (int i = 0; i < 8; i++) begin
        perm[i] = write_i ? half[4*i] : half[4*i+1];
      end
      if (size_i == 2'd3) begin
        lanes = 8'hFF;
      end else begin
        lanes = offset_i[2] ? 8'h0F : 8'hF0;
      end
      bytes_o = perm & lanes;
      bytes_o = `TIMA_MUT(37, (write_i && bytes_o != 8'd0) ? lanes : bytes_o, bytes_o);
    end
  end
endmodule : tima_mask
