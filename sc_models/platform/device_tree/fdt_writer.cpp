// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/device_tree/fdt_writer.h"

#include <fmt/format.h>

extern "C" {
#include <libfdt.h>
}

#include <stdexcept>

namespace xive::platform {
namespace {

void append(std::string& data, std::uint32_t value) {
  for (unsigned shift = 32; shift > 0; shift -= 8) {
    data += static_cast<char>(value >> (shift - 8U) & 0xffU);
  }
}

[[noreturn]] void fail(int error) {
  throw std::logic_error(fmt::format("device tree: {}", fdt_strerror(error)));
}

}  // namespace

FdtWriter::FdtWriter() : buffer_(16 * 1024) {
  int error = fdt_create(buffer_.data(), static_cast<int>(buffer_.size()));
  if (error == 0) error = fdt_finish_reservemap(buffer_.data());
  if (error != 0) fail(error);
}

template <typename Call>
void FdtWriter::retry(Call call) {
  int error = call(buffer_.data());
  while (error == -FDT_ERR_NOSPACE) {
    std::vector<std::uint8_t> larger(2 * buffer_.size());
    error = fdt_resize(buffer_.data(), larger.data(), static_cast<int>(larger.size()));
    if (error != 0) break;
    buffer_ = std::move(larger);
    error = call(buffer_.data());
  }
  if (error != 0) fail(error);
}

void FdtWriter::begin(const std::string& node) {
  retry([&](void* fdt) { return fdt_begin_node(fdt, node.c_str()); });
}

void FdtWriter::end() {
  retry([](void* fdt) { return fdt_end_node(fdt); });
}

void FdtWriter::bytes(const std::string& name, std::string_view data) {
  retry([&](void* fdt) {
    return fdt_property(fdt, name.c_str(), data.data(), static_cast<int>(data.size()));
  });
}

void FdtWriter::cells(const std::string& name, const std::vector<std::uint32_t>& values) {
  std::string data;
  for (const std::uint32_t value : values) append(data, value);
  bytes(name, data);
}

void FdtWriter::wide(const std::string& name, std::initializer_list<std::uint64_t> values) {
  std::string data;
  for (const std::uint64_t value : values) {
    append(data, static_cast<std::uint32_t>(value >> 32U));
    append(data, static_cast<std::uint32_t>(value));
  }
  bytes(name, data);
}

void FdtWriter::text(const std::string& name, std::string_view value) {
  texts(name, {value});
}

void FdtWriter::texts(const std::string& name, std::initializer_list<std::string_view> values) {
  std::string data;
  for (const std::string_view value : values) {
    data += value;
    data += '\0';
  }
  bytes(name, data);
}

std::vector<std::uint8_t> FdtWriter::finish() {
  retry([](void* fdt) { return fdt_finish(fdt); });
  buffer_.resize(fdt_totalsize(buffer_.data()));
  return std::move(buffer_);
}

}  // namespace xive::platform
