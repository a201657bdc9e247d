// SPDX-License-Identifier: Apache-2.0
/// A 16550A serial port, one byte per register (skiboot-boot.md 6.2). A character leaves in the
/// moment in which it is written, so the transmitter is always empty; input waits outside until the
/// receiver has room, so nothing is lost unless receive() is called for a full receiver.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string_view>

#include "sc_models/platform/target.h"

namespace xive::platform {

class Uart16550 final : public Target {
 public:
  static constexpr std::uint64_t kSize = 8;
  static constexpr std::size_t kFifoDepth = 16;

  /// Line status bits that users of the model need.
  static constexpr std::uint8_t kDataReady = 0x01, kOverrun = 0x02, kThrEmpty = 0x20,
                                kTransmitterEmpty = 0x40;

  /// `base` is subtracted from the address of an access.
  explicit Uart16550(std::uint64_t base = 0) : base_(base) {}

  /// Receives what firmware prints.
  void set_output(std::function<void(std::uint8_t)> output) { output_ = std::move(output); }
  /// Told when the interrupt output changes its level (MCR[OUT2] does not gate it).
  void set_interrupt(std::function<void(bool)> interrupt) { interrupt_ = std::move(interrupt); }

  /// Characters for the receiver: enter its FIFO as room appears.
  void feed(std::string_view text);
  /// One character on the line now: lost with an overrun error when the receiver is full.
  void receive(std::uint8_t character);
  /// Characters that wait outside of the receiver.
  std::size_t waiting() const { return waiting_.size(); }
  bool interrupt() const { return line_; }

  /// 1-byte accesses; others: SizeError.
  Response access(const Request& request) override;

 private:
  std::uint8_t read(unsigned reg);
  void write(unsigned reg, std::uint8_t value);
  std::uint8_t identify() const;
  bool fifo_on() const { return (fcr_ & 1U) != 0; }
  std::size_t depth() const { return fifo_on() ? kFifoDepth : 1; }
  std::size_t trigger_level() const;
  bool divisor_latch() const { return (lcr_ & 0x80U) != 0; }
  bool loopback() const { return (mcr_ & 0x10U) != 0; }
  std::uint8_t modem_lines() const;
  void write_mcr(std::uint8_t value);
  void refill();
  void update();

  std::uint64_t base_;
  std::function<void(std::uint8_t)> output_;
  std::function<void(bool)> interrupt_;
  std::deque<std::uint8_t> fifo_;
  std::deque<std::uint8_t> waiting_;
  std::uint8_t ier_ = 0, lcr_ = 0, mcr_ = 0, scr_ = 0, fcr_ = 0;
  std::uint8_t dll_ = 0, dlm_ = 0;
  std::uint8_t modem_delta_ = 0;
  bool overrun_ = false;
  bool thr_interrupt_ = false;  ///< the transmitter became empty and nobody was told yet
  bool line_ = false;
};

}  // namespace xive::platform
