// SPDX-License-Identifier: Apache-2.0
/// One instruction of the Power ISA as data, and one decoded instruction as the interpreter runs
/// it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sc_models/ppc/arch_state.h"

namespace xive::ppc::iss {

struct Block;
struct Context;
struct Op;

/// Executes `op` and everything behind it in its block. Returns the block to go on with, or null:
/// look at the NIP and at Context::leave.
using Handler = const Block* (*)(ArchState&, const Op*, Context&);

/// How the operand fields of a word become fields of an Op.
enum class Form : std::uint8_t {
  Raw,  ///< rt, ra, rb; the rest is taken from the word
  D,    ///< imm = bits 16:31, sign-extended
  DUnsigned,
  DShifted,          ///< imm = bits 16:31 sign-extended, shifted left by 16
  DUnsignedShifted,  ///< the same, zero-extended
  DS,                ///< imm = bits 16:29 sign-extended, times 4
  DQ,                ///< imm = bits 16:27 sign-extended, times 16
  I,                 ///< imm = target address
  B,                 ///< imm = target address
  M,                 ///< sh, imm = mask of rlwinm and its like
  MdLeft,            ///< sh, imm = mask that begins at mb and ends at 63
  MdRight,           ///< sh, imm = mask that begins at 0 and ends at me
  MdBoth,            ///< sh, imm = mask from mb to 63 - sh
  XsShift,           ///< sh of six bits
  Prefix8LS,         ///< two words; imm = 34 bits, R = pc-relative
  PrefixMLS,
  PrefixNop,
};

enum InstructionFlag : std::uint8_t {
  kEndsBlock = 1,  ///< may change the flow or the mode: the last of its block
  kV31 = 2,        ///< Power ISA 3.1
  kMissing = 4,    ///< known, but not implemented
  kRecord = 8,     ///< the Rc=1 form: shares its documentation with the one without the dot
};

/// A row of the table. `handler_le` is for little-endian mode; null: the same.
struct Instruction {
  std::string_view mnemonic;
  Form form;
  std::uint32_t opcode;
  std::uint32_t mask;
  Handler handler;
  Handler handler_le = nullptr;
  std::uint8_t flags = 0;
};

struct Op {
  Handler fn = nullptr;
  std::int64_t imm = 0;
  std::uint32_t raw = 0;   ///< the word; of a prefixed instruction the suffix
  std::uint16_t info = 0;  ///< row of the table
  std::uint8_t rt = 0, ra = 0, rb = 0, sh = 0;
  std::uint8_t index = 0;   ///< number in its block
  std::uint8_t offset = 0;  ///< in words from the start of its block
  std::uint8_t words = 1;
};
static_assert(sizeof(Op) == 32);

/// Straight-line code: entered at the first instruction only.
struct Block {
  std::uint64_t pc = 0;  ///< effective address
  std::uint64_t physical = 0;
  const Op* ops = nullptr;
  std::uint32_t count = 0;  ///< instructions
  std::uint32_t bytes = 0;
  std::uint8_t mode = 0;
  bool valid = true;
  /// Where it went last: the taken branch, the instruction behind the block.
  mutable const Block* next[2] = {nullptr, nullptr};
};

/// Bits of Block::mode. They fit below an instruction address.
inline constexpr std::uint8_t kModeLittleEndian = 1, kModeRelocated = 2;

/// Parts of the table, by file.
std::span<const Instruction> arithmetic_instructions();
std::span<const Instruction> logical_instructions();
std::span<const Instruction> branch_instructions();
std::span<const Instruction> storage_instructions();
std::span<const Instruction> special_storage_instructions();
std::span<const Instruction> system_instructions();
std::span<const Instruction> prefixed_instructions();
std::span<const Instruction> prefixed_storage_instructions();
std::span<const Instruction> missing_instructions();

/// The whole table, in a fixed order.
std::span<const Instruction> instructions();
/// Row that decodes `word` (a prefixed instruction: `word` is the prefix and `suffix` decides);
/// null: nobody knows it, or it does not exist in that version.
const Instruction* find_instruction(std::uint32_t word, std::uint32_t suffix, bool v31);
/// Two words; opcode and mask of its row are those of the suffix.
bool is_prefixed(const Instruction& row);
/// Number of a row in instructions().
std::uint16_t index_of(const Instruction& instruction);
constexpr bool is_prefix(std::uint32_t word) {
  return word >> 26U == 1;
}
/// Fills everything of an Op that comes from the words. `pc` is the address of the instruction.
Op decode(const Instruction& instruction, std::uint32_t word, std::uint32_t suffix,
          std::uint64_t pc, bool little_endian);

}  // namespace xive::ppc::iss
