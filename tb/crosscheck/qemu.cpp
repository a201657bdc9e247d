// SPDX-License-Identifier: Apache-2.0
/// QEMU 7.2 makes its own device tree for powernv and takes no other. A small one boots in a tenth
/// of the time, so it is put into memory and its address into r3 of each thread before the machine
/// starts.
#include <fmt/format.h>

#include <cstdint>
#include <fstream>
#include <regex>

#include "sc_models/platform/device_tree/tree_builder.h"
#include "tb/crosscheck/gdb_client.h"
#include "tb/crosscheck/machine.h"
#include "tb/crosscheck/transcript.h"

namespace xive::crosscheck {
namespace {

constexpr std::uint64_t kTreeAddress = 0x02000000;
constexpr std::uint64_t kMemory = std::uint64_t{1} << 30U;
/// The first serial port of the machine's LPC bus, as a plain address (skiboot-boot.md 3).
constexpr std::uint64_t kUart = 0x60300d00103f8;
constexpr unsigned kPirsPerCore = 4;

std::vector<std::uint8_t> tree_of(const Job& job) {
  platform::TreeConfig config;
  config.generation = job.machine == "powernv10" ? 2 : 1;
  for (unsigned chip = 0; chip < job.suite.chips; ++chip) {
    config.chips.push_back({chip, chip * kMemory, kMemory});
    for (unsigned core = 0; core < job.suite.cores; ++core) {
      config.cores.push_back({chip, chip << 8U | core * kPirsPerCore, job.suite.threads});
    }
  }
  config.uart = kUart;
  config.bootargs = job.arguments;
  return build_tree(config);
}

class Qemu final : public Runner {
 public:
  explicit Qemu(QemuInfo info) : info_(std::move(info)) {}

  host::ProcessOutcome run(const Job& job) const override {
    const std::string tree_file = job.folder + "/tree.dtb";
    const std::string socket = job.folder + "/debug";
    const std::vector<std::uint8_t> tree = tree_of(job);
    std::ofstream out(tree_file, std::ios::binary);
    out.write(reinterpret_cast<const char*>(tree.data()),
              static_cast<std::streamsize>(tree.size()));
    out.close();
    if (!out) {
      throw host::ProcessError("cannot write " + tree_file);
    }
    const unsigned threads = job.suite.all_threads();
    std::vector<std::string> command = {
        info_.path,
        "-M",
        job.machine,
        "-m",
        fmt::format("{}G", job.suite.chips),
        "-smp",
        fmt::format("{},sockets={},cores={},threads={}", threads, job.suite.chips, job.suite.cores,
                    job.suite.threads),
        "-nodefaults",
        "-display",
        "none",
        "-monitor",
        "none",
        "-serial",
        "stdio",
        "-S",
        "-chardev",
        fmt::format("socket,path={},server=on,wait=off,id=debug", socket),
        "-gdb",
        "chardev:debug",
        "-device",
        fmt::format("loader,file={},addr={:#x},force-raw=on", tree_file, kTreeAddress),
        "-kernel",
        job.payload};
    if (!job.firmware.empty()) {
      command.insert(command.end(), {"-bios", job.firmware});
    }
    return host::run_process(command, job.deadline_seconds, has_verdict, [&] {
      set_register_and_go(socket, threads, 3, kTreeAddress, job.deadline_seconds);
    });
  }

  std::string complaint(const Job&, const host::ProcessOutcome&) const override { return ""; }

 private:
  QemuInfo info_;
};

}  // namespace

QemuInfo find_qemu(const std::string& program) {
  QemuInfo info;
  info.path = host::find_program(program);
  if (info.path.empty()) {
    throw host::ProcessError("no QEMU found: " + program +
                             " (package qemu-system-ppc, or --qemu PATH)");
  }
  constexpr double kPatience = 20;
  const host::ProcessOutcome outcome = host::run_process({info.path, "--version"}, kPatience);
  std::smatch match;
  if (!std::regex_search(outcome.output, match, std::regex(R"(version (\d+(\.\d+)+))"))) {
    throw host::ProcessError(info.path + " does not tell a version of QEMU");
  }
  info.version = match[1];
  return info;
}

std::unique_ptr<Runner> make_qemu(const QemuInfo& qemu) {
  return std::make_unique<Qemu>(qemu);
}

}  // namespace xive::crosscheck
