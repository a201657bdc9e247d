// SPDX-License-Identifier: Apache-2.0
/// Structs, lists and optional values: the types that hold others.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tb/config/type.h"

namespace xive::config {

/// One member of a struct.
struct Field {
  std::string key;
  std::string doc;  ///< one line: meaning and unit
  TypePtr type;
  std::function<void*(void*)> member;  ///< from the struct to the member

  const void* get(const void* object) const {
    // The accessor only computes an address; the constness of the object is kept by the result.
    return member(const_cast<void*>(object));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  }
};

/// A condition between members: what is wrong, told at the key of one of them.
struct Constraint {
  std::string key;
  std::string expected;
  std::function<bool(const void*)> holds;
};

class StructType : public Type {
 public:
  StructType(std::string name, std::string doc) : name_(std::move(name)), doc_(std::move(doc)) {}

  void read(const Reader& reader, const YAML::Node& node, void* value) const override;
  Json value(const void* value) const override;
  Json schema() const override { return schema_of(make_default().get()); }
  std::string expected() const override { return "a mapping of keys"; }
  void verify(const Origins& origins, const std::string& path, const void* value) const override;
  const StructType* as_struct() const override { return this; }

  const std::string& doc() const { return doc_; }
  const std::vector<Field>& fields() const { return fields_; }
  const Field* find(const std::string& key) const;
  std::vector<std::string> keys() const;

  void add(Field field);
  void add(Constraint constraint) { constraints_.push_back(std::move(constraint)); }

 protected:
  /// A value as its C++ type constructs it: the defaults that the schema shows.
  virtual std::shared_ptr<void> make_default() const = 0;

 private:
  /// With the defaults of the object that holds it.
  Json schema_of(const void* defaults) const;

  std::string name_;
  std::string doc_;
  std::vector<Field> fields_;
  std::vector<Constraint> constraints_;
};

template <class S>
class StructOf final : public StructType {
 public:
  using StructType::StructType;

 protected:
  std::shared_ptr<void> make_default() const override { return std::make_shared<S>(); }
};

/// std::vector; reading replaces the whole list.
class ListType : public Type {
 public:
  ListType(TypePtr element, std::size_t min, std::size_t max)
      : element_(std::move(element)), min_(min), max_(max) {}
  void read(const Reader& reader, const YAML::Node& node, void* value) const override;
  Json value(const void* value) const override;
  Json schema() const override;
  std::string expected() const override;
  void verify(const Origins& origins, const std::string& path, const void* value) const override;

 protected:
  virtual void clear(void* list) const = 0;
  virtual void* append(void* list) const = 0;
  virtual std::size_t size(const void* list) const = 0;
  virtual const void* at(const void* list, std::size_t index) const = 0;

 private:
  TypePtr element_;
  std::size_t min_;
  std::size_t max_;
};

template <class T>
class ListOf final : public ListType {
 public:
  using ListType::ListType;

 protected:
  void clear(void* list) const override { as(list).clear(); }
  void* append(void* list) const override { return &as(list).emplace_back(); }
  std::size_t size(const void* list) const override { return as(list).size(); }
  const void* at(const void* list, std::size_t index) const override { return &as(list)[index]; }

 private:
  static std::vector<T>& as(void* list) { return *static_cast<std::vector<T>*>(list); }
  static const std::vector<T>& as(const void* list) {
    return *static_cast<const std::vector<T>*>(list);
  }
};

/// std::optional: an absent key leaves it empty.
template <class T>
class OptionalOf final : public Type {
 public:
  explicit OptionalOf(TypePtr inner) : inner_(std::move(inner)) {}
  void read(const Reader& reader, const YAML::Node& node, void* value) const override {
    inner_->read(reader, node, &static_cast<std::optional<T>*>(value)->emplace());
  }
  Json value(const void* value) const override {
    const auto& optional = *static_cast<const std::optional<T>*>(value);
    return optional ? inner_->value(&*optional) : Json();
  }
  Json schema() const override { return inner_->schema(); }
  std::string expected() const override { return inner_->expected(); }
  void verify(const Origins& origins, const std::string& path, const void* value) const override {
    const auto& optional = *static_cast<const std::optional<T>*>(value);
    if (optional) {
      inner_->verify(origins, path, &*optional);
    }
  }

 private:
  TypePtr inner_;
};

}  // namespace xive::config
