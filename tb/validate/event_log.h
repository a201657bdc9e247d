// SPDX-License-Identifier: Apache-2.0
/// The last things that happened on the four ports and in the registers, kept as plain copies and
/// turned into text only when somebody wants to read them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <variant>

#include "sc_models/tima/event.h"
#include "tb/validate/bench.h"

namespace xive::validate {

class EventLog final : public Tap, public tima::Observer {
 public:
  /// `aftermath`: how many records are kept after a violation.
  EventLog(std::size_t capacity, std::size_t aftermath)
      : capacity_(capacity), aftermath_(aftermath) {}

  void on_submit(const Operation& op, std::uint64_t number, tima::Cycle cycle) override;
  void on_mmio_answer(const tima::MmioResponse& response, std::uint64_t number,
                      tima::Cycle cycle) override;
  void on_presenter_answer(const tima::PresenterResponse& response, std::uint64_t number,
                           tima::Cycle cycle) override;
  void on_memory_request(const tima::MemoryRequest& request, tima::Cycle cycle) override;
  void on_memory_answer(const tima::MemoryResponse& response, tima::Cycle cycle) override;
  void on_lines(unsigned thread, const tima::Lines& lines, tima::Cycle cycle) override;
  void on_error(unsigned thread, tima::ErrorCode code, tima::Cycle cycle) override;
  void on_violation(const Violation& violation) override;
  // Of the observer: the rest crosses the ports and is in the log already.
  void on_event(const tima::Event& event) override;

  /// Aligned text, one record a line, with a heading.
  std::string text() const;
  /// One JSON object a line.
  std::string json_lines() const;
  /// The last committed event at or before `cycle`, null if none is in the log.
  const tima::Event* last_event(tima::Cycle cycle) const;
  std::size_t size() const { return records_.size(); }

 private:
  struct Submit {
    Operation op;
    std::uint64_t number;
  };
  struct MmioAnswer {
    tima::MmioResponse response;
    std::uint64_t number;
  };
  struct PresenterAnswer {
    tima::PresenterResponse response;
    std::uint64_t number;
  };
  struct LineChange {
    unsigned thread;
    tima::Lines lines;
  };
  struct Error {
    unsigned thread;
    tima::ErrorCode code;
  };
  struct Note {
    std::string text;
  };
  using Content = std::variant<Submit, MmioAnswer, PresenterAnswer, tima::MemoryRequest,
                               tima::MemoryResponse, LineChange, Error, tima::Event, Note>;
  struct Record {
    tima::Cycle cycle;
    Content content;
  };

  /// A record as both views show it.
  struct Line {
    std::string_view what;     ///< fixed vocabulary
    std::uint64_t number = 0;  ///< of the operation, 0 = none
    std::string text;
  };

  void keep(tima::Cycle cycle, Content content);
  static Line describe(const Content& content);

  std::size_t capacity_;
  std::size_t aftermath_;
  bool frozen_ = false;
  std::deque<Record> records_;
};

/// "NSR 00->80 PIPR ff->03 L_os 0->1": what an event changed, "no change" if nothing.
std::string describe_change(const tima::ThreadState& before, const tima::ThreadState& after);
/// Registers of a thread as a table of four rings, one a line.
std::string describe_state(const tima::ThreadState& state);
std::string describe(const tima::MmioRequest& request);
std::string describe(const tima::PresenterRequest& request);

}  // namespace xive::validate
