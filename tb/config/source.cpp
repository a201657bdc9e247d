// SPDX-License-Identifier: Apache-2.0
#include "tb/config/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <vector>

#include "tb/config/error.h"
#include "tb/config/nearest.h"
#include "tb/config/utf8.h"

namespace xive::config {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_file(const std::string& path, std::string expected, std::string found,
                            std::string nearest = {}) {
  throw ConfigError({Problem::Kind::File,
                     {Origin::Kind::File, path, 0},
                     {},
                     std::move(expected),
                     std::move(found),
                     std::move(nearest)});
}

[[noreturn]] void fail_line(const std::string& path, int line, std::string expected,
                            std::string found) {
  throw ConfigError({Problem::Kind::Syntax,
                     {Origin::Kind::File, path, line},
                     {},
                     std::move(expected),
                     std::move(found),
                     {}});
}

/// A file of the same folder with a similar name.
std::string similar_file(const fs::path& path) {
  std::vector<std::string> names;
  std::error_code error;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    names.push_back(it->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  const std::string name = nearest_match(path.filename().string(), names);
  return name.empty() ? name : (path.parent_path() / name).string();
}

std::string read_text(const std::string& path) {
  constexpr const char* kExpected = "a configuration file";
  if (path.empty()) {
    fail_file("(empty name)", kExpected, "no file name");
  }
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) {
    fail_file(path, kExpected, "no such file", similar_file(path));
  }
  if (error) {
    fail_file(path, kExpected, error.message());
  }
  if (status.type() == fs::file_type::directory) {
    fail_file(path, kExpected, "a directory");
  }
  if (status.type() != fs::file_type::regular) {
    fail_file(path, kExpected, "no regular file");
  }
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    fail_file(path, "a readable file", std::strerror(errno));
  }
  std::string text(kMaxFileBytes + 1, '\0');
  errno = 0;
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad() || (stream.gcount() == 0 && errno != 0)) {
    fail_file(path, "a readable file", errno != 0 ? std::strerror(errno) : "a read error");
  }
  if (static_cast<std::size_t>(stream.gcount()) > kMaxFileBytes) {
    fail_file(path, fmt::format("a configuration file of at most {} bytes", kMaxFileBytes),
              "a larger one");
  }
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

/// yaml-cpp takes any bytes and reports tabs in ways that do not name the tab; both are told here.
void check_characters(const std::string& path, std::string_view text) {
  int line = 1;
  bool indentation = true;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const auto c = static_cast<unsigned char>(text.front());
    if (length == 0) {
      fail_line(path, line, "UTF-8 text", fmt::format("byte 0x{:02x}", c));
    }
    if (c == '\n') {
      ++line;
      indentation = true;
    } else if (c == '\t' && indentation) {
      fail_line(path, line, "spaces as indentation", "a tab");
    } else if (c != '\r' && c != '\t' && (c < 0x20 || c == 0x7f)) {
      fail_line(path, line, "text", fmt::format("control character 0x{:02x}", c));
    } else if (c != ' ') {
      indentation = false;
    }
    text.remove_prefix(length);
  }
}

}  // namespace

YAML::Node load_yaml(const std::string& path) {
  const std::string text = read_text(path);
  check_characters(path, text);
  std::vector<YAML::Node> documents;
  try {
    documents = YAML::LoadAll(text);
  } catch (const YAML::Exception& error) {
    fail_line(path, error.mark.line + 1, "YAML", error.msg);
  }
  if (documents.empty() || (documents.size() == 1 && documents.front().IsNull())) {
    fail_file(path, "a mapping of keys", "an empty file");
  }
  if (documents.size() > 1) {
    fail_file(path, "one YAML document", fmt::format("{} documents", documents.size()));
  }
  return documents.front();
}

}  // namespace xive::config
