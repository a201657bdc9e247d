// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/validate.h"

#include "tb/validate/run.h"

namespace xive::validate {

int run_validate(const ValidateOptions& options, std::ostream& out, std::ostream& err) {
  return run_validate_on(options, make_subject, out, err);
}

int run_replay(const ReplayOptions& options, std::ostream& out, std::ostream& err) {
  return run_replay_on(options, make_subject, out, err);
}

}  // namespace xive::validate
