// SPDX-License-Identifier: Apache-2.0
#include "tb/crosscheck/gdb_client.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <string_view>
#include <thread>

#include "tb/host/process.h"

namespace xive::crosscheck {
namespace {

using Clock = std::chrono::steady_clock;

class Client {
 public:
  Client(const std::string& path, double patience)
      : end_(Clock::now() +
             std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(patience))) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof(address.sun_path)) {
      throw host::ProcessError("the path of the socket is too long: " + path);
    }
    std::memcpy(address.sun_path, path.c_str(), path.size());
    while (true) {
      fd_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      if (fd_ >= 0 && connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
        return;
      }
      if (fd_ >= 0) close(fd_);
      if (Clock::now() > end_) {
        throw host::ProcessError("QEMU does not open its debug socket " + path);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  ~Client() { close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  std::string ask(std::string_view packet) {
    unsigned sum = 0;
    for (const char c : packet) {
      sum += static_cast<unsigned char>(c);
    }
    const std::string text = fmt::format("${}#{:02x}", packet, sum & 0xffU);
    if (send(fd_, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size())) {
      throw host::ProcessError("QEMU closed its debug socket");
    }
    std::string answer;
    while (true) {
      const std::size_t begin = answer.find('$');
      const std::size_t hash = begin == std::string::npos ? begin : answer.find('#', begin);
      if (hash != std::string::npos && answer.size() >= hash + 3) {
        send(fd_, "+", 1, MSG_NOSIGNAL);
        return answer.substr(begin + 1, hash - begin - 1);
      }
      answer += receive();
    }
  }

 private:
  std::string receive() const {
    pollfd wanted{fd_, POLLIN, 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end_ - Clock::now());
    if (left.count() <= 0 || poll(&wanted, 1, static_cast<int>(left.count())) <= 0) {
      throw host::ProcessError("QEMU does not answer on its debug socket");
    }
    std::array<char, 4096> piece{};
    const ssize_t size = read(fd_, piece.data(), piece.size());
    if (size <= 0) {
      throw host::ProcessError("QEMU closed its debug socket");
    }
    return {piece.data(), static_cast<std::size_t>(size)};
  }

  Clock::time_point end_;
  int fd_ = -1;
};

}  // namespace

void set_register_and_go(const std::string& socket, unsigned threads, unsigned number,
                         std::uint64_t value, double patience_seconds) {
  Client client(socket, patience_seconds);
  // QEMU 7.2 knows its own registers only after it was asked to describe them.
  client.ask("qSupported");
  client.ask("qXfer:features:read:target.xml:0,ffb");
  client.ask("?");
  for (unsigned thread = 1; thread <= threads; ++thread) {
    if (client.ask(fmt::format("Hg{:x}", thread)) != "OK" ||
        client.ask(fmt::format("P{:x}={:016x}", number, value)) != "OK") {
      throw host::ProcessError(
          fmt::format("QEMU does not let register {} of thread {} be set", number, thread));
    }
  }
  client.ask("D");
}

}  // namespace xive::crosscheck
