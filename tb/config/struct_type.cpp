// SPDX-License-Identifier: Apache-2.0
#include "tb/config/struct_type.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "tb/config/nearest.h"

namespace xive::config {
void StructType::add(Field field) {
  if (find(field.key) != nullptr) {
    throw std::logic_error(fmt::format("{} describes key '{}' twice", name_, field.key));
  }
  fields_.push_back(std::move(field));
}

const Field* StructType::find(const std::string& key) const {
  const auto match = std::find_if(fields_.begin(), fields_.end(),
                                  [&key](const Field& field) { return field.key == key; });
  return match == fields_.end() ? nullptr : &*match;
}

std::vector<std::string> StructType::keys() const {
  std::vector<std::string> list;
  for (const Field& field : fields_) {
    list.push_back(field.key);
  }
  return list;
}

void StructType::read(const Reader& reader, const YAML::Node& node, void* value) const {
  if (!node.IsMap()) {
    reader.fail(node, Problem::Kind::Type, expected(), describe(node));
  }
  reader.note(node);
  std::set<std::string> seen;
  for (const auto& entry : node) {
    if (!entry.first.IsScalar()) {
      reader.fail(entry.first, Problem::Kind::Syntax, "a key", describe(entry.first));
    }
    const std::string& key = entry.first.Scalar();
    const Field* field = find(key);
    if (field == nullptr) {
      reader.fail(
          entry.first, Problem::Kind::UnknownKey, fmt::format("one of {}", fmt::join(keys(), ", ")),
          fmt::format("unknown key {}", describe(Scalar{key, true})), nearest_match(key, keys()));
    }
    const Reader below = reader.below(key);
    if (!seen.insert(key).second) {
      below.fail(entry.first, Problem::Kind::DuplicateKey, "each key once", "it a second time");
    }
    // An empty value has no place of its own; the key stands for it.
    if (entry.second.IsNull()) {
      below.fail(entry.first, Problem::Kind::Type, field->type->expected(), "nothing");
    }
    field->type->read(below, entry.second, field->member(value));
  }
}

Json StructType::value(const void* value) const {
  Json object = Json::object();
  for (const Field& field : fields_) {
    object[field.key] = field.type->value(field.get(value));
  }
  return object;
}

Json StructType::schema_of(const void* defaults) const {
  Json properties = Json::object();
  for (const Field& field : fields_) {
    const void* member = field.get(defaults);
    // The defaults of a struct stand at its members.
    const StructType* inner = field.type->as_struct();
    Json property = inner != nullptr ? inner->schema_of(member) : field.type->schema();
    property["description"] = field.doc;
    const Json value = field.type->value(member);
    if (inner == nullptr && !value.is_null()) property["default"] = value;
    properties[field.key] = std::move(property);
  }
  return {{"type", "object"},
          {"title", name_},
          {"description", doc_},
          {"additionalProperties", false},
          {"properties", std::move(properties)}};
}

void StructType::verify(const Origins& origins, const std::string& path, const void* value) const {
  for (const Field& field : fields_) {
    field.type->verify(origins, joined(path, field.key), field.get(value));
  }
  for (const Constraint& constraint : constraints_) {
    if (!constraint.holds(value)) {
      const std::string key = joined(path, constraint.key);
      const auto origin = origins.find(key);
      const Field* field = find(constraint.key);
      throw ConfigError({Problem::Kind::Constraint,
                         origin == origins.end() ? Origin{} : origin->second,
                         key,
                         constraint.expected,
                         fmt::format("{}", field->type->value(field->get(value)).dump()),
                         {}});
    }
  }
}

void ListType::read(const Reader& reader, const YAML::Node& node, void* value) const {
  if (!node.IsSequence()) {
    reader.fail(node, Problem::Kind::Type, expected(), describe(node));
  }
  if (node.size() < min_ || node.size() > max_) {
    reader.fail(node, Problem::Kind::Range, expected(),
                fmt::format("{} element{}", node.size(), node.size() == 1 ? "" : "s"));
  }
  reader.note(node);
  clear(value);
  std::size_t index = 0;
  for (const auto& element : node) {
    element_->read(reader.below(index++), element, append(value));
  }
}

Json ListType::value(const void* value) const {
  Json array = Json::array();
  for (std::size_t i = 0; i < size(value); ++i) {
    array.push_back(element_->value(at(value, i)));
  }
  return array;
}

Json ListType::schema() const {
  return {{"type", "array"}, {"items", element_->schema()}, {"minItems", min_}, {"maxItems", max_}};
}

std::string ListType::expected() const {
  return fmt::format("a list of {} to {} elements", min_, max_);
}

void ListType::verify(const Origins& origins, const std::string& path, const void* value) const {
  for (std::size_t i = 0; i < size(value); ++i) {
    element_->verify(origins, fmt::format("{}[{}]", path, i), at(value, i));
  }
}

}  // namespace xive::config
