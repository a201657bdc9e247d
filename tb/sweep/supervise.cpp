// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/supervise.h"

#include <array>
#include <string_view>

#include "tb/host/files.h"
#include "tb/sweep/local_executor.h"

namespace xive::sweep {
namespace {

namespace fs = std::filesystem;
using result::Json;

constexpr std::array<std::string_view, 5> kKinds{"exited", "signalled", "deadline", "killed",
                                                 "lost"};

}  // namespace

void supervise(const std::string& program, const std::string& folder, const fs::path& end_file) {
  const fs::path path = fs::absolute(folder);
  const Job job = read_job(path);
  LocalExecutor executor(program, 1);
  executor.start(job, path.string());
  std::vector<End> ends;
  while (ends.empty()) ends = executor.wait(std::chrono::seconds(60));
  const End& end = ends.front();
  const Json json{{"kind", std::string(kKinds.at(static_cast<std::size_t>(end.kind)))},
                  {"code", end.code},
                  {"wall_s", end.wall_s},
                  {"cpu_s", end.cpu_s}};
  host::write_file(end_file, json.dump() + "\n");
}

std::optional<End> read_end(const fs::path& end_file) {
  if (!fs::exists(end_file)) return std::nullopt;
  const Json json = Json::parse(host::read_file(end_file));
  End end;
  const auto kind = json.at("kind").get<std::string>();
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (kKinds[i] == kind) end.kind = static_cast<End::Kind>(i);
  }
  json.at("code").get_to(end.code);
  json.at("wall_s").get_to(end.wall_s);
  json.at("cpu_s").get_to(end.cpu_s);
  return end;
}

}  // namespace xive::sweep
