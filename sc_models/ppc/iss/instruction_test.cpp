// SPDX-License-Identifier: Apache-2.0
// What the comparison with another machine does not reach: instructions that it does not have or
// does wrong, the table itself, encodings as binutils see them.
#include <array>
#include <cstdio>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sc_models/ppc/iss/assemble.h"
#include "sc_models/ppc/iss/handlers.h"
#include "sc_models/ppc/iss/testing.h"

namespace xive::ppc::iss::testing {
namespace {

constexpr std::uint64_t kStart = 0x10000;

/// One instruction with r4 and r5 as operands and r3 as result.
struct Outcome {
  std::uint64_t value = 0, xer = 0;
  std::uint32_t cr = 0;
};
Outcome execute(W word, std::uint64_t a, std::uint64_t b, std::uint64_t xer = 0) {
  static Bench bench;
  bench.place(kStart, {word, attn()});
  ArchState state;
  state.nip = kStart;
  state.gpr[4] = a;
  state.gpr[5] = b;
  state.xer = xer;
  bench.thread().reset(state, false, false);
  bench.executor.run(bench.cpu().now() + 10'000);
  return {bench.regs().gpr[3], bench.regs().xer, bench.regs().cr};
}

constexpr std::uint64_t kCorners[] = {0,
                                      1,
                                      2,
                                      3,
                                      0x7fffffff,
                                      0x80000000,
                                      0xffffffff,
                                      0x100000000,
                                      0x3fffffffffffffff,
                                      0x4000000000000000,
                                      0x7fffffffffffffff,
                                      0x8000000000000000,
                                      0x8000000000000001,
                                      0xc000000000000000,
                                      0xffffffff80000000,
                                      0xfffffffffffffffe,
                                      0xffffffffffffffff,
                                      0x123456789abcdef0};

TEST(IssInstruction, DivideExtendedFitsOrOverflows) {
  for (const std::uint64_t a : kCorners) {
    for (const std::uint64_t b : kCorners) {
      const Outcome got = execute(x(425 + 512, 3, 4, 5), a, b);  // divdeo
      bool overflow = b == 0;
      S128 q = 0;
      if (!overflow) {
        const S128 dividend = S128{static_cast<S64>(a)} * (S128{1} << 62) * 4;
        const auto divisor = static_cast<S64>(b);
        // The one quotient that 128 bits do not hold.
        const bool smallest = a == 0x8000000000000000U && divisor == -1;
        q = smallest ? 0 : dividend / divisor;
        overflow = smallest || q != static_cast<S64>(q);
      }
      EXPECT_EQ((got.xer & xer::kOv) != 0, overflow) << std::hex << a << " " << b;
      EXPECT_EQ((got.xer & xer::kOv32) != 0, overflow);
      if (!overflow) {
        EXPECT_EQ(got.value, static_cast<U64>(q)) << std::hex << a << " " << b;
      }
    }
  }
}

TEST(IssInstruction, OverflowIsSticky) {
  const Outcome got = execute(x(266 + 512, 3, 4, 5, 1), 1, 1, xer::kSo | xer::kOv | xer::kOv32);
  EXPECT_EQ(got.xer, xer::kSo);
  EXPECT_EQ(got.cr >> 28U, kGt | kSo);
}

TEST(IssInstruction, RandomNumbersAreReproducible) {
  Bench a, b;
  for (Bench* bench : {&a, &b}) {
    bench->place(kStart,
                 {x(755, 3, 0, 0), x(755, 4, 1, 0), x(755, 5, 2, 0), x(755, 6, 3, 0), attn()});
    bench->run(100);
  }
  EXPECT_EQ(a.regs().gpr, b.regs().gpr);
  EXPECT_LE(a.regs().gpr[3], 0xffffffffU);
  EXPECT_NE(a.regs().gpr[4], a.regs().gpr[5]);
  EXPECT_EQ(a.regs().gpr[6], ~U64{0});
}

TEST(IssInstruction, PrefixedNeedsVersion31) {
  // pnop; paddi r3,0,5 (34 bits)
  const std::initializer_list<W> code = {0x07000000, 0, 0x06000000, 0x38600005, attn()};
  BenchConfig config;
  config.iss.isa = IsaVersion::V31;
  Bench newer(config);
  newer.place(kStart, code);
  newer.run(100);
  EXPECT_EQ(newer.regs().gpr[3], 5U);
  EXPECT_EQ(newer.cpu().instructions(), 3U);
  Bench older;
  older.place(0xe40, {attn()});
  older.place(kStart, code);
  older.run(100);
  EXPECT_EQ(older.regs().hsrr0, kStart);
  config.iss.isa = IsaVersion::FromPvr;
  config.thread.pvr = 0x00801200;
  Bench power10(config);
  power10.place(kStart, code);
  power10.run(100);
  EXPECT_EQ(power10.regs().gpr[3], 5U);
}

TEST(IssInstruction, PrefixedAcross64BytesIsAnAlignmentInterrupt) {
  BenchConfig config;
  config.iss.isa = IsaVersion::V31;
  Bench bench(config);
  bench.place(0x600, {attn()});
  bench.place(kStart, {b(0x3c)});
  bench.place(kStart + 0x3c, {0x06000000, 0x38600005});
  bench.run(100);
  EXPECT_EQ(bench.regs().srr0, kStart + 0x3c);
  EXPECT_EQ(bench.thread().nip(), 0x604U);
}

// ---------------------------------------------------------------- the table

TEST(IssTable, EveryRowIsReachable) {
  for (const Instruction& row : instructions()) {
    EXPECT_EQ(row.opcode & ~row.mask, 0U) << row.mnemonic;
    const Instruction* found = nullptr;
    if (is_prefixed(row)) {
      const U32 type = row.form == Form::Prefix8LS ? 0 : row.form == Form::PrefixMLS ? 2 : 3;
      found = find_instruction(1U << 26U | type << 24U, row.opcode, true);
    } else {
      found = find_instruction(row.opcode, 0, true);
    }
    ASSERT_NE(found, nullptr) << row.mnemonic;
    // A special form in front of it is the same instruction.
    EXPECT_TRUE(found == &row || found->mnemonic == row.mnemonic ||
                (found->mnemonic == "nop" && row.mnemonic == "ori"))
        << row.mnemonic << " is hidden by " << found->mnemonic;
  }
}

TEST(IssTable, Version31IsRefusedByVersion30) {
  for (const Instruction& row : instructions()) {
    if ((row.flags & kV31) == 0 || is_prefixed(row)) continue;
    const Instruction* found = find_instruction(row.opcode, 0, false);
    EXPECT_TRUE(found == nullptr || (found->flags & kV31) == 0) << row.mnemonic;
  }
}

std::string objdump() {
  for (const char* name : {"powerpc64-linux-gnu-objdump", "powerpc64le-linux-gnu-objdump"}) {
    const std::string command = std::string(name) + " --version >/dev/null 2>&1";
    if (std::system(command.c_str()) == 0) return name;
  }
  return "";
}

/// Ours may be more general than the name that binutils prefer, or the other way round.
bool same_name(std::string_view ours, std::string_view theirs) {
  static const std::map<std::string_view, std::set<std::string_view>> kOther = {
      {"nop", {"ori"}},
      {"bc", {"bc", "bca"}},
      {"bcl", {"bcl", "bcla"}},
      {"b", {"b", "ba"}},
      {"bl", {"bl", "bla"}},
      {"cmpw", {"cmp"}},
      {"cmpd", {"cmp"}},
      {"cmplw", {"cmpl"}},
      {"cmpld", {"cmpl"}},
      {"cmpwi", {"cmpi"}},
      {"cmpdi", {"cmpi"}},
      {"cmplwi", {"cmpli"}},
      {"cmpldi", {"cmpli"}},
      {"sync",
       {"sync", "lwsync", "ptesync", "hwsync", "phwsync", "plwsync", "stncisync", "stcisync",
        "stsync"}},
      {"wait", {"wait"}},
      {"mfspr", {"mfspr", "mfxer", "mflr", "mfctr"}},
      {"mtspr", {"mtspr", "mtxer", "mtlr", "mtctr"}},
      {"isel", {"isel"}},
      {"slbia", {"slbia"}},
      {"dcbf", {"dcbf", "dcbfl", "dcbflp", "dcbfps", "dcbstps"}},
      {"mfcr", {"mfcr"}},
  };
  if (ours == theirs) return true;
  const auto found = kOther.find(ours);
  return found != kOther.end() && found->second.count(theirs) != 0;
}

TEST(IssTable, EncodingsAreThoseOfBinutils) {
  const std::string tool = objdump();
  if (tool.empty()) {
    GTEST_SKIP()
        << "no objdump for PowerPC: install the Debian package binutils-powerpc64-linux-gnu";
  }
  // Several words for each row, because binutils refuse bits in reserved fields.
  std::vector<U32> words;
  std::vector<const Instruction*> rows;
  for (const Instruction& row : instructions()) {
    if (is_prefixed(row) || (row.flags & kMissing) != 0) continue;
    for (const U32 fill : {3U << 21U | 6U << 16U | 9U << 11U, 8U << 21U | 7U << 16U, 9U << 11U,
                           4U << 21U, 4U << 21U | 9U << 11U, 0U, 0x00001000U, 0x000c4000U}) {
      words.push_back(row.opcode | (fill & ~row.mask));
      rows.push_back(&row);
    }
  }
  const std::string file = ::testing::TempDir() + "iss_encodings.bin";
  {
    std::ofstream out(file, std::ios::binary);
    for (const U32 word : words) {
      const char bytes[] = {static_cast<char>(word >> 24U), static_cast<char>(word >> 16U),
                            static_cast<char>(word >> 8U), static_cast<char>(word)};
      out.write(bytes, 4);
    }
  }
  FILE* pipe = popen(
      (tool + " -D -z -EB -b binary -m powerpc:common64 -M raw,power10 " + file).c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::array<char, 256> line{};
  std::map<std::size_t, std::string> names;
  while (std::fgets(line.data(), line.size(), pipe) != nullptr) {
    unsigned offset = 0;
    char name[32] = "";
    if (std::sscanf(line.data(), " %x: %*2s %*2s %*2s %*2s %31s", &offset, name) == 2) {
      names[offset / 4] = name;
    }
  }
  EXPECT_EQ(pclose(pipe), 0);
  ASSERT_EQ(names.size(), words.size());
  std::set<std::string_view> seen;
  for (std::size_t n = 0; n < words.size(); ++n) {
    std::string theirs = names[n];
    // A hint of the branch prediction.
    if (!theirs.empty() && (theirs.back() == '+' || theirs.back() == '-')) theirs.pop_back();
    if (theirs == ".long") continue;
    seen.insert(rows[n]->mnemonic);
    EXPECT_TRUE(same_name(rows[n]->mnemonic, theirs))
        << fmt::format("{:08x} is {} here, {} for binutils", words[n], rows[n]->mnemonic, theirs);
  }
  // Not an instruction of POWER4 and later for binutils: they write mfspr for it.
  seen.insert("mftb");
  for (const Instruction* row : rows) {
    if (seen.insert(row->mnemonic).second) {
      ADD_FAILURE() << "no word of " << row->mnemonic << " is an instruction for binutils";
    }
  }
}

}  // namespace
}  // namespace xive::ppc::iss::testing
