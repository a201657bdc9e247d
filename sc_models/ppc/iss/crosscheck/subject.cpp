// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/iss/crosscheck/subject.h"

#include <algorithm>

#include <fmt/format.h>

#include "sc_models/ppc/iss/crosscheck/oracle.h"
#include "sc_models/ppc/iss/instruction.h"
#include "sc_models/ppc/iss/testing.h"

namespace xive::ppc::iss::crosscheck {
namespace {

constexpr std::uint32_t kAttn = 0x00000200;

testing::BenchConfig bench_config(const Setting& setting) {
  testing::BenchConfig config;
  config.memory = 0x20020000;
  config.iss.isa = setting.v31 ? IsaVersion::V31 : IsaVersion::V30;
  return config;
}

}  // namespace

struct Subject::Machine {
  explicit Machine(const Setting& setting) : bench(bench_config(setting)) {
    bench.cpu().set_event_hook([this](IssCpu&, const ExecutionEvent&) {
      done = true;
      return EventAction::Stop;
    });
  }
  testing::Bench bench;
  bool done = false;
};

Subject::Subject(const Setting& setting)
    : setting_(setting), machine_(std::make_unique<Machine>(setting)) {}
Subject::~Subject() = default;

Case Subject::run(const Case& the_case, std::string& complaint) {
  testing::Bench& bench = machine_->bench;
  Image image = to_image(the_case, setting_.little_endian);
  bench.memory.write(kCase, image);
  std::uint64_t at = kCode;
  for (std::uint32_t word : the_case.words) {
    if (setting_.little_endian) word = __builtin_bswap32(word);
    platform::store_be<4>(bench.memory, at, word);
    at += 4;
  }
  platform::store_be<4>(bench.memory, at,
                        setting_.little_endian ? __builtin_bswap32(kAttn) : kAttn);
  ArchState state;
  state.gpr = the_case.gpr;
  state.cr = static_cast<std::uint32_t>(the_case.cr);
  state.xer = the_case.xer;
  state.lr = the_case.lr;
  state.ctr = the_case.ctr;
  state.nip = kCode;
  if (setting_.little_endian) state.msr |= msr::kLe;
  bench.thread().reset(state, false, false);
  machine_->done = false;
  const auto interrupts = [&] {
    std::uint64_t sum = 0;
    for (const auto& [vector, count] : bench.cpu().statistics().synchronous) sum += count;
    return sum;
  };
  const std::uint64_t before = interrupts();
  bench.run(1000);
  if (!machine_->done) complaint = "the ISS did not come to the end\n";
  if (interrupts() != before) complaint += "the ISS took an interrupt\n";
  bench.memory.read(kCase, image);
  Case result = from_image(image, setting_.little_endian);
  const ArchState& regs = bench.thread().regs();
  result.gpr = regs.gpr;
  result.cr = regs.cr;
  result.xer = regs.xer;
  result.lr = regs.lr;
  result.ctr = regs.ctr;
  return result;
}

Summary compare(std::uint64_t seed, std::uint64_t first, std::uint64_t count,
                const Setting& setting, const std::function<void(const std::string&)>& report) {
  Subject subject(setting);
  Oracle oracle(setting);
  Summary summary;
  constexpr std::uint64_t kBatch = 256;
  for (std::uint64_t done = 0; done < count; done += kBatch) {
    std::vector<Case> cases;
    const std::uint64_t end = std::min(count, done + kBatch);
    for (std::uint64_t n = done; n < end; ++n) {
      cases.push_back(generate(seed, first + n, setting));
    }
    const std::vector<Case> theirs = oracle.run(cases);
    for (std::size_t n = 0; n < cases.size(); ++n) {
      ++summary.cases;
      for (std::size_t w = 0; w < cases[n].words.size(); ++w) {
        const std::uint32_t suffix = w + 1 < cases[n].words.size() ? cases[n].words[w + 1] : 0;
        const Instruction* known = find_instruction(cases[n].words[w], suffix, setting.v31);
        if (known == nullptr) continue;
        ++summary.instructions;
        ++summary.by_mnemonic[std::string(known->mnemonic)];
        if (is_prefixed(*known)) ++w;
      }
      std::string complaint;
      const Case ours = subject.run(cases[n], complaint);
      const std::string text = complaint + difference(ours, theirs[n]);
      if (text.empty()) continue;
      ++summary.failures;
      const std::string full = fmt::format(
          "case {} differs; repeat: iss-crosscheck --seed {} --first {} --cases 1{}{}\n{}{}",
          first + done + n, seed, first + done + n, setting.little_endian ? " --little-endian" : "",
          setting.v31 ? " --isa 3.1" : "", listing(cases[n], setting), text);
      if (summary.first_failure.empty()) summary.first_failure = full;
      if (report) report(full);
    }
  }
  return summary;
}

}  // namespace xive::ppc::iss::crosscheck
