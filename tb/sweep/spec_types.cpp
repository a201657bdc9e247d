// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/spec_types.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <memory>
#include <set>

namespace xive::sweep {
namespace {

using config::Json;
using config::Problem;
using config::Reader;

config::Scalar scalar_of(const YAML::Node& node) {
  return {node.Scalar(), node.Tag() != "!"};
}

Json json_of(const config::Scalar& scalar) {
  return scalar.plain ? Json::parse(scalar.text, nullptr, false).is_discarded()
                            ? Json(scalar.text)
                            : Json::parse(scalar.text)
                      : Json(scalar.text);
}

/// A mapping whose keys are paths of the configuration; what is below them is the business of T.
template <class T>
class KeyedMap final : public config::Type {
 public:
  struct Element {
    std::string expected;  ///< of the whole value
    Json schema;           ///< of what stands at a key
    std::function<T(const Reader&, const std::string& key, const YAML::Node&)> read;
    std::function<Json(const T&)> value;
  };
  explicit KeyedMap(Element element) : element_(std::move(element)) {}

  void read(const Reader& reader, const YAML::Node& node, void* value) const override {
    if (!node.IsMap()) {
      reader.fail(node, Problem::Kind::Type, expected(), config::describe(node));
    }
    reader.note(node);
    auto& list = *static_cast<std::vector<T>*>(value);
    list.clear();
    std::set<std::string> seen;
    for (const auto& entry : node) {
      if (!entry.first.IsScalar()) {
        reader.fail(entry.first, Problem::Kind::Syntax, "a key", config::describe(entry.first));
      }
      const std::string& key = entry.first.Scalar();
      const Reader below = reader.below(key);
      if (!seen.insert(key).second) {
        below.fail(entry.first, Problem::Kind::DuplicateKey, "each key once", "it a second time");
      }
      list.push_back(element_.read(below, key, entry.second.IsNull() ? entry.first : entry.second));
    }
  }
  Json value(const void* value) const override {
    Json object = Json::object();
    for (const T& element : *static_cast<const std::vector<T>*>(value)) {
      object[element.key] = element_.value(element);
    }
    return object;
  }
  Json schema() const override {
    return {{"type", "object"}, {"additionalProperties", element_.schema}};
  }
  std::string expected() const override { return element_.expected; }

 private:
  Element element_;
};

const Json& scalar_schema() {
  static const Json kSchema{{"type", {"string", "number", "boolean"}}};
  return kSchema;
}

double number_of(const Reader& reader, const YAML::Node& node, bool& integer) {
  const config::Scalar scalar = node.IsScalar() ? scalar_of(node) : config::Scalar{"", false};
  const Json value = scalar.plain ? Json::parse(scalar.text, nullptr, false) : Json();
  if (!value.is_number()) {
    reader.fail(node, Problem::Kind::Type, "a number", config::describe(node));
  }
  integer = integer && value.is_number_integer();
  return value.get<double>();
}

}  // namespace

config::Schema<std::vector<Setting>> settings_type() {
  return config::Schema<std::vector<Setting>>(
      std::make_shared<KeyedMap<Setting>>(KeyedMap<Setting>::Element{
          "a mapping of configuration keys to values", scalar_schema(),
          [](const Reader& reader, const std::string& key, const YAML::Node& node) {
            if (!node.IsScalar()) {
              reader.fail(node, Problem::Kind::Type, "one value", config::describe(node));
            }
            return Setting{key, scalar_of(node), reader.place(node)};
          },
          [](const Setting& setting) { return json_of(setting.value); }}));
}

config::Schema<std::vector<Axis>> axes_type() {
  return config::Schema<std::vector<Axis>>(std::make_shared<KeyedMap<Axis>>(KeyedMap<Axis>::Element{
      "a mapping of configuration keys to lists of values",
      {{"type", "array"}, {"items", scalar_schema()}, {"minItems", 1}},
      [](const Reader& reader, const std::string& key, const YAML::Node& node) {
        if (!node.IsSequence() || node.size() == 0) {
          reader.fail(node, Problem::Kind::Type, "a list of at least one value",
                      node.IsSequence() ? "an empty list" : config::describe(node));
        }
        Axis axis{key, {}};
        for (std::size_t i = 0; i < node.size(); ++i) {
          if (!node[i].IsScalar()) {
            reader.below(i).fail(node[i], Problem::Kind::Type, "one value",
                                 config::describe(node[i]));
          }
          axis.values.push_back({key, scalar_of(node[i]), reader.place(node[i])});
        }
        return axis;
      },
      [](const Axis& axis) {
        Json list = Json::array();
        for (const Setting& setting : axis.values) list.push_back(json_of(setting.value));
        return list;
      }}));
}

config::Schema<std::vector<Range>> ranges_type() {
  return config::Schema<std::vector<Range>>(
      std::make_shared<KeyedMap<Range>>(KeyedMap<Range>::Element{
          "a mapping of configuration keys to [min, max]",
          {{"type", "array"}, {"items", {{"type", "number"}}}, {"minItems", 2}, {"maxItems", 2}},
          [](const Reader& reader, const std::string& key, const YAML::Node& node) {
            if (!node.IsSequence() || node.size() != 2) {
              reader.fail(node, Problem::Kind::Type, "two numbers, [min, max]",
                          node.IsSequence() ? fmt::format("a list of {}", node.size())
                                            : config::describe(node));
            }
            Range range{key, reader.place(node)};
            range.min = number_of(reader.below(0), node[0], range.integer);
            range.max = number_of(reader.below(1), node[1], range.integer);
            if (range.min > range.max) {
              reader.fail(node, Problem::Kind::Range, "min not above max",
                          fmt::format("[{}, {}]", range.min, range.max));
            }
            return range;
          },
          [](const Range& range) {
            return range.integer ? Json{static_cast<std::int64_t>(range.min),
                                        static_cast<std::int64_t>(range.max)}
                                 : Json{range.min, range.max};
          }}));
}

}  // namespace xive::sweep
