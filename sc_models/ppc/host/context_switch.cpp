// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/host/context_switch.h"

#include <cstdint>

#ifdef XIVE_NATIVE_SWITCH
// Registers that a function must preserve lie on the stack, its address in *rdi; the other stack is
// the one in *rsi. A first switch finds what Context::prepare() has put there.
asm(R"(
.text
.p2align 4
.type xive_change_context, @function
xive_change_context:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq (%rsi), %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size xive_change_context, .-xive_change_context
.type xive_enter_context, @function
xive_enter_context:
  movq %rbx, %rdi
  xorl %ebp, %ebp
  callq *%r12
  ud2
.size xive_enter_context, .-xive_enter_context
)");
extern "C" void xive_change_context(void** from, void** to);
extern "C" void xive_enter_context();
#endif

namespace xive::ppc::host {

#ifdef XIVE_NATIVE_SWITCH

void Context::prepare(std::span<char> stack, Entry entry, void* argument) {
  auto top = reinterpret_cast<std::uintptr_t>(stack.data() + stack.size()) & ~std::uintptr_t{15};
  // NOLINTNEXTLINE(performance-no-int-to-ptr): aligned as a number
  auto* frame = reinterpret_cast<void**>(top) - 9;  // a call needs 16-byte alignment
  frame[0] = nullptr;                               // r15
  frame[1] = nullptr;                               // r14
  frame[2] = nullptr;                               // r13
  frame[3] = reinterpret_cast<void*>(entry);        // r12
  frame[4] = argument;                              // rbx
  frame[5] = nullptr;                               // rbp
  frame[6] = reinterpret_cast<void*>(&xive_enter_context);
  frame[7] = nullptr;  // a debugger stops here
  sp_ = frame;
}

void Context::change(Context& from, Context& to) {
  xive_change_context(&from.sp_, &to.sp_);
}

#else

namespace {

void enter(unsigned high, unsigned low, unsigned argument_high, unsigned argument_low) {
  const auto join = [](unsigned h, unsigned l) {
    return static_cast<std::uintptr_t>(std::uint64_t{h} << 32U | l);
  };
  reinterpret_cast<Context::Entry>(join(high, low))(
      reinterpret_cast<void*>(join(argument_high, argument_low)));
}

}  // namespace

void Context::prepare(std::span<char> stack, Entry entry, void* argument) {
  getcontext(&saved_);
  saved_.uc_stack.ss_sp = stack.data();
  saved_.uc_stack.ss_size = stack.size();
  saved_.uc_link = nullptr;
  const auto code = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(entry));
  const auto data = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(argument));
  // makecontext passes ints only.
  makecontext(&saved_, reinterpret_cast<void (*)()>(&enter), 4, static_cast<unsigned>(code >> 32U),
              static_cast<unsigned>(code), static_cast<unsigned>(data >> 32U),
              static_cast<unsigned>(data));
}

void Context::change(Context& from, Context& to) {
  swapcontext(&from.saved_, &to.saved_);
}

#endif

}  // namespace xive::ppc::host
