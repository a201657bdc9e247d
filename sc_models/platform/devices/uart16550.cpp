// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/devices/uart16550.h"

#include <array>

namespace xive::platform {
namespace {

enum Reg : unsigned { kData = 0, kIer = 1, kIirFcr = 2, kLcr = 3, kMcr = 4, kLsr = 5, kMsr = 6 };

constexpr std::uint8_t kIerReceive = 0x01, kIerThr = 0x02, kIerLine = 0x04, kIerModem = 0x08;
constexpr std::uint8_t kIirNone = 0x01, kIirThr = 0x02, kIirReceive = 0x04, kIirLine = 0x06,
                       kIirTimeout = 0x0c, kIirModem = 0x00, kIirFifo = 0xc0;
constexpr std::uint8_t kFcrClearReceive = 0x02;

}  // namespace

void Uart16550::feed(std::string_view text) {
  for (const char character : text) waiting_.push_back(static_cast<std::uint8_t>(character));
  refill();
}

void Uart16550::receive(std::uint8_t character) {
  if (fifo_.size() >= depth()) {
    overrun_ = true;
  } else {
    fifo_.push_back(character);
  }
  update();
}

void Uart16550::refill() {
  while (!loopback() && !waiting_.empty() && fifo_.size() < depth()) {
    fifo_.push_back(waiting_.front());
    waiting_.pop_front();
  }
  update();
}

std::size_t Uart16550::trigger_level() const {
  constexpr std::array<std::size_t, 4> kLevels = {1, 4, 8, 14};
  return fifo_on() ? kLevels.at(fcr_ >> 6U) : 1;
}

std::uint8_t Uart16550::identify() const {
  const std::uint8_t fifo = fifo_on() ? kIirFifo : 0;
  std::uint8_t cause = kIirNone;
  if ((ier_ & kIerLine) != 0 && overrun_) {
    cause = kIirLine;
  } else if ((ier_ & kIerReceive) != 0 && !fifo_.empty()) {
    // No character follows within the time of four: below the trigger level it is a time-out.
    cause = fifo_.size() >= trigger_level() ? kIirReceive : kIirTimeout;
  } else if ((ier_ & kIerThr) != 0 && thr_interrupt_) {
    cause = kIirThr;
  } else if ((ier_ & kIerModem) != 0 && modem_delta_ != 0) {
    cause = kIirModem;
  }
  return static_cast<std::uint8_t>(fifo | cause);
}

/// CTS, DSR, RI, DCD: a peer that is always there, or the outputs in loopback.
std::uint8_t Uart16550::modem_lines() const {
  if (!loopback()) return 0xb0;
  return static_cast<std::uint8_t>((mcr_ & 0x02U) << 3U | (mcr_ & 0x01U) << 5U |
                                   (mcr_ & 0x04U) << 4U | (mcr_ & 0x08U) << 4U);
}

void Uart16550::write_mcr(std::uint8_t value) {
  const std::uint8_t before = modem_lines();
  mcr_ = value & 0x1fU;
  const std::uint8_t after = modem_lines();
  std::uint8_t delta = static_cast<std::uint8_t>((before ^ after) >> 4U & 0xbU);
  if ((before & 0x40U) != 0 && (after & 0x40U) == 0) delta |= 0x4U;  // RI: trailing edge
  modem_delta_ |= delta;
  refill();
}

std::uint8_t Uart16550::read(unsigned reg) {
  switch (reg) {
    case kData: {
      if (divisor_latch()) return dll_;
      std::uint8_t value = 0;
      if (!fifo_.empty()) {
        value = fifo_.front();
        fifo_.pop_front();
      }
      refill();
      return value;
    }
    case kIer:
      return divisor_latch() ? dlm_ : ier_;
    case kIirFcr: {
      const std::uint8_t value = identify();
      if ((value & 0x0fU) == kIirThr) thr_interrupt_ = false;
      update();
      return value;
    }
    case kLcr:
      return lcr_;
    case kMcr:
      return mcr_;
    case kLsr: {
      const auto value =
          static_cast<std::uint8_t>(kThrEmpty | kTransmitterEmpty | (overrun_ ? kOverrun : 0U) |
                                    (fifo_.empty() ? 0U : kDataReady));
      overrun_ = false;
      update();
      return value;
    }
    case kMsr: {
      const auto value = static_cast<std::uint8_t>(modem_lines() | modem_delta_);
      modem_delta_ = 0;
      update();
      return value;
    }
    default:
      return scr_;
  }
}

void Uart16550::write(unsigned reg, std::uint8_t value) {
  switch (reg) {
    case kData:
      if (divisor_latch()) {
        dll_ = value;
        return;
      }
      thr_interrupt_ = true;
      if (loopback()) {
        receive(value);
      } else if (output_) {
        output_(value);
      }
      break;
    case kIer:
      if (divisor_latch()) {
        dlm_ = value;
        return;
      }
      // Enabling the interrupt of an empty transmitter raises it.
      if ((value & kIerThr) != 0 && (ier_ & kIerThr) == 0) thr_interrupt_ = true;
      ier_ = value & 0x0fU;
      break;
    case kIirFcr:
      // A change of the enable clears both FIFOs; the other bits count only while it is set.
      if (((value ^ fcr_) & 1U) != 0 || ((value & 1U) != 0 && (value & kFcrClearReceive) != 0)) {
        fifo_.clear();
      }
      fcr_ = (value & 1U) != 0 ? value & 0xc9U : 0;
      refill();
      break;
    case kLcr:
      lcr_ = value;
      break;
    case kMcr:
      write_mcr(value);
      break;
    case kLsr:
    case kMsr:
      break;  // read-only
    default:
      scr_ = value;
      break;
  }
  update();
}

void Uart16550::update() {
  const bool line = (identify() & 0x01U) == 0;
  if (line == line_) return;
  line_ = line;
  if (interrupt_) interrupt_(line);
}

Response Uart16550::access(const Request& request) {
  if (request.size != 1) return error_response(Status::SizeError, request);
  const auto reg = static_cast<unsigned>((request.address - base_) & 7U);
  if (request.command == Command::Load) return {.data = read(reg)};
  write(reg, static_cast<std::uint8_t>(request.data));
  return {};
}

}  // namespace xive::platform
