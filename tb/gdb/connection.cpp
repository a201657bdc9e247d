// SPDX-License-Identifier: Apache-2.0
#include "tb/gdb/connection.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace xive::gdb {
namespace {

bool readable(int fd, std::chrono::milliseconds timeout) {
  pollfd source{fd, POLLIN, 0};
  return poll(&source, 1, static_cast<int>(timeout.count())) > 0;
}

[[noreturn]] void fail(const std::string& address, const std::string& what) {
  throw ConnectionError(fmt::format("{}: cannot listen: {}", address, what));
}

}  // namespace

Connection::Connection(const std::string& address) : address_(address) {
  if (address.find('/') != std::string::npos) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    if (address.size() >= sizeof name.sun_path) fail(address, "the path is too long for a socket");
    std::memcpy(name.sun_path, address.c_str(), address.size());
    listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener_ < 0 ||
        bind(listener_, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0 ||
        listen(listener_, 1) != 0) {
      const std::string reason = std::strerror(errno);
      if (listener_ >= 0) close(listener_);
      fail(address, reason);
    }
    path_ = address;
    return;
  }
  const std::size_t colon = address.rfind(':');
  const std::string host = colon == std::string::npos ? "" : address.substr(0, colon);
  const std::string digits = colon == std::string::npos ? address : address.substr(colon + 1);
  unsigned port = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size() || port > 65535 ||
      !(host.empty() || host == "localhost" || host == "127.0.0.1")) {
    fail(address,
         "expected a port of this host (1234, localhost:1234) or the path of a socket "
         "(with a '/')");
  }
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  name.sin_port = htons(static_cast<std::uint16_t>(port));
  socklen_t size = sizeof name;
  if (listener_ < 0 ||
      bind(listener_, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0 ||
      listen(listener_, 1) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&name), &size) != 0) {
    const std::string reason = std::strerror(errno);
    if (listener_ >= 0) close(listener_);
    fail(address, reason);
  }
  address_ = fmt::format("localhost:{}", ntohs(name.sin_port));
}

Connection::~Connection() {
  disconnect();
  close(listener_);
  if (!path_.empty()) unlink(path_.c_str());
}

bool Connection::accept(std::chrono::milliseconds timeout) {
  if (!readable(listener_, timeout)) return false;
  client_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  const int yes = 1;
  if (client_ >= 0 && path_.empty()) {
    setsockopt(client_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  }
  return client_ >= 0;
}

std::string Connection::receive(std::chrono::milliseconds timeout) {
  if (client_ < 0 || !readable(client_, timeout)) return {};
  std::array<char, 4096> buffer{};
  const ssize_t got = recv(client_, buffer.data(), buffer.size(), 0);
  if (got <= 0) {
    if (got == 0 || (errno != EINTR && errno != EAGAIN)) disconnect();
    return {};
  }
  return {buffer.data(), static_cast<std::size_t>(got)};
}

void Connection::send(std::string_view bytes) {
  while (client_ >= 0 && !bytes.empty()) {
    const ssize_t sent = ::send(client_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) continue;
      disconnect();
      return;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Connection::disconnect() {
  if (client_ >= 0) close(client_);
  client_ = -1;
}

}  // namespace xive::gdb
