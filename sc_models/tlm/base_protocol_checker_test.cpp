// SPDX-License-Identifier: Apache-2.0
/// Each rule once silent and once fired. Initiator and target are scripts: the tests call the
/// transport interfaces in the order, right or wrong, that they want to see judged.
#include "sc_models/tlm/base_protocol_checker.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "sc_models/tlm/testing/sc_test_main.h"

namespace xive {
namespace {

using sc_core::sc_time;
using sc_core::SC_ZERO_TIME;
using Rule = BaseProtocolRule;

struct NoManager : tlm::tlm_mm_interface {
  void free(tlm::tlm_generic_payload*) override {}
};

/// One hop with a checker in the middle; the ends do what the test says.
struct Hop : sc_core::sc_module, tlm::tlm_fw_transport_if<>, tlm::tlm_bw_transport_if<> {
  using Nb =
      std::function<tlm::tlm_sync_enum(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_time&)>;

  explicit Hop(const sc_core::sc_module_name& name)
      : sc_core::sc_module(name), checker("checker", book) {
    initiator.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
    target.bind(static_cast<tlm::tlm_fw_transport_if<>&>(*this));
    initiator.bind(checker.target_socket);
    checker.initiator_socket.bind(target);
  }

  void b_transport(tlm::tlm_generic_payload& trans, sc_time& delay) override {
    if (on_b) on_b(trans, delay);
  }
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& trans, tlm::tlm_phase& phase,
                                     sc_time& delay) override {
    return on_fw ? on_fw(trans, phase, delay) : tlm::TLM_ACCEPTED;
  }
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& trans, tlm::tlm_phase& phase,
                                     sc_time& delay) override {
    return on_bw ? on_bw(trans, phase, delay) : tlm::TLM_ACCEPTED;
  }
  unsigned transport_dbg(tlm::tlm_generic_payload&) override { return debug_count; }
  bool get_direct_mem_ptr(tlm::tlm_generic_payload&, tlm::tlm_dmi& dmi) override {
    dmi = grant;
    return granted;
  }
  void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) override { ++invalidations; }

  // What a test calls: from the initiator, from the target.
  tlm::tlm_sync_enum fw(tlm::tlm_generic_payload& trans, tlm::tlm_phase phase,
                        sc_time delay = SC_ZERO_TIME) {
    return initiator->nb_transport_fw(trans, phase, delay);
  }
  tlm::tlm_sync_enum bw(tlm::tlm_generic_payload& trans, tlm::tlm_phase phase,
                        sc_time delay = SC_ZERO_TIME) {
    return target->nb_transport_bw(trans, phase, delay);
  }

  RuleBook book;
  tlm::tlm_initiator_socket<64> initiator{"initiator"};
  tlm::tlm_target_socket<64> target{"target"};
  BaseProtocolChecker<64> checker;
  std::function<void(tlm::tlm_generic_payload&, sc_time&)> on_b;
  Nb on_fw, on_bw;
  unsigned debug_count = 0;
  bool granted = false;
  tlm::tlm_dmi grant;
  int invalidations = 0;
};

/// Hops are modules, so they must be there before the simulation starts; each test takes a fresh
/// one.
std::vector<std::unique_ptr<Hop>>& pool() {
  static std::vector<std::unique_ptr<Hop>> hops;
  return hops;
}

class BaseProtocol : public ::testing::Test {
 protected:
  BaseProtocol() : hop_(take()) {
    for (auto* trans : {&a_, &b_}) {
      trans->set_command(tlm::TLM_READ_COMMAND);
      trans->set_data_ptr(data_);
      trans->set_data_length(4);
      trans->set_streaming_width(4);
      trans->set_mm(&manager_);
    }
    hop_.on_b = [](auto& trans, auto&) { trans.set_response_status(tlm::TLM_OK_RESPONSE); };
  }

  static Hop& take() {
    static std::size_t next = 0;
    if (next >= pool().size()) throw std::runtime_error("too few hops in elaborate()");
    return *pool()[next++];
  }

  /// The rules that fired, by identifier.
  std::multiset<std::string> fired() const {
    std::multiset<std::string> ids;
    for (const auto& entry : hop_.book.entries()) {
      for (std::uint64_t i = 0; i < entry.fired; ++i) ids.insert(std::string(entry.info.id));
    }
    return ids;
  }
  void expect_only(const char* id) { EXPECT_EQ(fired(), std::multiset<std::string>{id}); }

  void b(tlm::tlm_generic_payload& trans, sc_time delay = SC_ZERO_TIME) {
    hop_.initiator->b_transport(trans, delay);
  }
  /// The four phases, by the book.
  void four_phases(tlm::tlm_generic_payload& trans) {
    hop_.fw(trans, tlm::BEGIN_REQ);
    hop_.bw(trans, tlm::END_REQ);
    trans.set_response_status(tlm::TLM_OK_RESPONSE);
    hop_.bw(trans, tlm::BEGIN_RESP);
    hop_.fw(trans, tlm::END_RESP);
    trans.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  }

  Hop& hop_;
  NoManager manager_;
  unsigned char data_[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  unsigned char enable_[4] = {0xff, 0xff, 0xff, 0xff};
  tlm::tlm_generic_payload a_, b_;
};

// --- Silent --------------------------------------------------------------------------------------

TEST_F(BaseProtocol, EveryRuleHasItsChanceAndIsSilentInLegalTraffic) {
  b(a_, sc_time(5, sc_core::SC_NS));
  a_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  a_.set_command(tlm::TLM_WRITE_COMMAND);
  a_.set_byte_enable_ptr(enable_);
  a_.set_byte_enable_length(4);
  b(a_);
  a_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);

  four_phases(a_);
  four_phases(a_);  // the object may be used again

  // Two in flight: the second request while the first is being answered.
  hop_.fw(a_, tlm::BEGIN_REQ);
  hop_.bw(a_, tlm::END_REQ);
  hop_.fw(b_, tlm::BEGIN_REQ);
  a_.set_response_status(tlm::TLM_OK_RESPONSE);
  hop_.bw(a_, tlm::BEGIN_RESP);
  hop_.bw(b_, tlm::END_REQ);
  hop_.fw(a_, tlm::END_RESP);
  b_.set_response_status(tlm::TLM_OK_RESPONSE);
  hop_.bw(b_, tlm::BEGIN_RESP);
  hop_.fw(b_, tlm::END_RESP);
  a_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  b_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);

  // Short forms: everything in return values, BEGIN_RESP instead of END_REQ.
  hop_.on_fw = [](auto& trans, auto& phase, auto& delay) {
    if (phase != tlm::BEGIN_REQ) return tlm::TLM_COMPLETED;
    trans.set_response_status(tlm::TLM_OK_RESPONSE);
    phase = tlm::BEGIN_RESP;
    delay += sc_time(1, sc_core::SC_NS);
    return tlm::TLM_UPDATED;
  };
  hop_.fw(a_, tlm::BEGIN_REQ);
  hop_.fw(a_, tlm::END_RESP);
  a_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  hop_.on_fw = [](auto& trans, auto&, auto&) {
    trans.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return tlm::TLM_COMPLETED;
  };
  hop_.fw(b_, tlm::BEGIN_REQ);
  b_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  hop_.on_fw = nullptr;
  hop_.on_bw = [](auto&, auto& phase, auto&) {
    if (phase != tlm::BEGIN_RESP) return tlm::TLM_ACCEPTED;
    phase = tlm::END_RESP;
    return tlm::TLM_UPDATED;
  };
  hop_.fw(a_, tlm::BEGIN_REQ);
  a_.set_response_status(tlm::TLM_OK_RESPONSE);
  hop_.bw(a_, tlm::BEGIN_RESP);

  tlm::tlm_dmi dmi;
  EXPECT_FALSE(hop_.initiator->get_direct_mem_ptr(b_, dmi));
  hop_.granted = true;
  hop_.grant.set_dmi_ptr(data_);
  hop_.grant.set_start_address(0);
  hop_.grant.set_end_address(7);
  EXPECT_TRUE(hop_.initiator->get_direct_mem_ptr(b_, dmi));
  hop_.target->invalidate_direct_mem_ptr(0, 7);
  EXPECT_EQ(hop_.invalidations, 1);
  hop_.debug_count = 4;
  EXPECT_EQ(hop_.initiator->transport_dbg(b_), 4U);
  hop_.checker.finish();

  EXPECT_EQ(fired(), std::multiset<std::string>{});
  for (const auto& entry : hop_.book.entries()) EXPECT_GT(entry.hits, 0U) << entry.info.id;
}

TEST_F(BaseProtocol, IgnoreCommandNeedsNoData) {
  a_.set_command(tlm::TLM_IGNORE_COMMAND);
  a_.set_data_ptr(nullptr);
  a_.set_data_length(0);
  a_.set_streaming_width(0);
  b(a_);
  EXPECT_TRUE(fired().empty());
}

// --- Fired ---------------------------------------------------------------------------------------

TEST_F(BaseProtocol, RequestExclusionFires) {
  hop_.fw(a_, tlm::BEGIN_REQ);
  hop_.fw(b_, tlm::BEGIN_REQ);
  expect_only("TLM-BP-REQ-EXCL");
}

TEST_F(BaseProtocol, ResponseExclusionFires) {
  for (auto* trans : {&a_, &b_}) {
    hop_.fw(*trans, tlm::BEGIN_REQ);
    hop_.bw(*trans, tlm::END_REQ);
    trans->set_response_status(tlm::TLM_OK_RESPONSE);
  }
  hop_.bw(a_, tlm::BEGIN_RESP);
  hop_.bw(b_, tlm::BEGIN_RESP);
  expect_only("TLM-BP-RESP-EXCL");
}

TEST_F(BaseProtocol, PhaseOrderFires) {
  hop_.bw(a_, tlm::END_REQ);  // no request
  hop_.fw(a_, tlm::BEGIN_REQ);
  hop_.fw(a_, tlm::END_RESP);  // no response yet
  hop_.bw(a_, tlm::END_REQ);
  hop_.bw(a_, tlm::END_REQ);    // twice
  hop_.fw(a_, tlm::END_REQ);    // wrong direction
  hop_.bw(a_, tlm::BEGIN_REQ);  // wrong direction
  a_.set_response_status(tlm::TLM_OK_RESPONSE);
  hop_.bw(a_, tlm::BEGIN_RESP);
  hop_.bw(a_, tlm::BEGIN_RESP);  // twice
  EXPECT_EQ(fired().count("TLM-BP-PHASE"), 6U);
  EXPECT_EQ(fired().size(), 6U);
}

TEST_F(BaseProtocol, ReturnValueFires) {
  hop_.on_fw = [](auto&, auto& phase, auto&) {
    phase = tlm::END_RESP;
    return tlm::TLM_UPDATED;
  };
  hop_.fw(a_, tlm::BEGIN_REQ);
  expect_only("TLM-BP-RETURN");
}

TEST_F(BaseProtocol, ReturnValueOnTheBackwardPathFires) {
  hop_.on_bw = [](auto&, auto&, auto&) { return tlm::TLM_COMPLETED; };
  hop_.fw(a_, tlm::BEGIN_REQ);
  hop_.bw(a_, tlm::END_REQ);
  expect_only("TLM-BP-RETURN");
}

TEST_F(BaseProtocol, CompletionFires) {
  hop_.fw(a_, tlm::BEGIN_REQ);
  hop_.bw(a_, tlm::END_REQ);
  hop_.checker.finish();
  expect_only("TLM-BP-COMPLETE");
}

TEST_F(BaseProtocol, ResponseEndFires) {
  hop_.fw(a_, tlm::BEGIN_REQ);
  a_.set_response_status(tlm::TLM_OK_RESPONSE);
  hop_.bw(a_, tlm::BEGIN_RESP);
  hop_.checker.finish();
  expect_only("TLM-BP-RESP-END");
}

TEST_F(BaseProtocol, DataPointerFires) {
  a_.set_data_ptr(nullptr);
  b(a_);
  expect_only("TLM-BP-DATA");
}

TEST_F(BaseProtocol, DataLengthFires) {
  a_.set_data_length(0);
  b(a_);
  expect_only("TLM-BP-DATA");
}

TEST_F(BaseProtocol, StreamingWidthFires) {
  a_.set_streaming_width(0);
  b(a_);
  expect_only("TLM-BP-STREAM");
}

TEST_F(BaseProtocol, ByteEnableFires) {
  a_.set_byte_enable_ptr(enable_);
  a_.set_byte_enable_length(0);
  b(a_);
  expect_only("TLM-BP-BYTE-ENABLE");
}

TEST_F(BaseProtocol, InitialStatusFires) {
  a_.set_response_status(tlm::TLM_OK_RESPONSE);
  b(a_);
  expect_only("TLM-BP-STATUS-INIT");
}

TEST_F(BaseProtocol, FinalStatusFires) {
  hop_.on_b = nullptr;
  b(a_);
  expect_only("TLM-BP-STATUS-FINAL");
}

TEST_F(BaseProtocol, FinalStatusFiresAtBeginResp) {
  hop_.fw(a_, tlm::BEGIN_REQ);
  hop_.bw(a_, tlm::BEGIN_RESP);
  expect_only("TLM-BP-STATUS-FINAL");
}

TEST_F(BaseProtocol, InitialDmiFires) {
  a_.set_dmi_allowed(true);
  b(a_);
  expect_only("TLM-BP-DMI-INIT");
}

TEST_F(BaseProtocol, ImmutableFiresForEachAttribute) {
  const std::function<void(tlm::tlm_generic_payload&)> changes[] = {
      [](auto& t) { t.set_command(tlm::TLM_WRITE_COMMAND); },
      [&](auto& t) { t.set_data_ptr(data_ + 1); },
      [](auto& t) { t.set_data_length(2); },
      [&](auto& t) { t.set_byte_enable_ptr(enable_); },
      [](auto& t) { t.set_byte_enable_length(3); },
      [](auto& t) { t.set_streaming_width(8); },
  };
  for (const auto& change : changes) {
    tlm::tlm_generic_payload trans;
    trans.set_command(tlm::TLM_READ_COMMAND);
    trans.set_data_ptr(data_);
    trans.set_data_length(4);
    trans.set_streaming_width(4);
    hop_.on_b = [&](auto& t, auto&) {
      t.set_response_status(tlm::TLM_OK_RESPONSE);
      change(t);
    };
    b(trans);
  }
  EXPECT_EQ(fired().count("TLM-BP-IMMUTABLE"), std::size(changes));
  EXPECT_EQ(fired().size(), std::size(changes));
}

TEST_F(BaseProtocol, AddressMayBeChangedByAnInterconnect) {
  hop_.on_b = [](auto& t, auto&) {
    t.set_response_status(tlm::TLM_OK_RESPONSE);
    t.set_address(0x1234);
  };
  b(a_);
  EXPECT_TRUE(fired().empty());
}

TEST_F(BaseProtocol, WriteDataFires) {
  a_.set_command(tlm::TLM_WRITE_COMMAND);
  hop_.on_b = [&](auto& t, auto&) {
    t.set_response_status(tlm::TLM_OK_RESPONSE);
    data_[3] = 99;
  };
  b(a_);
  expect_only("TLM-BP-WRITE-DATA");
}

TEST_F(BaseProtocol, MemoryManagerFires) {
  tlm::tlm_generic_payload trans;
  trans.set_command(tlm::TLM_READ_COMMAND);
  trans.set_data_ptr(data_);
  trans.set_data_length(4);
  trans.set_streaming_width(4);
  hop_.fw(trans, tlm::BEGIN_REQ);
  expect_only("TLM-BP-MM");
}

TEST_F(BaseProtocol, DelayFiresOnEveryPath) {
  const auto shorten = [](auto& trans, auto&, auto& delay) {
    trans.set_response_status(tlm::TLM_OK_RESPONSE);
    delay = SC_ZERO_TIME;
    return tlm::TLM_ACCEPTED;
  };
  const sc_time some(3, sc_core::SC_NS);
  hop_.on_b = [](auto& trans, auto& delay) {
    trans.set_response_status(tlm::TLM_OK_RESPONSE);
    delay = SC_ZERO_TIME;
  };
  b(a_, some);
  hop_.on_fw = hop_.on_bw = shorten;
  a_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  hop_.fw(a_, tlm::BEGIN_REQ, some);
  hop_.bw(a_, tlm::END_REQ, some);
  EXPECT_EQ(fired().count("TLM-BP-DELAY"), 3U);
  EXPECT_EQ(fired().size(), 3U);
}

TEST_F(BaseProtocol, SharedFires) {
  hop_.fw(a_, tlm::BEGIN_REQ);
  hop_.bw(a_, tlm::END_REQ);
  hop_.fw(a_, tlm::BEGIN_REQ);
  expect_only("TLM-BP-SHARED");
}

TEST_F(BaseProtocol, DmiRangeFires) {
  tlm::tlm_dmi dmi;
  a_.set_address(8);
  hop_.granted = true;
  hop_.grant.set_dmi_ptr(data_);
  hop_.grant.set_start_address(0);
  hop_.grant.set_end_address(7);
  hop_.initiator->get_direct_mem_ptr(a_, dmi);
  expect_only("TLM-BP-DMI-RANGE");
}

TEST_F(BaseProtocol, DebugCountFires) {
  hop_.debug_count = 5;
  hop_.initiator->transport_dbg(a_);
  expect_only("TLM-BP-DEBUG");
}

TEST(BaseProtocolInfos, IdentifiersAreUniqueAndSentencesThere) {
  std::set<std::string_view> ids;
  for (const RuleInfo& info : base_protocol_rule_infos()) {
    EXPECT_TRUE(ids.insert(info.id).second) << info.id;
    EXPECT_FALSE(info.sentence.empty());
    EXPECT_FALSE(info.reference.empty());
  }
}

}  // namespace

void testing::elaborate() {
  for (int i = 0; i < 40; ++i) {
    pool().push_back(std::make_unique<Hop>(("hop" + std::to_string(i)).c_str()));
  }
}

}  // namespace xive
