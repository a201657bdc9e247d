// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <vector>

#include "sc_models/ppc/iss/handlers.h"

namespace xive::ppc::iss {
namespace {

/// Rows by primary opcode and bits 21:30, and the prefixed ones by primary opcode of the suffix. In
/// a list the order of the table holds: special forms stand in front of general ones.
struct Index {
  std::vector<Instruction> rows;
  std::vector<std::vector<std::uint16_t>> lists{std::size_t{64} << 10U};
  std::array<std::vector<std::uint16_t>, 64> prefixed;

  Index() {
    const std::span<const Instruction> parts[] = {
        arithmetic_instructions(), logical_instructions(),          branch_instructions(),
        storage_instructions(),    special_storage_instructions(),  system_instructions(),
        prefixed_instructions(),   prefixed_storage_instructions(), missing_instructions()};
    for (const auto part : parts) rows.insert(rows.end(), part.begin(), part.end());
    for (std::size_t n = 0; n < rows.size(); ++n) add(rows[n], static_cast<std::uint16_t>(n));
  }

  void add(const Instruction& row, std::uint16_t number) {
    const U32 primary = row.opcode >> 26U;
    if (is_prefixed(row)) {
      prefixed[primary].push_back(number);
      return;
    }
    for (U32 extended = 0; extended < 1024; ++extended) {
      const U32 word = primary << 26U | extended << 1U;
      const U32 common = row.mask & (kPrimary | 0x7feU);
      if ((word & common) == (row.opcode & common)) {
        lists[primary << 10U | extended].push_back(number);
      }
    }
  }
};

const Index& index() {
  static const Index the_index;
  return the_index;
}

U64 mask_word(U32 word) {
  return mask_of(bits(word, 21, 25) + 32, bits(word, 26, 30) + 32);
}
unsigned md_edge(U32 word) {
  return bits(word, 21, 25) | static_cast<unsigned>(bit(word, 26)) << 5U;
}
unsigned md_shift(U32 word) {
  return bits(word, 16, 20) | static_cast<unsigned>(bit(word, 30)) << 5U;
}

}  // namespace

bool is_prefixed(const Instruction& row) {
  return row.form == Form::Prefix8LS || row.form == Form::PrefixMLS || row.form == Form::PrefixNop;
}

std::span<const Instruction> instructions() {
  return index().rows;
}

std::uint16_t index_of(const Instruction& instruction) {
  return static_cast<std::uint16_t>(&instruction - index().rows.data());
}

const Instruction* find_instruction(U32 word, U32 suffix, bool v31) {
  const Index& table = index();
  if (v31 && is_prefix(word)) {
    const U32 type = bits(word, 6, 7);
    for (const std::uint16_t n : table.prefixed[suffix >> 26U]) {
      const Instruction& row = table.rows[n];
      const U32 wanted = row.form == Form::Prefix8LS ? 0 : row.form == Form::PrefixMLS ? 2 : 3;
      if (type == wanted && (suffix & row.mask) == row.opcode) return &row;
    }
    // pnop takes any suffix.
    if (type == 3 && bits(word, 8, 11) == 0) {
      for (const std::uint16_t n : table.prefixed[0]) {
        if (table.rows[n].form == Form::PrefixNop) return &table.rows[n];
      }
    }
    return nullptr;
  }
  for (const std::uint16_t n : table.lists[word >> 26U << 10U | bits(word, 21, 30)]) {
    const Instruction& row = table.rows[n];
    if ((word & row.mask) == row.opcode && (v31 || (row.flags & kV31) == 0)) return &row;
  }
  return nullptr;
}

Op decode(const Instruction& instruction, U32 word, U32 suffix, U64 pc, bool little_endian) {
  const bool prefixed = is_prefixed(instruction);
  const U32 raw = prefixed ? suffix : word;
  Op op;
  op.fn = little_endian && instruction.handler_le != nullptr ? instruction.handler_le
                                                             : instruction.handler;
  op.raw = raw;
  op.info = index_of(instruction);
  op.rt = static_cast<std::uint8_t>(bits(raw, 6, 10));
  op.ra = static_cast<std::uint8_t>(bits(raw, 11, 15));
  op.rb = static_cast<std::uint8_t>(bits(raw, 16, 20));
  const auto sign16 = static_cast<S64>(static_cast<std::int16_t>(raw & 0xffffU));
  const U64 here = bit(raw, 30) ? 0 : pc;  // AA
  switch (instruction.form) {
    case Form::Raw:
      break;
    case Form::D:
      op.imm = sign16;
      break;
    case Form::DUnsigned:
      op.imm = raw & 0xffffU;
      break;
    case Form::DShifted:
      op.imm = sign16 * 65536;
      break;
    case Form::DUnsignedShifted:
      op.imm = S64{raw & 0xffffU} << 16;
      break;
    case Form::DS:
      op.imm = sign16 & ~S64{3};
      break;
    case Form::DQ:
      op.imm = sign16 & ~S64{15};
      break;
    case Form::I:
      op.imm = static_cast<S64>(here + sign_extend(raw & 0x03fffffcU, 26));
      break;
    case Form::B:
      op.imm = static_cast<S64>(here + sign_extend(raw & 0xfffcU, 16));
      break;
    case Form::M:
      op.sh = op.rb;
      op.imm = static_cast<S64>(mask_word(raw));
      break;
    case Form::MdLeft:
      op.sh = static_cast<std::uint8_t>(md_shift(raw));
      op.imm = static_cast<S64>(mask_of(md_edge(raw), 63));
      break;
    case Form::MdRight:
      op.sh = static_cast<std::uint8_t>(md_shift(raw));
      op.imm = static_cast<S64>(mask_of(0, md_edge(raw)));
      break;
    case Form::MdBoth:
      op.sh = static_cast<std::uint8_t>(md_shift(raw));
      op.imm = static_cast<S64>(mask_of(md_edge(raw), 63U - op.sh));
      break;
    case Form::XsShift:
      op.sh = static_cast<std::uint8_t>(md_shift(raw));
      break;
    case Form::Prefix8LS:
    case Form::PrefixMLS: {
      op.imm = static_cast<S64>(sign_extend(U64{word & 0x3ffffU} << 16U | (raw & 0xffffU), 34));
      // R: relative to the instruction; RA must be 0 then.
      if (bit(word, 11)) {
        op.imm = static_cast<S64>(static_cast<U64>(op.imm) + pc);
        if (op.ra != 0) op.fn = &illegal_instruction;
      }
      break;
    }
    case Form::PrefixNop:
      break;
  }
  return op;
}

}  // namespace xive::ppc::iss
