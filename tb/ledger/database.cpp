// SPDX-License-Identifier: Apache-2.0
#include "tb/ledger/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace xive::ledger {
namespace {

/// What somebody can do about it.
const char* remedy(int code) {
  switch (code) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return "; it was left as it is: name another file with --ledger, `sweep --resume` adds the "
             "results of a folder to it";
    case SQLITE_BUSY:
      return "; another process is writing to it: try again when it has ended";
    case SQLITE_FULL:
      return "; nothing was added: make room and try again";
    default:
      return "";
  }
}

}  // namespace

void Database::Close::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

Database::Database(const std::string& path, Mode mode, std::chrono::milliseconds patience)
    : path_(path) {
  const int flags =
      mode == Mode::Read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);  // also of a failed open
  if (code != SQLITE_OK) {
    fail("cannot open");
  }
  sqlite3_busy_timeout(handle, static_cast<int>(patience.count()));
}

void Database::fail(const std::string& what) const {
  if (!handle_) throw LedgerError(fmt::format("ledger {}: {}: out of memory", path_, what));
  throw LedgerError(fmt::format("ledger {}: {}: {}{}", path_, what, sqlite3_errmsg(handle_.get()),
                                remedy(sqlite3_errcode(handle_.get()))));
}

void Database::run(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail("cannot carry out a statement");
  }
}

std::int64_t Database::last_id() const {
  return sqlite3_last_insert_rowid(handle_.get());
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement::Statement(Database& database, const std::string& sql) : database_(database) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v2(database.handle_.get(), sql.c_str(), static_cast<int>(sql.size()),
                           &statement, nullptr));
  statement_.reset(statement);
}

void Statement::check(int code) {
  if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) {
    database_.fail("cannot read or write");
  }
}

Statement& Statement::bind(std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), next_++, value));
  return *this;
}
Statement& Statement::bind(double value) {
  check(sqlite3_bind_double(statement_.get(), next_++, value));
  return *this;
}
Statement& Statement::bind(std::string_view value) {
  // Copied by SQLite. A null pointer would bind NULL: an empty view may have one.
  check(sqlite3_bind_text(statement_.get(), next_++, value.empty() ? "" : value.data(),
                          static_cast<int>(value.size()), SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::bind_bytes(std::string_view value) {
  check(sqlite3_bind_blob64(statement_.get(), next_++, value.empty() ? "" : value.data(),
                            value.size(), SQLITE_TRANSIENT));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code != SQLITE_DONE) {
    database_.fail("cannot read or write");
  }
  reset();
  return false;
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  next_ = 1;
}

void Statement::run() {
  while (step()) {
  }
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}
double Statement::real(int column) const {
  return sqlite3_column_double(statement_.get(), column);
}
std::string Statement::text(int column) const {
  const unsigned char* text = sqlite3_column_text(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return text == nullptr ? std::string() : std::string(text, text + size);
}

std::string_view Statement::bytes(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return bytes == nullptr
             ? std::string_view()
             : std::string_view(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.run("BEGIN IMMEDIATE");
}
Transaction::~Transaction() {
  if (open_) {
    try {
      database_.run("ROLLBACK");
    } catch (const LedgerError&) {
      // SQLite has rolled back already, e.g. when the disk was full.
    }
  }
}
void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace xive::ledger
