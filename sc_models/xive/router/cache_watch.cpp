// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/router/cache_watch.h"

namespace xive::ic {

WatchEvent CacheWatch::event(WatchEvent::Kind kind) const {
  WatchEvent event;
  event.kind = kind;
  event.nvt = target_ == Target::Vp;
  event.full = full_;
  event.blk = blk_;
  event.idx = idx_;
  event.dwords = dwords_;
  event.conflict = conflict_;
  event.staged = staged_;
  return event;
}

bool CacheWatch::fetch(Dwords& live) {
  live = {};
  const auto unpack = [&](std::span<const std::uint8_t> bytes) {
    for (unsigned n = 0; n < dwords_; ++n) {
      live[n] = platform::from_big_endian(bytes.subspan(std::size_t{8} * n, 8));
    }
  };
  if (target_ == Target::End) {
    Tables::EndEntry end;
    if (!tables_.read_end(blk_, idx_, end)) return false;
    unpack(end.image.bytes);
  } else {
    Tables::VpEntry vp;
    if (!tables_.read_vp(blk_, idx_, vp)) return false;
    unpack(vp.image);
  }
  return true;
}

bool CacheWatch::store(const Dwords& image) {
  const auto pack = [&](std::span<std::uint8_t> bytes) {
    for (unsigned n = 0; n < dwords_; ++n) {
      platform::to_big_endian(image[n], bytes.subspan(std::size_t{8} * n, 8));
    }
  };
  if (target_ == Target::End) {
    Tables::EndEntry end;
    if (!tables_.read_end(blk_, idx_, end)) return false;
    pack(end.image.bytes);
    return tables_.write_end(blk_, idx_, end);
  }
  Tables::VpEntry vp;
  if (!tables_.read_vp(blk_, idx_, vp)) return false;
  pack(std::span(vp.image).first(std::size_t{8} * dwords_));
  return tables_.write_vp(blk_, idx_, vp);
}

void CacheWatch::arm(unsigned blk, std::uint32_t idx, bool full) {
  blk_ = static_cast<std::uint8_t>(blk);
  idx_ = idx;
  full_ = full;
  conflict_ = false;
  loaded_valid_ = false;
  if (env_.observer != nullptr) env_.observer->on_watch(event(WatchEvent::Kind::Spec));
}

std::uint64_t CacheWatch::read_data(unsigned n) {
  if (n != 0) return staged_[n];
  loaded_valid_ = fetch(loaded_);
  staged_ = loaded_;
  if (env_.observer != nullptr) {
    WatchEvent seen = event(WatchEvent::Kind::Load);
    seen.live = seen.after = loaded_;
    env_.observer->on_watch(seen);
  }
  return staged_[0];
}

void CacheWatch::write_data(unsigned n, std::uint64_t value) {
  WatchEvent seen = event(WatchEvent::Kind::Stage);
  if (env_.observer != nullptr) fetch(seen.live);
  staged_[n] = value;
  if (n == 0) {
    commit();
    seen.kind = WatchEvent::Kind::Commit;
  } else if (env_.broken(Defect::WatchStagesToMemory)) {
    store(staged_);
  }
  if (env_.observer != nullptr) {
    fetch(seen.after);
    seen.staged = staged_;
    seen.conflict = conflict_;
    seen.written = seen.live != seen.after;
    env_.observer->on_watch(seen);
  }
}

void CacheWatch::commit() {
  Dwords live;
  if (!fetch(live)) return;
  Dwords image = staged_;
  if (full_) {
    if (loaded_valid_ && live != loaded_ && !env_.broken(Defect::WatchIgnoresConflict)) {
      conflict_ = true;
      return;
    }
  } else if (!env_.broken(Defect::WatchLightLosesW1)) {
    // What software did not change stays as it is now; of an END never touch word 1.
    for (unsigned n = 0; n < dwords_; ++n) {
      if (loaded_valid_ && staged_[n] == loaded_[n]) image[n] = live[n];
    }
    if (target_ == Target::End) {
      constexpr std::uint64_t kW1 = 0xffffffff;
      image[0] = (image[0] & ~kW1) | (live[0] & kW1);
    }
  }
  if (!store(image)) return;
  loaded_ = staged_ = image;
  loaded_valid_ = true;
}

}  // namespace xive::ic
