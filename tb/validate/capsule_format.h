// SPDX-License-Identifier: Apache-2.0
/// Names of the files and the shape of capsule.json.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tb/validate/capsule.h"

namespace xive::validate {

inline constexpr std::string_view kCapsuleKind = "xive-validate-capsule";
inline constexpr int kCapsuleFormat = 1;
inline constexpr const char* kCapsuleFile = "capsule.json";
inline constexpr const char* kStimulusFile = "stimulus.jsonl";
inline constexpr const char* kShrunkFile = "shrunk.jsonl";

/// capsule.json without the parts that come later (shrunk list, outcome of the reproduction).
nlohmann::json capsule_head(const CapsuleRequest& request);
nlohmann::json to_json(const Finding& finding);

/// Digest of a file, so that a list that was changed or cut is noticed.
std::string file_digest(const std::filesystem::path& path);

}  // namespace xive::validate
