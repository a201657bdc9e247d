// SPDX-License-Identifier: Apache-2.0
#include <fmt/ostream.h>

#include "tb/cli/command.h"
#include "tb/config/document.h"
#include "tb/validate/subject.h"

namespace xive::cli {
namespace {

class RulesCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app = parent.add_subcommand("rules", "list every rule that validate checks");
    app->add_option("--gen", generation_, "TIMA generation")->type_name("VALUE")->take_last();
    app->footer("Example: xive-cosim rules\n");
    return app;
  }

  int run(const Streams& streams) override {
    validate::SubjectOptions options;
    options.params.generation = config::parse_option(config::integer(1U, 2U), generation_, "--gen");
    try {
      // A subject registers its rules before it runs anything: this is the list of a real run.
      for (const RuleBook::Entry& entry : validate::make_subject(options)->rules()) {
        fmt::print(streams.out, "{:<16} {} [{}]\n", entry.info.id, entry.info.sentence,
                   entry.info.reference);
      }
    } catch (const std::invalid_argument& error) {
      throw UsageError(fmt::format("--gen: {}", error.what()));
    }
    return kGood;
  }

 private:
  std::string generation_ = "1";
};

}  // namespace

std::unique_ptr<Command> make_rules_command() {
  return std::make_unique<RulesCommand>();
}

}  // namespace xive::cli
