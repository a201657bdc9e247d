// SPDX-License-Identifier: Apache-2.0
// Random software against random tables: no crash, no hang, no rule of the model itself broken.
// XIVE_FUZZ_COUNT and XIVE_FUZZ_SEED choose more accesses than the default.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "sc_models/xive/test/machine.h"

namespace xive::ic {
namespace {

using test::Machine;
namespace reg = gen1::reg;

std::uint64_t from_environment(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::stoull(text, nullptr, 0);
}

class Fuzzer {
 public:
  /// `wild`: writes reach BARs, set translation, descriptors and global configuration as well.
  Fuzzer(std::uint64_t seed, CacheMode caches, bool wild = false)
      : m_(Machine::Options{.chips = 2, .cores = 2, .threads = 2, .caches = caches}),
        state_(seed),
        wild_(wild) {}

  void run(std::uint64_t count) {
    for (std::uint32_t i = 0; i < 256; ++i) {
      for (unsigned n = 0; n < 2; ++n) {
        random_entry(i, n);
        m_.esb(i, 0xc00, n);
      }
    }
    for (std::uint64_t i = 0; i < count; ++i) one();
  }

  Machine& machine() { return m_; }
  std::uint64_t wild_writes() const { return wild_writes_; }
  std::uint64_t digest() const { return digest_; }

 private:
  std::uint64_t random() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111eb;
    return z ^ (z >> 31U);
  }
  unsigned below(unsigned n) { return static_cast<unsigned>(random() % n); }
  bool rarely() { return below(64) == 0; }
  std::uint64_t sparse() { return random() & random() & random(); }

  /// EAS, END and VP number `i`: mostly plausible, sometimes noise.
  void random_entry(std::uint32_t i, unsigned n) {
    auto& memory = m_.memory();
    if (rarely()) {
      memory.put64(m_.eas_address(i, n), random());
    } else {
      const unsigned block = below(2);
      const unsigned target = below(256);
      const auto data = static_cast<std::uint32_t>(random()) & 0x7fffffffU;
      m_.set_eas(i, block, target, data, n, below(8) == 0);
    }
    Machine::EndSetup end;
    end.w0 = static_cast<std::uint32_t>(random()) & 0x7f00ffffU;
    if (!rarely()) end.w0 |= gen1::end_w0::kValid;
    end.qsize = below(16) == 0 ? below(16) : 0;
    end.w1 = static_cast<std::uint32_t>(random()) & 0xf0400000U;
    end.w1 |= rarely() ? static_cast<std::uint32_t>(random()) : 1020U + below(4);
    end.eq = rarely() ? random() : m_.eq_address(n) + 4096ULL * below(256);
    end.vp_blk = rarely() ? below(16) : below(2);
    end.vp = rarely() ? static_cast<std::uint32_t>(random()) & 0x7ffffU : below(64);
    end.w7 = static_cast<std::uint32_t>(below(16) == 0 ? random() : below(8) << 16U);
    end.format = below(16) == 0;
    end.w4 = rarely() ? static_cast<std::uint32_t>(random()) : below(256);
    if (below(2) != 0) end.w4 ^= std::uint32_t{1} << 24U;
    end.w5 = static_cast<std::uint32_t>(random());
    m_.set_end(i, end, n);
    m_.set_vp(i, !rarely(), n);
  }

  std::uint64_t random_address(unsigned n) {
    const unsigned index = below(256);
    const bool odd = below(2) != 0;
    const unsigned offset = below(0x1000);
    switch (below(8)) {
      case 0:
        return m_.ic(n) + 8ULL * below(512);
      case 1:
        return m_.ic(n) + 0x10000 + 8ULL * below(512);
      case 2:
        return m_.ic(n) + below(0x80000);
      case 3:
        return Machine::kTm + below(0x40000);
      case 4:
        return m_.end_page(index, odd, n) + offset;
      case 5:
        return (Machine::kVc | std::uint64_t{n} << 42U) + random() % 0x8000000000U;
      case 6:
        return m_.source_page(index, odd, n) + offset;
      default:
        return rarely() ? random() : m_.source_page(index, false, n);
    }
  }

  std::uint64_t random_vsd(unsigned n) {
    if (rarely()) return random();
    static constexpr std::uint64_t kPlaces[] = {Machine::kEas, Machine::kEsb, Machine::kEndTop,
                                                Machine::kVpTop, Machine::kEq};
    const std::uint64_t mode = below(4) == 0 ? below(4) : 2;
    std::uint64_t vsd = mode << 62U | (m_.base(n) + kPlaces[below(5)]) | below(12);
    if (mode == 3) vsd = mode << 62U | (m_.ic(below(2)) + 0x10000);
    if (below(3) == 0) vsd |= 0x80;
    return vsd;
  }

  void one() {
    const unsigned n = below(2);
    if (wild_ && below(32) == 0) return wild_write(n);
    const unsigned kind = below(32);
    if (kind == 0) return random_entry(below(256), n);
    if (kind == 1 && rarely()) {  // damage, and later repair, a sub-page descriptor
      const std::uint64_t at = m_.base(n) + (below(2) != 0 ? Machine::kEndTop : Machine::kVpTop);
      const std::uint64_t old = m_.memory().be64(at);
      m_.memory().put64(at, rarely() ? random() : random_vsd(n));
      m_.set_reg(below(2) != 0 ? reg::kVcAtKill : reg::kPcAtKill, reg::kPollValid, n);
      for (int i = 0; i < 16; ++i) access(n, random_address(n));
      m_.memory().put64(at, old);
      m_.set_reg(reg::kVcAtKill, reg::kPollValid, n);
      m_.set_reg(reg::kPcAtKill, reg::kPollValid, n);
      return;
    }
    if (kind == 2 && rarely()) {  // table registers, then the right values again
      const std::uint64_t table = below(5);
      const std::uint64_t select = table << 48U | std::uint64_t{below(4)} << 32U;
      const bool pc = below(2) != 0;
      auto& tables = pc ? m_.chip(n).tables().pc() : m_.chip(n).tables().vc();
      const std::uint64_t old =
          tables.top(static_cast<Table>(table), static_cast<unsigned>(select >> 32U) & 0x1fU);
      m_.set_reg(pc ? reg::kPcVsdAddr : reg::kVcVsdAddr, select, n);
      m_.set_reg(pc ? reg::kPcVsdData : reg::kVcVsdData, random_vsd(n), n);
      for (int i = 0; i < 16; ++i) access(n, random_address(n));
      m_.set_reg(pc ? reg::kPcVsdAddr : reg::kVcVsdAddr, select, n);
      m_.set_reg(pc ? reg::kPcVsdData : reg::kVcVsdData, old, n);
      return;
    }
    if (kind == 3) {
      const unsigned core = below(4);
      if (below(2) != 0) {
        const unsigned thread = below(2);
        const std::uint32_t block = below(2) << 19U;
        m_.tima().push_os(core, thread, 0x80000000U | block | below(64), m_.service(), core / 2);
      } else {
        m_.tima().pull_os(core, below(2));
      }
      return;
    }
    if (kind == 4) {
      const auto x = static_cast<std::uint32_t>(below(0x310));
      std::uint64_t value = sparse();
      // BARs would unmap the machine and stay so: they have tests of their own.
      if (below(2) != 0 || (!wild_ && x >= 0x10 && x <= 0x23)) {
        m_.chip(n).xscom_read(x, value);
        digest_ = digest_ * 31 + value;
      } else if (!keeps_machine_alive(x)) {
        m_.chip(n).xscom_write(x, value);
      }
      return;
    }
    access(n, random_address(n));
  }

  /// Set tables, global configuration and table descriptors, which would stop everything.
  static bool keeps_machine_alive(std::uint32_t x) {
    const auto offset = reg::from_xscom(x);
    return offset && keeps_machine_alive(static_cast<std::uint16_t>(*offset));
  }
  static bool keeps_machine_alive(std::uint16_t offset) {
    return (offset >= reg::kIcBar && offset <= reg::kRstCtl) || offset == reg::kPcGlobalConfig ||
           offset == reg::kVcGlobalConfig || offset == reg::kPcVsdData || offset == reg::kVcVsdData;
  }

  /// A plausible value with a few bits turned over, or noise.
  void wild_write(unsigned n) {
    std::uint32_t x = 0x10 + below(0x14);  // BARs
    if (below(2) != 0) {
      do {
        x = below(0x310);
      } while (!keeps_machine_alive(x));
    }
    std::uint64_t value = 0;
    m_.chip(n).xscom_read(x, value);
    if (below(4) == 0) {
      value = random();
    } else {
      for (unsigned bits = below(4); bits > 0; --bits) value ^= std::uint64_t{1} << below(64);
    }
    ++wild_writes_;
    m_.chip(n).xscom_write(x, value);
  }

  void access(unsigned n, std::uint64_t address) {
    static constexpr unsigned kSizes[] = {8, 8, 8, 4, 2, 1, 3, 16};
    const unsigned size = kSizes[below(8)];
    if (!rarely() && (size & (size - 1U)) == 0) address &= ~std::uint64_t{size - 1U};
    bool write = below(2) != 0;
    const std::uint64_t offset = address - m_.ic(n);
    if (!wild_ && offset < 0x1000 &&
        keeps_machine_alive(static_cast<std::uint16_t>(offset & ~7U))) {
      write = false;
    }
    std::uint64_t data = below(2) != 0 ? random() : sparse();
    if (offset >= 0x10000 && offset < 0x11000 && below(4) != 0) {  // plausible trigger messages
      data = below(2) != 0
                 ? std::uint64_t{below(2)} << 62U | std::uint64_t{below(2)} << 28U | below(256)
                 : 0xc000000000000000 | std::uint64_t{below(2)} << 56U |
                       std::uint64_t{below(256)} << 32U | below(1000);
    }
    gen1::BusAccess bus{.address = address,
                        .size = size,
                        .write = write,
                        .data = data,
                        .core = n * 2 + below(2),
                        .thread = below(2)};
    const auto reply = m_.chip(n).access(bus);
    digest_ = digest_ * 31 + static_cast<std::uint64_t>(reply);
    if (!write && reply != gen1::BusReply::Unclaimed) digest_ = digest_ * 31 + bus.data;
  }

  Machine m_;
  std::uint64_t state_;
  std::uint64_t digest_ = 1;
  bool wild_;
  std::uint64_t wild_writes_ = 0;
};

class Fuzz : public testing::TestWithParam<CacheMode> {};

TEST_P(Fuzz, NoCrashNoHangNoBrokenRule) {
  const std::uint64_t count = from_environment("XIVE_FUZZ_COUNT", 50000);
  const std::uint64_t seed = from_environment("XIVE_FUZZ_SEED", 20240501);
  Fuzzer fuzzer(seed, GetParam());
  fuzzer.run(count);
  Machine& m = fuzzer.machine();
  for (unsigned n = 0; n < 2; ++n) EXPECT_TRUE(m.chip(n).router().idle());
  m.rules().finish();
  for (const auto& violation : m.book().violations()) {
    ADD_FAILURE() << violation.rule << " at " << violation.time << ": " << violation.detail;
  }
  // The fuzz is worth something only if it gets deep into the model.
  std::uint64_t reached = 0;
  for (const auto& entry : m.book().entries()) reached += entry.hits != 0 ? 1U : 0U;
  EXPECT_GE(reached, m.book().entries().size() - 5) << "rules that had a chance to fire";
  std::uint64_t kinds = 0;
  for (std::size_t id = 0; id < kFirIds; ++id) {
    kinds += m.chip(0).fir().count(static_cast<FirId>(id)) != 0 ? 1U : 0U;
  }
  EXPECT_GE(kinds, 20U) << "kinds of faults seen";
  RecordProperty("digest", std::to_string(fuzzer.digest()));

  Fuzzer again(seed, GetParam());
  again.run(count);
  EXPECT_EQ(again.digest(), fuzzer.digest());
}
// With BARs, set translation, table descriptors and global configuration under fire a machine soon
// answers nothing any more, so each one lives for a short time only.
TEST_P(Fuzz, WildConfigurationNeitherCrashesNorHangs) {
  constexpr std::uint64_t kLife = 1000;
  const std::uint64_t count = from_environment("XIVE_FUZZ_COUNT", 50000);
  const std::uint64_t seed = from_environment("XIVE_FUZZ_SEED", 20240501);
  std::uint64_t wild = 0, faults = 0;
  for (std::uint64_t done = 0; done < count; done += kLife) {
    Fuzzer fuzzer(seed + done, GetParam(), true);
    fuzzer.run(kLife);
    wild += fuzzer.wild_writes();
    for (unsigned n = 0; n < 2; ++n) {
      ASSERT_TRUE(fuzzer.machine().chip(n).router().idle()) << "seed " << seed + done;
      for (std::size_t id = 0; id < kFirIds; ++id) {
        faults += fuzzer.machine().chip(n).fir().count(static_cast<FirId>(id));
      }
    }
  }
  EXPECT_GT(wild, count / 1000) << "writes to what keeps a machine alive";
  EXPECT_GT(faults, count / 100) << "errors reported";
}

INSTANTIATE_TEST_SUITE_P(Caches, Fuzz, testing::Values(CacheMode::Through, CacheMode::Back),
                         [](const auto& param) {
                           return param.param == CacheMode::Back ? "Back" : "Through";
                         });

}  // namespace
}  // namespace xive::ic
