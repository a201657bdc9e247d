// SPDX-License-Identifier: Apache-2.0
#include <fmt/ostream.h>

#include "tb/build_info/build_info.h"
#include "tb/cli/command.h"

namespace xive::cli {
namespace {

class VersionCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app = parent.add_subcommand("version", "what this program was built from");
    app->footer("Example: xive-cosim version\n");
    return app;
  }

  int run(const Streams& streams) override {
    const BuildInfo& info = build_info();
    fmt::print(streams.out, "xive-cosim {}\n", info.version);
    fmt::print(streams.out, "commit     {}{}\n", info.commit,
               info.dirty ? " (with local changes)" : "");
    fmt::print(streams.out, "build      {}{}{}\n", info.build_type,
               info.sanitizers.empty() ? "" : ", sanitizers: ", info.sanitizers);
    fmt::print(streams.out, "compiler   {}\n", info.compiler);
    fmt::print(streams.out, "SystemC    {}\n", info.systemc);
    fmt::print(streams.out, "Verilator  {}\n", info.verilator);
    return kGood;
  }
};

}  // namespace

std::unique_ptr<Command> make_version_command() {
  return std::make_unique<VersionCommand>();
}

}  // namespace xive::cli
