// SPDX-License-Identifier: Apache-2.0
#include "tb/config/type.h"

#include <fmt/format.h>

#include <utility>

namespace xive::config {
namespace {

constexpr std::size_t kShownLength = 40;

}  // namespace

std::string joined(const std::string& path, const std::string& key) {
  return path.empty() ? key : fmt::format("{}.{}", path, key);
}

Reader Reader::below(const std::string& key) const {
  Reader reader = *this;
  reader.path_ = joined(path_, key);
  return reader;
}

Reader Reader::below(std::size_t index) const {
  Reader reader = *this;
  reader.path_ += fmt::format("[{}]", index);
  return reader;
}

Origin Reader::place(const YAML::Node& node) const {
  return {Origin::Kind::File, file_, node.Mark().line + 1};
}

void Reader::note(const YAML::Node& node) const {
  (*origins_)[path_] = place(node);
}

void Reader::fail(const YAML::Node& node, Problem::Kind kind, std::string expected,
                  std::string found, std::string nearest) const {
  throw ConfigError(
      {kind, place(node), path_, std::move(expected), std::move(found), std::move(nearest)});
}

void ScalarType::read(const Reader& reader, const YAML::Node& node, void* value) const {
  if (!node.IsScalar()) {
    reader.fail(node, Problem::Kind::Type, expected(), describe(node));
  }
  Mismatch mismatch;
  // yaml-cpp tags a plain scalar "?" and a quoted one "!".
  if (!parse({node.Scalar(), node.Tag() != "!"}, value, mismatch)) {
    reader.fail(node, mismatch.kind, expected(), mismatch.found, mismatch.nearest);
  }
  reader.note(node);
}

std::string describe(const Scalar& scalar) {
  std::string text = scalar.text;
  if (text.size() > kShownLength) {
    // Cut between characters: a byte 10xxxxxx continues the one before.
    std::size_t end = kShownLength;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
      --end;
    }
    text = text.substr(0, end) + "...";
  }
  for (char& c : text) {
    c = static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;  // an error is one line
  }
  return scalar.plain ? fmt::format("'{}'", text) : fmt::format("the string '{}'", text);
}

std::string describe(const YAML::Node& node) {
  if (node.IsMap()) {
    return "a mapping of keys";
  }
  if (node.IsSequence()) {
    return "a list";
  }
  if (node.IsScalar()) {
    return describe(Scalar{node.Scalar(), node.Tag() != "!"});
  }
  return "nothing";
}

}  // namespace xive::config
