// SPDX-License-Identifier: Apache-2.0
#include "tb/crosscheck/transcript.h"

#include <algorithm>
#include <cctype>

namespace xive::crosscheck {
namespace {

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

/// 0x1f, 12 or -31.
bool is_value(std::string_view word) {
  if (take(word, "0x")) {
    return !word.empty() && std::all_of(word.begin(), word.end(),
                                        [](unsigned char c) { return std::isxdigit(c) != 0; });
  }
  take(word, "-");
  return !word.empty() && std::all_of(word.begin(), word.end(),
                                      [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// "NAME VALUE" or "NAME".
void split_value(std::string_view text, Line& line) {
  const std::size_t blank = text.rfind(' ');
  if (blank != std::string_view::npos && is_value(text.substr(blank + 1))) {
    line.value = text.substr(blank + 1);
    text = text.substr(0, blank);
  }
  line.name = text;
}

/// Behind "ok ": "N - NAME VALUE [expected VALUE]".
bool read_check(std::string_view text, Line& line) {
  const std::size_t dash = text.find(" - ");
  if (dash == std::string_view::npos || !is_value(text.substr(0, dash))) {
    return false;
  }
  text.remove_prefix(dash + 3);
  constexpr std::string_view kExpected = " expected ";
  if (const std::size_t at = text.rfind(kExpected); !line.good && at != std::string_view::npos) {
    line.expected = text.substr(at + kExpected.size());
    text = text.substr(0, at);
  }
  split_value(text, line);
  return true;
}

void read_line(std::string_view text, Transcript& transcript) {
  const auto add = [&](Line line) { transcript.lines.push_back(std::move(line)); };
  Line line;
  if (take(text, "ok ")) {
    if (read_check(text, line)) add(line);
  } else if (take(text, "not ok ")) {
    line.good = false;
    if (read_check(text, line)) add(line);
  } else if (take(text, "note ")) {
    line.kind = Line::Kind::Note;
    split_value(text, line);
    add(line);
  } else if (take(text, "dump ")) {
    line.kind = Line::Kind::Dump;
    const std::size_t equals = text.find(" = ");
    if (equals != std::string_view::npos) {
      line.name = text.substr(0, equals);
      line.value = text.substr(equals + 3);
      add(line);
    }
  } else if (take(text, "skip ")) {
    line.kind = Line::Kind::Skip;
    line.name = text;
    add(line);
  } else if (take(text, "bail out: ") || text.starts_with("unexpected exception")) {
    line.kind = Line::Kind::Bail;
    line.name = text;
    line.good = false;
    add(line);
  } else if (text.starts_with("info ") || text.starts_with("bench ")) {
    transcript.measures.emplace_back(text);
  } else if (take(text, "verdict: ")) {
    transcript.finished = true;
    transcript.passed = text.starts_with("PASS");
  }
}

/// Lines without their ends; the last one only when its end is there.
template <typename Visit>
void for_each_line(std::string_view console, const Visit& visit) {
  while (true) {
    const std::size_t end = console.find('\n');
    if (end == std::string_view::npos) {
      return;
    }
    std::string_view line = console.substr(0, end);
    while (!line.empty() && line.back() == '\r') {
      line.remove_suffix(1);
    }
    // The firmware puts a return of its own before that of the payload, also at the beginning.
    while (!line.empty() && line.front() == '\r') {
      line.remove_prefix(1);
    }
    visit(line);
    console.remove_prefix(end + 1);
  }
}

}  // namespace

std::string Line::text() const {
  std::string word;
  switch (kind) {
    case Kind::Check:
      word = good ? "ok " : "not ok ";
      break;
    case Kind::Note:
      word = "note ";
      break;
    case Kind::Dump:
      word = "dump ";
      break;
    case Kind::Skip:
      word = "skip ";
      break;
    case Kind::Bail:
      break;
  }
  return word + name + (value.empty() ? "" : " = " + value);
}

Transcript read_transcript(std::string_view console) {
  Transcript transcript;
  for_each_line(console, [&](std::string_view line) {
    if (line.starts_with("payload: ")) {
      transcript.started = true;
    } else if (transcript.started && !transcript.finished) {
      read_line(line, transcript);
    }
  });
  transcript.checks = static_cast<std::uint64_t>(
      std::count_if(transcript.lines.begin(), transcript.lines.end(),
                    [](const Line& line) { return line.kind == Line::Kind::Check; }));
  return transcript;
}

bool has_verdict(std::string_view console) {
  const std::size_t at = console.rfind("verdict: ");
  return at != std::string_view::npos && console.find('\n', at) != std::string_view::npos &&
         read_transcript(console).finished;
}

}  // namespace xive::crosscheck
