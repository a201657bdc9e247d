// SPDX-License-Identifier: Apache-2.0
/// XSCOM: the side-band register access of a chip. A unit owns a range of PCB addresses; the router
/// finds it; the window turns loads and stores of threads into register accesses and reports
/// completion in their HMER (skiboot-boot.md 6.1).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sc_models/platform/target.h"

namespace xive::platform {

/// A unit with 64-bit registers, one per PCB address.
class XscomUnit {
 public:
  virtual ~XscomUnit() = default;
  /// `offset` from the base at which the unit is mapped. False: no such register.
  virtual bool read(std::uint32_t offset, std::uint64_t& value) = 0;
  virtual bool write(std::uint32_t offset, std::uint64_t value) = 0;
};

/// Registers that only hold what was written, or a constant.
class XscomConstants final : public XscomUnit {
 public:
  /// `writable` false: writes are accepted and ignored.
  void set(std::uint32_t offset, std::uint64_t value, bool writable = false);
  bool read(std::uint32_t offset, std::uint64_t& value) override;
  bool write(std::uint32_t offset, std::uint64_t value) override;

 private:
  struct Register {
    std::uint32_t offset;
    std::uint64_t value;
    bool writable;
  };
  std::vector<Register> registers_;
};

/// What happens at a PCB address that nobody implements.
enum class UnknownXscom : std::uint8_t {
  ReadZero,  ///< success, reads 0: what makes optional units of firmware quiet
  Fail,      ///< completes with an error
};

/// The registers of one chip.
class XscomRouter {
 public:
  explicit XscomRouter(unsigned chip, UnknownXscom unknown = UnknownXscom::ReadZero)
      : chip_(chip), unknown_(unknown) {}

  unsigned chip() const { return chip_; }
  void set_unknown(UnknownXscom policy) { unknown_ = policy; }
  /// Registers base .. base + size - 1; overlap: std::invalid_argument with both names. Not owned.
  void map(std::uint32_t base, std::uint32_t size, XscomUnit& unit, std::string name);

  /// False = the access failed.
  bool read(std::uint32_t pcb, std::uint64_t& value);
  bool write(std::uint32_t pcb, std::uint64_t value);

  /// Accesses to addresses that nobody implements, in order of first use.
  struct Unknown {
    std::uint32_t pcb;
    std::uint64_t reads, writes;
  };
  const std::vector<Unknown>& unknown() const { return unknown_accesses_; }

 private:
  struct Range {
    std::uint32_t base, size;
    XscomUnit* unit;
    std::string name;
  };
  Range* find(std::uint32_t pcb);
  void note(std::uint32_t pcb, bool write);

  unsigned chip_;
  UnknownXscom unknown_;
  std::vector<Range> ranges_;  ///< sorted by base
  std::vector<Unknown> unknown_accesses_;
};

/// The MMIO window of one chip: 8-byte accesses, PCB address = (address - base) / 8.
class XscomWindow final : public Target {
 public:
  /// Told after each access of a thread: HMER bits of that thread must be set.
  using Completion = std::function<void(const Requester&, bool failed)>;

  static constexpr std::uint64_t kP9Base = 0x000603fc00000000;
  static constexpr std::uint64_t kSize = std::uint64_t{1} << 34U;

  XscomWindow(std::uint64_t base, XscomRouter& router) : base_(base), router_(router) {}
  void set_completion(Completion completion) { completion_ = std::move(completion); }
  /// A failed register access is no bus error: data is all ones and HMER says so.
  Response access(const Request& request) override;

 private:
  std::uint64_t base_;
  XscomRouter& router_;
  Completion completion_;
};

}  // namespace xive::platform
