// SPDX-License-Identifier: Apache-2.0

// One step of the engine: from the context of a thread before to the one after, with the answer.
// All rules of spec/tima.md sections 1.6, 3 and 5 for generation 1. Combinational.
//
// A step either commits its operation or, with fetch_o, asks memory first and is continued by
// another step. SET_PIPR (3.2) is applied in one place at the end, on request of the operation.
module tima_exec (
`ifdef TIMA_MUTANTS
  input  logic [7:0]      mutant_i,
`endif
  input  tima_pkg::step_e step_i,

  // context before
  input  logic [511:0]    ctx_i,
  input  logic            l_os_i,
  input  logic            l_hv_i,
  input  logic            en_i,

  // MMIO operation
  input  tima_pkg::op_e   op_i,
  input  logic            undef_hw_i,
  input  logic            undef_sw_i,
  input  logic            misaligned_i,
  input  logic [7:0]      bytes_i,      // raw: permitted bytes of the doubleword
  input  logic [5:0]      offset_i,
  input  logic            write_i,
  input  logic [1:0]      size_i,
  input  logic [63:0]     wdata_i,
  input  logic [8:0]      knobs_i,

  // presenter operation; the knobs are those of the operation in progress
  input  logic [3:0]      hit_i,        // rings whose CAM agrees with the notification
  input  logic            pm_format_i,
  input  logic            pm_ignore_i,
  input  logic [7:0]      pm_prio_i,
  input  logic [1:0]      pm_ring_i,
  input  logic            pm_user_ring_i,

  // answer of memory
  input  logic            rs_ok_i,
  input  logic [7:0]      rs_ipb_i,

  // context after
  output tima_pkg::ctx_t  ctx_o,
  output logic            l_os_o,
  output logic            l_hv_o,
  output logic            en_o,
  output logic            we_o,

  // answer
  output logic            fetch_o,      // not done: fetch the IPB of {fetch_blk_o, fetch_idx_o}
  output logic [3:0]      fetch_blk_o,
  output logic [18:0]     fetch_idx_o,
  output logic [63:0]     rdata_o,
  output tima_pkg::err_e  code_o,
  output logic            ack_o
);
  logic       v_user, v_os, v_pool, v_phys;  // V before
  logic       owned;                         // ring of the access is hardware owned
  logic       v_ring;                        // V of the ring of the access
  logic [1:0] ring;
  logic       refused;

  logic [63:0] dword;   // addressed doubleword before
  logic [63:0] mask;    // permitted bits
  logic [63:0] value;   // doubleword after, or load data not yet aligned

  logic        eval_os;  // SET_PIPR(OS, pipr, 0)
  logic        eval_hv;  // SET_PIPR(POOL or PHYS, pipr, 0)
  logic [7:0]  pipr;
  logic [7:0]  code_hv;  // NSR of the ring that would present in PHYS
  logic [7:0]  pipr_pool;
  logic        group;
  logic        present;
  logic [31:0] pulled;

  always_comb begin
    ctx_o       = ctx_i;
    l_os_o      = l_os_i;
    l_hv_o      = l_hv_i;
    en_o        = en_i;
    we_o        = 1'b0;
    fetch_o     = 1'b0;
    fetch_blk_o = '0;
    fetch_idx_o = '0;
    rdata_o     = '0;
    code_o      = tima_pkg::ErrNone;
    ack_o       = 1'b0;

    v_user    = 1'b0;
    v_os      = 1'b0;
    v_pool    = 1'b0;
    v_phys    = 1'b0;
    owned     = 1'b0;
    v_ring    = 1'b0;
    ring      = '0;
    refused   = 1'b0;
    dword     = '0;
    mask      = '0;
    value     = '0;
    eval_os   = 1'b0;
    eval_hv   = 1'b0;
    pipr      = '0;
    code_hv   = '0;
    pipr_pool = '0;
    group     = 1'b0;
    present   = 1'b0;
    pulled    = '0;

    unique case (step_i)
      tima_pkg::StepMmio: begin
        ring   = offset_i[5:4];
        v_user = ctx_i[tima_pkg::BitUserV];
        v_os   = ctx_i[tima_pkg::BitOsV];
        v_pool = ctx_i[tima_pkg::BitPoolV];
        v_phys = ctx_i[tima_pkg::BitPhysV];
        unique case (ring)
          tima_pkg::RingUser: begin v_ring = v_user; owned = v_user && v_os && v_pool && v_phys; end
          tima_pkg::RingOs:   begin v_ring = v_os;   owned = v_os && v_pool && v_phys; end
          tima_pkg::RingPool: begin v_ring = v_pool; owned = v_pool && v_phys; end
          default:            begin v_ring = v_phys; owned = v_phys; end
        endcase

        dword = ctx_i[{~offset_i[5:3], 6'd0} +: 64];
        if ((undef_hw_i && owned) || (undef_sw_i && !owned)) code_o = tima_pkg::ErrUndef;

        if (!en_i) begin
          refused = 1'b1;
          code_o  = tima_pkg::ErrNoacc;
        end else if (misaligned_i) begin
          refused = 1'b1;
          code_o  = tima_pkg::ErrAlign;
        end else begin
          unique case (op_i)
            tima_pkg::OpRawLoad, tima_pkg::OpRawStore: begin
              for (int i = 0; i < 8; i++) mask[8*i +: 8] = {8{bytes_i[i]}};
              if (bytes_i == 8'd0) begin
                refused = 1'b1;
                code_o  = tima_pkg::ErrNoacc;
              end else if (write_i) begin
                we_o  = 1'b1;
                value = size_i[0] ? wdata_i : {wdata_i[31:0], wdata_i[31:0]};
                value = (dword & ~mask) | (value & mask);
                unique case (offset_i[5:3])
                  3'd2: {ctx_o.os.nsr, ctx_o.os.cppr, ctx_o.os.ipb, ctx_o.os.lsmfb,
                         ctx_o.os.ack, ctx_o.os.lgs, ctx_o.os.target, ctx_o.os.pipr} = value;
                  3'd3: {ctx_o.os.word2, ctx_o.os.rsvd, ctx_o.os.ogen} = value;
                  3'd4: {ctx_o.pool.nsr, ctx_o.pool.cppr, ctx_o.pool.ipb, ctx_o.pool.lsmfb,
                         ctx_o.pool.ack, ctx_o.pool.lgs, ctx_o.pool.target, ctx_o.pool.pipr} = value;
                  3'd5: {ctx_o.pool.word2, ctx_o.pool.rsvd, ctx_o.pool.ogen} = value;
                  3'd6: {ctx_o.phys.nsr, ctx_o.phys.cppr, ctx_o.phys.ipb, ctx_o.phys.lsmfb,
                         ctx_o.phys.ack, ctx_o.phys.lgs, ctx_o.phys.target, ctx_o.phys.pipr} = value;
                  3'd7: {ctx_o.phys.word2, ctx_o.phys.rsvd, ctx_o.phys.ogen} = value;
                  default: ;
                endcase
                eval_os = `TIMA_MUT(84, offset_i[5:3] == 3'd2, 1'b0);
                pipr    = tima_pkg::ipb2pipr(ctx_o.os.ipb);
              end else begin
                value   = dword & `TIMA_MUT(79, {64{1'b1}}, mask);
                rdata_o = size_i[0]   ? value :
                          offset_i[2] ? {32'd0, value[31:0]} : {32'd0, value[63:32]};
              end
            end

            tima_pkg::OpLoadByte: rdata_o[7:0] = dword[{~offset_i[2:0], 3'd0} +: 8];

            tima_pkg::OpStoreByte: begin  // USER NSR, the only one in generation 1
              we_o           = 1'b1;
              ctx_o.user.nsr = wdata_i[7:0];
            end

            tima_pkg::OpSetCppr: begin  // 3.4
              we_o = 1'b1;
              if (ring == tima_pkg::RingOs) begin
                ctx_o.os.cppr = `TIMA_MUT(36, wdata_i[7:0], tima_pkg::norm(wdata_i[7:0]));
                eval_os       = `TIMA_MUT(86, ctx_o.os.cppr != ctx_i[tima_pkg::LsbOsCppr +: 8], 1'b1);
                pipr          = tima_pkg::ipb2pipr(ctx_o.os.ipb);
              end else begin
                ctx_o.phys.cppr = `TIMA_MUT(36, wdata_i[7:0], tima_pkg::norm(wdata_i[7:0]));
                eval_hv         = 1'b1;
                pipr            = tima_pkg::ipb2pipr(ctx_o.phys.ipb);
                code_hv         = tima_pkg::NsrPhys;
                pipr_pool       = tima_pkg::ipb2pipr(ctx_o.pool.ipb);
                if (`TIMA_MUT(32, 1'b0, v_pool) &&
                    `TIMA_MUT(65, pipr_pool <= pipr, pipr_pool < pipr)) begin
                  pipr    = pipr_pool;
                  code_hv = tima_pkg::NsrPool;
                end
              end
            end

            tima_pkg::OpPush: begin  // 5.2
              we_o = 1'b1;
              unique case (ring)
                tima_pkg::RingOs: begin
                  ctx_o.os.word2 = wdata_i[31:0];
                  fetch_o        = `TIMA_MUT(83, 1'b1, wdata_i[31]);
                  fetch_blk_o    = wdata_i[22:19];
                  fetch_idx_o    = wdata_i[18:0];
                end
                tima_pkg::RingPhys: ctx_o.phys.word2[31:24] = wdata_i[7:0];
                default:            ctx_o.user.word2 = wdata_i[31:0];
              endcase
            end

            tima_pkg::OpPull: begin  // 5.3
              we_o = 1'b1;
              if (!v_ring) code_o = tima_pkg::ErrPullInvalid;
              unique case (ring)
                tima_pkg::RingOs: begin
                  pulled             = ctx_i[tima_pkg::LsbOsWord2 +: 32];
                  ctx_o.os.word2[31] = 1'b0;
                  ctx_o.os.word2[23:0] = `TIMA_MUT(72, 24'd0, ctx_o.os.word2[23:0]);
                  l_os_o             = `TIMA_MUT(1, l_os_o, 1'b0);
                end
                tima_pkg::RingPool: begin
                  pulled = ctx_i[tima_pkg::LsbPoolWord2 +: 32];
                  pulled[31] = `TIMA_MUT(6, 1'b0, `TIMA_MUT(7, 1'b0, pulled[31]));
                  ctx_o.pool.word2[31] = `TIMA_MUT(6, ctx_o.pool.word2[31], 1'b0);
                  ctx_o.pool.word2[7]  = `TIMA_MUT(6, 1'b0, ctx_o.pool.word2[7]);
                  l_os_o  = `TIMA_MUT(7, l_os_o, `TIMA_MUT(78, l_os_o, 1'b0));
                  l_hv_o  = `TIMA_MUT(7, l_hv_o, 1'b0);
                  eval_hv = `TIMA_MUT(7, 1'b0, `TIMA_MUT(24, 1'b0, 1'b1));
                  pipr    = tima_pkg::ipb2pipr(ctx_o.phys.ipb);
                  code_hv = tima_pkg::NsrPhys;
                end
                tima_pkg::RingPhys: begin
                  pulled               = {24'd0, ctx_i[tima_pkg::BitPhysV -: 8]};
                  pulled[7]            = `TIMA_MUT(7, 1'b0, pulled[7]);
                  ctx_o.phys.word2[31] = 1'b0;
                  l_os_o               = `TIMA_MUT(7, l_os_o, 1'b0);
                  l_hv_o               = `TIMA_MUT(7, l_hv_o, 1'b0);
                end
                default: begin
                  pulled               = ctx_i[tima_pkg::LsbUserWord2 +: 32];
                  ctx_o.user.word2[31] = 1'b0;
                end
              endcase
              rdata_o = (size_i == 2'd3 && !knobs_i[tima_pkg::KnobPull64Lo]) ? {pulled, 32'd0}
                                                                             : {32'd0, pulled};
            end

            tima_pkg::OpAck: begin  // ACCEPT, 3.7
              we_o = 1'b1;
              if (ring == tima_pkg::RingOs) begin
                rdata_o[15:8] = ctx_o.os.nsr;
                group         = ctx_o.os.nsr[5:0] != 6'd0;
                if (ctx_o.os.nsr[7]) begin
                  ctx_o.os.cppr = `TIMA_MUT(71, ctx_o.os.cppr, ctx_o.os.pipr);
                  if (!group) ctx_o.os.ipb &= ~tima_pkg::prio2ipb(ctx_o.os.pipr);
                  ctx_o.os.nsr = 8'd0;
                  l_os_o       = 1'b0;
                  if (knobs_i[tima_pkg::KnobAckRecompute]) begin
                    ctx_o.os.pipr = tima_pkg::ipb2pipr(ctx_o.os.ipb);
                  end
                end
                l_os_o       = `TIMA_MUT(12, 1'b0, l_os_o);
                rdata_o[7:0] = ctx_o.os.cppr;
              end else begin
                rdata_o[15:8] = ctx_o.phys.nsr;
                group         = ctx_o.phys.nsr[5:0] != 6'd0;
                if (ctx_o.phys.nsr[7:6] != 2'd0) begin
                  ctx_o.phys.cppr = `TIMA_MUT(71, ctx_o.phys.cppr, ctx_o.phys.pipr);
                  if (!group) begin
                    if (`TIMA_MUT(9, 1'b1, `TIMA_MUT(13, 1'b0,
                                  ctx_o.phys.nsr[7:6] == tima_pkg::HePool))) begin
                      ctx_o.pool.ipb &= ~tima_pkg::prio2ipb(ctx_o.phys.pipr);
                    end else if (`TIMA_MUT(13, 1'b1, ctx_o.phys.nsr[7:6] == tima_pkg::HePhys)) begin
                      ctx_o.phys.ipb &= ~tima_pkg::prio2ipb(ctx_o.phys.pipr);
                    end
                  end
                  ctx_o.phys.nsr = 8'd0;
                  l_hv_o         = 1'b0;
                  if (knobs_i[tima_pkg::KnobAckRecompute]) begin
                    ctx_o.phys.pipr = tima_pkg::ipb2pipr(ctx_o.phys.ipb);
                  end
                end
                l_hv_o       = `TIMA_MUT(12, 1'b0, l_hv_o);
                rdata_o[7:0] = ctx_o.phys.cppr;
              end
            end

            tima_pkg::OpSetPending: begin  // 3.6
              we_o         = 1'b1;
              ctx_o.os.ipb |= tima_pkg::prio2ipb(wdata_i[7:0]);
              eval_os      = 1'b1;
              pipr         = tima_pkg::ipb2pipr(ctx_o.os.ipb);
            end

            tima_pkg::OpAckEbb: begin  // 2.4
              we_o              = 1'b1;
              rdata_o[7:0]      = ctx_o.user.nsr;
              ctx_o.user.nsr[7] = 1'b0;
            end

            default: begin
              refused = 1'b1;
              code_o  = tima_pkg::ErrNoacc;
            end
          endcase
        end

        if (refused && !write_i) begin
          unique case (size_i)
            2'd0:    rdata_o = 64'h0000_0000_0000_00FF;
            2'd1:    rdata_o = 64'h0000_0000_0000_FFFF;
            2'd2:    rdata_o = 64'h0000_0000_FFFF_FFFF;
            default: rdata_o = 64'hFFFF_FFFF_FFFF_FFFF;
          endcase
        end
      end

      tima_pkg::StepPushDone: begin  // 5.2, OS, steps 3 to 5
        we_o    = 1'b1;
        eval_os = `TIMA_MUT(2, rs_ok_i && rs_ipb_i != 8'd0, 1'b1);
        if (rs_ok_i) ctx_o.os.ipb = `TIMA_MUT(68, 8'd0, ctx_o.os.ipb) | rs_ipb_i;
        else         code_o       = tima_pkg::ErrNvp;
        pipr    = tima_pkg::ipb2pipr(ctx_o.os.ipb);
      end

      tima_pkg::StepPresent: begin  // 3.3, after the re-validation of rule A3
        present = hit_i[pm_ring_i];
        present = `TIMA_MUT(67, en_i && pm_ring_i != tima_pkg::RingUser,
                            `TIMA_MUT(87, en_i && pm_ring_i != tima_pkg::RingUser, present));
        if (pm_ignore_i) begin
          code_o = tima_pkg::ErrGroupG1;
        end else if (present && pm_format_i) begin
          if (pm_user_ring_i) begin
            we_o              = 1'b1;
            ack_o             = 1'b1;
            ctx_o.user.nsr[7] = 1'b1;
          end
        end else if (present) begin
          we_o  = 1'b1;
          ack_o = `TIMA_MUT(87, hit_i[pm_ring_i], 1'b1);
          pipr  = tima_pkg::prio2pipr(pm_prio_i);
          unique case (pm_ring_i)
            tima_pkg::RingOs: begin
              ctx_o.os.ipb |= tima_pkg::prio2ipb(pm_prio_i);
              eval_os      = pipr < `TIMA_MUT(66, ctx_o.os.cppr, ctx_o.os.pipr);
            end
            tima_pkg::RingPool: begin
              ctx_o.pool.ipb |= tima_pkg::prio2ipb(pm_prio_i);
              eval_hv        = pipr < `TIMA_MUT(66, ctx_o.phys.cppr, ctx_o.phys.pipr);
              code_hv        = tima_pkg::NsrPool;
            end
            default: begin
              ctx_o.phys.ipb |= tima_pkg::prio2ipb(pm_prio_i);
              eval_hv        = pipr < `TIMA_MUT(66, ctx_o.phys.cppr, ctx_o.phys.pipr);
              code_hv        = tima_pkg::NsrPhys;
            end
          endcase
        end
      end

      tima_pkg::StepBcast: code_o = tima_pkg::ErrGroupG1;  // no groups in generation 1

      tima_pkg::StepEnable: begin
        we_o = 1'b1;
        en_o = 1'b1;
      end

      tima_pkg::StepDisable: begin  // thread reset, 1.7
        we_o   = 1'b1;
        en_o   = 1'b0;
        ctx_o  = `TIMA_MUT(75, ctx_i, `TIMA_MUT(5, tima_pkg::ResetG1Pipr0, tima_pkg::ResetG1));
        l_os_o = 1'b0;
        l_hv_o = 1'b0;
      end

      default: ;
    endcase

    // SET_PIPR, 3.2
    if (eval_os) begin
      ctx_o.os.pipr = pipr;
      if (`TIMA_MUT(64, pipr <= ctx_o.os.cppr, pipr < ctx_o.os.cppr)) begin
        ctx_o.os.nsr = tima_pkg::NsrOs | `TIMA_MUT(8, ctx_o.os.nsr, 8'd0);
        l_os_o       = 1'b1;
      end else begin
        ctx_o.os.nsr = `TIMA_MUT(10, ctx_o.os.nsr, 8'd0);
        l_os_o       = `TIMA_MUT(10, l_os_o, 1'b0);
      end
    end
    if (eval_hv) begin
      ctx_o.phys.pipr = pipr;
      if (`TIMA_MUT(64, pipr <= ctx_o.phys.cppr, pipr < ctx_o.phys.cppr)) begin
        ctx_o.phys.nsr = code_hv | `TIMA_MUT(8, ctx_o.phys.nsr, 8'd0);
        l_hv_o         = 1'b1;
      end else begin
        ctx_o.phys.nsr = `TIMA_MUT(10, ctx_o.phys.nsr, 8'd0);
        l_hv_o         = `TIMA_MUT(10, l_hv_o, 1'b0);
      end
    end
  end
endmodule : tima_exec
