// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

namespace xive::gdb {

/// The address cannot be used; what() names it and the reason.
class ConnectionError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One debugger at a time over a loopback port ("1234", "localhost:1234") or a UNIX socket (a path
/// with a '/'). The socket's file is removed at the end.
class Connection {
 public:
  /// Listens. Throws ConnectionError.
  explicit Connection(const std::string& address);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// What a debugger must be told to connect to: the address, with the port that was chosen for 0.
  const std::string& address() const { return address_; }
  bool connected() const { return client_ >= 0; }
  /// Waits for a debugger; false when the time is over or a signal arrived.
  bool accept(std::chrono::milliseconds timeout);
  /// Bytes that have arrived; waits for at least one, at most `timeout`. Empty: none, see
  /// connected().
  std::string receive(std::chrono::milliseconds timeout);
  void send(std::string_view bytes);
  void disconnect();

 private:
  int listener_ = -1, client_ = -1;
  std::string address_;
  std::string path_;  ///< UNIX socket
};

}  // namespace xive::gdb
