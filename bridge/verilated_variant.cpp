// SPDX-License-Identifier: Apache-2.0
// Compiled once for each Verilated class (cmake/Verilate.cmake sets the macros).
#include "bridge/verilated_variant.h"

#include XIVE_VERILATED_COMB_HEADER
#include XIVE_VERILATED_HEADER
#include XIVE_VERILATED_ROOT_HEADER
#include <verilated_fst_c.h>

#include <fstream>
#include <type_traits>

#include "bridge/verilated_clock.h"
#include "bridge/verilated_tima_impl.h"

#define XIVE_PASTE_(a, b) a##b
#define XIVE_PASTE(a, b) XIVE_PASTE_(a, b)

// What the public eval() does but for the bookkeeping of Verilator's library around it, which is
// for waves and for the library's own threads and takes 4 ns of each evaluation. It is no part of
// the public interface: weak, so that a Verilator that names it otherwise costs only time.
[[gnu::weak]] void XIVE_PASTE(XIVE_VERILATED_CLASS,
                              ___024root___eval)(XIVE_PASTE(XIVE_VERILATED_CLASS, ___024root) *);
// Its two parts that a clock edge needs: logic from inputs, logic behind the edge.
[[gnu::weak]] void XIVE_PASTE(XIVE_VERILATED_CLASS,
                              ___024root___eval_ico)(XIVE_PASTE(XIVE_VERILATED_CLASS,
                                                                ___024root) *);
[[gnu::weak]] void XIVE_PASTE(XIVE_VERILATED_CLASS,
                              ___024root___eval_nba)(XIVE_PASTE(XIVE_VERILATED_CLASS,
                                                                ___024root) *);

namespace xive::bridge {
namespace {

using Root = std::remove_pointer_t<decltype(XIVE_VERILATED_CLASS::rootp)>;

/// One instance of the Verilated class with its wave file.
class Model {
 public:
  static constexpr unsigned kThreads = XIVE_VERILATED_THREADS;
#ifdef XIVE_VERILATED_MUTANTS
  static constexpr bool kMutants = true;
#else
  static constexpr bool kMutants = false;
#endif

  Model() : top_(make_top(context_)) {
    top_->eval();  // initial blocks, with the clock low
  }
  ~Model() {
    // The library finds the context of a dying model through the thread, not through the model.
    Verilated::threadContextp(&context_);
    close_waves();
    top_->final();
    top_.reset();
    Verilated::threadContextp(Verilated::defaultContextp());
  }
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  // The ports of the outer class are references to those of the root.
  Root& pins() {
    return *root_;
  }
  const Root& pins() const {
    return *root_;
  }
  /// `kWaves`: waves may be open, so that the edge must be seen.
  template <bool kWaves>
  void falling_edge() {
    if constexpr (ClockPhase<Root>::kKnown && XIVE_VERILATED_COMBINATIONAL == 0 && !kWaves) {
      ClockPhase<Root>::was_low(*root_);
    } else {
      root_->clk_i = 0;
      top_->eval();
    }
  }
  template <bool kWaves>
  void rising_edge() {
    constexpr auto* kEval = &XIVE_PASTE(XIVE_VERILATED_CLASS, ___024root___eval);
    constexpr auto* kInputs = &XIVE_PASTE(XIVE_VERILATED_CLASS, ___024root___eval_ico);
    constexpr auto* kEdge = &XIVE_PASTE(XIVE_VERILATED_CLASS, ___024root___eval_nba);
    root_->clk_i = 1;
    if (kWaves || kEval == nullptr) {
      top_->eval();
    } else if (ClockPhase<Root>::one_trigger() && kInputs != nullptr && kEdge != nullptr) {
      ClockPhase<Root>::trigger(*root_);
      kInputs(root_);
      kEdge(root_);
    } else {
      kEval(root_);
    }
  }

  const std::uint32_t* ctx(unsigned t) const {
    return root_->tima__DOT__u_regs__DOT__ctx_q[t].data();
  }
  unsigned l_os() const {
    return root_->tima__DOT__u_regs__DOT__l_os_q;
  }
  unsigned l_hv() const {
    return root_->tima__DOT__u_regs__DOT__l_hv_q;
  }
  unsigned enabled() const {
    return root_->tima__DOT__u_regs__DOT__thread_en_q;
  }

  void open_waves(const std::string& path) {
    // The library would end the program if it could not write.
    if (!std::ofstream(path)) throw std::runtime_error("cannot write waves to " + path);
    waves_ = std::make_unique<VerilatedFstC>();
    top_->trace(waves_.get(), 99);
    waves_->open(path.c_str());
    if (!waves_->isOpen()) {
      waves_.reset();
      throw std::runtime_error("cannot write waves to " + path);
    }
  }
  void close_waves() {
    if (waves_ != nullptr) waves_->close();
    waves_.reset();
  }
  void dump(std::uint64_t time) {
    waves_->dump(time);
  }

 private:
  static std::unique_ptr<XIVE_VERILATED_CLASS> make_top(VerilatedContext& context) {
    context.traceEverOn(true);  // must be said before the model exists
    return std::make_unique<XIVE_VERILATED_CLASS>(&context, "tima");
  }

  VerilatedContext context_;
  std::unique_ptr<XIVE_VERILATED_CLASS> top_;
  Root* root_ = top_->rootp;
  std::unique_ptr<VerilatedFstC> waves_;
};

}  // namespace

std::unique_ptr<VerilatedTima> XIVE_PASTE(make_, XIVE_VERILATED_CLASS)(const tima::Params& params,
                                                                       const RtlOptions& options) {
  return std::make_unique<VerilatedTimaImpl<Model>>(params, options);
}

}  // namespace xive::bridge
