// SPDX-License-Identifier: Apache-2.0
// The page of a large sweep: time to make it, its size, time until Chromium has opened it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "tb/bench/stopwatch.h"
#include "tb/host/files.h"
#include "tb/report/testing/sample_sweep.h"

int main(int argc, char** argv) {
  CLI::App app("Makes the page of a sweep of any size and opens it in Chromium.");
  xive::report::testing::SampleSweep sweep;
  std::string file = "report_bench.html";
  bool only_make = false;
  app.add_option("--points", sweep.points, "points of the sweep")->capture_default_str();
  app.add_option("--seeds", sweep.seeds, "jobs of each point")->capture_default_str();
  app.add_option("--out", file, "the page")->capture_default_str();
  app.add_flag("--only-make", only_make, "do not open it");
  CLI11_PARSE(app, argc, argv);

  const xive::report::Page page = xive::report::testing::sample_page(sweep, 30);
  const xive::bench::Stopwatch watch;
  const std::string html = xive::report::to_html(page);
  fmt::print("{} points, {} jobs: {:.2f} MB, made in {:.2f} s\n", sweep.points, page.jobs.size(),
             static_cast<double>(html.size()) / 1e6, watch.seconds());
  xive::host::write_file(file, html);
  if (only_make) return 0;
  std::fflush(stdout);
  const std::string command = fmt::format("python3 -B '{}' '{}'", XIVE_OPEN_PAGE, file);
  return std::system(command.c_str()) == 0 ? 0 : 1;  // NOLINT(cert-env33-c)
}
