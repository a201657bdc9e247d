// SPDX-License-Identifier: Apache-2.0
/// How a struct is described, once, for reading, checking, `config dump` and the JSON Schema:
///
///   struct Core { unsigned threads = 4; Kind kind = Kind::Model; };
///   Schema<Core> core_schema() {
///     return object<Core>("core", "One processor core.")
///         .field("threads", &Core::threads, integer(1U, 8U), "hardware threads")
///         .field("kind", &Core::kind, choice<Kind>({{"model", Kind::Model}, {"rtl", Kind::Rtl}}),
///                "who plays the TIMA");
///   }
///   struct Chip { std::vector<Core> cores; };
///   object<Chip>(...).field("cores", &Chip::cores, list(core_schema(), 1, 24), "cores, in order");
///
/// A default is what the struct's own constructor gives.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tb/config/scalar_types.h"
#include "tb/config/struct_type.h"

namespace xive::config {

/// Description of the values of T.
template <class T>
class Schema {
 public:
  explicit Schema(TypePtr type) : type_(std::move(type)) {}
  const TypePtr& type() const { return type_; }

 private:
  TypePtr type_;
};

/// Description of a struct, built field by field.
template <class S>
class ObjectSchema {
 public:
  ObjectSchema(std::string name, std::string doc)
      : type_(std::make_shared<StructOf<S>>(std::move(name), std::move(doc))) {}

  template <class M>
  ObjectSchema& field(std::string key, M S::*member, const Schema<M>& schema, std::string doc) {
    return field(std::move(key), std::function<M&(S&)>(std::mem_fn(member)), schema,
                 std::move(doc));
  }
  /// A part that is no member, e.g. an element of an array.
  template <class M>
  ObjectSchema& field(std::string key, std::function<M&(S&)> part, const Schema<M>& schema,
                      std::string doc) {
    type_->add(Field{std::move(key), std::move(doc), schema.type(),
                     [part = std::move(part)](void* object) -> void* {
                       return &part(*static_cast<S*>(object));
                     }});
    return *this;
  }
  template <class M>
  ObjectSchema& field(std::string key, M S::*member, const ObjectSchema<M>& schema,
                      std::string doc) {
    return field(std::move(key), member, Schema<M>(schema), std::move(doc));
  }
  /// A condition between members; a violation is told at `key`, which must be a field.
  ObjectSchema& constraint(std::string key, std::string expected,
                           std::function<bool(const S&)> holds) {
    type_->add(Constraint{std::move(key), std::move(expected), [holds](const void* object) {
                            return holds(*static_cast<const S*>(object));
                          }});
    return *this;
  }

  // Implicit: an object description is a description.
  operator Schema<S>() const { return Schema<S>(type_); }  // NOLINT(google-explicit-constructor)

 private:
  std::shared_ptr<StructOf<S>> type_;
};

template <class S>
ObjectSchema<S> object(std::string name, std::string doc) {
  return ObjectSchema<S>(std::move(name), std::move(doc));
}

/// Both bounds included.
template <std::unsigned_integral T>
Schema<T> integer(T min, T max = std::numeric_limits<T>::max()) {
  return Schema<T>(std::make_shared<UnsignedOf<T>>(min, max));
}
inline Schema<double> real(double min, double max) {
  return Schema<double>(std::make_shared<RealType>(min, max));
}
/// A time, given in nanoseconds; the value is whole picoseconds.
inline Schema<std::uint64_t> nanoseconds(double min, double max) {
  return Schema<std::uint64_t>(std::make_shared<NanosecondsType>(min, max));
}
inline Schema<bool> boolean() {
  return Schema<bool>(std::make_shared<BooleanType>());
}
inline Schema<std::string> string(bool may_be_empty = true) {
  return Schema<std::string>(std::make_shared<StringType>(may_be_empty));
}
template <class E>
Schema<E> choice(const std::vector<std::pair<std::string, E>>& choices) {
  return Schema<E>(std::make_shared<ChoiceOf<E>>(choices));
}
template <class T>
Schema<std::vector<T>> list(const Schema<T>& element, std::size_t min, std::size_t max) {
  return Schema<std::vector<T>>(std::make_shared<ListOf<T>>(element.type(), min, max));
}
template <class T>
Schema<std::optional<T>> optional(const Schema<T>& inner) {
  return Schema<std::optional<T>>(std::make_shared<OptionalOf<T>>(inner.type()));
}

}  // namespace xive::config
