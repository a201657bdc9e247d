// SPDX-License-Identifier: Apache-2.0
/// VerilatedTima over one Verilated class. Included by the adapter of each variant only.
/// Length: one class, whose hot path the compiler must see in one piece.
///
/// `Model` gives: `pins()` (an object with the ports of rtl/tima.sv as members),
/// `falling_edge<waves>()`, `rising_edge<waves>()` (waves may be open),
/// `kThreads`, `kMutants`, `ctx(t)` (16 words of the register image, least significant first),
/// `l_os()`, `l_hv()`, `enabled()` (bit t = thread t), and waves: `waves_open()`,
/// `open_waves(path)`, `close_waves()`, `dump(time)`.
///
/// A cycle n has two halves. observe(): the outputs after the clock edge, callbacks.
/// finish_cycle(): inputs, falling edge, the handshakes are read, rising edge; then n+1 begins.
/// Between two calls of advance() the port stands between the two halves.
#pragma once

#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "bridge/announcer.h"
#include "bridge/flight_queue.h"
#include "bridge/pin_codec.h"
#include "bridge/pin_monitor.h"
#include "bridge/thread_enables.h"
#include "bridge/verilated_tima.h"
#include "sc_models/tima/port_limits.h"
#include "sc_models/tima/tima_error.h"

// Kept out of the hot path: accesses and their answers, cycle after cycle.
#define XIVE_RARE [[gnu::noinline]]

namespace xive::bridge {

template <typename Model>
class VerilatedTimaImpl final : public VerilatedTima {
 public:
  VerilatedTimaImpl(const tima::Params& params, const RtlOptions& options)
      : params_(params),
        options_(options),
        announcer_(params.knobs, options.batch == 0 ? 1 : options.batch) {
    if (options_.rules != nullptr) {
      monitor_storage_.emplace_back(*options_.rules);
      monitor_ = monitor_storage_.data();
    }
    auto& p = pins();
    if constexpr (Model::kMutants) {
      p.mutant_i = static_cast<std::uint8_t>(options_.mutant);
    }
    p.cfg_knobs_i = static_cast<std::uint16_t>(knob_bits(params_.knobs));
    p.mm_rsp_ready_i = 1;
    p.pm_rsp_ready_i = 1;
    p.rq_ready_i = 1;
    drive_inputs(StaticInputs{});
    clock_reset();
  }

  const tima::Params& params() const override { return params_; }
  void bind(tima::TimaClient& client) override { client_ = &client; }
  void observe(tima::Observer* observer) override { announcer_.observe(observer); }
  void announce_all() override { announcer_.flush(); }

  void reset() override {
    mm_.drop();
    pm_.drop();
    answers_.drop();
    to_send_ = 0;
    owed_ = 0;
    mm_active_ = pm_active_ = rs_active_ = false;
    answer_taken_ = false;
    pm_seen_ = rq_seen_ = rq_taken_ = false;
    mm_wait_ = pm_wait_ = rs_wait_ = mm_hold_ = pm_hold_ = rq_hold_ = kNotAsked;
    if (std::exchange(configure_later_, false)) {
      drive_inputs(later_);
    }
    pins().cfg_thread_en_i = enables_.reset();
    rare_ = true;
    clock_reset();
    if (monitor_ != nullptr) monitor_->reset();
    changed_now();
    announcer_.reset(cycle_);
  }

  void configure(const tima::StaticInputs& inputs) override {
    if (!idle()) throw std::logic_error("TimaPort::configure: the TIMA is not idle");
    tima::check_limits(params_, inputs);
    announcer_.flush();
    if (taking_response()) {
      later_ = inputs;
      configure_later_ = rare_ = true;
    } else {
      drive_inputs(inputs);
    }
    quiet_ = false;
  }

  void set_thread_enable(std::uint8_t mask) override {
    tima::check_enable_mask(params_, mask);
    begin_work();
    rare_ = true;
    enables_.request(mask, mm_.pushed(), pm_.pushed());
  }

  void submit(const tima::MmioRequest& request) override {
    if (request.thread >= Model::kThreads || request.page > tima::Page::User ||
        request.size_log2 > 3) [[unlikely]] {
      tima::check_limits(params_, request);
    }
    begin_work();
    ++to_send_;
    mm_.push({request, enables_.requested()});
  }
  bool access(const tima::MmioRequest& request, tima::MmioResponse& response) override {
    const bool alone = mm_.empty();
    VerilatedTimaImpl::submit(request);
    return alone && step_to_answer(direct_, response);
  }
  bool access(const tima::PresenterRequest& request, tima::PresenterResponse& response) override {
    const bool alone = pm_.empty() && owed_ == 0;
    VerilatedTimaImpl::submit(request);
    return alone && step_to_answer(direct_presenter_, response);
  }
  void submit(const tima::PresenterRequest& request) override {
    tima::check_limits(params_, request);
    begin_work();
    ++to_send_;
    pm_.push({request, enables_.requested()});
  }

  void respond(const tima::MemoryResponse& response) override {
    if (owed_ == 0) throw std::logic_error("TimaPort::respond: no memory request is unanswered");
    check_answer_limits(response);
    --owed_;
    progress_ = cycle_;
    quiet_ = false;
    ++to_send_;
    answers_.push({response, rq_taken_ ? cycle_ + 1 : cycle_});
  }

  tima::Cycle now() const override { return cycle_; }

  tima::Cycle advance(tima::Cycle horizon) override {
    called_ = false;
    if (lines_stale_) {
      report_lines();
    }
    while (!called_ && cycle_ < horizon) {
      if (options_.idle_skipping && resting()) {
        skipped_ += horizon - cycle_;
        cycle_ = horizon;
        break;
      }
      step();
    }
    return cycle_;
  }

  bool idle() const override {
    return mm_.empty() && pm_.empty() && answers_.empty() && owed_ == 0 && enables_.settled() &&
           (taking_response() || pins_idle());
  }

  tima::ThreadState state(unsigned thread) const override {
    if (thread >= Model::kThreads) throw std::out_of_range("TimaPort::state: no such thread");
    tima::ThreadState s;
    image_bytes(model_.ctx(thread), s.r);
    s.l_os = (model_.l_os() >> thread & 1U) != 0;
    s.l_hv = (model_.l_hv() >> thread & 1U) != 0;
    s.enabled = (model_.enabled() >> thread & 1U) != 0;
    return s;
  }
  tima::Lines lines(unsigned thread) const override {
    if (thread >= Model::kThreads) throw std::out_of_range("TimaPort::lines: no such thread");
    return lines_of(line_word(), thread);
  }

  void open_waves(const std::string& path) override {
    model_.close_waves();
    waves_ = false;
    model_.open_waves(path);
    waves_ = true;
    dump(0);
  }
  void close_waves() override {
    model_.close_waves();
    waves_ = false;
  }
  bool waves_open() const override { return waves_; }
  std::uint64_t evaluated_cycles() const override { return cycle_ - skipped_ + resets_; }

  std::uint8_t changed_threads() override {
    if (!std::exchange(probed_, true)) changed_now();
    return announcer_.changed_threads();
  }

 private:
  using Event = tima::Event;
  using EventKind = tima::EventKind;
  using StaticInputs = tima::StaticInputs;

  /// A queued request and the number of enable changes that were asked for before it.
  template <typename T>
  struct Queued {
    T request{};
    std::uint64_t enables = 0;
  };
  struct Answer {
    tima::MemoryResponse response{};
    tima::Cycle earliest = 0;
  };

  static constexpr unsigned kMm = 1, kPm = 2, kRs = 4;  ///< ports that the bridge drives
  static constexpr unsigned kNotAsked = ~0U;  ///< the stall policy was not asked for this transfer

  auto& pins() { return model_.pins(); }
  auto& pins() const { return model_.pins(); }
  bool pins_idle() const { return pins().idle_o != 0; }

  LineWord line_word() const {
    const auto& p = pins();
    return static_cast<LineWord>(p.os_ext_o) | static_cast<LineWord>(p.hv_ext_o) << 8U |
           static_cast<LineWord>(p.user_ebb_o) << 16U;
  }

  bool has_work() const {
    return !mm_.empty() || !pm_.empty() || !answers_.empty() || !enables_.settled();
  }
  void begin_work() {
    if (to_send_ == 0) progress_ = cycle_;
    quiet_ = false;
  }
  /// The client has its response, but the RTL gives it away only at the end of this cycle.
  bool taking_response() const { return mm_taken_ || pm_taken_; }

  /// Sends the answer of the next operation to `response` instead of to the client. The pointer is
  /// null as soon as the answer is there.
  template <typename Response>
  struct Direct {
    Direct(Response*& p, Response& response) : pointer(p) { p = &response; }
    ~Direct() { pointer = nullptr; }
    Direct(const Direct&) = delete;
    Direct& operator=(const Direct&) = delete;
    Response*& pointer;
  };
  /// False: it waits for memory.
  template <typename Response>
  bool step_to_answer(Response*& pointer, Response& response) {
    if (lines_stale_) report_lines();
    const Direct<Response> direct(pointer, response);
    do {
      step();
      if (pointer == nullptr) return true;
    } while (owed_ == 0);
    return false;
  }

  void step() {
    if (waves_) [[unlikely]] {
      step_with_waves();
    } else {
      step_with<false>();
    }
  }
  XIVE_RARE void step_with_waves() { step_with<true>(); }
  template <bool kWaves>
  void step_with() {
    finish_cycle<kWaves>();
    if (!observe_cycle() && cycle_ - progress_ >= options_.hang_cycles) [[unlikely]] {
      no_progress();
    }
  }

  void drive_inputs(const StaticInputs& inputs) {
    auto& p = pins();
    p.cfg_blk_i = inputs.blk;
    p.cfg_tid8_i = inputs.tid8;
    p.cfg_save_restore_i = inputs.save_restore;
    p.cfg_gen1_tima_i = inputs.gen1_tima;
    for (unsigned t = 0; t < Model::kThreads; ++t) {
      put_bits(p.cfg_pir_i, 15U * t, 15U, inputs.pir[t]);
    }
  }

  /// rst_ni low for one clock edge. The cycle count stands still: time moves only inside advance().
  void clock_reset() {
    auto& p = pins();
    p.rst_ni = 0;
    p.mm_req_valid_i = p.pm_req_valid_i = p.rs_valid_i = 0;
    model_.template falling_edge<true>();
    dump(5);
    model_.template rising_edge<true>();
    dump(6);
    p.rst_ni = 1;
    ++resets_;
    mm_taken_ = pm_taken_ = false;
    quiet_ = false;
    progress_ = cycle_;
    seen_lines_ = line_word();
    lines_stale_ = seen_lines_ != told_lines_;
  }

  void dump(tima::Cycle part) {
    if (waves_) [[unlikely]] {
      const std::uint64_t time = cycle_ * 10 + part;
      wave_time_ = time > wave_time_ ? time : wave_time_ + 1;
      model_.dump(wave_time_);
    }
  }

  /// True while the stall policy holds a transfer back; asks it once for each transfer.
  bool stalled(unsigned& left, Handshake handshake) {
    if (options_.stalls == nullptr) return false;
    if (left == kNotAsked) left = options_.stalls->stall(handshake);
    if (left == 0) return false;
    --left;
    progress_ = cycle_;
    return true;
  }

  /// See ArrayProbe::changed_threads(), as of this cycle. `own`: thread that may have changed and
  /// is not reported.
  std::uint8_t changed_now(unsigned own = ~0U) {
    const unsigned waiting = pins().rq_valid_o != 0 || owed_ != 0 || !answers_.empty()
                                 ? 1U << (pins().rq_valid_o != 0 ? pins().rq_thread_o : rq_thread_)
                                 : 0U;
    const std::uint32_t latches = model_.l_os() | model_.l_hv() << 8U | model_.enabled() << 16U;
    const std::uint32_t moved = (latches ^ latches_) & ~(0x01'01'01U * waiting);
    latches_ ^= moved;
    unsigned changed = (moved | moved >> 8U | moved >> 16U) & 0xffU;
    if (own < Model::kThreads && (waiting >> own & 1U) == 0) {
      std::memcpy(images_[own].data(), model_.ctx(own), 64);
    }
    const unsigned left_out = waiting | (own < Model::kThreads ? 1U << own : 0U);
    Difference images;
    for (unsigned t = 0; t < Model::kThreads; ++t) {
      if ((left_out >> t & 1U) == 0) images.add_64(model_.ctx(t), images_[t].data());
    }
    if (images.any()) [[unlikely]] {
      changed |= changed_images(waiting);
    }
    return static_cast<std::uint8_t>(own < Model::kThreads ? changed & ~(1U << own) : changed);
  }
  XIVE_RARE unsigned changed_images(unsigned waiting) {
    unsigned changed = 0;
    for (unsigned t = 0; t < Model::kThreads; ++t) {
      if ((waiting >> t & 1U) == 0 && !same_64(model_.ctx(t), images_[t].data())) {
        changed |= 1U << t;
        std::memcpy(images_[t].data(), model_.ctx(t), sizeof images_[t]);
      }
    }
    return changed;
  }

  // ---- second half of a cycle: drive and clock ----

  template <bool kWaves>
  void finish_cycle() {
    auto& p = pins();
    bool steady = true;
    if (rare_) [[unlikely]] {
      steady = drive_rare();
    }
    if (to_send_ != 0) drive_requests();

    model_.template falling_edge<kWaves>();
    if constexpr (kWaves) dump(5);

    if (monitor_ != nullptr && p.idle_o != 0 && steady) monitor_->idle(pending(), cycle_);
    // Read before the edge, used after it: ready may depend on the inputs of this cycle.
    const unsigned sent = to_send_ == 0 ? 0U
                                        : (mm_active_ && p.mm_req_ready_o != 0 ? kMm : 0U) |
                                              (pm_active_ && p.pm_req_ready_o != 0 ? kPm : 0U) |
                                              (rs_active_ && p.rs_ready_o != 0 ? kRs : 0U);

    model_.template rising_edge<kWaves>();
    ++cycle_;
    if constexpr (kWaves) dump(0);

    if (sent != 0) accepted(sent);
  }

  /// The RTL accepted what was on these ports.
  void accepted(unsigned ports) {
    auto& p = pins();
    progress_ = cycle_;
    if ((ports & kMm) != 0) {
      mm_.send();
      mm_active_ = false;
      p.mm_req_valid_i = 0;
      --to_send_;
    }
    if ((ports & (kPm | kRs)) != 0) accepted_other(ports);
  }

  XIVE_RARE void accepted_other(unsigned ports) {
    auto& p = pins();
    if ((ports & kPm) != 0) {
      pm_.send();
      pm_active_ = false;
      p.pm_req_valid_i = 0;
      --to_send_;
    }
    if ((ports & kRs) != 0) {
      answers_.send();
      rs_active_ = false;
      p.rs_valid_i = 0;
      answer_taken_ = true;
      --to_send_;
    }
  }

  void drive_requests() {
    auto& p = pins();
    if (!mm_active_ && mm_.has_unsent() && may_send(mm_.next_to_send().enables) &&
        !stalled(mm_wait_, Handshake::MmReqValid)) {
      drive_mmio(p, mm_.next_to_send().request);
      p.mm_req_valid_i = 1;
      mm_active_ = true;
      mm_wait_ = kNotAsked;
    }
    if (pm_.has_unsent() || answers_.has_unsent()) drive_others();
  }

  XIVE_RARE void drive_others() {
    auto& p = pins();
    if (!pm_active_ && pm_.has_unsent() && may_send(pm_.next_to_send().enables) &&
        !stalled(pm_wait_, Handshake::PmReqValid)) {
      drive_presenter(p, pm_.next_to_send().request);
      p.pm_req_valid_i = 1;
      pm_active_ = true;
      pm_wait_ = kNotAsked;
    }
    if (!rs_active_ && answers_.has_unsent() && answers_.next_to_send().earliest <= cycle_ &&
        !stalled(rs_wait_, Handshake::RsValid)) {
      drive_answer(p, answers_.next_to_send().response);
      p.rs_valid_i = 1;
      rs_active_ = true;
      rs_wait_ = kNotAsked;
    }
  }
  bool may_send(std::uint64_t ticket) const {
    return enables_.open_for(ticket) && !configure_later_;
  }

  /// Something that the RTL must not be idle with.
  bool pending() const {
    return mm_.in_flight() || pm_.in_flight() || taking_response() || owed_ != 0 ||
           !answers_.empty() || pins().rq_valid_o != 0 || enables_.outstanding(model_.enabled());
  }
  /// The RTL is idle and its inputs will not move in this cycle: nothing changes with the next
  /// clock edges.
  bool resting() {
    if (quiet_) return true;
    if (!pins_idle() || to_send_ != 0 || rare_ || pending()) return false;
    if (monitor_ != nullptr) monitor_->idle(false, cycle_);
    quiet_ = true;
    return true;
  }

  /// Enable changes and a late configure(). False if the static inputs moved in this cycle.
  XIVE_RARE bool drive_rare() {
    bool steady = true;
    if (configure_later_ && !taking_response()) {
      drive_inputs(later_);
      configure_later_ = false;
      steady = false;
    } else if (!enables_.settled()) {
      steady = !enables_.drive(mm_.sent(), pm_.sent(), model_.enabled(), pins().cfg_thread_en_i);
    }
    rare_ = configure_later_ || !enables_.settled();
    return steady;
  }

  // ---- first half of a cycle: look and tell ----

  /// The order is that of event.h: a MATCH answer saw the state before everything else that this
  /// cycle shows; a memory request belongs to an operation that has not committed yet.
  /// Returns false if nothing happened.
  [[gnu::always_inline]] bool observe_cycle() {
    auto& p = pins();
    const LineWord lines = line_word();
    const std::uint32_t* record = p.xti_o.data();
    const bool event = xti_valid(record);
    mm_taken_ = pm_taken_ = rq_taken_ = false;
    if (!event && lines == seen_lines_ &&
        (p.mm_rsp_valid_o | p.pm_rsp_valid_o | p.rq_valid_o | p.err_pulse_o) == 0 &&
        !answer_taken_ && !watching()) {
      return false;
    }

    if (p.pm_rsp_valid_o != 0 && !pm_seen_) presenter_response_appears();
    if (answer_taken_) answer_reached();
    if (event) {
      progress_ = cycle_;
      committed(record, lines);
    } else if (monitor_ != nullptr) {
      if (lines != seen_lines_) {
        // A push makes V visible with its memory request (rule A4), and the lines are gated by V.
        const bool starts = p.rq_valid_o != 0 && !rq_seen_;
        monitor_->lines_without_event(seen_lines_, lines, starts ? p.rq_thread_o : ~0U, cycle_);
      }
      if (p.err_pulse_o != 0) {
        monitor_->error_without_event(p.err_pulse_o, p.err_thread_o, cycle_);
      }
    }
    seen_lines_ = lines;
    if (lines != told_lines_) report_lines();
    if (p.err_pulse_o != 0) {
      called_ = true;
      client_->on_error(p.err_thread_o, static_cast<tima::ErrorCode>(p.err_pulse_o), cycle_);
    }
    if (watching()) [[unlikely]] {
      if (p.mm_rsp_valid_o == 0) monitor_->mmio_response_gone(cycle_);
      if (p.pm_rsp_valid_o == 0) monitor_->presenter_response_gone(cycle_);
      if (p.rq_valid_o == 0) monitor_->memory_request_gone(cycle_);
    }
    if (p.mm_rsp_valid_o != 0) mmio_response();
    if (p.pm_rsp_valid_o != 0) presenter_response();
    if (p.rq_valid_o != 0) memory_request();
    return cycle_ == progress_;
  }
  XIVE_RARE void answer_reached() {
    answer_taken_ = false;
    if (announcer_.wanted()) announcer_.memory_answer(answers_.oldest().response, cycle_);
    answers_.answer();
  }
  bool watching() const { return monitor_ != nullptr && monitor_->watching(); }

  XIVE_RARE void report_lines() {
    const LineWord now = seen_lines_;
    const LineWord changed = now ^ told_lines_;
    told_lines_ = now;
    lines_stale_ = false;
    for (unsigned t = 0; t < Model::kThreads; ++t) {
      if ((changed & (0x01'01'01U << t)) != 0) {
        called_ = true;
        client_->on_lines(t, lines_of(now, t), cycle_);
      }
    }
  }

  /// An operation committed in this cycle.
  void committed(const std::uint32_t* record, LineWord lines) {
    const auto kind = xti_kind(record);
    if (kind == XtiKind::Mmio) {
      if (monitor_ != nullptr || announcer_.wanted()) tell_event(record, lines);
      if (mm_.has_unretired()) mm_.retire();
    } else {
      committed_other(kind, record, lines);
    }
  }

  XIVE_RARE void committed_other(XtiKind kind, const std::uint32_t* record, LineWord lines) {
    if (kind == XtiKind::Enable) {
      enables_.taken(xti_thread(record));
    } else {
      while (pm_.has_unretired() &&
             pm_.oldest_unretired().request.cmd == tima::PresenterCmd::Match) {
        pm_.retire();
      }
    }
    if (monitor_ != nullptr || announcer_.wanted()) tell_event(record, lines);
    if (kind != XtiKind::Enable && pm_.has_unretired() && xti_last(record)) pm_.retire();
  }

  XIVE_RARE void tell_event(const std::uint32_t* record, LineWord lines) {
    // The server number is not part of the record.
    const std::uint32_t logic_serv = xti_kind(record) != XtiKind::Mmio &&
                                             xti_kind(record) != XtiKind::Enable &&
                                             pm_.has_unretired()
                                         ? pm_.oldest_unretired().request.logic_serv
                                         : 0;
    const Event& event = announcer_.decode(record, cycle_, lines, logic_serv);
    if (monitor_ != nullptr) judge_event(record, event, lines);
    if (announcer_.wanted())
      announcer_.event(probed_ ? changed_now(event.thread) : std::uint8_t{0});
  }

  void judge_event(const std::uint32_t* record, const Event& event, LineWord lines) {
    const auto& p = pins();
    if (event.kind == EventKind::Mmio) {
      const bool asked = mm_.has_unretired();
      monitor_->mmio_record(event, asked, asked ? mm_.oldest_unretired().request : event.mmio);
    } else if (event.kind != EventKind::Enable) {
      const bool asked = pm_.has_unretired();
      monitor_->presenter_record(event, asked,
                                 asked ? pm_.oldest_unretired().request : event.presenter);
    }
    monitor_->event_lines(event, announcer_.lines_of_state(event.after), seen_lines_, lines);
    monitor_->event_error(event, p.err_pulse_o, p.err_thread_o);
    // The next operation of the same thread may already show its first effects (rule A4).
    if (p.rq_valid_o == 0 || p.rq_thread_o != event.thread) {
      monitor_->array(event, event.thread < Model::kThreads &&
                                 same_64(model_.ctx(event.thread), xti_regs_after(record)));
    }
  }

  void mmio_response() {
    auto& p = pins();
    const bool taken = !stalled(mm_hold_, Handshake::MmRspReady);
    if (options_.stalls != nullptr) p.mm_rsp_ready_i = taken;
    const bool asked = mm_.in_flight();
    if (monitor_ != nullptr) monitor_->mmio_response(mmio_payload(), asked, taken, cycle_);
    if (!taken) return;
    mm_hold_ = kNotAsked;
    mm_taken_ = true;
    progress_ = cycle_;
    if (asked) mm_.answer();
    if (direct_ != nullptr) {
      *std::exchange(direct_, nullptr) = mmio_payload();
      return;
    }
    called_ = true;
    client_->on_mmio_response(mmio_payload(), cycle_);
  }
  tima::MmioResponse mmio_payload() const {
    const auto& p = pins();
    return {p.mm_rsp_rdata_o, p.mm_rsp_err_o != 0,
            static_cast<tima::ErrorCode>(p.mm_rsp_err_code_o)};
  }

  tima::PresenterResponse presenter_payload() const {
    return decode_presenter(pins(), pm_.oldest().request.cmd, Model::kThreads);
  }

  /// First cycle of a presenter response: the observer hears of a MATCH now, whoever stalls.
  XIVE_RARE void presenter_response_appears() {
    pm_seen_ = true;
    if (announcer_.wanted() && pm_.in_flight() &&
        pm_.oldest().request.cmd == tima::PresenterCmd::Match) {
      announcer_.match(pm_.oldest().request, presenter_payload(), cycle_);
    }
  }

  XIVE_RARE void presenter_response() {
    auto& p = pins();
    const bool taken = !stalled(pm_hold_, Handshake::PmRspReady);
    if (options_.stalls != nullptr) p.pm_rsp_ready_i = taken;
    const bool asked = pm_.in_flight();
    const tima::PresenterResponse response =
        asked ? presenter_payload() : tima::PresenterResponse{};
    if (monitor_ != nullptr) {
      const bool match = asked && pm_.oldest().request.cmd == tima::PresenterCmd::Match;
      monitor_->presenter_response(response, asked, match, taken, cycle_);
    }
    if (!taken) return;
    pm_hold_ = kNotAsked;
    pm_seen_ = false;
    pm_taken_ = true;
    progress_ = cycle_;
    if (asked) pm_.answer();
    if (direct_presenter_ != nullptr) {
      *std::exchange(direct_presenter_, nullptr) = response;
      return;
    }
    called_ = true;
    client_->on_presenter_response(response, cycle_);
  }

  XIVE_RARE void memory_request() {
    auto& p = pins();
    const tima::MemoryRequest request = decode_memory_request(p);
    if (!rq_seen_) {
      rq_seen_ = true;
      rq_thread_ = request.thread;
      progress_ = cycle_;
      if (announcer_.wanted()) announcer_.memory(request, cycle_);
    }
    const bool taken = !stalled(rq_hold_, Handshake::RqReady);
    if (options_.stalls != nullptr) p.rq_ready_i = taken;
    if (monitor_ != nullptr) {
      monitor_->memory_request(request, owed_ != 0 || !answers_.empty(), taken, cycle_);
    }
    if (!taken) return;
    rq_hold_ = kNotAsked;
    rq_seen_ = false;
    rq_taken_ = true;
    progress_ = cycle_;
    if (!tima::is_posted(request.op)) ++owed_;
    called_ = true;
    client_->on_memory_request(request, cycle_);
  }

  /// The RTL has been silent for hang_cycles. While the client owes an answer that is its right.
  XIVE_RARE void no_progress() {
    if (owed_ != 0 || !has_work()) {
      progress_ = cycle_;
      return;
    }
    const std::string waiting =
        std::string(mm_.empty() ? "" : " mmio") + (pm_.empty() ? "" : " presenter") +
        (answers_.empty() ? "" : " memory-answer") + (enables_.settled() ? "" : " thread-enable");
    if (waves_) close_waves();
    throw tima::TimaHang("TIMA RTL: no progress in " + std::to_string(options_.hang_cycles) +
                         " cycles at cycle " + std::to_string(cycle_) + "; waiting:" + waiting);
  }

  tima::Params params_;
  RtlOptions options_;
  Model model_;
  tima::TimaClient* client_ = nullptr;
  tima::MmioResponse* direct_ = nullptr;  ///< where access() wants its answer
  tima::PresenterResponse* direct_presenter_ = nullptr;
  Announcer announcer_;
  PinMonitor* monitor_ = nullptr;
  std::vector<PinMonitor> monitor_storage_;

  FlightQueue<Queued<tima::MmioRequest>> mm_;
  FlightQueue<Queued<tima::PresenterRequest>> pm_;
  FlightQueue<Answer> answers_;
  ThreadEnables enables_;

  tima::Cycle cycle_ = 0;
  tima::Cycle progress_ = 0;   ///< last cycle with a sign of life
  std::uint64_t skipped_ = 0;  ///< idle cycles that were not evaluated
  std::uint64_t resets_ = 0;   ///< cycles evaluated while the count stood still
  LineWord seen_lines_ = 0;    ///< of the last cycle
  LineWord told_lines_ = 0;    ///< as last reported to the client
  unsigned to_send_ = 0;       ///< requests and answers that the RTL has not accepted
  unsigned owed_ = 0;          ///< memory requests that the client has not answered
  unsigned mm_wait_ = kNotAsked, pm_wait_ = kNotAsked, rs_wait_ = kNotAsked;
  unsigned mm_hold_ = kNotAsked, pm_hold_ = kNotAsked, rq_hold_ = kNotAsked;
  std::uint8_t rq_thread_ = 0;
  bool called_ = false;
  bool quiet_ = false;  ///< the RTL was idle under quiet inputs: a fixed point
  bool mm_active_ = false, pm_active_ = false, rs_active_ = false;  ///< request on the pins
  bool mm_taken_ = false, pm_taken_ = false, rq_taken_ = false;     ///< handshake in this cycle
  bool pm_seen_ = false, rq_seen_ = false;
  bool answer_taken_ = false;
  bool lines_stale_ = false;
  bool configure_later_ = false;
  bool rare_ = false;  ///< drive_rare() has something to do
  bool waves_ = false;
  bool probed_ = false;  ///< somebody asks for changed_threads()
  std::uint64_t wave_time_ = 0;
  StaticInputs later_{};
  std::array<std::array<std::uint32_t, 16>, Model::kThreads> images_{};
  std::uint32_t latches_ = 0;  ///< l_os, l_hv and enables, eight bits each
};

}  // namespace xive::bridge

#undef XIVE_RARE
