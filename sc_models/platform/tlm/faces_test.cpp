// SPDX-License-Identifier: Apache-2.0
// The TLM faces against each other and against the plain protocol, with a protocol checker on every
// hop.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sc_models/platform/bus.h"
#include "sc_models/platform/reservations.h"
#include "sc_models/platform/sparse_memory.h"
#include "sc_models/platform/tlm/bus_face.h"
#include "sc_models/platform/tlm/initiator_face.h"
#include "sc_models/platform/tlm/target_face.h"
#include "sc_models/tima/tlm/requester_extension.h"
#include "sc_models/tlm/base_protocol_checker.h"
#include "sc_models/tlm/testing/sc_test_main.h"

namespace xive::platform {
namespace {

constexpr std::uint64_t kMemorySize = 0x40000, kDeviceBase = 0x100000, kDeviceSize = 0x1000;
constexpr Time kMemoryLatency = 20'000, kDeviceLatency = 70'000, kBusLatency = 3'000;

/// Eight-byte register file with a write-only and a read-only half.
struct Device final : Target {
  Response access(const Request& request) override {
    requests.push_back(request);
    if (request.size != 8) return error_response(Status::SizeError, request, kDeviceLatency);
    std::uint64_t& reg = registers[request.address & 0xff8U];
    if (request.command == Command::Store) {
      if ((request.address & 0x800U) != 0) {
        return error_response(Status::CommandError, request, kDeviceLatency);
      }
      reg = request.data;
      return {Status::Ok, 0, kDeviceLatency};
    }
    return {Status::Ok, reg, kDeviceLatency};
  }
  std::map<std::uint64_t, std::uint64_t> registers;
  std::vector<Request> requests;
};

/// Two initiators, a bus, a memory and a device, every hop checked.
struct System {
  System(const std::string& name, Timing timing, bool dmi)
      : bus((name + "_bus").c_str()),
        memory_face((name + "_memory").c_str(), memory),
        device_face((name + "_device").c_str(), device) {
    memory.set_snooper(dmi ? nullptr : &reservations);
    for (int i = 0; i < 2; ++i) {
      const std::string id = name + "_" + std::to_string(i);
      initiators.push_back(
          std::make_unique<InitiatorFace>((id + "_initiator").c_str(), timing, dmi));
      hop(id + "_up").target_socket.bind(initiators.back()->socket);
      checkers.back()->initiator_socket.bind(bus.target_socket);
    }
    bind(name + "_mem", memory_face);
    bind(name + "_dev", device_face);
    bus.map(0, {.name = "memory",
                .base = 0,
                .size = kMemorySize,
                .kind = Bus::Kind::Memory,
                .latency = kBusLatency});
    bus.map(1,
            {.name = "device", .base = kDeviceBase, .size = kDeviceSize, .latency = kBusLatency});
    shadow = bus.map(
        1,
        {.name = "shadow", .base = 0x8000, .size = 0x1000, .priority = 1, .latency = kBusLatency},
        true);
  }
  BaseProtocolChecker<>& hop(const std::string& name) {
    checkers.push_back(std::make_unique<BaseProtocolChecker<>>((name + "_checker").c_str(), book));
    return *checkers.back();
  }
  void bind(const std::string& name, TargetFace& target) {
    BaseProtocolChecker<>& checker = hop(name);
    bus.initiator_socket.bind(checker.target_socket);
    checker.initiator_socket.bind(target.socket);
  }
  RuleBook book;
  SparseMemory memory{0, kMemorySize, kMemoryLatency};
  Reservations reservations;
  Device device;
  BusFace bus;
  TargetFace memory_face, device_face;
  std::vector<std::unique_ptr<InitiatorFace>> initiators;
  std::vector<std::unique_ptr<BaseProtocolChecker<>>> checkers;
  Bus::WindowId shadow = 0;
};

std::map<std::string, std::unique_ptr<System>> systems;

Time now() {
  return to_time(sc_core::sc_time_stamp());
}

class Faces : public ::testing::TestWithParam<const char*> {
 protected:
  System& system() { return *systems.at(GetParam()); }
  void TearDown() override {
    for (const Violation& v : system().book.violations())
      ADD_FAILURE() << v.rule << " " << v.detail;
  }
};

INSTANTIATE_TEST_SUITE_P(Timings, Faces, ::testing::Values("loose", "approximate"));

Request make(Command command, std::uint64_t address, unsigned size, std::uint64_t data = 0) {
  return {.command = command,
          .size = static_cast<std::uint8_t>(size),
          .address = address,
          .data = data,
          .requester = {0x105, 1, 1, 1},
          .time = now()};
}

// The same random accesses, plain and through the sockets: same data, same errors.
TEST_P(Faces, AgreeWithThePlainBus) {
  System& sys = *systems.at(std::string(GetParam()) + "_fresh");
  SparseMemory memory(0, kMemorySize, kMemoryLatency);
  Reservations reservations;
  memory.set_snooper(&reservations);
  Device device;
  Bus plain;
  plain.map({.name = "memory",
             .base = 0,
             .size = kMemorySize,
             .target = &memory,
             .latency = kBusLatency});
  plain.map({.name = "device",
             .base = kDeviceBase,
             .size = kDeviceSize,
             .target = &device,
             .latency = kBusLatency});
  plain.map({.name = "shadow",
             .base = 0x8000,
             .size = 0x1000,
             .target = &device,
             .priority = 1,
             .latency = kBusLatency});
  std::uint64_t state = 7;
  const auto random = [&] {
    state += 0x9e3779b97f4a7c15;
    std::uint64_t z = state;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111eb;
    return z ^ (z >> 31U);
  };
  std::map<Status, int> seen;
  testing::run_in_thread([&] {
    for (int i = 0; i < 3000; ++i) {
      constexpr std::uint64_t kBases[] = {0,       0x7ff0,          0x8ff0,      0xfff0,
                                          0x3fff0, kDeviceBase - 8, kDeviceBase, 0x200000};
      const unsigned size = 1U << (random() % 4);
      Request request = make(random() % 2 == 0 ? Command::Load : Command::Store,
                             kBases[random() % 8] + random() % 32, size, random());
      request.data &= all_ones(size);
      request.requester.pir = 0x100 + static_cast<std::uint32_t>(random() % 2);
      if (random() % 4 == 0) {
        request.address &= ~std::uint64_t{size - 1};
        request.atomic =
            request.command == Command::Load ? Atomic::LoadReserve : Atomic::StoreConditional;
      }
      const Response expected = plain.access(request);
      const Response actual = sys.initiators[i % 2]->access(request);
      ++seen[expected.status];
      ASSERT_EQ(actual.status, expected.status) << i << " " << std::hex << request.address;
      ASSERT_EQ(actual.data, expected.data) << i << " " << std::hex << request.address;
      ASSERT_EQ(actual.latency, expected.latency) << i << " " << std::hex << request.address;
    }
  });
  EXPECT_EQ(seen.size(), 4U);  // ok, address, size and command errors
  std::vector<std::uint8_t> a(kMemorySize), b(kMemorySize);
  ASSERT_TRUE(sys.memory.read(0, a) && memory.read(0, b));
  EXPECT_EQ(a, b);
  ASSERT_EQ(sys.device.requests.size(), device.requests.size());
  EXPECT_GT(device.requests.size(), 100U);
}

TEST_P(Faces, RequesterTravelsWithTheAccess) {
  System& sys = system();
  testing::run_in_thread([&] {
    Request request = make(Command::Load, kDeviceBase + 8, 8);
    request.instruction = 4711;
    sys.initiators[0]->access(request);
    EXPECT_EQ(sys.device.requests.back().requester, request.requester);
    EXPECT_EQ(sys.device.requests.back().instruction, 4711U);
    request.requester = {};
    sys.initiators[0]->access(request);
    EXPECT_FALSE(sys.device.requests.back().requester.is_thread());
  });
}

TEST_P(Faces, RelativeWindowShowsTheOffset) {
  System& sys = system();
  testing::run_in_thread([&] {
    EXPECT_TRUE(sys.initiators[0]->access(make(Command::Store, 0x8018, 8, 5)).ok());
    EXPECT_EQ(sys.device.requests.back().address, 0x18U);
    EXPECT_EQ(sys.initiators[1]->access(make(Command::Load, kDeviceBase + 0x18, 8)).data, 5U);
    EXPECT_EQ(sys.device.requests.back().address, kDeviceBase + 0x18);
  });
}

TEST_P(Faces, BlocksGoThroughTheDebugInterface) {
  System& sys = system();
  std::vector<std::uint8_t> image(1000), back(1000);
  for (std::size_t i = 0; i < image.size(); ++i) image[i] = static_cast<std::uint8_t>(i * 7);
  const Time before = now();
  EXPECT_TRUE(sys.initiators[0]->write_block(0x20000, image));
  EXPECT_TRUE(sys.initiators[1]->read_block(0x20000, back));
  EXPECT_EQ(back, image);
  EXPECT_FALSE(sys.initiators[0]->write_block(kDeviceBase, image));
  EXPECT_FALSE(sys.initiators[0]->read_block(kMemorySize - 10, back));
  EXPECT_FALSE(sys.initiators[0]->read_block(0x200000, back));
  EXPECT_EQ(now(), before);
}

TEST(Approximate, RequestsToOneTargetWaitForEachOtherAndToTwoTargetsDoNot) {
  System& sys = *systems.at("approximate");
  std::vector<Time> done;
  const auto race = [&](std::uint64_t first, std::uint64_t second) {
    done.assign(2, 0);
    const Time start = now();
    const std::uint64_t addresses[] = {first, second};
    for (std::size_t i = 0; i < 2; ++i) {
      sc_core::sc_spawn([&, i, start] {
        sys.initiators[i]->access(make(Command::Load, addresses[i], 8));
        done[i] = now() - start;
      });
    }
    sc_core::sc_start();
  };
  race(0, 8);
  EXPECT_EQ(done,
            (std::vector<Time>{kBusLatency + kMemoryLatency, kBusLatency + 2 * kMemoryLatency}));
  race(0, kDeviceBase);
  EXPECT_EQ(done, (std::vector<Time>{kBusLatency + kMemoryLatency, kBusLatency + kDeviceLatency}));
}

TEST(Approximate, ManyAgentsBehindOneInitiatorAllFinish) {
  System& sys = *systems.at("approximate");
  int finished = 0;
  for (unsigned i = 0; i < 20; ++i) {
    sc_core::sc_spawn([&, i] {
      for (unsigned k = 0; k < 10; ++k) {
        const std::uint64_t address = 0x10000 + 8 * i;
        sys.initiators[i % 2]->access(make(Command::Store, address, 8, i * 100 + k));
        EXPECT_EQ(sys.initiators[k % 2]->access(make(Command::Load, address, 8)).data, i * 100 + k);
      }
      ++finished;
    });
  }
  sc_core::sc_start();
  EXPECT_EQ(finished, 20);
}

TEST(Loose, LatencyIsAnnotatedNotWaited) {
  System& sys = *systems.at("loose");
  testing::run_in_thread([&] {
    const Time before = now();
    Request request = make(Command::Load, 0, 8);
    request.time = before + 500'000;  // the initiator's local time runs ahead
    EXPECT_EQ(sys.initiators[0]->access(request).latency, kBusLatency + kMemoryLatency);
    EXPECT_EQ(now(), before);
  });
}

TEST(Loose, DirectMemoryServesRepeatedAccessesUntilItIsWithdrawn) {
  System& sys = *systems.at("direct");
  InitiatorFace& initiator = *sys.initiators[0];
  testing::run_in_thread([&] {
    EXPECT_TRUE(initiator.access(make(Command::Store, 0x7000, 8, 1)).ok());
    EXPECT_EQ(initiator.dmi_hits(), 0U);
    EXPECT_TRUE(initiator.access(make(Command::Store, 0x7010, 8, 2)).ok());
    const Response response = initiator.access(make(Command::Load, 0x7010, 8));
    EXPECT_EQ(response.data, 2U);
    EXPECT_EQ(response.latency, kBusLatency + kMemoryLatency);
    EXPECT_EQ(initiator.dmi_hits(), 2U);
    // The window of higher priority in the middle of the memory is not bypassed.
    initiator.access(make(Command::Load, 0x8000, 8));
    EXPECT_EQ(initiator.dmi_hits(), 2U);
    EXPECT_EQ(sys.device.requests.size(), 1U);
    sys.bus.unmap(sys.shadow);
    EXPECT_EQ(initiator.access(make(Command::Load, 0x7010, 8)).data, 2U);
    EXPECT_EQ(initiator.dmi_hits(), 2U);
    EXPECT_EQ(initiator.access(make(Command::Load, 0x8000, 8)).data, 0U);
    EXPECT_EQ(sys.device.requests.size(), 1U);
    EXPECT_EQ(initiator.dmi_hits(), 3U);
  });
  EXPECT_TRUE(sys.book.clean());
}

TEST(Perform, RefusesWhatTheTargetCannotDo) {
  SparseMemory memory(0, 0x10000);
  std::uint8_t data[16] = {1, 2, 3}, enable[1] = {0xff};
  tlm::tlm_generic_payload trans;
  const auto status = [&](tlm::tlm_command command, unsigned length, unsigned width,
                          unsigned char* enables) {
    trans.set_command(command);
    trans.set_address(0x100);
    trans.set_data_ptr(data);
    trans.set_data_length(length);
    trans.set_streaming_width(width);
    trans.set_byte_enable_ptr(enables);
    trans.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    perform(memory, trans, 0);
    return trans.get_response_status();
  };
  EXPECT_EQ(status(tlm::TLM_WRITE_COMMAND, 8, 8, enable), tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
  EXPECT_EQ(status(tlm::TLM_WRITE_COMMAND, 8, 4, nullptr), tlm::TLM_BURST_ERROR_RESPONSE);
  EXPECT_EQ(status(tlm::TLM_WRITE_COMMAND, 0, 8, nullptr), tlm::TLM_BURST_ERROR_RESPONSE);
  EXPECT_EQ(status(tlm::TLM_IGNORE_COMMAND, 8, 8, nullptr), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(memory.pages(), 0U);
  EXPECT_EQ(status(tlm::TLM_WRITE_COMMAND, 3, 3, nullptr), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(load_be<4>(memory, 0x100), 0x01020300U);
  EXPECT_EQ(status(tlm::TLM_READ_COMMAND, 16, 16, nullptr), tlm::TLM_OK_RESPONSE);
  EXPECT_TRUE(trans.get_extension<RequestExtension>() == nullptr);
}

/// After all tests: nothing may be in progress anywhere, and no rule may have fired.
class LeftOver final : public ::testing::Environment {
  void TearDown() override {
    for (auto& [name, sys] : systems) {
      for (auto& checker : sys->checkers) checker->finish();
      for (const Violation& v : sys->book.violations()) {
        ADD_FAILURE() << name << " " << v.rule << " " << v.detail;
      }
      std::uint64_t hits = 0;
      for (const RuleBook::Entry& entry : sys->book.entries()) hits += entry.hits;
      EXPECT_GT(hits, 0U) << name;
    }
  }
};
const auto* const left_over = ::testing::AddGlobalTestEnvironment(new LeftOver);

}  // namespace
}  // namespace xive::platform

void xive::testing::elaborate() {
  using namespace xive::platform;
  systems["loose"] = std::make_unique<System>("loose", Timing::Loose, false);
  systems["approximate"] = std::make_unique<System>("approximate", Timing::Approximate, false);
  systems["loose_fresh"] = std::make_unique<System>("loose_fresh", Timing::Loose, false);
  systems["approximate_fresh"] =
      std::make_unique<System>("approximate_fresh", Timing::Approximate, false);
  systems["direct"] = std::make_unique<System>("direct", Timing::Loose, true);
}
