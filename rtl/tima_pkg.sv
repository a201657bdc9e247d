// SPDX-License-Identifier: Apache-2.0

// Vocabulary of the TIMA: rings, operations, codes, register image, conversions of spec/tima.md 3.1.
package tima_pkg;

  typedef enum logic [1:0] {
    RingUser = 2'd0,
    RingOs   = 2'd1,
    RingPool = 2'd2,
    RingPhys = 2'd3
  } ring_e;

  // Commands of the presenter port.
  typedef enum logic [1:0] {
    PmMatch   = 2'd0,
    PmPresent = 2'd1,
    PmBcast   = 2'd2
  } pm_cmd_e;

  // Operations of the request port; all but the first belong to generation 2.
  typedef enum logic [3:0] {
    RqNvtIpbFetchClr = 4'd0,
    RqNvpIpbFetchClr = 4'd1,
    RqNvpCheckout    = 4'd2,
    RqNvpSave        = 4'd3,
    RqNvpReadPgo     = 4'd4,
    RqBklgScan       = 4'd5,
    RqBklgDecr       = 4'd6,
    RqRedist         = 4'd7,
    RqReportWr       = 4'd8,
    RqNvpRelease     = 4'd9
  } rq_op_e;

  // Error codes of spec/tima.md 6.5. Only ErrNoacc and ErrAlign are bus errors.
  typedef enum logic [3:0] {
    ErrNone        = 4'd0,
    ErrNoacc       = 4'd1,
    ErrAlign       = 4'd2,
    ErrUndef       = 4'd3,
    ErrPullInvalid = 4'd4,
    ErrPushValid   = 4'd5,
    ErrNvp         = 4'd6,
    ErrMulti       = 4'd7,
    ErrGroupG1     = 4'd8,
    ErrCrowd       = 4'd9
  } err_e;

  // Bit numbers of cfg_knobs_i.
  localparam int unsigned KnobAckRecompute = 0;
  localparam int unsigned KnobPull64Lo     = 1;
  localparam int unsigned KnobG1PoolPush   = 2;
  localparam int unsigned KnobSaveClrIpb   = 3;  // generation 2
  localparam int unsigned KnobPoolCppr     = 4;  // generation 2
  localparam int unsigned KnobLsmfbMin     = 5;  // generation 2
  localparam int unsigned KnobLow400Alias  = 6;
  localparam int unsigned KnobUserRing     = 7;
  localparam int unsigned KnobCpprLoad     = 8;
  localparam int unsigned NumKnobs         = 9;

  // What an MMIO access does. The ring it works on is address bits [5:4].
  typedef enum logic [4:0] {
    OpNone       = 5'd0,   // refused
    OpRawLoad    = 5'd1,
    OpRawStore   = 5'd2,
    OpLoadByte   = 5'd3,   // poll VT; knobs: CPPR, USER NSR
    OpStoreByte  = 5'd4,   // knob: USER NSR; generation 2: LGS, TARGET
    OpSetCppr    = 5'd5,
    OpPush       = 5'd6,
    OpPull       = 5'd7,
    OpAck        = 5'd8,
    OpSetPending = 5'd9,
    OpAckEbb     = 5'd10,  // knob
    OpAckLine    = 5'd11,  // generation 2: into the even report line
    OpPullLine   = 5'd12   // generation 2: through the odd report line
  } op_e;

  // One step of the engine on the context of one thread.
  typedef enum logic [3:0] {
    StepNone     = 4'd0,
    StepEnable   = 4'd1,  // take over a rise of cfg_thread_en_i
    StepDisable  = 4'd2,  // take over a fall: thread reset
    StepPresent  = 4'd3,
    StepBcast    = 4'd4,
    StepMmio     = 4'd5,
    StepPushDone = 4'd6   // push: memory has answered
    // generation 2 adds one per continuation: scan, save, report, redistribute
  } step_e;

  // One ring of the register image, byte +0 first.
  typedef struct packed {
    logic [7:0]  nsr;
    logic [7:0]  cppr;
    logic [7:0]  ipb;
    logic [7:0]  lsmfb;
    logic [7:0]  ack;
    logic [7:0]  lgs;     // INC in generation 1
    logic [7:0]  target;  // AGE in generation 1
    logic [7:0]  pipr;
    logic [31:0] word2;   // bit 31 = V
    logic [23:0] rsvd;
    logic [7:0]  ogen;
  } ring_t;

  // Register image R[0..63] of one thread, R[0] in the most significant byte.
  typedef struct packed {
    ring_t user;
    ring_t os;
    ring_t pool;
    ring_t phys;
  } ctx_t;

  // Least significant bit of byte `b` of an image.
  localparam int unsigned LsbOsCppr    = 504 - 8 * 'h11;
  localparam int unsigned LsbOsPipr    = 504 - 8 * 'h17;
  localparam int unsigned LsbPhysPipr  = 504 - 8 * 'h37;
  localparam int unsigned LsbUserWord2 = 504 - 8 * 'h0B;
  localparam int unsigned LsbOsWord2   = 504 - 8 * 'h1B;
  localparam int unsigned LsbPoolWord2 = 504 - 8 * 'h2B;
  localparam int unsigned BitUserEb    = 511;
  localparam int unsigned BitUserV     = LsbUserWord2 + 31;
  localparam int unsigned BitOsV       = LsbOsWord2 + 31;
  localparam int unsigned BitPoolV     = LsbPoolWord2 + 31;
  localparam int unsigned BitPhysV     = 504 - 8 * 'h38 + 7;

  // Reset image of spec/tima.md 1.7, generation 1.
  localparam logic [511:0] ResetG1 = {
    128'h0,
    64'h0000_00FF_FF00_FFFF, 64'h0,
    128'h0,
    64'h0000_0000_0000_00FF, 64'h0
  };
`ifdef TIMA_MUTANTS
  // The same with PIPR = 0 (H5).
  localparam logic [511:0] ResetG1Pipr0 = {
    128'h0,
    64'h0000_00FF_FF00_FF00, 64'h0,
    128'h0,
    64'h0000_0000_0000_0000, 64'h0
  };
`endif

  // NSR of a directed exception, by ring.
  localparam logic [7:0] NsrOs   = 8'h80;
  localparam logic [7:0] NsrPool = 8'h40;
  localparam logic [7:0] NsrPhys = 8'h80;
  localparam logic [1:0] HePool  = 2'd1;
  localparam logic [1:0] HePhys  = 2'd2;

  function automatic logic [7:0] prio2ipb(input logic [7:0] prio);
    prio2ipb = (prio > 8'd7) ? 8'h00 : (8'h80 >> prio[2:0]);
  endfunction

  function automatic logic [7:0] prio2pipr(input logic [7:0] prio);
    prio2pipr = (prio > 8'd7) ? 8'hFF : prio;
  endfunction

  function automatic logic [7:0] ipb2pipr(input logic [7:0] ipb);
    ipb2pipr = 8'hFF;
    for (int i = 0; i < 8; i++) begin
      if (ipb[i]) ipb2pipr = 8'd7 - 8'(i);
    end
  endfunction

  // CPPR as the CPPR operation stores it.
  function automatic logic [7:0] norm(input logic [7:0] cppr);
    norm = (cppr > 8'd7) ? 8'hFF : cppr;
  endfunction

endpackage : tima_pkg
