// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/opal/abi.h"

#include <algorithm>
#include <initializer_list>

namespace xive::opal {

std::string_view to_string(Token token) {
  switch (token) {
    case Token::SetXive:
      return "SET_XIVE";
    case Token::GetXive:
      return "GET_XIVE";
    case Token::CheckToken:
      return "CHECK_TOKEN";
    case Token::IntGetXirr:
      return "INT_GET_XIRR";
    case Token::IntSetCppr:
      return "INT_SET_CPPR";
    case Token::IntEoi:
      return "INT_EOI";
    case Token::IntSetMfrr:
      return "INT_SET_MFRR";
    case Token::XiveReset:
      return "XIVE_RESET";
    case Token::XiveGetIrqInfo:
      return "XIVE_GET_IRQ_INFO";
    case Token::XiveGetIrqConfig:
      return "XIVE_GET_IRQ_CONFIG";
    case Token::XiveSetIrqConfig:
      return "XIVE_SET_IRQ_CONFIG";
    case Token::XiveGetQueueInfo:
      return "XIVE_GET_QUEUE_INFO";
    case Token::XiveSetQueueInfo:
      return "XIVE_SET_QUEUE_INFO";
    case Token::XiveDonatePage:
      return "XIVE_DONATE_PAGE";
    case Token::XiveAllocateVpBlock:
      return "XIVE_ALLOCATE_VP_BLOCK";
    case Token::XiveFreeVpBlock:
      return "XIVE_FREE_VP_BLOCK";
    case Token::XiveGetVpInfo:
      return "XIVE_GET_VP_INFO";
    case Token::XiveSetVpInfo:
      return "XIVE_SET_VP_INFO";
    case Token::XiveAllocateIrq:
      return "XIVE_ALLOCATE_IRQ";
    case Token::XiveFreeIrq:
      return "XIVE_FREE_IRQ";
    case Token::XiveSync:
      return "XIVE_SYNC";
    case Token::XiveDump:
      return "XIVE_DUMP";
    case Token::XiveGetQueueState:
      return "XIVE_GET_QUEUE_STATE";
    case Token::XiveSetQueueState:
      return "XIVE_SET_QUEUE_STATE";
    case Token::XiveGetVpState:
      return "XIVE_GET_VP_STATE";
  }
  return "?";
}

std::string_view rc_name(std::int64_t value) {
  switch (value) {
    case rc::kSuccess:
      return "SUCCESS";
    case rc::kParameter:
      return "PARAMETER";
    case rc::kBusy:
      return "BUSY";
    case rc::kResource:
      return "RESOURCE";
    case rc::kInternalError:
      return "INTERNAL_ERROR";
    case rc::kWrongState:
      return "WRONG_STATE";
    case rc::kProvisioning:
      return "XIVE_PROVISIONING";
    case rc::kFreeActive:
      return "XIVE_FREE_ACTIVE";
    default:
      return value > 0 ? "positive" : "?";
  }
}

bool rc_documented(Token token, std::int64_t value) {
  const auto one_of = [value](std::initializer_list<std::int64_t> set) {
    return std::find(set.begin(), set.end(), value) != set.end();
  };
  using namespace rc;
  switch (token) {
    case Token::XiveReset:
    case Token::XiveSync:
      return one_of({kSuccess, kParameter});
    case Token::XiveGetIrqInfo:
    case Token::XiveGetIrqConfig:
    case Token::XiveGetQueueInfo:
    case Token::XiveDonatePage:
    case Token::XiveFreeIrq:
    case Token::XiveGetQueueState:
    case Token::XiveGetVpState:
      return one_of({kSuccess, kParameter, kWrongState});
    case Token::XiveSetIrqConfig:
    case Token::XiveSetQueueInfo:
    case Token::XiveSetQueueState:
      return one_of({kSuccess, kParameter, kWrongState, kBusy});
    case Token::XiveGetVpInfo:
      return one_of({kSuccess, kParameter});
    case Token::XiveSetVpInfo:
      return one_of({kSuccess, kParameter, kBusy});
    case Token::XiveFreeVpBlock:
      return one_of({kSuccess, kParameter, kWrongState, kFreeActive, kInternalError});
    case Token::XiveDump:
      return one_of({kSuccess, kParameter, kInternalError});
    case Token::XiveAllocateVpBlock:
      // A virtual VP id; nothing else is positive.
      if (value > 0) return value <= 0x7fffffff && (value & 0x40000000) != 0;
      return one_of({kWrongState, kProvisioning, kResource, kInternalError});
    case Token::XiveAllocateIrq:
      // Block and index: 24 bits, never an escalation, never 0.
      if (value > 0) return value <= 0xffffff;
      return one_of({kWrongState, kParameter, kResource});
    case Token::IntGetXirr:
    case Token::IntSetCppr:
    case Token::IntSetMfrr:
    case Token::SetXive:
    case Token::GetXive:
      return one_of({kSuccess, kParameter, kWrongState, kBusy, kInternalError});
    case Token::IntEoi:
      return one_of({kSuccess, 1, kParameter, kWrongState, kInternalError});
    case Token::CheckToken:
      return one_of({0, 1});
  }
  return false;
}

}  // namespace xive::opal
