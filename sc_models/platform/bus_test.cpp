// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/bus.h"

#include <gtest/gtest.h>

#include "sc_models/platform/sparse_memory.h"

namespace xive::platform {
namespace {

/// Answers its name's first letter and remembers what it was asked.
struct Probe final : Target {
  explicit Probe(std::uint64_t v) : value(v) {}
  Response access(const Request& request) override {
    last = request;
    ++count;
    return status == Status::Ok ? Response{Status::Ok, value, 5}
                                : error_response(status, request, 5);
  }
  std::uint64_t value;
  Request last{};
  int count = 0;
  Status status = Status::Ok;
};

Request load(std::uint64_t address, std::uint8_t size = 8) {
  return {.command = Command::Load, .size = size, .address = address};
}

TEST(Bus, HighestPriorityAnswersWhereWindowsOverlap) {
  Bus bus;
  Probe low(1), high(2), other(3);
  bus.map({.name = "low", .base = 0x1000, .size = 0x3000, .target = &low});
  const auto id =
      bus.map({.name = "high", .base = 0x2000, .size = 0x1000, .target = &high, .priority = 1});
  bus.map({.name = "other", .base = 0x8000, .size = 0x1000, .target = &other});
  const auto at = [&](std::uint64_t address) { return bus.access(load(address)).data; };
  EXPECT_EQ(at(0x1000), 1U);
  EXPECT_EQ(at(0x1ff8), 1U);
  EXPECT_EQ(at(0x2000), 2U);
  EXPECT_EQ(at(0x2ff8), 2U);
  EXPECT_EQ(at(0x3000), 1U);
  EXPECT_EQ(at(0x3ff8), 1U);
  EXPECT_EQ(at(0x8000), 3U);
  EXPECT_EQ(bus.errors(), 0U);
  bus.unmap(id);
  EXPECT_EQ(at(0x2000), 1U);
  bus.unmap(id);
  // The target sees the absolute address.
  EXPECT_EQ(low.last.address, 0x2000U);
}

TEST(Bus, LatencyIsWindowPlusTarget) {
  Bus bus;
  Probe probe(1);
  bus.map({.name = "p", .base = 0, .size = 0x1000, .target = &probe, .latency = 100});
  EXPECT_EQ(bus.access(load(0)).latency, 105U);
}

TEST(Bus, NobodyThereNamesTheNeighbours) {
  Bus bus;
  Probe a(1), b(2);
  bus.map({.name = "ram", .base = 0x1000, .size = 0x1000, .target = &a});
  bus.map({.name = "uart", .base = 0x9000, .size = 0x100, .target = &b});
  std::vector<Bus::Error> errors;
  bus.set_error_hook([&](const Bus::Error& error) { errors.push_back(error); });
  const Response response = bus.access(load(0x5000, 4));
  EXPECT_EQ(response.status, Status::AddressError);
  EXPECT_EQ(response.data, 0xffffffffU);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].message,
            "load of 4 bytes: address error: 0x5000 is in no window; below: ram [0x1000, 0x1fff], "
            "above: uart [0x9000, 0x90ff]");
  EXPECT_EQ(bus.explain(0), "0x0 is in no window; below: none, above: ram [0x1000, 0x1fff]");
  EXPECT_EQ(bus.explain(0x9100),
            "0x9100 is in no window; below: uart [0x9000, 0x90ff], above: none");
  EXPECT_EQ(bus.explain(0x9000), "0x9000 is in uart [0x9000, 0x90ff]");
  EXPECT_EQ(a.count + b.count, 0);
}

TEST(Bus, AccessAcrossTheEndOfAWindowFails) {
  Bus bus;
  Probe a(1), b(2);
  bus.map({.name = "a", .base = 0x1000, .size = 0x1000, .target = &a});
  bus.map({.name = "b", .base = 0x2000, .size = 0x1000, .target = &b});
  EXPECT_EQ(bus.access(load(0x1ffc, 8)).status, Status::AddressError);
  EXPECT_EQ(a.count + b.count, 0);
}

TEST(Bus, OddSizesAndRefusalsOfTheTargetAreErrors) {
  Bus bus;
  Probe a(1);
  bus.map({.name = "a", .base = 0, .size = 0x1000, .target = &a});
  for (const unsigned size : {0U, 3U, 5U, 6U, 7U, 9U, 16U}) {
    EXPECT_EQ(bus.access(load(0, static_cast<std::uint8_t>(size))).status, Status::SizeError);
  }
  EXPECT_EQ(a.count, 0);
  a.status = Status::CommandError;
  EXPECT_EQ(bus.access(load(0)).status, Status::CommandError);
  EXPECT_EQ(bus.errors(), 8U);
}

TEST(Bus, ImpossibleWindowsAreRefusedWithTheirNames) {
  Bus bus;
  Probe a(1);
  bus.map({.name = "first", .base = 0x1000, .size = 0x1000, .target = &a});
  try {
    bus.map({.name = "second", .base = 0x1800, .size = 0x1000, .target = &a});
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(
        error.what(),
        "second [0x1800, 0x27ff] overlaps first [0x1000, 0x1fff] with the same priority 0");
  }
  EXPECT_THROW(bus.map({.name = "empty", .base = 0, .size = 0, .target = &a}),
               std::invalid_argument);
  EXPECT_THROW(bus.map({.name = "none", .base = 0, .size = 1}), std::invalid_argument);
  EXPECT_THROW(bus.map({.name = "far", .base = 1, .size = std::uint64_t{1} << 56U, .target = &a}),
               std::invalid_argument);
}

TEST(Bus, MapMayChangeWhileADeviceServesAnAccess) {
  struct Mover final : Target {
    Bus* bus = nullptr;
    Bus::WindowId id = 0;
    Response access(const Request&) override {
      bus->unmap(id);
      id = bus->map({.name = "moved", .base = 0x5000, .size = 0x1000, .target = this});
      return {Status::Ok, 9, 0};
    }
  } mover;
  Bus bus;
  mover.bus = &bus;
  mover.id = bus.map({.name = "bar", .base = 0x1000, .size = 0x1000, .target = &mover});
  EXPECT_EQ(bus.access(load(0x1000)).data, 9U);
  EXPECT_EQ(bus.access(load(0x1000)).status, Status::AddressError);
  EXPECT_EQ(bus.access(load(0x5000)).data, 9U);
}

TEST(Bus, DmaReachesMemoryOnly) {
  Bus bus;
  SparseMemory memory(0, 0x20000);
  Probe device(1);
  bus.map(
      {.name = "ram", .base = 0, .size = 0x20000, .target = &memory, .kind = Bus::Kind::Memory});
  bus.map({.name = "dev", .base = 0x20000, .size = 0x1000, .target = &device});
  EXPECT_TRUE(store_be<4>(bus, 0x1fffc, 0xdeadbeef));
  EXPECT_EQ(load_be<4>(bus, 0x1fffc), 0xdeadbeefU);
  EXPECT_FALSE(store_be<8>(bus, 0x1fffc, 0));
  EXPECT_FALSE(load_be<4>(bus, 0x20000));
  EXPECT_EQ(load_be<4>(bus, 0x1fffc), 0xdeadbeefU);
  EXPECT_TRUE(bus.is_memory(0x1ffff));
  EXPECT_FALSE(bus.is_memory(0x20000));
}

TEST(Bus, DirectRegionEndsWhereAnotherWindowBegins) {
  Bus bus;
  SparseMemory memory(0, 0x20000);
  Probe device(1);
  bus.map({.name = "ram", .base = 0, .size = 0x20000, .target = &memory, .latency = 4});
  bus.map({.name = "hole", .base = 0x4000, .size = 0x1000, .target = &device, .priority = 1});
  const auto low = bus.direct(0x100), high = bus.direct(0x6000);
  ASSERT_TRUE(low && high);
  EXPECT_EQ(low->last, 0x3fffU);
  EXPECT_EQ(high->first, 0x5000U);
  EXPECT_EQ(high->last, 0xffffU);
  EXPECT_EQ(high->latency, 4U);
  high->data[8] = 0x77;
  EXPECT_EQ(bus.access(load(0x5008, 1)).data, 0x77U);
  EXPECT_FALSE(bus.direct(0x4000));
  EXPECT_FALSE(bus.direct(0x30000));
}

}  // namespace
}  // namespace xive::platform
