// SPDX-License-Identifier: Apache-2.0
/// Numbers, booleans, strings and choices. The parsing is shared by all C++ types of a kind; only
/// the last step, the store into the member, knows the exact type.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tb/config/type.h"

namespace xive::config {

/// Unsigned integers: decimal or 0x hexadecimal, both bounds included.
class UnsignedType : public ScalarType {
 public:
  UnsignedType(std::uint64_t min, std::uint64_t max, std::uint64_t type_max)
      : min_(min), max_(max), open_(max == type_max && type_max > UINT32_MAX) {}
  bool parse(const Scalar& scalar, void* value, Mismatch& mismatch) const override;
  Json value(const void* value) const override { return get(value); }
  Json schema() const override;
  std::string expected() const override;

 protected:
  virtual void set(void* value, std::uint64_t number) const = 0;
  virtual std::uint64_t get(const void* value) const = 0;

 private:
  std::uint64_t min_;
  std::uint64_t max_;
  bool open_;  ///< no upper bound worth telling
};

template <class T>
class UnsignedOf final : public UnsignedType {
 public:
  UnsignedOf(T min, T max) : UnsignedType(min, max, std::numeric_limits<T>::max()) {}

 protected:
  void set(void* value, std::uint64_t number) const override {
    *static_cast<T*>(value) = static_cast<T>(number);
  }
  std::uint64_t get(const void* value) const override { return *static_cast<const T*>(value); }
};

/// Finite `double`, both bounds included.
class RealType final : public ScalarType {
 public:
  RealType(double min, double max) : min_(min), max_(max) {}
  bool parse(const Scalar& scalar, void* value, Mismatch& mismatch) const override;
  Json value(const void* value) const override { return *static_cast<const double*>(value); }
  Json schema() const override;
  std::string expected() const override;

 private:
  double min_;
  double max_;
};

/// `std::uint64_t` in picoseconds, given in nanoseconds; both bounds included.
class NanosecondsType final : public ScalarType {
 public:
  NanosecondsType(double min, double max) : number_(min, max) {}
  bool parse(const Scalar& scalar, void* value, Mismatch& mismatch) const override;
  Json value(const void* value) const override {
    return static_cast<double>(*static_cast<const std::uint64_t*>(value)) / 1000.0;
  }
  Json schema() const override { return number_.schema(); }
  std::string expected() const override { return number_.expected(); }

 private:
  RealType number_;
};

/// `bool`: true or false, nothing else.
class BooleanType final : public ScalarType {
 public:
  bool parse(const Scalar& scalar, void* value, Mismatch& mismatch) const override;
  Json value(const void* value) const override { return *static_cast<const bool*>(value); }
  Json schema() const override { return {{"type", "boolean"}}; }
  std::string expected() const override { return "true or false"; }
};

/// `std::string`; a plain word that YAML reads as number, boolean or null must be quoted in a file.
class StringType final : public ScalarType {
 public:
  explicit StringType(bool may_be_empty) : may_be_empty_(may_be_empty) {}
  bool parse(const Scalar& scalar, void* value, Mismatch& mismatch) const override;
  Json value(const void* value) const override { return *static_cast<const std::string*>(value); }
  Json schema() const override;
  std::string expected() const override {
    return may_be_empty_ ? "a string" : "a string that is not empty";
  }

 private:
  bool may_be_empty_;
};

/// An enumeration: one spelling per value, for reading and writing.
class ChoiceType : public ScalarType {
 public:
  explicit ChoiceType(std::vector<std::string> names) : names_(std::move(names)) {}
  bool parse(const Scalar& scalar, void* value, Mismatch& mismatch) const override;
  Json value(const void* value) const override { return names_.at(get(value)); }
  Json schema() const override { return {{"enum", names_}}; }
  std::string expected() const override;

 protected:
  virtual void set(void* value, std::size_t index) const = 0;
  virtual std::size_t get(const void* value) const = 0;

 private:
  std::vector<std::string> names_;
};

template <class E>
class ChoiceOf final : public ChoiceType {
 public:
  explicit ChoiceOf(const std::vector<std::pair<std::string, E>>& choices)
      : ChoiceType(names(choices)) {
    values_.reserve(choices.size());
    for (const auto& choice : choices) {
      values_.push_back(choice.second);
    }
  }

 protected:
  void set(void* value, std::size_t index) const override {
    *static_cast<E*>(value) = values_[index];
  }
  std::size_t get(const void* value) const override {
    std::size_t index = 0;
    while (index < values_.size() && values_[index] != *static_cast<const E*>(value)) {
      ++index;
    }
    return index;  // past the end: ChoiceType::value throws std::out_of_range
  }

 private:
  static std::vector<std::string> names(const std::vector<std::pair<std::string, E>>& choices) {
    std::vector<std::string> list;
    list.reserve(choices.size());
    for (const auto& choice : choices) {
      list.push_back(choice.first);
    }
    return list;
  }

  std::vector<E> values_;
};

}  // namespace xive::config
