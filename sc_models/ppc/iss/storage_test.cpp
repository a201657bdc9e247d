// SPDX-License-Identifier: Apache-2.0
// What the ISS sees of memory: changing code, reservations, alignment, byte order, devices.
#include <gtest/gtest.h>

#include "sc_models/ppc/iss/assemble.h"
#include "sc_models/ppc/iss/code_cache.h"
#include "sc_models/ppc/iss/testing.h"
#include "sc_models/ppc/spr.h"

namespace xive::ppc::iss::testing {
namespace {

constexpr std::uint64_t kStart = 0x10000, kData = 0x200000;

/// A register whose accesses are kept.
class Device final : public platform::Target {
 public:
  platform::Response access(const platform::Request& request) override {
    seen.push_back(request);
    if (request.command == platform::Command::Store) value = request.data;
    return {.status = refuse ? platform::Status::DeviceError : platform::Status::Ok,
            .data = value,
            .latency = latency};
  }
  std::vector<platform::Request> seen;
  std::uint64_t value = 0x1122334455667788;
  Time latency = 0;
  bool refuse = false;
};

TEST(IssStorage, PatchedCodeIsSeenAfterIsync) {
  Bench bench;
  // A loop calls a function, patches its first instruction, calls again.
  bench.place(kStart, {bl(0x100), stw(6, 0, 5), x(54, 0, 0, 5), sync(), icbi(0, 5), isync(),
                       bl(0xe8), attn()});
  bench.place(kStart + 0x100, {addi(3, 3, 1), blr()});
  bench.regs().gpr[5] = kStart + 0x100;
  bench.regs().gpr[6] = addi(3, 3, 100);
  bench.run(1000);
  EXPECT_EQ(bench.regs().gpr[3], 101U);
  EXPECT_GT(bench.storage->code().invalidations(), 0U);
}

TEST(IssStorage, CodeIsPatchedManyTimes) {
  Bench bench;
  // 1: stw r6,0(r5); icbi; isync; bl f; addi r6,r6,1; bdnz 1b; attn.   f: addi r3,r3,imm; blr
  bench.place(kStart,
              {stw(6, 0, 5), icbi(0, 5), isync(), bl(0xf4), addi(6, 6, 1), bdnz(-20), attn()});
  bench.place(kStart + 0x104, {blr()});
  bench.regs().gpr[5] = kStart + 0x100;
  bench.regs().gpr[6] = addi(3, 3, 0);
  bench.regs().ctr = 100;
  bench.run(10'000);
  EXPECT_EQ(bench.regs().gpr[3], 4950U);
}

TEST(IssStorage, CodeOfAnotherThreadIsPatched) {
  BenchConfig config;
  config.threads = 2;
  Bench bench(config);
  bench.place(Bench::start(0), {isync(), b(-4)});
  bench.place(Bench::start(1), {li(7, 500), mtctr(7), bdnz(0), stw(6, 4, 5), icbi(0, 5), b(0)});
  bench.regs(1).gpr[5] = Bench::start(0);
  bench.regs(1).gpr[6] = attn();
  bench.run(10'000);
  EXPECT_TRUE(bench.thread(0).quiesced());
}

TEST(IssStorage, CodeChangedByDeviceAndLoader) {
  Bench bench;
  bench.place(kStart, {addi(3, 3, 1), b(-4)});
  bench.executor.at(1 * platform::kMicrosecond, [&] { bench.place(kStart, {attn()}); });
  bench.run(10'000);
  EXPECT_TRUE(bench.thread().quiesced());
  EXPECT_EQ(bench.regs().gpr[3], 500U);
}

TEST(IssStorage, DcbzOverCode) {
  Bench bench;
  bench.place(kStart, {bl(0x100), dcbz(0, 5), isync(), bl(0xf4)});
  bench.place(kStart + 0x100, {addi(3, 3, 1), blr()});
  bench.place(0xe40, {attn()});
  bench.regs().gpr[5] = kStart + 0x13c;  // its line begins at +0x100
  bench.run(1000);
  EXPECT_EQ(bench.regs().gpr[3], 1U);
  EXPECT_EQ(bench.regs().hsrr0, kStart + 0x100);
}

TEST(IssStorage, DataBesideCodeIsNotCode) {
  Bench bench;
  bench.place(kStart, {addi(3, 3, 1), stw(3, 0x200, 5), bdnz(-8), attn()});
  bench.regs().gpr[5] = kStart;
  bench.regs().ctr = 1000;
  bench.run(10'000);
  EXPECT_EQ(bench.word(kStart + 0x200), 1000U);
  EXPECT_EQ(bench.storage->code().invalidations(), 0U);
}

TEST(IssStorage, LittleEndianCodeAndData) {
  Bench bench;
  bench.thread().set_msr(bench.thread().msr() | msr::kLe);
  bench.place(kStart,
              {lwz(3, 0, 5), ld(4, 0, 5), x(534, 6, 0, 5), stw(3, 8, 5), lhz(7, 2, 5), attn()},
              true);
  bench.regs().gpr[5] = kData;
  bench.store(kData, 0x0102030405060708);
  bench.run(100);
  EXPECT_EQ(bench.regs().gpr[3], 0x04030201U);
  EXPECT_EQ(bench.regs().gpr[4], 0x0807060504030201U);
  EXPECT_EQ(bench.regs().gpr[6], 0x01020304U);
  EXPECT_EQ(bench.regs().gpr[7], 0x0403U);
  EXPECT_EQ(bench.word(kData + 8), 0x01020304U);
}

TEST(IssStorage, UnalignedAndAcrossPages) {
  Bench bench;
  bench.place(kStart, {ld(3, 0, 5), std_(3, 8, 5), std_(4, -0x1000, 5), attn()});
  bench.regs().gpr[4] = 0x1122334455667788;
  bench.regs().gpr[5] = kData + 0xffc;
  bench.store(kData + 0xff8, 0xaaaaaaaa01020304);
  bench.store(kData + 0x1000, 0x05060708bbbbbbbb);
  bench.run(100);
  EXPECT_EQ(bench.regs().gpr[3], 0x0102030405060708U);
  EXPECT_EQ(bench.doubleword(kData + 0x1004), 0x0102030405060708U);
  EXPECT_EQ(bench.doubleword(kData - 4), 0x1122334455667788U);
}

/// Address 1 was taken for an empty entry of the software TLB.
TEST(IssStorage, FirstAccessToAnOddAddressOfPageZero) {
  Bench bench;
  bench.place(kStart, {stw(3, 1, 0), lwz(4, 1, 0), lhz(5, 1, 0), attn()});
  bench.regs().gpr[3] = 0x12345678;
  bench.run(100);
  EXPECT_EQ(bench.regs().gpr[4], 0x12345678U);
  EXPECT_EQ(bench.regs().gpr[5], 0x1234U);
}

TEST(IssStorage, RealModeIgnoresTheTopBitsOfTheAddress) {
  Bench bench;
  bench.place(kStart, {ld(3, 0, 5), attn()});
  bench.regs().gpr[5] = 0xc000000000000000 | kData;
  bench.store(kData, 42);
  bench.run(100);
  EXPECT_EQ(bench.regs().gpr[3], 42U);
}

TEST(IssStorage, HrmorTakesPartWithoutTheTopBit) {
  Bench bench;
  bench.place(kStart, {ld(3, 0, 5), attn()});
  bench.place(0x400000 + kStart, {ld(3, 0, 5), attn()});
  bench.thread().set_stored_spr(spr::kHrmor, 0x400000);
  bench.regs().gpr[5] = kData;
  bench.store(kData, 1);
  bench.store(0x400000 + kData, 2);
  bench.run(100);
  EXPECT_EQ(bench.regs().gpr[3], 2U);
}

// ---------------------------------------------------------------- reservations

TEST(IssReservations, AStoreOfAnotherThreadCancels) {
  // Thread 0 reserves, waits, stores conditionally. Thread 1 stores meanwhile to the given place;
  // it has stored there before, so that it knows the page.
  const auto attempt = [](std::uint64_t offset, bool own) {
    BenchConfig config;
    config.threads = 2;
    config.iss.quantum = 10 * platform::kNanosecond;
    Bench bench(config);
    bench.place(Bench::start(0),
                {li(7, 500), mtctr(7), bdnz(0), ldarx(3, 0, 5), li(7, 500), mtctr(7), bdnz(0),
                 own ? std_(9, 8, 5) : nop(), stdcx(4, 0, 5), attn()});
    bench.place(Bench::start(1),
                {std_(9, 0, 6), li(7, 750), mtctr(7), bdnz(0), std_(9, 0, 6), b(0)});
    bench.regs(0).gpr[5] = kData;
    bench.regs(0).gpr[4] = 7;
    bench.regs(1).gpr[6] = kData + offset;
    bench.run(10'000);
    EXPECT_TRUE(bench.thread(0).quiesced());
    return (bench.regs(0).cr >> 28U & 2U) != 0;
  };
  EXPECT_FALSE(attempt(0, false));
  EXPECT_FALSE(attempt(120, false));  // same granule of 128 bytes
  EXPECT_TRUE(attempt(128, false));   // same page
  EXPECT_TRUE(attempt(0x10000, false));
  EXPECT_TRUE(attempt(0x10000, true));  // an own store does not cancel
}

TEST(IssReservations, TwoThreadsCountTogether) {
  for (const Time quantum :
       {Time{0}, Time{1} * platform::kNanosecond, Time{7'000}, platform::kMicrosecond}) {
    BenchConfig config;
    config.threads = 4;
    config.iss.quantum = quantum;
    Bench bench(config);
    for (unsigned n = 0; n < 4; ++n) {
      bench.place(Bench::start(n),
                  {ldarx(3, 0, 5), addi(3, 3, 1), stdcx(3, 0, 5), bne(-12), bdnz(-16), b(0)});
      bench.regs(n).gpr[5] = kData;
      bench.regs(n).ctr = 1000;
    }
    bench.run(100'000);
    EXPECT_EQ(bench.doubleword(kData), 4000U) << quantum;
  }
}

TEST(IssReservations, Quadwords) {
  Bench bench;
  // lqarx r6; stqcx. r8; again without a reservation
  bench.place(kStart,
              {x(276, 6, 0, 5), x(182, 8, 0, 5, 1), x(19, 10, 0, 0), x(182, 6, 0, 5, 1), attn()});
  bench.regs().gpr[5] = kData;
  bench.regs().gpr[8] = 3;
  bench.regs().gpr[9] = 4;
  bench.store(kData, 1);
  bench.store(kData + 8, 2);
  bench.run(100);
  EXPECT_EQ(bench.regs().gpr[6], 1U);
  EXPECT_EQ(bench.regs().gpr[7], 2U);
  EXPECT_EQ(bench.regs().gpr[10] >> 28U, 2U);
  EXPECT_EQ(bench.regs().cr >> 28U, 0U);
  EXPECT_EQ(bench.doubleword(kData), 3U);
  EXPECT_EQ(bench.doubleword(kData + 8), 4U);
}

TEST(IssReservations, AtomicMemoryOperations) {
  Bench bench;
  // ldat r3,r5,0 (add r4); stwat r4,r6,4 (maximum)
  bench.place(kStart, {x(614, 3, 5, 0), x(710, 7, 6, 4), attn()});
  bench.regs().gpr[4] = 10;
  bench.regs().gpr[5] = kData;
  bench.regs().gpr[6] = kData + 8;
  bench.regs().gpr[7] = 0x90000000;
  bench.store(kData, 32);
  bench.store(kData + 8, 0x8000000000000005);
  bench.run(100);
  EXPECT_EQ(bench.regs().gpr[3], 32U);
  EXPECT_EQ(bench.doubleword(kData), 42U);
  EXPECT_EQ(bench.doubleword(kData + 8), 0x9000000000000005U);
}

// ---------------------------------------------------------------- devices

constexpr std::uint64_t kDevice = 0x6000000000000;

TEST(IssDevice, AccessTakesTimeAndCarriesWhoAndWhen) {
  Bench bench;
  Device device;
  device.latency = 300 * platform::kNanosecond;
  bench.bus.map({.name = "device", .base = kDevice, .size = 64, .target = &device});
  bench.place(kStart, {nop(), nop(), ldcix(3, 0, 5), mftb(8), addi(3, 3, 1), stdcix(3, 0, 5),
                       stb(3, 9, 5), lhz(4, 2, 5), attn()});
  bench.regs().gpr[5] = kDevice;
  bench.run(10'000);
  ASSERT_EQ(device.seen.size(), 4U);
  EXPECT_EQ(device.seen[0].time, 2 * platform::kNanosecond);
  EXPECT_EQ(device.seen[0].instruction, 2U);
  EXPECT_EQ(device.seen[0].requester.pir, 0U);
  EXPECT_EQ(device.seen[1].time, 305 * platform::kNanosecond);
  EXPECT_EQ(device.seen[1].data, 0x1122334455667789U);
  EXPECT_EQ(device.seen[2].address, kDevice + 9);
  EXPECT_EQ(device.seen[2].size, 1U);
  EXPECT_EQ(device.seen[2].data, 0x89U);
  EXPECT_EQ(device.seen[3].size, 2U);
  EXPECT_EQ(bench.regs().gpr[8], 303 * 512 / 1000U);
  EXPECT_EQ(bench.cpu().statistics().device_accesses, 4U);
}

TEST(IssDevice, RefusalIsAMachineCheck) {
  Bench bench;
  Device device;
  device.refuse = true;
  bench.bus.map({.name = "device", .base = kDevice, .size = 64, .target = &device});
  bench.place(0x200, {attn()});
  bench.place(kStart, {nop(), ldcix(3, 0, 5)});
  bench.regs().gpr[5] = kDevice;
  bench.run(10'000);
  EXPECT_EQ(bench.regs().srr0, kStart + 4);
  EXPECT_EQ(bench.regs().dar, kDevice);
  EXPECT_EQ(bench.regs().gpr[3], 0U);
}

TEST(IssDevice, UnalignedAccessIsAnAlignmentInterrupt) {
  Bench bench;
  Device device;
  bench.bus.map({.name = "device", .base = kDevice, .size = 64, .target = &device});
  bench.place(0x600, {attn()});
  bench.place(kStart, {lwz(3, 2, 5)});
  bench.regs().gpr[5] = kDevice;
  bench.run(10'000);
  EXPECT_EQ(bench.regs().srr0, kStart);
  EXPECT_TRUE(device.seen.empty());
}

TEST(IssDevice, LittleEndianAccess) {
  Bench bench;
  Device device;
  bench.bus.map({.name = "device", .base = kDevice, .size = 64, .target = &device});
  bench.thread().set_msr(bench.thread().msr() | msr::kLe);
  bench.place(kStart, {ldcix(3, 0, 5), stdcix(4, 0, 5), attn()}, true);
  bench.regs().gpr[4] = 1;
  bench.regs().gpr[5] = kDevice;
  bench.run(10'000);
  EXPECT_EQ(bench.regs().gpr[3], 0x8877665544332211U);
  EXPECT_EQ(device.value, 0x0100000000000000U);
}

/// What came up while the others caught up interrupts the access before it is made.
TEST(IssDevice, InterruptBeforeTheAccess) {
  Bench bench;
  Device device;
  bench.bus.map({.name = "device", .base = kDevice, .size = 64, .target = &device});
  bench.thread().set_msr(bench.thread().msr() | msr::kEe);
  bench.thread().set_lpcr(lpcr::kHvice);
  bench.executor.at(3 * platform::kNanosecond,
                    [&] { bench.thread().set_hypervisor_virtualization(true); });
  bench.place(0xea0, {attn()});
  bench.place(kStart, {nop(), nop(), nop(), ldcix(3, 0, 5)});
  bench.regs().gpr[5] = kDevice;
  bench.run(10'000);
  EXPECT_EQ(bench.regs().hsrr0, kStart + 12);
  EXPECT_TRUE(device.seen.empty());
}

/// A window over RAM takes effect for a thread that knows the page.
TEST(IssDevice, WindowMappedOverKnownMemory) {
  Bench bench;
  Device device;
  bench.place(kStart, {ld(3, 0, 5), bdnz(-4), attn()});
  bench.regs().gpr[5] = kData;
  bench.regs().ctr = 5000;
  bench.executor.at(2 * platform::kMicrosecond, [&] {
    bench.bus.map({.name = "device", .base = kData, .size = 64, .target = &device, .priority = 1});
  });
  bench.run(20'000);
  EXPECT_EQ(bench.regs().gpr[3], 0x1122334455667788U);
  EXPECT_FALSE(device.seen.empty());
}

}  // namespace
}  // namespace xive::ppc::iss::testing
