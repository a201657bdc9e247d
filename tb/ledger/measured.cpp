// SPDX-License-Identifier: Apache-2.0
#include "tb/ledger/measured.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace xive::ledger {
namespace {

constexpr std::size_t kBytes = sizeof(double);

void append(std::string& blob, double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  for (unsigned shift = 0; shift < 64; shift += 8) {
    blob.push_back(static_cast<char>(bits >> shift & 0xffU));
  }
}

double number_at(std::string_view blob, std::size_t place) {
  std::uint64_t bits = 0;
  if ((place + 1) * kBytes > blob.size()) return std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < kBytes; ++i) {
    bits |= std::uint64_t{static_cast<unsigned char>(blob[place * kBytes + i])} << (8U * i);
  }
  return std::bit_cast<double>(bits);
}

std::string row_of(const Columns& columns, std::size_t run) {
  std::string blob;
  blob.reserve(columns.size() * kBytes);
  for (const auto& [name, values] : columns) append(blob, values[run]);
  return blob;
}

void add_layout(Database& database, Dictionary& names, std::int64_t batch, const Columns& columns,
                Origin origin) {
  Statement insert(database,
                   "INSERT INTO batch_metric (batch, host, name, place, runs, mean, least, most) "
                   "VALUES (?,?,?,?,?,?,?,?)");
  std::int64_t place = 0;
  for (const auto& [name, values] : columns) {
    std::int64_t count = 0;
    double sum = 0, least = 0, most = 0;
    for (const double value : values) {
      if (std::isnan(value)) continue;
      least = count == 0 ? value : std::min(least, value);
      most = count == 0 ? value : std::max(most, value);
      sum += value;
      ++count;
    }
    insert.bind(batch)
        .bind(std::int64_t{origin == Origin::Host})
        .bind(names[name])
        .bind(place++)
        .bind(count)
        .bind(count == 0 ? 0 : sum / static_cast<double>(count))
        .bind(least)
        .bind(most)
        .run();
  }
}

}  // namespace

void add_to(Columns& columns, const std::map<std::string, double>& metrics, std::size_t run,
            std::size_t runs) {
  // Both are in the order of their names, and most runs have the same ones: the next column is
  // nearly always the one that is looked for.
  auto next = columns.begin();
  for (const auto& [name, value] : metrics) {
    if (next == columns.end() || next->first != name) next = columns.lower_bound(name);
    if (next == columns.end() || next->first != name) {
      next = columns.emplace_hint(
          next, name, std::vector<double>(runs, std::numeric_limits<double>::quiet_NaN()));
    }
    next->second[run] = value;
    ++next;
  }
}

Dictionary::Dictionary(Database& database, const std::string& table)
    : database_(database),
      find_(database, fmt::format("SELECT id FROM {} WHERE name = ?", table)),
      insert_(database, fmt::format("INSERT INTO {} (name) VALUES (?)", table)) {}

std::int64_t Dictionary::operator[](const std::string& name) {
  if (find_.bind(name).step()) {
    const std::int64_t id = find_.integer(0);
    find_.reset();
    return id;
  }
  insert_.bind(name).run();
  return database_.last_id();
}

void add_measured(Database& database, std::int64_t batch, const std::vector<std::int64_t>& runs,
                  const Columns& simulated, const Columns& host) {
  Dictionary names(database, "metric_name");
  add_layout(database, names, batch, simulated, Origin::Simulated);
  add_layout(database, names, batch, host, Origin::Host);
  Statement insert(database, "INSERT INTO measured (run, host, simulated) VALUES (?,?,?)");
  for (std::size_t i = 0; i < runs.size(); ++i) {
    insert.bind(runs[i]).bind_bytes(row_of(host, i)).bind_bytes(row_of(simulated, i)).run();
  }
}

Columns read_measured(Database& database, std::int64_t batch, const std::vector<std::int64_t>& runs,
                      Origin origin) {
  Columns columns;
  std::vector<std::pair<std::size_t, std::vector<double>*>> places;
  Statement layout(database,
                   "SELECT n.name, b.place FROM batch_metric b JOIN metric_name n ON n.id = b.name "
                   "WHERE b.batch = ? AND b.host = ?");
  layout.bind(batch).bind(std::int64_t{origin == Origin::Host});
  while (layout.step()) {
    std::vector<double>& column = columns[layout.text(0)];
    column.resize(runs.size(), std::numeric_limits<double>::quiet_NaN());
    places.emplace_back(static_cast<std::size_t>(layout.integer(1)), &column);
  }
  Statement row(database, origin == Origin::Host ? "SELECT host FROM measured WHERE run = ?"
                                                 : "SELECT simulated FROM measured WHERE run = ?");
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (!row.bind(runs[i]).step()) continue;
    const std::string_view blob = row.bytes(0);
    for (const auto& [place, column] : places) (*column)[i] = number_at(blob, place);
    row.reset();
  }
  return columns;
}

MeasuredReader::MeasuredReader(Database& database, const std::string& metric)
    : metric_(metric),
      place_(
          database,
          "SELECT b.place FROM metric_name n JOIN batch_metric b ON b.name = n.id AND b.host = 0 "
          "WHERE n.name = ? AND b.batch = ?"),
      row_(database, "SELECT simulated FROM measured WHERE run = ?") {}

double MeasuredReader::of(std::int64_t batch, std::int64_t run) {
  double value = std::numeric_limits<double>::quiet_NaN();
  if (place_.bind(metric_).bind(batch).step() && row_.bind(run).step()) {
    value = number_at(row_.bytes(0), static_cast<std::size_t>(place_.integer(0)));
  }
  place_.reset();
  row_.reset();
  return value;
}

}  // namespace xive::ledger
