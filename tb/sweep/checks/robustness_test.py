#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What befalls a sweep from outside: killed, no space, no permission, a damaged ledger, a job that hangs. Each
time the error is clear, nothing is lost, and a resumed sweep has the results of an undisturbed one.

usage: robustness_test.py XIVE-COSIM
"""

import os
import pathlib
import re
import resource
import subprocess
import sys
import unittest

import sweeps


class Robustness(sweeps.SweepTest):
    undisturbed = None  # results
    job_size = 0  # of the longest file that a job needs to start

    def setUp(self):
        super().setUp()
        self.out = self.folder / "out"
        self.file = self.hanging_sweep()
        if Robustness.undisturbed is None:
            code, text = self.sweep(self.file, self.folder / "first")
            self.assertEqual(code, 1, text)
            self.assertIn("killed at its deadline of 1 s", text)
            Robustness.undisturbed = self.results(self.folder / "first")
            Robustness.job_size = (self.folder / "first/jobs/000000/job.json").stat().st_size

    def expect_resumed(self, *more, out=None):
        code, text = self.sweep(self.file, out or self.out, "--resume", *more)
        self.assertEqual(code, 1, text)
        self.assertEqual(self.results(out or self.out), self.undisturbed)
        return text

    def started(self):
        """A sweep whose first job is done and whose second hangs."""
        process = self.start(self.file, self.out, "--jobs", 1)
        self.wait_for("the first result", (self.out / "jobs/000000/result.json").exists)
        return process

    def jobs_alive(self):
        """Processes that carry out jobs of this test."""
        alive = []
        for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if f"\0job\0{self.out}".encode() in path.read_bytes():
                    alive.append(path)
            except OSError:
                pass  # gone
        return alive

    def test_a_worker_is_killed(self):
        process = self.started()
        # The first job may have its result and still be on its way out.
        os.kill(self.worker(process, "jobs/000001"), 9)
        code, text = self.end_of(process)
        self.assertEqual(code, 1, text)
        self.assertIn("job 000001 runs again: killed from outside, or memory ran out", text)
        self.assertEqual(self.results(self.out), self.undisturbed)

    def test_the_sweep_is_killed(self):
        process = self.started()
        self.worker(process)
        process.kill()
        process.wait()
        self.wait_for("the end of the jobs", lambda: not self.jobs_alive())
        self.assertIn("1 results of an earlier run", self.expect_resumed())

    def test_the_sweep_is_interrupted(self):
        process = self.started()
        self.interrupt(process)
        code, text = self.end_of(process)
        self.assertEqual(code, 3, text)
        self.assertIn("interrupted; go on with --resume", text)
        self.assertEqual(self.jobs_alive(), [])
        self.expect_resumed()

    def test_results_of_another_build(self):
        process = self.started()
        self.interrupt(process)
        self.end_of(process)
        self.built_by_another(self.out / "jobs/000000/result.json")
        self.assertIn("1 results are of another build: these jobs run again", self.expect_resumed())
        # All of them: nothing runs, and the ledger gets them with their own commit.
        for result in self.out.glob("jobs/*/result.json"):
            self.built_by_another(result)
        ledger = self.folder / "new.sqlite"
        code, text = self.sweep(self.file, self.out, "--resume", "--ledger", ledger)
        self.assertEqual(code, 1, text)
        self.assertIn("3 results of an earlier run", text)
        listed = subprocess.run([self.program, "report", "list", "--ledger", str(ledger)], text=True, check=True,
                                stdout=subprocess.PIPE).stdout
        self.assertIn("c0ffeec0ffee", listed)

    def built_by_another(self, result):
        text = re.sub('"commit":"[^"]*"', '"commit":"c0ffeec0ffee"', result.read_text(encoding="utf-8"))
        result.write_text(text, encoding="utf-8")

    def test_two_sweeps_in_one_folder(self):
        self.started()
        code, text = self.sweep(self.file, self.out, "--resume")
        self.assertEqual(code, 3, text)
        self.assertIn(f"error: {self.out}: is in use by another run", text)

    def limited(self, size):
        """Nobody may write longer files: as on a full disk, a write fails."""
        return {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)), "restore_signals": False}

    def test_no_space_for_the_jobs(self):
        code, text = self.sweep(self.file, self.out, **self.limited(100))
        self.assertEqual(code, 3, text)
        self.assertRegex(text, r"error: \S+: cannot be written: File too large")
        # Not even begun: the folder is as good as new.
        self.assertFalse((self.out / "sweep.json").exists())
        code, text = self.sweep(self.file, self.out)
        self.assertEqual(self.results(self.out), self.undisturbed)

    def test_no_space_for_the_results(self):
        ledger = self.folder / "ledger.sqlite"
        self.sweep(self.sweep_file("name: other\nset: {platform.tima: model, run.triggers: 1}\n", "other.yaml"),
                   self.folder / "other", "--ledger", ledger)
        code, text = self.sweep(self.file, self.out, "--ledger", ledger, **self.limited(self.job_size + 100))
        self.assertEqual(code, 3, text)
        self.assertIn("2 jobs ended without a result; go on with --resume:", text)
        self.assertRegex(text, "jobs/000000: ended with code 3: xive-cosim: error: .*File too large")
        self.expect_resumed("--ledger", ledger)

    def mounted(self):
        """A file system of our own, or a skipped test."""
        folder = self.folder / "disk"
        folder.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(folder)],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            self.skipTest("this user may not mount: " + done.stdout.strip())
        self.addCleanup(subprocess.run, ["umount", "-l", str(folder)], check=True)
        return folder

    def remount(self, folder, options):
        subprocess.run(["mount", "-o", "remount," + options, str(folder)], check=True)

    def test_a_full_disk(self):
        disk = self.mounted()
        out = disk / "out"
        code, text = self.sweep(self.file, out)
        self.assertEqual(code, 3, text)
        self.assertRegex(text, "No space left on device|database or disk is full")
        self.remount(disk, "size=64m")
        self.expect_resumed(out=out)

    def test_a_disk_that_becomes_read_only(self):
        disk = self.mounted()
        self.remount(disk, "size=64m")
        self.out = disk / "out"
        self.interrupt(process := self.started())
        self.end_of(process)
        self.remount(disk, "ro")
        code, text = self.sweep(self.file, self.out, "--resume")
        self.assertEqual(code, 3, text)
        self.assertIn("Read-only file system", text)
        self.remount(disk, "rw")
        self.expect_resumed()

    def test_a_folder_that_cannot_be_written(self):
        code, text = self.sweep(self.file, "/proc/sweep")
        self.assertEqual(code, 3, text)
        self.assertIn("error: /proc/sweep: cannot be created: ", text)

    def test_a_ledger_that_is_none(self):
        ledger = self.folder / "ledger.sqlite"
        ledger.write_text("damaged " * 1000, encoding="utf-8")
        code, text = self.sweep(self.file, self.out, "--ledger", ledger)
        self.assertEqual(code, 3, text)
        self.assertIn(f"error: ledger {ledger}: cannot read or write: file is not a database", text)
        self.assertEqual(list((self.out / "jobs").iterdir()), [], "found before the first job")
        self.expect_resumed("--ledger", self.folder / "new.sqlite")

    def test_a_ledger_that_is_damaged(self):
        ledger = self.folder / "ledger.sqlite"
        self.sweep(self.file, self.folder / "before", "--ledger", ledger)
        contents = ledger.read_bytes()
        ledger.write_bytes(contents[:4096] + b"damaged!" * ((len(contents) - 4096) // 8))
        code, text = self.sweep(self.file, self.out, "--ledger", ledger)
        self.assertEqual(code, 3, text)
        self.assertRegex(text, f"error: ledger {ledger}: .*malformed")
        self.expect_resumed("--ledger", self.folder / "new.sqlite")

    def test_no_slurm_here(self):
        self.environment["PATH"] = "/nowhere"
        code, text = self.sweep(self.file, self.out, "--executor", "slurm")
        self.assertEqual((code, text),
                         (3, "xive-cosim: error: --executor slurm: expected Slurm's commands on PATH, found no sbatch; "
                             "run this on a machine of the cluster that has them (Debian: apt-get install "
                             "slurm-client), or leave --executor slurm out\n"))
        self.assertFalse(self.out.exists())


if __name__ == "__main__":
    sweeps.SweepTest.program = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
