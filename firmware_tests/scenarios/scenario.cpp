// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/scenarios/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace xive::scenarios {

std::int64_t Point::operator[](std::string_view name) const {
  for (const auto& [key, value] : values_) {
    if (key == name) return value;
  }
  throw std::out_of_range(fmt::format("no parameter '{}'", name));
}

std::string Point::text() const {
  std::string text;
  for (const auto& [key, value] : values_) {
    text += fmt::format("{}{}={}", text.empty() ? "" : " ", key, value);
  }
  return text;
}

std::vector<Point> Scenario::sweep() const {
  std::size_t count = 1;
  for (const Axis& axis : axes) count *= axis.values.size();
  std::vector<Point> points;
  for (std::size_t n = 0; n < count; ++n) {
    std::vector<std::pair<std::string, std::int64_t>> values(axes.size());
    std::size_t rest = n;
    for (std::size_t k = axes.size(); k-- > 0;) {
      values[k] = {axes[k].name, axes[k].values[rest % axes[k].values.size()]};
      rest /= axes[k].values.size();
    }
    const Point candidate(points.size(), std::move(values));
    if (n == 0 || !valid || valid(candidate)) points.push_back(candidate);
  }
  return points;
}

Point Scenario::point(const std::map<std::string, std::int64_t>& changes) const {
  std::vector<std::pair<std::string, std::int64_t>> values;
  for (const Axis& axis : axes) values.emplace_back(axis.name, axis.values.front());
  for (const auto& [name, value] : changes) {
    const auto at = std::find_if(values.begin(), values.end(),
                                 [&, key = name](const auto& entry) { return entry.first == key; });
    if (at == values.end()) throw std::out_of_range(fmt::format("no parameter '{}'", name));
    at->second = value;
  }
  for (const Point& point : sweep()) {
    if (point.values() == values) return point;
  }
  return {static_cast<std::size_t>(-1), std::move(values)};
}

}  // namespace xive::scenarios
