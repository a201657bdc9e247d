// SPDX-License-Identifier: Apache-2.0
/// How a value of the configuration is read, checked, shown and described. One description serves
/// reading, `config dump` and the JSON Schema, so they cannot drift apart. Users build
/// descriptions with the functions of schema.h; this is what those are made of.
#pragma once

#include <yaml-cpp/yaml.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tb/config/error.h"

namespace xive::config {

/// Keys stay in the order of the description.
using Json = nlohmann::ordered_json;

/// Where each value that is no default came from, by dotted path.
using Origins = std::map<std::string, Origin>;

/// `key` below `path`: "a.b"; the path of the root is empty.
std::string joined(const std::string& path, const std::string& key);

/// A scalar as it stands in a file or on the command line.
struct Scalar {
  std::string text;
  bool plain = true;  ///< not quoted: may be a number, a boolean or null
};

/// The place that is being read: file and path; what was read is entered into `origins`.
class Reader {
 public:
  Reader(std::string file, Origins& origins) : file_(std::move(file)), origins_(&origins) {}

  /// The same reader one key deeper.
  Reader below(const std::string& key) const;
  Reader below(std::size_t index) const;

  const std::string& path() const { return path_; }
  /// The place of `node`.
  Origin place(const YAML::Node& node) const;
  /// The place of `node` becomes the origin of the current path.
  void note(const YAML::Node& node) const;

  /// Throws ConfigError at the place of `node` and the current path.
  [[noreturn]] void fail(const YAML::Node& node, Problem::Kind kind, std::string expected,
                         std::string found, std::string nearest = {}) const;

 private:
  std::string file_;
  std::string path_;
  Origins* origins_;
};

class StructType;

/// Description of the values of one C++ type; `void*` always points to exactly that type. schema.h
/// keeps the two together.
class Type {
 public:
  virtual ~Type() = default;
  Type() = default;
  Type(const Type&) = delete;
  Type& operator=(const Type&) = delete;

  /// Reads and checks `node` into `*value`; throws ConfigError.
  virtual void read(const Reader& reader, const YAML::Node& node, void* value) const = 0;
  /// The value as JSON, as a file would hold it.
  virtual Json value(const void* value) const = 0;
  /// JSON Schema (draft 7) of the values.
  virtual Json schema() const = 0;
  /// What a value must be, to follow "expected".
  virtual std::string expected() const = 0;
  /// Constraints between values; throws ConfigError at the origin of the offending one.
  virtual void verify(const Origins&, const std::string& /*path*/, const void* /*value*/) const {}
  virtual const StructType* as_struct() const { return nullptr; }
};

using TypePtr = std::shared_ptr<const Type>;

/// A type whose values are one word.
class ScalarType : public Type {
 public:
  /// What parse() found wrong.
  struct Mismatch {
    Problem::Kind kind = Problem::Kind::Type;
    std::string found;
    std::string nearest;
  };

  void read(const Reader& reader, const YAML::Node& node, void* value) const override;
  /// Sets `*value` and returns true, or fills `mismatch`.
  virtual bool parse(const Scalar& scalar, void* value, Mismatch& mismatch) const = 0;
};

/// "'text'", "the number 5", "a list", "nothing": a node as an error shows it, never long.
std::string describe(const YAML::Node& node);
std::string describe(const Scalar& scalar);

}  // namespace xive::config
