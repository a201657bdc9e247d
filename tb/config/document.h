// SPDX-License-Identifier: Apache-2.0
/// A value of type T with the story of how it came about: defaults, then a file, then settings of
/// the command line.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "tb/config/schema.h"

namespace xive::config {

/// The part of Document that does not know T.
class DocumentBase {
 public:
  DocumentBase(const DocumentBase&) = delete;
  DocumentBase& operator=(const DocumentBase&) = delete;

  /// Reads a YAML file over what is there. Throws ConfigError.
  void load(const std::string& path);

  /// Sets one scalar, e.g. set("validate.ops", "1000", "--ops"); `option` is named in errors.
  void set(const std::string& path, const std::string& text, const std::string& option);
  /// The same for a scalar of a file; errors and dump() name its place.
  void set(const std::string& path, const Scalar& scalar, const Origin& origin);

  /// Constraints between values; call once when everything is read. Throws ConfigError.
  void verify() const;

  /// The effective values as YAML that can be read again, with the origin of each as comment.
  std::string dump() const;
  /// The effective values as a tree.
  Json json() const;
  /// Every value that is no default, by path, as YAML text: what makes this configuration special.
  std::map<std::string, std::string> settings() const;

  const Origins& origins() const { return origins_; }
  /// The description of a key; std::exception when there is none.
  const Field& field(const std::string& path) const;

 protected:
  DocumentBase(TypePtr type, void* value) : type_(std::move(type)), value_(value) {}
  ~DocumentBase() = default;

 private:
  struct Place {
    const Field* field;
    void* object;  ///< the struct that holds the field
  };
  /// Throws ConfigError at `origin`.
  Place locate(const std::string& path, const Origin& origin) const;

  TypePtr type_;
  void* value_;
  Origins origins_;
};

template <class T>
class Document final : public DocumentBase {
 public:
  explicit Document(const Schema<T>& schema) : DocumentBase(schema.type(), &value_) {}
  const T& value() const { return value_; }

 private:
  T value_{};
};

/// Reads a word of the command line; `type` must be that of a single value. `key` may be empty.
/// Throws ConfigError that names `option`.
void parse_option(const Type& type, const std::string& text, const std::string& option,
                  const std::string& key, void* value);

/// The same for a value that belongs to no document.
template <class T>
T parse_option(const Schema<T>& schema, const std::string& text, const std::string& option) {
  T value{};
  parse_option(*schema.type(), text, option, {}, &value);
  return value;
}

/// JSON Schema (draft 7) as it stands in configs/schema/.
std::string json_schema(const Type& root, const std::string& id);

}  // namespace xive::config
