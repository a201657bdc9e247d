// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/router/tables.h"

namespace xive::ic {

namespace {
/// Begin of a VP structure in which valid bit and IPB lie.
constexpr unsigned kVpStateBytes = 32;

constexpr std::array<std::uint8_t, kTables> entry_bytes(unsigned vp_bytes) {
  return {8, 0, 32, static_cast<std::uint8_t>(vp_bytes), 4};
}
}  // namespace

PqStep broken_pq(Defect defect, PqOp op, Pq before, PqStep step) {
  switch (defect) {
    case Defect::PqQueuedEoiLost:
      if (op == PqOp::Eoi && before == Pq::Queued) step = {Pq::Reset, false};
      break;
    case Defect::PqOffForwards:
      if (op == PqOp::Trigger && before == Pq::Off) step.forward = true;
      break;
    case Defect::PqGetClears:
      if (op == PqOp::Get) step.next = Pq::Reset;
      break;
    case Defect::B41SetPqDropsP:
      if (op == PqOp::Set10) step.next = Pq::Reset;
      break;
    case Defect::LsiSetsQueued:
      if (op == PqOp::Assert && before == Pq::Pending) step.next = Pq::Queued;
      break;
    default:
      break;
  }
  return step;
}

Tables::Tables(Environment& env, const Generation& generation, CacheMode mode)
    : env_(env),
      generation_(generation),
      vc_(env, false, entry_bytes(generation.vp_bytes)),
      pc_(env, true, entry_bytes(generation.vp_bytes)) {
  if (mode == CacheMode::Back) {
    caches_ = std::make_unique<StructureCaches>(
        StructureCaches{{env, 8}, {env, 32}, {env, generation.vp_bytes}});
  }
}

Tables::PqResult Tables::step_esb(unsigned blk, std::uint32_t idx, PqOp op) {
  const auto entry = vc_.lookup(Table::Esb, blk, idx);
  if (!entry.ok) return {};
  std::array<std::uint8_t, 1> byte{};
  if (!env_.memory.read(entry.address, byte)) {
    env_.fir.report(FirId::TableBusError, entry.address);
    return {};
  }
  const unsigned shift = 6U - 2U * (idx & 3U);  // source 0 in the most significant pair
  const auto before = static_cast<Pq>(byte[0] >> shift & 3U);
  const PqStep step = run_pq(env_, op, before);
  if (step.next != before && !env_.broken(Defect::PqNotWritten)) {
    byte[0] = static_cast<std::uint8_t>((byte[0] & ~(3U << shift)) |
                                        static_cast<unsigned>(step.next) << shift);
    if (!env_.memory.write(entry.address, byte)) {
      env_.fir.report(FirId::TableBusError, entry.address);
      return {};
    }
  }
  if (env_.observer != nullptr) {
    env_.observer->on_pq({PqPlace::Source, static_cast<std::uint8_t>(blk), idx, op, before,
                          step.next, step.forward, false});
  }
  return {true, before, step.next, step.forward};
}

bool Tables::read_eas(unsigned blk, std::uint32_t idx, std::uint64_t& eas) {
  const auto entry = vc_.lookup(Table::Eas, blk, idx);
  if (!entry.ok) return false;
  std::array<std::uint8_t, 8> bytes{};
  if (!read(&StructureCaches::eas, blk, idx, entry.address, bytes)) return false;
  eas = platform::from_big_endian(bytes);
  return true;
}

bool Tables::read_end(unsigned blk, std::uint32_t idx, EndEntry& end) {
  const auto entry = vc_.lookup(Table::End, blk, idx);
  if (!entry.ok) return false;
  end.address = entry.address;
  return read(&StructureCaches::end, blk, idx, entry.address, end.image.bytes);
}

bool Tables::write_end_w1(unsigned blk, std::uint32_t idx, EndEntry& end, std::uint32_t w1) {
  end.image.set_word(1, w1);
  if (env_.broken(Defect::EventRewritesW0)) {
    end.image.set_word(0, end.image.word(0) & ~0x8000U);
    return write_end(blk, idx, end);
  }
  return write(&StructureCaches::end, blk, idx, end.address, 4,
               std::span(end.image.bytes).subspan(4, 4));
}

bool Tables::write_end(unsigned blk, std::uint32_t idx, const EndEntry& end) {
  return write(&StructureCaches::end, blk, idx, end.address, 0, end.image.bytes);
}

Tables::PqResult Tables::step_end(unsigned blk, std::uint32_t idx, bool escalation, PqOp op) {
  EndEntry end;
  if (!read_end(blk, idx, end) || !generation_.decode_end(end.image).valid) return {};
  const std::uint32_t w1 = end.image.word(1);
  const Pq before = escalation ? end_w1::ese(w1) : end_w1::esn(w1);
  const PqStep step = run_pq(env_, op, before);
  if (step.next != before && !write_end_w1(blk, idx, end,
                                           escalation ? end_w1::with_ese(w1, step.next)
                                                      : end_w1::with_esn(w1, step.next))) {
    return {};
  }
  if (env_.observer != nullptr) {
    env_.observer->on_pq({escalation ? PqPlace::EndEscalate : PqPlace::EndNotify,
                          static_cast<std::uint8_t>(blk), idx, op, before, step.next, step.forward,
                          false});
  }
  return {true, before, step.next, step.forward};
}

bool Tables::read_vp(unsigned blk, std::uint32_t idx, VpEntry& vp) {
  const auto entry = pc_.lookup(Table::Vp, blk, idx);
  if (!entry.ok) return false;
  vp.address = entry.address;
  return read(&StructureCaches::vp, blk, idx, entry.address,
              std::span(vp.image).first(generation_.vp_bytes));
}

bool Tables::write_vp(unsigned blk, std::uint32_t idx, const VpEntry& vp) {
  return write(&StructureCaches::vp, blk, idx, vp.address, 0,
               std::span(vp.image).first(generation_.vp_bytes));
}

bool Tables::read_vp_state(unsigned blk, std::uint32_t idx, VpState& vp) {
  const auto entry = pc_.lookup(Table::Vp, blk, idx);
  if (!entry.ok) return false;
  std::array<std::uint8_t, kVpStateBytes> head;
  if (!read(&StructureCaches::vp, blk, idx, entry.address, head)) return false;
  vp = {.address = entry.address,
        .valid = (head[0] & 0x80U) != 0,
        .ipb_word = static_cast<std::uint32_t>(platform::from_big_endian(
            std::span(head).subspan(std::size_t{4} * generation_.ipb_word, 4)))};
  return true;
}

bool Tables::write_vp_ipb(unsigned blk, std::uint32_t idx, const VpState& vp,
                          std::uint32_t ipb_word) {
  std::array<std::uint8_t, 4> bytes;
  platform::to_big_endian(ipb_word, bytes);
  return write(&StructureCaches::vp, blk, idx, vp.address, 4U * generation_.ipb_word, bytes);
}

}  // namespace xive::ic
