// SPDX-License-Identifier: Apache-2.0
/// Operation lists as files: one JSON object a line (stimulus.jsonl). Data are hexadecimal strings,
/// so that a reader finds them again in waves and logs.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "tb/validate/operation.h"

namespace xive::validate {

/// A file that is not what it should be; what() names file and line.
class FormatError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One line, without the line end. `number` is for the reader, it is not read back.
std::string to_json_line(const Operation& op, std::uint64_t number);
/// Throws std::invalid_argument or nlohmann::json::exception.
Operation operation_from_json(const nlohmann::json& value);

/// std::runtime_error if the file cannot be written.
void write_operations(const std::filesystem::path& path, const std::vector<Operation>& operations);
/// FormatError if the file is damaged or missing.
std::vector<Operation> read_operations(const std::filesystem::path& path);

nlohmann::json to_json(const tima::StaticInputs& inputs);
tima::StaticInputs static_inputs_from_json(const nlohmann::json& value);
nlohmann::json to_json(const tima::Knobs& knobs);
tima::Knobs knobs_from_json(const nlohmann::json& value);

}  // namespace xive::validate
