#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of the driver script, in scratch checkouts with stand-ins for the tools it calls.

usage: test_cosim.py ROOT
"""

import os
import pathlib
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = None

STAND_INS = {
    # Writes down how it was called; configures by making what ninja and ctest look for.
    "cmake": '''echo "cmake $*" >>"$LOG"
[ ! -e "$FAKE/cmake_fails" ] || { echo "CMake Error: no compiler"; exit 1; }
case $2 in release) d=build ;; tuned*) d=build-tuned ;; *) d=build-$2 ;; esac
mkdir -p "$d"; : >"$d/build.ninja"; echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" >"$d/CMakeCache.txt"''',
    "ninja": '''echo "ninja $*" >>"$LOG"
[ ! -e "$FAKE/ninja_hangs" ] || { touch "$FAKE/hanging"; exec sleep 60; }
[ ! -e "$FAKE/ninja_fails" ] || exit 1
program() { mkdir -p "$1"; printf '#!/bin/sh\\necho "program $*"; exit ${PROGRAM_EXIT:-0}\\n' >"$1/xive-cosim"; chmod +x "$1/xive-cosim"; }
case $2 in *-tuned) program "$2/record"; program "$2/use" ;; *) program "$2" ;; esac''',
    "ctest": 'echo "ctest $*" >>"$LOG"; echo "100% tests passed"',
    "dpkg-query": '''for last; do :; done; echo "dpkg-query $last" >>"$LOG"
grep -qxF "$last" "$FAKE/not_installed" 2>/dev/null || echo "installed 1.0"''',
    "apt-get": '''echo "apt-get $*" >>"$LOG"; [ ! -e "$FAKE/apt_fails" ] || exit 100
case $* in *install*) : >"$FAKE/not_installed" ;; esac''',
    "lcov": 'echo "lcov $*" >>"$LOG"; case $* in *--summary*) echo "  lines......: 90.0% (9 of 10 lines)" ;; esac',
    "genhtml": 'echo "genhtml $*" >>"$LOG"; [ ! -e "$FAKE/genhtml_fails" ]',
    "sudo": 'echo "sudo" >>"$LOG"; exec "$@"',
    "id": "echo ${FAKE_UID:-0}",
}


class Driver(unittest.TestCase):
    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="cosim test "))  # a space in the path
        self.addCleanup(shutil.rmtree, self.scratch)
        self.checkout = self.scratch / "check out"
        (self.checkout / "cmake").mkdir(parents=True)
        shutil.copy(ROOT / "cosim", self.checkout)
        shutil.copy(ROOT / "cmake" / "packages.txt", self.checkout / "cmake")
        shutil.copy(ROOT / "CMakePresets.json", self.checkout)
        self.fake = self.scratch / "fake"
        self.fake.mkdir()
        self.log = self.scratch / "log"
        for name, body in STAND_INS.items():
            path = self.fake / name
            path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
            path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def environment(self, **more):
        return dict(os.environ, PATH=f"{self.fake}:{os.environ['PATH']}", LOG=str(self.log),
                    FAKE=str(self.fake), **more)

    def cosim(self, *words, cwd=None, program=None, **more):
        done = subprocess.run([str(program or self.checkout / "cosim"), *words], cwd=cwd or self.scratch,
                              env=self.environment(**more), text=True, capture_output=True, check=False,
                              timeout=60)
        return done.returncode, done.stdout, done.stderr

    def calls(self):
        text = self.log.read_text(encoding="utf-8") if self.log.exists() else ""
        self.log.write_text("", encoding="utf-8")
        return [line for line in text.splitlines() if not line.startswith("dpkg-query")]

    def test_run_builds_and_hands_over_arguments_and_exit_code(self):
        code, out, err = self.cosim("run", "--seed", "a b", PROGRAM_EXIT="1")
        self.assertEqual((code, out), (1, f"program {self.main_job()} --seed a b\n"), err)
        build = self.checkout / "build"
        self.assertEqual(self.calls(), ["cmake --preset release", f"ninja -C {build} xive-cosim"])

    def main_job(self):
        # The configuration of the main job stands in the script, with the folder of the checkout.
        return f"run --config {self.checkout}/configs/platforms/p9-skiboot.yaml"

    def test_the_second_time_only_ninja_runs(self):
        self.cosim("run")
        self.calls()
        self.log.write_text("", encoding="utf-8")
        start = time.monotonic()
        code, _, _ = self.cosim("run")
        print(f"\noverhead of the driver when nothing is to do: {time.monotonic() - start:.3f} s")
        self.assertEqual(code, 0)
        self.assertEqual(self.log.read_text(encoding="utf-8"), f"ninja -C {self.checkout}/build xive-cosim\n")

    def test_missing_packages_are_installed_as_root(self):
        (self.fake / "not_installed").write_text("verilator\nninja-build\n", encoding="utf-8")
        code, _, err = self.cosim("build")
        self.assertEqual(code, 0, err)
        self.assertIn("cosim: installing: ninja-build verilator\n", err)
        self.assertEqual(self.calls()[:2], ["apt-get -q update",
                                            "apt-get -q install -y --no-install-recommends ninja-build verilator"])

    def test_what_only_the_tests_need_is_installed_for_them(self):
        (self.fake / "not_installed").write_text("qemu-system-ppc\n", encoding="utf-8")
        self.assertEqual(self.cosim("run")[0], 0)
        self.assertNotIn("apt-get -q update", self.calls())
        self.assertEqual(self.cosim("test")[0], 0)
        self.assertEqual(self.calls()[:2], ["apt-get -q update",
                                            "apt-get -q install -y --no-install-recommends qemu-system-ppc"])

    def test_missing_packages_are_installed_through_sudo(self):
        (self.fake / "not_installed").write_text("verilator\n", encoding="utf-8")
        code, _, err = self.cosim("build", FAKE_UID="1000")
        self.assertEqual(code, 0, err)
        self.assertEqual(self.calls()[:2], ["sudo", "apt-get -q update"])

    def test_installation_can_be_forbidden(self):
        (self.fake / "not_installed").write_text("verilator\n", encoding="utf-8")
        code, out, err = self.cosim("build", COSIM_NO_INSTALL="1")
        self.assertEqual((code, out), (3, ""))
        self.assertEqual(err, "cosim: error: missing packages and COSIM_NO_INSTALL=1; "
                              "remedy: apt-get install verilator\n")

    def test_a_failed_installation_is_an_error_of_the_environment(self):
        (self.fake / "not_installed").write_text("verilator\n", encoding="utf-8")
        (self.fake / "apt_fails").touch()
        code, _, err = self.cosim("build")
        self.assertEqual(code, 3)
        self.assertTrue(err.endswith("cosim: error: apt-get could not install; remedy, as root: "
                                     "dpkg --configure -a; apt-get install verilator\n"), err)
        self.assertFalse((self.checkout / "build" / ".packages-build").exists())

    def test_a_failed_configure_is_repeated_next_time(self):
        (self.fake / "cmake_fails").touch()
        code, _, err = self.cosim("build")
        self.assertEqual(code, 3)
        self.assertIn("CMake Error: no compiler", err)
        (self.fake / "cmake_fails").unlink()
        self.calls()
        self.assertEqual(self.cosim("build")[0], 0)
        self.assertIn("cmake --preset release", self.calls())

    def test_a_failed_build_is_a_failure_of_the_thing_under_test(self):
        (self.fake / "ninja_fails").touch()
        code, _, err = self.cosim("run")
        self.assertEqual(code, 1)
        self.assertTrue(err.endswith(f"cosim: error: the build failed (build tree: {self.checkout}/build)\n"), err)

    def test_changed_presets_configure_again(self):
        self.cosim("build")
        self.calls()
        presets = self.checkout / "CMakePresets.json"
        presets.write_text(presets.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        self.cosim("build")
        self.assertIn("cmake --preset release", self.calls())

    def test_a_moved_checkout_configures_again(self):
        self.cosim("build")
        moved = self.scratch / "moved"
        self.checkout.rename(moved)
        self.checkout = moved
        self.calls()
        self.assertEqual(self.cosim("build")[0], 0)
        self.assertIn("cmake --preset release", self.calls())

    def test_a_link_to_the_driver_works_from_elsewhere(self):
        link = self.scratch / "link"
        link.symlink_to("check out/cosim")
        code, out, err = self.cosim("run", cwd="/", program=link)
        self.assertEqual((code, out), (0, f"program {self.main_job()}\n"), err)

    def test_after_an_interrupt_the_next_one_works(self):
        (self.fake / "ninja_hangs").touch()
        process = subprocess.Popen([str(self.checkout / "cosim"), "build"], env=self.environment(),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 30
        while not (self.fake / "hanging").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)
        self.assertNotEqual(process.wait(timeout=30), 0)
        (self.fake / "ninja_hangs").unlink()
        code, _, err = self.cosim("build")
        self.assertEqual(code, 0, err)

    def test_test_passes_arguments_to_ctest(self):
        code, out, _ = self.cosim("test", "-R", "config", COSIM_JOBS="3")
        self.assertEqual((code, out), (0, "100% tests passed\n"))
        self.assertEqual(self.calls()[-1], f"ctest --test-dir {self.checkout}/build --output-on-failure -j 3 -R config")

    def test_preset_uses_a_folder_of_its_own(self):
        self.assertEqual(self.cosim("preset", "asan-ubsan", COSIM_JOBS="1")[0], 0)
        self.assertEqual(self.calls()[0], "cmake --preset asan-ubsan")
        self.assertTrue((self.checkout / "build-asan-ubsan" / "build.ninja").exists())
        self.assertEqual(self.cosim("clean")[0], 0)
        self.assertFalse((self.checkout / "build-asan-ubsan").exists())

    def test_coverage_runs_the_tests_and_makes_a_report(self):
        code, out, err = self.cosim("coverage", "-R", "config", COSIM_JOBS="1")
        self.assertEqual((code, out), (0, "100% tests passed\n  lines......: 90.0% (9 of 10 lines)\n"), err)
        self.assertTrue(err.endswith(f"cosim: report: {self.checkout}/build-coverage/report/index.html\n"), err)
        tools = [call.split()[:3] for call in self.calls()]
        self.assertEqual([name for name, *_ in tools],
                         ["cmake", "ninja", "lcov", "ctest", "lcov", "lcov", "lcov", "genhtml", "lcov"])
        self.assertEqual([words[2] for words in tools if words[0] == "lcov"][:4],
                         ["--zerocounters", "--capture", "--extract", "--remove"])
        (self.fake / "genhtml_fails").touch()
        code, _, err = self.cosim("coverage")
        self.assertEqual((code, err.endswith("cosim: error: lcov failed\n")), (3, True), err)

    def tune(self, fails=""):
        """./cosim tune with a stand-in for the training, whose half `fails`; its exit code and whether it left a program."""
        stand_in = self.checkout / "cmake" / "tune.py"
        stand_in.write_text(f'''#!/bin/sh
echo "tune.py $1 ${{2#"{self.checkout}"}} records: $(cd "$3/.." && echo *.gcda)" >>"$LOG"
[ "$1" != "{fails}" ] || exit 1
[ "{fails}" = record ] || : >"$3/../new.gcda"\n''', encoding="utf-8")
        stand_in.chmod(0o755)
        tuned = self.checkout / "build-tuned"
        (tuned / "training").mkdir(parents=True, exist_ok=True)
        (tuned / "old.gcda").touch()
        code, out, err = self.cosim("tune")
        self.assertEqual(out, "", err)
        return code, (tuned / "xive-cosim").exists()

    def test_tune_builds_trains_builds_again_and_proves(self):
        self.assertEqual(self.tune(), (0, True))
        tuned = self.checkout / "build-tuned"
        steps = ["cmake --preset tuned-record", f"ninja -C {tuned} xive-cosim",
                 "tune.py train /build-tuned/record/xive-cosim records: *.gcda", "cmake --preset tuned",
                 f"ninja -C {tuned} xive-cosim", "tune.py prove /build-tuned/use/xive-cosim records: new.gcda"]
        self.assertEqual(self.calls(), steps)
        self.assertEqual(self.tune(), (0, True))  # in full again: the source may be another one
        self.assertEqual(self.calls(), steps)
        self.assertEqual(self.cosim("clean")[0], 0)
        self.assertFalse(tuned.exists())

    def test_what_is_not_proven_is_not_there(self):
        self.assertEqual(self.tune(), (0, True))
        for half in ("train", "prove"):
            self.assertEqual(self.tune(fails=half), (1, False), half)
        self.assertEqual(self.tune(fails="record"), (3, False))
        (self.fake / "ninja_fails").touch()
        self.assertEqual(self.tune(), (1, False))

    def test_wrong_usage(self):
        commands = "run test build tune bench lint preset coverage doctor clean help"
        self.assertEqual(self.cosim("rum"), (2, "", "cosim: error: unknown command 'rum'; expected one of: "
                                                    f"{commands}; see ./cosim help\n"))
        presets = "release debug asan-ubsan coverage clang"
        self.assertEqual(self.cosim("preset", "asan"),
                         (2, "", f"cosim: error: preset: expected one of: {presets}; found 'asan'\n"))
        self.assertEqual(self.cosim("preset")[0], 2)
        self.assertEqual(self.cosim("bench", "tma"),
                         (2, "", "cosim: error: bench: expected one of: tima rules reference platform machine scale iss payload ledger report sweep; "
                                 "found 'tma'\n"))
        self.assertEqual(self.cosim()[0], 2)
        self.assertEqual(self.cosim("clean", "all"),
                         (2, "", "cosim: error: clean: no arguments expected; found 'all'\n"))
        self.assertEqual(self.calls(), [])

    def test_help_names_every_command(self):
        code, out, err = self.cosim("help")
        self.assertEqual((code, err), (0, ""))
        for command in "run test build tune bench lint preset coverage doctor clean help".split():
            self.assertIn(f"\n  {command} ", out)
        self.assertIn("example: ./cosim run", out)

    def test_help_of_a_command_does_nothing_else(self):
        (self.checkout / "build").mkdir()
        usage = self.cosim("help")
        for command in "test build tune bench lint preset coverage doctor clean help".split():
            self.assertEqual(self.cosim(command, "--help"), usage, command)
        self.assertEqual(self.calls(), [])
        self.assertTrue((self.checkout / "build").exists())

    def test_doctor_gives_one_remedy_per_problem(self):
        (self.fake / "not_installed").write_text("verilator\n", encoding="utf-8")
        (self.fake / "cmake").write_text("#!/bin/sh\necho cmake version 3.18.4\n", encoding="utf-8")
        code, out, _ = self.cosim("doctor")
        self.assertEqual(code, 3)
        self.assertIn("  problem: cmake 3.18.4 is older than 3.25\n"
                      "  remedy:  install cmake 3.25 or newer (Debian 12 or later has it)\n", out)
        self.assertIn("  problem: missing packages: verilator\n"
                      "  remedy:  ./cosim build (installs them), or as root: apt-get install verilator\n", out)
        self.assertEqual(out.count("  problem:"), out.count("  remedy:"))
        self.assertTrue(out.endswith(f"{out.count('  problem:')} problem(s) found\n"))


if __name__ == "__main__":
    ROOT = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=1)
