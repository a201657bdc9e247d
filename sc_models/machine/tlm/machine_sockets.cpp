// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/tlm/machine_sockets.h"

#include <string>

#include <fmt/format.h>

#include "sc_models/machine/machine.h"

namespace xive::machine {

/// What one thread accesses instead of the machine's port.
class MachineSockets::ThreadPort final : public platform::Target {
 public:
  ThreadPort(MachineSockets& owner, unsigned thread, platform::Target& port)
      : owner_(owner),
        port_(port),
        face_(fmt::format("thread_{}", thread).c_str(), owner.timing_) {}

  platform::Response access(const platform::Request& request) override {
    const bool own = owner_.timing_ == platform::Timing::Approximate &&
                     owner_.machine_ != nullptr && owner_.machine_->in_tima_window(request);
    return own ? port_.access(request) : face_.access(request);
  }
  platform::InitiatorFace& face() { return face_; }

 private:
  MachineSockets& owner_;
  platform::Target& port_;
  platform::InitiatorFace face_;
};

MachineSockets::MachineSockets(platform::Timing timing, bool checks)
    : timing_(timing), checks_(checks) {}

MachineSockets::~MachineSockets() = default;

void MachineSockets::connect(MachineConfig& config) {
  memory_bytes_ =
      config.memory_bytes != 0 ? config.memory_bytes : std::uint64_t{config.chips} << 30U;
  config.route = [this](unsigned thread, platform::Target& port) -> platform::Target& {
    return add_thread(thread, port);
  };
}

template <typename Initiator, typename Target>
void MachineSockets::bind(Initiator& initiator, Target& target) {
  if (!checks_) {
    initiator.bind(target);
    return;
  }
  const std::string name = fmt::format("checker_{}", checkers_.size());
  checkers_.push_back(std::make_unique<Checker>(name.c_str(), books_.emplace_back()));
  initiator.bind(checkers_.back()->target_socket);
  checkers_.back()->initiator_socket.bind(target);
}

platform::Target& MachineSockets::add_thread(unsigned thread, platform::Target& port) {
  if (!bus_) {
    bus_ = std::make_unique<platform::BusFace>("interconnect");
    memory_ = std::make_unique<platform::TargetFace>("memory", port);
    devices_ = std::make_unique<platform::TargetFace>("devices", port);
    for (platform::TargetFace* target : {memory_.get(), devices_.get()}) {
      bind(bus_->initiator_socket, target->socket);
    }
    // The latencies are those of the windows behind the targets.
    bus_->map(
        0,
        {.name = "memory", .base = 0, .size = memory_bytes_, .kind = platform::Bus::Kind::Memory});
    bus_->map(1, {.name = "devices",
                  .base = memory_bytes_,
                  .size = (std::uint64_t{1} << 56U) - memory_bytes_});
  }
  threads_.push_back(std::make_unique<ThreadPort>(*this, thread, port));
  bind(threads_.back()->face().socket, bus_->target_socket);
  return *threads_.back();
}

}  // namespace xive::machine
