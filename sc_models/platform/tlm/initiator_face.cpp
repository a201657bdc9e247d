// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/tlm/initiator_face.h"

#include <algorithm>
#include <stdexcept>

#include "sc_models/platform/memory_port.h"
#include "sc_models/tima/tlm/requester_extension.h"

namespace xive::platform {
namespace {

Time now() {
  return to_time(sc_core::sc_time_stamp());
}

}  // namespace

struct InitiatorFace::Flight {
  explicit Flight(tlm::tlm_mm_interface* manager) : trans(manager) {
    trans.set_extension(&request);
  }
  ~Flight() {
    // The extensions are members: the payload must not free them.
    trans.clear_extension(&request);
    trans.clear_extension(&tima);
  }
  tlm::tlm_generic_payload trans;
  RequestExtension request;
  tima::RequesterExtension tima;
  std::uint8_t bytes[8] = {};
  sc_core::sc_event accepted, answered;
  bool request_ended = false, response_begun = false;
};

class InitiatorFace::Pool final : public tlm::tlm_mm_interface {
 public:
  Flight& take() {
    if (free_.empty()) {
      all_.push_back(std::make_unique<Flight>(this));
      free_.push_back(all_.back().get());
    }
    Flight& flight = *free_.back();
    free_.pop_back();
    flight.trans.acquire();
    flight.request_ended = flight.response_begun = false;
    return flight;
  }
  Flight* find(const tlm::tlm_generic_payload& trans) const {
    const auto at = std::find_if(all_.begin(), all_.end(),
                                 [&](const auto& flight) { return &flight->trans == &trans; });
    return at == all_.end() ? nullptr : at->get();
  }
  void free(tlm::tlm_generic_payload* trans) override { free_.push_back(find(*trans)); }

 private:
  std::vector<std::unique_ptr<Flight>> all_;
  std::vector<Flight*> free_;
};

InitiatorFace::InitiatorFace(const sc_core::sc_module_name& name, Timing timing, bool use_dmi)
    : sc_module(name),
      timing_(timing),
      use_dmi_(use_dmi && timing == Timing::Loose),
      pool_(std::make_unique<Pool>()) {
  require_picoseconds();
  socket.bind(*this);
}

InitiatorFace::~InitiatorFace() = default;

Response InitiatorFace::access(const Request& request) {
  if (use_dmi_) {
    Response response;
    if (direct_access(request, response)) return response;
  }
  Flight& flight = pool_->take();
  fill(flight.trans, request, flight.bytes);
  flight.request.requester = request.requester;
  flight.request.instruction = request.instruction;
  flight.request.atomic = request.atomic;
  flight.request.done = false;
  if (request.requester.is_thread()) {
    flight.tima.thread = request.requester.thread;
    flight.trans.set_extension(&flight.tima);
  } else {
    flight.trans.clear_extension(&flight.tima);
  }
  Response response =
      timing_ == Timing::Loose ? loose(request, flight) : approximate(request, flight);
  flight.trans.release();
  return response;
}

Response InitiatorFace::loose(const Request& request, Flight& flight) {
  sc_core::sc_time delay = to_sc_time(request.time > now() ? request.time - now() : 0);
  const Time start = now() + to_time(delay);
  socket->b_transport(flight.trans, delay);
  Response response = extract(flight.trans, request);
  response.latency = now() + to_time(delay) - start;
  if (use_dmi_ && flight.trans.is_dmi_allowed()) {
    tlm::tlm_dmi dmi;
    if (socket->get_direct_mem_ptr(flight.trans, dmi)) regions_.push_back(dmi);
  }
  return response;
}

Response InitiatorFace::approximate(const Request& request, Flight& flight) {
  if (request.time > now()) sc_core::wait(to_sc_time(request.time - now()));
  const Time start = now();
  request_slot_.lock();  // one request may be without END_REQ at a time
  tlm::tlm_phase phase = tlm::BEGIN_REQ;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  const tlm::tlm_sync_enum sync = socket->nb_transport_fw(flight.trans, phase, delay);
  if (sync == tlm::TLM_COMPLETED) {
    if (delay != sc_core::SC_ZERO_TIME) sc_core::wait(delay);
    request_slot_.unlock();
  } else {
    if (sync == tlm::TLM_UPDATED) {
      if (delay != sc_core::SC_ZERO_TIME) sc_core::wait(delay);
      flight.request_ended = true;
      flight.response_begun = phase == tlm::BEGIN_RESP;
    }
    while (!flight.request_ended) sc_core::wait(flight.accepted);
    request_slot_.unlock();
    while (!flight.response_begun) sc_core::wait(flight.answered);
    phase = tlm::END_RESP;
    delay = sc_core::SC_ZERO_TIME;
    socket->nb_transport_fw(flight.trans, phase, delay);
  }
  Response response = extract(flight.trans, request);
  response.latency = now() - start;
  return response;
}

tlm::tlm_sync_enum InitiatorFace::nb_transport_bw(tlm::tlm_generic_payload& trans,
                                                  tlm::tlm_phase& phase, sc_core::sc_time& delay) {
  Flight* const flight = pool_->find(trans);
  if (flight == nullptr) throw std::logic_error("InitiatorFace: response to somebody else");
  if (phase == tlm::END_REQ) {
    flight->request_ended = true;
    flight->accepted.notify(delay);
  } else if (phase == tlm::BEGIN_RESP) {
    flight->request_ended = true;  // implied
    flight->response_begun = true;
    flight->accepted.notify(delay);
    flight->answered.notify(delay);
  }
  return tlm::TLM_ACCEPTED;
}

bool InitiatorFace::direct_access(const Request& request, Response& response) {
  if (request.atomic != Atomic::None) return false;
  const bool store = request.command == Command::Store;
  for (const tlm::tlm_dmi& dmi : regions_) {
    if (request.address < dmi.get_start_address() ||
        request.address + request.size - 1 > dmi.get_end_address()) {
      continue;
    }
    if (store ? !dmi.is_write_allowed() : !dmi.is_read_allowed()) return false;
    std::uint8_t* const bytes = dmi.get_dmi_ptr() + (request.address - dmi.get_start_address());
    if (store) {
      to_big_endian(request.data, {bytes, request.size});
    } else {
      response.data = from_big_endian({bytes, request.size});
    }
    response.latency = to_time(store ? dmi.get_write_latency() : dmi.get_read_latency());
    ++dmi_hits_;
    return true;
  }
  return false;
}

void InitiatorFace::invalidate_direct_mem_ptr(sc_dt::uint64 first, sc_dt::uint64 last) {
  std::erase_if(regions_, [&](const tlm::tlm_dmi& dmi) {
    return dmi.get_start_address() <= last && dmi.get_end_address() >= first;
  });
}

bool InitiatorFace::debug(tlm::tlm_command command, std::uint64_t address, std::uint8_t* data,
                          unsigned length) {
  tlm::tlm_generic_payload trans;
  trans.set_command(command);
  trans.set_address(address);
  trans.set_data_ptr(data);
  trans.set_data_length(length);
  trans.set_streaming_width(length);
  return socket->transport_dbg(trans) == length;
}

bool InitiatorFace::read_block(std::uint64_t address, std::span<std::uint8_t> data) {
  return debug(tlm::TLM_READ_COMMAND, address, data.data(), static_cast<unsigned>(data.size()));
}

bool InitiatorFace::write_block(std::uint64_t address, std::span<const std::uint8_t> data) {
  std::vector<std::uint8_t> copy(data.begin(), data.end());  // the payload's pointer is not const
  return debug(tlm::TLM_WRITE_COMMAND, address, copy.data(), static_cast<unsigned>(copy.size()));
}

}  // namespace xive::platform
