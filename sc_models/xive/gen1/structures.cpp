// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/gen1/structures.h"

namespace xive::ic::gen1 {

End decode_end(const EndImage& image) {
  const std::uint32_t w0 = image.word(0);
  const std::uint32_t w6 = image.word(6);
  const std::uint32_t w7 = image.word(7);
  End end;
  end.valid = (w0 & end_w0::kValid) != 0;
  end.enqueue = (w0 & end_w0::kEnqueue) != 0;
  end.uncond_notify = (w0 & end_w0::kUcondNotify) != 0;
  end.backlog = (w0 & end_w0::kBacklog) != 0;
  end.precl_escalate = (w0 & end_w0::kPreclEscalate) != 0;
  end.escalate = (w0 & end_w0::kEscalate) != 0;
  end.uncond_escalate = (w0 & end_w0::kUncondEscalate) != 0;
  end.silent = (w0 & end_w0::kSilentEscalate) != 0;
  const std::uint32_t qsize = end_w0::kQsize.get(w0);
  end.eq_entries = qsize <= kMaxQsize ? 1024U << qsize : 0U;
  end.eq_address = static_cast<std::uint64_t>(image.word(2) & 0x0fffffffU) << 32U | image.word(3);
  end.esc_blk = static_cast<std::uint8_t>(kEscBlock.get(image.word(4)));
  end.esc_idx = kEscIndex.get(image.word(4));
  end.esc_data = image.word(5) & 0x7fffffffU;
  end.format = (w6 & end_w67::kFormat) != 0;
  end.vp_blk = static_cast<std::uint8_t>(end_w67::kNvtBlock.get(w6));
  end.vp_idx = end_w67::kNvtIndex.get(w6);
  if (end.format) {
    end.logic_serv = end_w67::kLogicServer.get(w7);
  } else {
    end.ignore = (w7 & end_w67::kIgnore) != 0;
    end.prio = static_cast<std::uint8_t>(end_w67::kPriority.get(w7));
  }
  return end;
}

const Generation kGeneration{.number = 1,
                             .decode_end = decode_end,
                             .vp_bytes = kNvtBytes,
                             .ipb_word = 4,
                             .ipb_shift = 8,
                             .vp_checked_first = true,
                             .groups = false,
                             .wrap_flag = 0};

}  // namespace xive::ic::gen1
