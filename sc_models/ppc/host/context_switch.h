// SPDX-License-Identifier: Apache-2.0
/// Changing from one stack to another. On x86-64 in a few instructions; elsewhere, and where a
/// sanitizer has to be told, through ucontext.
#pragma once

#include <cstddef>
#include <span>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define XIVE_SANITIZED_FIBERS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define XIVE_SANITIZED_FIBERS 1
#endif
#endif

#if defined(__x86_64__) && defined(__ELF__) && !defined(XIVE_SANITIZED_FIBERS) && !defined(__CET__)
#define XIVE_NATIVE_SWITCH 1
#else
#include <ucontext.h>
#endif

namespace xive::ppc::host {

/// A place where execution can go on. Only the address of what is saved is kept here, so that many
/// of them fit into few cache lines.
class Context {
 public:
  using Entry = void (*)(void*);

  /// The next switch to this calls entry(argument) on `stack`; the entry must never return.
  void prepare(std::span<char> stack, Entry entry, void* argument);
  /// Saves the current place in `from` and goes on at `to`.
  static void change(Context& from, Context& to);

 private:
#ifdef XIVE_NATIVE_SWITCH
  void* sp_ = nullptr;
#else
  ucontext_t saved_{};
#endif
};

}  // namespace xive::ppc::host
