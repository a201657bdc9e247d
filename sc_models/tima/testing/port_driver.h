// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "sc_models/tima/tima_port.h"

namespace xive::tima::testing {

/// Drives any TimaPort from a test, one operation at a time: submits, advances until the answer is
/// there and returns it. Plays router and memory with a table of NVTs, and remembers what the TIMA
/// said besides. Binds itself to the port.
class PortDriver : public TimaClient {
 public:
  struct Error {
    unsigned thread;
    ErrorCode code;
  };

  explicit PortDriver(TimaPort& port) : port_(port) { port_.bind(*this); }
  PortDriver(const PortDriver&) = delete;
  PortDriver& operator=(const PortDriver&) = delete;

  TimaPort& port() { return port_; }

  // --- Operations ---

  /// Throws std::runtime_error when there is no answer within kPatience cycles.
  MmioResponse mmio(const MmioRequest& request) {
    port_.submit(request);
    return wait(mmio_answers_, "MMIO");
  }
  PresenterResponse presenter(const PresenterRequest& request) {
    port_.submit(request);
    return wait(presenter_answers_, "presenter");
  }

  /// `size` in bytes (1, 2, 4, 8).
  MmioResponse load(unsigned thread, Page page, unsigned offset, unsigned size) {
    return mmio(access(thread, page, offset, size, false, 0));
  }
  MmioResponse store(unsigned thread, Page page, unsigned offset, unsigned size,
                     std::uint64_t data) {
    return mmio(access(thread, page, offset, size, true, data));
  }
  PresenterResponse match(unsigned blk, std::uint32_t idx, unsigned prio = 0) {
    return presenter(directed(PresenterCmd::Match, blk, idx, prio));
  }
  PresenterResponse present(unsigned thread, Ring ring, unsigned blk, std::uint32_t idx,
                            unsigned prio) {
    PresenterRequest request = directed(PresenterCmd::Present, blk, idx, prio);
    request.thread = static_cast<std::uint8_t>(thread);
    request.ring = ring;
    return presenter(request);
  }
  /// Sets the thread enables and waits until they are taken over.
  void enable(std::uint8_t mask) {
    port_.set_thread_enable(mask);
    run_until_idle();
  }
  /// Enables every thread of the port.
  void enable_all() { enable(static_cast<std::uint8_t>((1U << port_.params().threads) - 1)); }

  static MmioRequest access(unsigned thread, Page page, unsigned offset, unsigned size, bool write,
                            std::uint64_t data) {
    MmioRequest request;
    request.thread = static_cast<std::uint8_t>(thread);
    request.page = page;
    request.offset = static_cast<std::uint16_t>(offset);
    request.write = write;
    request.size_log2 = static_cast<std::uint8_t>(size == 8   ? 3
                                                  : size == 4 ? 2
                                                  : size == 2 ? 1
                                                              : 0);
    request.wdata = data;
    return request;
  }
  static PresenterRequest directed(PresenterCmd cmd, unsigned blk, std::uint32_t idx,
                                   unsigned prio) {
    PresenterRequest request;
    request.cmd = cmd;
    request.blk = static_cast<std::uint8_t>(blk);
    request.idx = idx;
    request.prio = static_cast<std::uint8_t>(prio);
    return request;
  }

  // --- Time ---

  void run(Cycle cycles) {
    const Cycle end = port_.now() + cycles;
    while (port_.now() < end) step(end);
  }
  void run_until_idle() {
    const Cycle end = port_.now() + kPatience;
    while (!port_.idle()) {
      if (port_.now() >= end) throw std::runtime_error("TIMA port does not become idle");
      step(end);
    }
  }

  // --- Memory ---

  /// NVT of a VP; one that was never set cannot be read (ok = 0).
  void set_nvt(unsigned blk, std::uint32_t idx, std::uint8_t ipb) { nvts_[{blk, idx}] = ipb; }
  std::optional<std::uint8_t> nvt(unsigned blk, std::uint32_t idx) const {
    const auto found = nvts_.find({blk, idx});
    if (found == nvts_.end()) return std::nullopt;
    return found->second;
  }
  /// 0: answer inside the callback; otherwise so many cycles later.
  void set_memory_delay(Cycle cycles) { memory_delay_ = cycles; }
  const std::vector<MemoryRequest>& memory_requests() const { return memory_requests_; }

  // --- What was seen ---

  ThreadState state(unsigned thread) const { return port_.state(thread); }
  /// As last reported by on_lines(), not as read from the port.
  const Lines& lines(unsigned thread) const { return lines_.at(thread); }
  const std::vector<Error>& errors() const { return errors_; }
  /// Answers to what was submitted past this driver, directly to port().
  std::deque<std::pair<Cycle, MmioResponse>>& mmio_answers() { return mmio_answers_; }
  std::deque<std::pair<Cycle, PresenterResponse>>& presenter_answers() {
    return presenter_answers_;
  }

  static constexpr Cycle kPatience = 10'000;

 private:
  void on_mmio_response(const MmioResponse& response, Cycle cycle) override {
    mmio_answers_.emplace_back(cycle, response);
  }
  void on_presenter_response(const PresenterResponse& response, Cycle cycle) override {
    presenter_answers_.emplace_back(cycle, response);
  }
  void on_lines(unsigned thread, const Lines& lines, Cycle) override { lines_.at(thread) = lines; }
  void on_error(unsigned thread, ErrorCode code, Cycle) override {
    errors_.push_back({thread, code});
  }
  void on_memory_request(const MemoryRequest& request, Cycle cycle) override {
    memory_requests_.push_back(request);
    if (is_posted(request.op)) return;
    if (memory_delay_ == 0) {
      port_.respond(serve(request));
    } else {
      waiting_.emplace_back(cycle + memory_delay_, request);
    }
  }

  /// The effect on memory happens when the answer is given.
  MemoryResponse serve(const MemoryRequest& request) {
    MemoryResponse response;
    const auto found = nvts_.find({request.blk, request.idx});
    if (request.op == MemoryOp::NvtIpbFetchClr && found != nvts_.end()) {
      response.ok = true;
      response.ipb = found->second;
      found->second = 0;
    }
    return response;
  }

  void step(Cycle end) {
    const bool late = !waiting_.empty();
    port_.advance(late && waiting_.front().first < end ? waiting_.front().first : end);
    while (!waiting_.empty() && waiting_.front().first <= port_.now()) {
      const MemoryRequest request = waiting_.front().second;
      waiting_.pop_front();
      port_.respond(serve(request));
    }
  }

  template <typename Response>
  Response wait(std::deque<std::pair<Cycle, Response>>& answers, const char* what) {
    const Cycle end = port_.now() + kPatience;
    while (answers.empty()) {
      if (port_.now() >= end) {
        throw std::runtime_error(std::string("TIMA port gives no answer to a ") + what +
                                 " operation");
      }
      step(end);
    }
    const Response response = answers.front().second;
    answers.pop_front();
    return response;
  }

  TimaPort& port_;
  std::map<std::pair<unsigned, std::uint32_t>, std::uint8_t> nvts_;
  Cycle memory_delay_ = 0;
  std::deque<std::pair<Cycle, MemoryRequest>> waiting_;
  std::vector<MemoryRequest> memory_requests_;
  std::deque<std::pair<Cycle, MmioResponse>> mmio_answers_;
  std::deque<std::pair<Cycle, PresenterResponse>> presenter_answers_;
  std::array<Lines, kMaxThreads> lines_{};
  std::vector<Error> errors_;
};

}  // namespace xive::tima::testing
