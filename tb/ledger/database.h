// SPDX-License-Identifier: Apache-2.0
/// A thin owner of an SQLite connection and its statements.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace xive::ledger {

/// The ledger cannot be opened, read or written; what() names the file and the reason.
class LedgerError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Database {
 public:
  enum class Mode : std::uint8_t { Read, Write };

  /// How long somebody else's transaction is waited for.
  static constexpr std::chrono::milliseconds kPatience{60'000};

  /// Write creates the file. Throws LedgerError.
  Database(const std::string& path, Mode mode, std::chrono::milliseconds patience = kPatience);

  const std::string& path() const { return path_; }
  /// One or more statements without results.
  void run(const std::string& sql);
  std::int64_t last_id() const;
  [[noreturn]] void fail(const std::string& what) const;

 private:
  friend class Statement;
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
};

/// A prepared statement: bind in the order of the question marks, then step through the rows.
class Statement {
 public:
  Statement(Database& database, const std::string& sql);

  Statement& bind(std::int64_t value);
  Statement& bind(double value);
  Statement& bind(std::string_view value);
  Statement& bind_bytes(std::string_view value);
  /// False at the end, which also makes the statement ready to be bound again.
  bool step();
  /// Makes a statement that is not at its end ready to be bound again.
  void reset();
  /// For a statement without rows.
  void run();

  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  /// Valid until the next step() or reset().
  std::string_view bytes(int column) const;

 private:
  void check(int code);
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int next_ = 1;
};

/// Rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace xive::ledger
