// SPDX-License-Identifier: Apache-2.0
// Every entry of rtl/mutants.json must be a defect that can be seen from outside: the same random
// operations run on the right RTL and on the mutant until the two differ. A number that is not in
// the list must change nothing.
//   tima_mutants mutants.json
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "rtl/test/driver.h"

using namespace xive::rtl_test;

namespace {

constexpr unsigned kMaxOps = 60'000;
constexpr unsigned kQuietOps = 3'000;  ///< for numbers that are no mutant

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_{seed} {}
  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }
  unsigned below(unsigned n) { return static_cast<unsigned>(next() % n); }

 private:
  std::uint64_t state_;
};

struct Access {
  unsigned page, offset, write, size;
};

constexpr Access kAccesses[] = {
    {1, 0x018, 1, 2}, {1, 0x038, 1, 0}, {0, 0x028, 1, 2}, {2, 0x011, 1, 0}, {1, 0x031, 1, 0},
    {2, 0x011, 1, 0}, {1, 0x031, 1, 0}, {2, 0x810, 0, 1}, {1, 0x830, 0, 1}, {2, 0x890, 0, 1},
    {2, 0x812, 1, 0}, {1, 0x818, 0, 2}, {1, 0x828, 0, 3}, {1, 0x838, 0, 0}, {1, 0x010, 1, 3},
    {1, 0x030, 1, 2}, {1, 0x020, 1, 2}, {1, 0x010, 0, 3}, {2, 0x010, 0, 3}, {1, 0x030, 0, 3},
    {1, 0x028, 0, 2}, {2, 0x830, 0, 1}, {2, 0x818, 0, 2}, {1, 0x038, 0, 0}, {1, 0x410, 0, 2},
};

/// VP indices in use; 0x80 is also the hardware CAM of thread 0 in block 0.
constexpr unsigned kIndices[] = {0x123, 0x80, 0x0};

/// One random operation, identical for equal states of `rng`.
void step(Driver& d, Random& rng) {
  const unsigned thread = rng.below(2);
  const unsigned what = rng.below(16);
  if (what < 10) {
    const Access& a = kAccesses[rng.below(sizeof kAccesses / sizeof kAccesses[0])];
    std::uint64_t data = rng.next();
    if (a.offset == 0x011 || a.offset == 0x031 || a.offset == 0x812) data = rng.below(12);
    if ((a.offset == 0x011 || a.offset == 0x031) && rng.below(3) == 0) data = 0xFF;
    if (a.offset == 0x018 || a.offset == 0x028) {
      data = kIndices[rng.below(3)] | rng.below(2) << 19U | (rng.below(4) != 0 ? 0x8000'0000U : 0U);
    }
    if (a.offset == 0x038) data = rng.below(4) != 0 ? 0x80 : 0;
    if (a.offset == 0x010 && a.write != 0) {  // as software restores it: some CPPR, some IPB
      data = (std::uint64_t{rng.below(9)} << 48U) | (std::uint64_t{0x80U >> rng.below(12)} << 40U);
    }
    d.mmio({thread, a.page, a.offset, a.write, a.size, data});
  } else if (what < 13) {
    PmRequest p;
    p.cmd = 1;
    p.thread = thread;
    p.ring = rng.below(4);
    p.blk = rng.below(2);
    p.idx = p.ring == 3 && rng.below(4) != 0 ? 0x80 + thread : kIndices[rng.below(3)];
    p.prio = rng.below(8);
    d.send(p);
    d.wait_pm();
  } else if (what < 15) {
    d.nvt_ipb[0x123] = static_cast<std::uint8_t>(rng.below(2) != 0 ? 0x80U >> rng.below(8) : 0U);
    d.match(rng.below(2), kIndices[rng.below(3)]);
  } else if (rng.below(16) == 0) {
    d.enable(3U & ~(1U << thread));
    d.enable(3);
  }
}

std::unique_ptr<Driver> make(unsigned mutant) {
  auto d = std::make_unique<Driver>(mutant);
  for (unsigned t = 0; t < kThreads; ++t) d->pins().cfg_pir_i |= std::uint64_t{t} << (15U * t);
  d->enable(3);
  return d;
}

/// Number of operations until the mutant shows, 0 = it does not.
unsigned killed_after(unsigned mutant, unsigned limit) {
  auto good = make(0);
  auto bad = make(mutant);
  if (good->digest != bad->digest) return 1;
  Random rng{2024};
  for (unsigned n = 1; n <= limit; ++n) {
    Random again = rng;
    step(*good, rng);
    step(*bad, again);
    if (good->digest != bad->digest) return n;
    good->events.clear();
    bad->events.clear();
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  static_assert(kThreads >= 2);
  if (argc != 2) return 2;
  std::ifstream file{argv[1]};
  if (!file) fail(std::string{"cannot open "} + argv[1]);
  const auto list = nlohmann::json::parse(file);
  std::set<unsigned> known;
  unsigned survivors = 0;
  for (const auto& m : list.at("mutants")) {
    const auto number = m.at("number").get<unsigned>();
    const auto name = m.at("name").get<std::string>();
    if (!known.insert(number).second) fail("mutant listed twice: " + std::to_string(number));
    const unsigned n = killed_after(number, kMaxOps);
    std::printf("%3u %6u  %s\n", number, n, name.c_str());
    if (n == 0) ++survivors;
  }
  for (unsigned number = 1; number < 256; ++number) {
    if (known.count(number) == 0 && killed_after(number, number < 90 ? kQuietOps : 50) != 0) {
      fail("a defect that is not listed: " + std::to_string(number));
    }
  }
  if (survivors != 0) fail(std::to_string(survivors) + " mutants cannot be seen");
  std::printf("%zu mutants, all of them visible\n", known.size());
  return 0;
}
