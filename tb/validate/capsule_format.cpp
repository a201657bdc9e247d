// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/capsule_format.h"

#include <fmt/format.h>

#include "tb/host/files.h"
#include "tb/validate/operation_json.h"
#include "tb/validate/report.h"

namespace xive::validate {
namespace {

using nlohmann::json;

Finding finding_from_json(const json& value) {
  Finding finding;
  value.at("rule").get_to(finding.rule);
  value.at("detail").get_to(finding.detail);
  value.at("cycle").get_to(finding.cycle);
  value.at("operation").get_to(finding.operation);
  value.at("also").get_to(finding.also);
  return finding;
}

TimaKind kind_from_json(const json& value) {
  const auto& text = value.get_ref<const std::string&>();
  for (const TimaKind kind : {TimaKind::Model, TimaKind::Rtl, TimaKind::Lockstep}) {
    if (to_string(kind) == text) return kind;
  }
  throw std::invalid_argument("unknown kind of TIMA: " + text);
}

}  // namespace

json to_json(const Finding& finding) {
  return {{"rule", finding.rule},
          {"detail", finding.detail},
          {"cycle", finding.cycle},
          {"operation", finding.operation},
          {"also", finding.also}};
}

json capsule_head(const CapsuleRequest& request) {
  const ValidateOptions& o = request.options;
  const ShardConfig& c = request.config;
  json value;
  value["kind"] = kCapsuleKind;
  value["format"] = kCapsuleFormat;
  value["version"] = o.build.version;
  value["commit"] = o.build.commit;
  value["dirty"] = o.build.dirty;
  value["violation"] = to_json(request.finding);
  value["configuration"] = {{"tima", to_string(o.tima)},   {"generation", c.params.generation},
                            {"threads", c.params.threads}, {"knobs", to_json(c.params.knobs)},
                            {"inputs", to_json(c.inputs)}, {"mutant", o.mutant},
                            {"skip_idle", o.skip_idle},    {"stalls", c.stalls}};
  value["run"] = {{"seed", o.seed},
                  {"shard", c.number},
                  {"shard_seed", c.seed},
                  {"shard_ops", c.ops},
                  {"profile", name(c.profile)}};
  return value;
}

std::string file_digest(const std::filesystem::path& path) {
  Digest digest;
  digest.add(std::string_view(host::read_file(path)));
  return digest.text();
}

Capsule read_capsule(const std::filesystem::path& folder, bool shrunk) {
  const std::filesystem::path file = folder / kCapsuleFile;
  try {
    const json value = json::parse(host::read_file(file));
    if (!value.is_object() || value.value("kind", "") != kCapsuleKind) {
      throw std::invalid_argument("not a capsule of validate");
    }
    if (value.at("format").get<int>() != kCapsuleFormat) {
      throw std::invalid_argument(fmt::format("format {}, this program reads format {}",
                                              value.at("format").dump(), kCapsuleFormat));
    }
    Capsule capsule;
    const json& configuration = value.at("configuration");
    capsule.kind = kind_from_json(configuration.at("tima"));
    configuration.at("mutant").get_to(capsule.mutant);
    configuration.at("skip_idle").get_to(capsule.skip_idle);
    configuration.at("stalls").get_to(capsule.config.stalls);
    configuration.at("generation").get_to(capsule.config.params.generation);
    configuration.at("threads").get_to(capsule.config.params.threads);
    capsule.config.params.knobs = knobs_from_json(configuration.at("knobs"));
    capsule.config.inputs = static_inputs_from_json(configuration.at("inputs"));
    value.at("run").at("shard_seed").get_to(capsule.config.seed);
    value.at("run").at("shard").get_to(capsule.config.number);
    if (shrunk && !value.contains("shrunk")) {
      throw std::invalid_argument("it has no reduced list");
    }
    const json& list = shrunk ? value.at("shrunk") : value;
    capsule.finding = finding_from_json(list.at("violation"));
    const std::filesystem::path stimulus = folder / (shrunk ? kShrunkFile : kStimulusFile);
    if (file_digest(stimulus) != list.at("stimulus_digest").get<std::string>()) {
      throw std::invalid_argument(stimulus.filename().string() + " was changed or cut");
    }
    capsule.operations = read_operations(stimulus);
    return capsule;
  } catch (const FormatError&) {
    throw;
  } catch (const std::exception& error) {
    throw FormatError(fmt::format("{}: damaged capsule: {}", file.string(), error.what()));
  }
}

}  // namespace xive::validate
