// SPDX-License-Identifier: Apache-2.0
#include "tb/config/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>

#include "tb/config/nearest.h"
#include "tb/config/source.h"

namespace xive::config {
namespace {

/// A scalar as YAML; strings without quotes where that is safe.
std::string yaml_text(const Json& value) {
  if (!value.is_string()) {
    return value.dump();
  }
  const auto& text = value.get_ref<const std::string&>();
  const bool word = !text.empty() && std::isalpha(static_cast<unsigned char>(text[0])) != 0 &&
                    std::all_of(text.begin(), text.end(), [](unsigned char c) {
                      return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '/' || c == '.';
                    });
  // Words that YAML readers of any version take for something else stay quoted.
  static const std::vector<std::string> kReserved{"true", "false", "null", "yes", "no", "on",
                                                  "off",  "inf",   "nan",  "y",   "n"};
  std::string lower = text;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const bool reserved = std::find(kReserved.begin(), kReserved.end(), lower) != kReserved.end();
  return word && !reserved ? text : value.dump();
}

/// The lines of `dump`: scalars with their origin, containers as nesting.
class Dumper {
 public:
  explicit Dumper(const Origins& origins) : origins_(origins) {}

  /// `lead` stands before the first key: the indentation, or the dash of a list element.
  void object(const Json& value, const std::string& path, const std::string& indent,
              std::string lead) {
    for (const auto& [key, member] : value.items()) {
      if (member.is_null()) {
        continue;  // an optional value that is not there
      }
      entry(member, joined(path, key), indent, fmt::format("{}{}:", lead, key));
      lead = indent;
    }
  }

  std::string text() const {
    std::size_t width = 0;
    for (const auto& [line, origin] : lines_) {
      width = origin.empty() ? width : std::max(width, line.size());
    }
    std::string out;
    for (const auto& [line, origin] : lines_) {
      out += origin.empty() ? line + "\n" : fmt::format("{:<{}}  # {}\n", line, width, origin);
    }
    return out;
  }

 private:
  void entry(const Json& value, const std::string& path, const std::string& indent,
             const std::string& head) {
    const std::string deeper = indent + "  ";
    if (value.empty() || value.is_primitive()) {
      lines_.emplace_back(head + " " + yaml_text(value), origin(path));
      return;
    }
    lines_.emplace_back(head, "");
    if (value.is_object()) {
      object(value, path, deeper, deeper);
      return;
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::string element_path = fmt::format("{}[{}]", path, i);
      if (value[i].is_object()) {
        object(value[i], element_path, deeper + "  ", deeper + "- ");
      } else {
        lines_.emplace_back(deeper + "- " + yaml_text(value[i]), origin(element_path));
      }
    }
  }

  std::string origin(const std::string& path) const {
    const auto found = origins_.find(path);
    return (found == origins_.end() ? Origin{} : found->second).text();
  }

  const Origins& origins_;
  std::vector<std::pair<std::string, std::string>> lines_;  ///< text, origin
};

}  // namespace

void DocumentBase::load(const std::string& path) {
  const YAML::Node node = load_yaml(path);
  type_->read(Reader(path, origins_), node, value_);
}

DocumentBase::Place DocumentBase::locate(const std::string& path, const Origin& origin) const {
  Place place{nullptr, value_};
  const Type* type = type_.get();
  std::string done;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t dot = std::min(path.find('.', start), path.size());
    const std::string key = path.substr(start, dot - start);
    const StructType* object = type->as_struct();
    if (object == nullptr) {
      throw ConfigError({Problem::Kind::UnknownKey,
                         origin,
                         done,
                         type->expected(),
                         fmt::format("the key '{}' below it", key),
                         {}});
    }
    if (place.field != nullptr) {
      place.object = place.field->member(place.object);
    }
    place.field = object->find(key);
    if (place.field == nullptr) {
      throw ConfigError({Problem::Kind::UnknownKey, origin, done,
                         fmt::format("one of {}", fmt::join(object->keys(), ", ")),
                         fmt::format("unknown key {}", describe(Scalar{key, true})),
                         nearest_match(key, object->keys())});
    }
    type = place.field->type.get();
    done = path.substr(0, dot);
    start = dot + 1;
  }
  return place;
}

const Field& DocumentBase::field(const std::string& path) const {
  return *locate(path, {Origin::Kind::CommandLine, path, 0}).field;
}

namespace {

void parse_scalar(const Type& type, const Scalar& word, const Origin& origin,
                  const std::string& key, void* value) {
  const auto* scalar = dynamic_cast<const ScalarType*>(&type);
  if (scalar == nullptr) {
    throw ConfigError({Problem::Kind::Type,
                       origin,
                       key,
                       "the key of a single value",
                       fmt::format("the key of {}", type.expected()),
                       {}});
  }
  ScalarType::Mismatch mismatch;
  if (!scalar->parse(word, value, mismatch)) {
    throw ConfigError(
        {mismatch.kind, origin, key, scalar->expected(), mismatch.found, mismatch.nearest});
  }
}

}  // namespace

void parse_option(const Type& type, const std::string& text, const std::string& option,
                  const std::string& key, void* value) {
  // The shell has eaten the quotes: a string may look like a number.
  const bool is_string = dynamic_cast<const StringType*>(&type) != nullptr;
  parse_scalar(type, {text, !is_string}, {Origin::Kind::CommandLine, option, 0}, key, value);
}

void DocumentBase::set(const std::string& path, const std::string& text,
                       const std::string& option) {
  const Origin origin{Origin::Kind::CommandLine, option, 0};
  const auto [field, object] = locate(path, origin);
  parse_option(*field->type, text, option, option == "--set" ? path : std::string(),
               field->member(object));
  origins_[path] = origin;
}

void DocumentBase::set(const std::string& path, const Scalar& scalar, const Origin& origin) {
  const auto [field, object] = locate(path, origin);
  parse_scalar(*field->type, scalar, origin, path, field->member(object));
  origins_[path] = origin;
}

Json DocumentBase::json() const {
  return type_->value(value_);
}

std::map<std::string, std::string> DocumentBase::settings() const {
  std::map<std::string, std::string> settings;
  const Json all = type_->value(value_);
  for (const auto& [path, origin] : origins_) {
    if (origin.kind == Origin::Kind::Default) {
      continue;
    }
    // A list counts as one value, under its own path.
    std::string pointer = "/" + path.substr(0, path.find('['));
    std::replace(pointer.begin(), pointer.end(), '.', '/');
    const Json::json_pointer where(pointer);
    if (all.contains(where) && !all.at(where).is_object()) {
      const Json& value = all.at(where);
      settings[path.substr(0, path.find('['))] =
          value.is_primitive() ? yaml_text(value) : value.dump();
    }
  }
  return settings;
}

void DocumentBase::verify() const {
  type_->verify(origins_, {}, value_);
}

std::string DocumentBase::dump() const {
  Dumper dumper(origins_);
  dumper.object(type_->value(value_), {}, {}, {});
  return dumper.text();
}

std::string json_schema(const Type& root, const std::string& id) {
  Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"$id", id}};
  schema.update(root.schema());
  return schema.dump(2) + "\n";
}

}  // namespace xive::config
