// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/tlm/bus_face.h"

#include <algorithm>
#include <stdexcept>

namespace xive::platform {
namespace {

Time now() {
  return to_time(sc_core::sc_time_stamp());
}

}  // namespace

BusFace::BusFace(const sc_core::sc_module_name& name) : sc_module(name) {
  require_picoseconds();
  target_socket.register_b_transport(this, &BusFace::b_transport);
  target_socket.register_nb_transport_fw(this, &BusFace::nb_fw);
  target_socket.register_transport_dbg(this, &BusFace::debug);
  target_socket.register_get_direct_mem_ptr(this, &BusFace::direct);
  initiator_socket.register_nb_transport_bw(this, &BusFace::nb_bw);
  initiator_socket.register_invalidate_direct_mem_ptr(this, &BusFace::invalidate);
  sc_core::sc_spawn_options options;
  options.spawn_method();
  options.dont_initialize();
  options.set_sensitivity(&step_event_);
  sc_core::sc_spawn([this] { step(); }, sc_core::sc_gen_unique_name("step"), &options);
}

Bus::WindowId BusFace::map(unsigned port, Bus::Window window, bool relative) {
  ports_.emplace_back();
  Port& entry = ports_.back();
  entry.number = port;
  entry.relative = relative;
  window.target = &entry;
  try {
    entry.id = bus_.map(window);
  } catch (...) {
    ports_.pop_back();
    throw;
  }
  return entry.id;
}

void BusFace::unmap(Bus::WindowId id) {
  bus_.unmap(id);
  // What was granted through the window may lie anywhere in it, and what it covered reappears.
  for (int i = 0; i < static_cast<int>(target_socket.size()); ++i) {
    target_socket[i]->invalidate_direct_mem_ptr(0, ~sc_dt::uint64{0});
  }
  ports_.remove_if([&](const Port& port) { return port.id == id; });
}

bool BusFace::route(const Trans& trans, Route& result) {
  const Bus::Window* first = bus_.decode(trans.get_address());
  const std::uint64_t last = trans.get_address() + std::max(1U, trans.get_data_length()) - 1;
  if (first == nullptr || bus_.decode(last) != first) return false;
  result.port = static_cast<const Port*>(first->target);
  result.base = result.port->relative ? first->base : 0;
  result.latency = first->latency;
  return result.port->number < initiator_socket.size();
}

// ---------------------------------------------------------------- loosely timed

void BusFace::b_transport(int, Trans& trans, sc_core::sc_time& delay) {
  Route to;
  if (!route(trans, to)) {
    ++errors_;
    trans.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return;
  }
  const std::uint64_t address = trans.get_address();
  trans.set_address(address - to.base);
  delay += to_sc_time(to.latency);
  initiator_socket[static_cast<int>(to.port->number)]->b_transport(trans, delay);
  trans.set_address(address);
}

unsigned BusFace::debug(int, Trans& trans) {
  Route to;
  if (!route(trans, to)) return 0;
  const std::uint64_t address = trans.get_address();
  trans.set_address(address - to.base);
  const unsigned count = initiator_socket[static_cast<int>(to.port->number)]->transport_dbg(trans);
  trans.set_address(address);
  return count;
}

bool BusFace::direct(int, Trans& trans, tlm::tlm_dmi& dmi) {
  Route to;
  if (!route(trans, to)) return false;
  const std::uint64_t address = trans.get_address();
  trans.set_address(address - to.base);
  const bool granted =
      initiator_socket[static_cast<int>(to.port->number)]->get_direct_mem_ptr(trans, dmi);
  trans.set_address(address);
  if (!granted) return false;
  // Clip to the part of the address space where this window answers.
  const auto [low, high] = bus_.extent(address);
  const std::uint64_t first = std::max<std::uint64_t>(dmi.get_start_address() + to.base, low);
  const std::uint64_t last = std::min<std::uint64_t>(dmi.get_end_address() + to.base, high);
  dmi.set_dmi_ptr(dmi.get_dmi_ptr() + (first - to.base - dmi.get_start_address()));
  dmi.set_start_address(first);
  dmi.set_end_address(last);
  dmi.set_read_latency(dmi.get_read_latency() + to_sc_time(to.latency));
  dmi.set_write_latency(dmi.get_write_latency() + to_sc_time(to.latency));
  return true;
}

void BusFace::invalidate(int, sc_dt::uint64, sc_dt::uint64) {
  // Which windows show the region can have changed since: all of it is the safe answer.
  for (int i = 0; i < static_cast<int>(target_socket.size()); ++i) {
    target_socket[i]->invalidate_direct_mem_ptr(0, ~sc_dt::uint64{0});
  }
}

// ---------------------------------------------------------------- approximately timed

tlm::tlm_sync_enum BusFace::nb_fw(int initiator, Trans& trans, tlm::tlm_phase& phase,
                                  sc_core::sc_time& delay) {
  const Time due = now() + to_time(delay);
  if (phase == tlm::BEGIN_REQ) {
    if (trans.has_mm()) trans.acquire();
    Flight& flight = flights_[&trans];
    flight = {};
    flight.initiator = initiator;
    Route to;
    if (route(trans, to)) {
      flight.port = to.port->number;
      flight.base = to.base;
      flight.due = due + to.latency;
      requests_[flight.port].push_back(&trans);
      wake_at(flight.due);
    } else {
      ++errors_;
      trans.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
      respond(initiator, {&trans, due, false, -1});
    }
    return tlm::TLM_ACCEPTED;
  }
  auto& queue = responses_[initiator];
  if (phase != tlm::END_RESP || queue.empty() || queue.front().trans != &trans ||
      !queue.front().sent) {
    throw std::logic_error("BusFace: phase out of order");
  }
  const int port = queue.front().port;
  queue.pop_front();
  if (!queue.empty()) await(initiator, queue.front().due);
  if (port >= 0) {
    tlm::tlm_phase end = tlm::END_RESP;
    sc_core::sc_time wait = delay;
    initiator_socket[port]->nb_transport_fw(trans, end, wait);
  }
  flights_.erase(&trans);
  if (trans.has_mm()) trans.release();
  wake_at(due);
  return tlm::TLM_COMPLETED;
}

tlm::tlm_sync_enum BusFace::nb_bw(int port, Trans& trans, tlm::tlm_phase& phase,
                                  sc_core::sc_time& delay) {
  Flight& flight = flights_.at(&trans);
  if (phase == tlm::END_REQ || phase == tlm::BEGIN_RESP) {
    if (!flight.request_ended) end_request(trans, flight);
  }
  if (phase == tlm::BEGIN_RESP) reply(trans, flight, now() + to_time(delay), port);
  wake_at(now() + to_time(delay));
  return tlm::TLM_ACCEPTED;
}

void BusFace::end_request(Trans& trans, Flight& flight) {
  flight.request_ended = true;
  requests_[flight.port].pop_front();
  tlm::tlm_phase phase = tlm::END_REQ;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  target_socket[flight.initiator]->nb_transport_bw(trans, phase, delay);
}

void BusFace::reply(Trans& trans, Flight& flight, Time due, int port) {
  // The target may have used the address up to here.
  trans.set_address(trans.get_address() + flight.base);
  respond(flight.initiator, {&trans, due, false, port});
}

void BusFace::respond(int initiator, const Reply& reply) {
  auto& queue = responses_[initiator];
  queue.push_back(reply);
  if (queue.size() == 1) await(initiator, reply.due);
  wake_at(reply.due);
}

/// The first response for an initiator may be sent from `due` on.
void BusFace::await(int initiator, Time due) {
  if (due > now()) {
    later_.emplace(due, initiator);
  } else {
    ready_.insert(initiator);
  }
}

bool BusFace::send_requests() {
  bool any = false;
  for (auto& [port, queue] : requests_) {
    if (queue.empty()) continue;
    Trans& trans = *queue.front();
    Flight& flight = flights_.at(&trans);
    if (flight.request_sent || flight.due > now()) continue;
    flight.request_sent = true;
    trans.set_address(trans.get_address() - flight.base);
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    const int number = static_cast<int>(port);
    const tlm::tlm_sync_enum sync = initiator_socket[number]->nb_transport_fw(trans, phase, delay);
    any = true;
    if (sync == tlm::TLM_ACCEPTED) continue;
    const bool completed = sync == tlm::TLM_COMPLETED;
    if (!flight.request_ended) end_request(trans, flight);
    if (completed || phase == tlm::BEGIN_RESP) {
      // Completed: there is no response phase left on the target's side.
      reply(trans, flight, now() + to_time(delay), completed ? -1 : number);
    }
  }
  return any;
}

bool BusFace::send_responses() {
  while (!later_.empty() && later_.begin()->first <= now()) {
    ready_.insert(later_.begin()->second);
    later_.erase(later_.begin());
  }
  bool any = false;
  // What is sent may make others ready, before and behind.
  for (auto it = ready_.begin(); it != ready_.end();) {
    const int initiator = *it;
    ready_.erase(it);
    auto& queue = responses_[initiator];
    queue.front().sent = true;
    Trans& trans = *queue.front().trans;
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    const tlm::tlm_sync_enum sync = target_socket[initiator]->nb_transport_bw(trans, phase, delay);
    if (sync == tlm::TLM_COMPLETED || (sync == tlm::TLM_UPDATED && phase == tlm::END_RESP)) {
      phase = tlm::END_RESP;
      nb_fw(initiator, trans, phase, delay);
    }
    any = true;
    it = ready_.upper_bound(initiator);
  }
  return any;
}

void BusFace::wake_at(Time time) {
  const Time present = now();
  step_event_.notify(to_sc_time(time > present ? time - present : 0));
}

void BusFace::step() {
  while (send_requests() || send_responses()) {
  }
  Time next = kNever;
  const auto consider = [&](Time due) {
    if (due > now()) next = std::min(next, due);
  };
  for (const auto& [port, queue] : requests_) {
    if (!queue.empty()) consider(flights_.at(queue.front()).due);
  }
  if (!later_.empty()) consider(later_.begin()->first);
  if (next != kNever) wake_at(next);
}

}  // namespace xive::platform
