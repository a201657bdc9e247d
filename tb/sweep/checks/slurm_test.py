#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sweeps on a real Slurm: the same results as on this machine, and what happens when the cluster fails.

usage: slurm_test.py XIVE-COSIM
Exit code 77: Slurm is not installed.
"""

import os
import sys
import unittest

import cluster
import sweeps


class SlurmTest(sweeps.SweepTest):
    slurm = None

    @classmethod
    def setUpClass(cls):
        cls.slurm = cluster.Cluster()
        cls.addClassCleanup(cls.slurm.stop)

    def setUp(self):
        super().setUp()
        self.environment = self.slurm.environment

    def on_slurm(self, file, out, *more):
        return self.sweep(file, out, "--executor", "slurm", *more)

    def start_on_slurm(self, file, out):
        return self.start(file, out, "--executor", "slurm")

    def sweep_in_the_queue(self):
        """A sweep whose jobs all wait for the node."""
        file, out = self.sweep_file(sweeps.QUICK), self.folder / "slurm"
        self.slurm.set_node("drain")
        process = self.start_on_slurm(file, out)
        self.wait_for("jobs in the queue", lambda: len(self.slurm.queue()) == 8)
        return file, out, process

    def expect_same(self, file, out):
        """The results in `out` are those of this machine."""
        local = self.folder / "local"
        self.sweep(file, local)
        self.assertEqual(self.results(out), self.results(local))

    def test_same_results_as_here(self):
        file = self.sweep_file(sweeps.QUICK)
        code, text = self.on_slurm(file, self.folder / "slurm")
        self.assertEqual(code, 1, text)
        # The longest runs miss what is expected of all.
        self.assertRegex(text, "8 of 8 jobs done, [1-7] passed, [1-7] failed")
        self.expect_same(file, self.folder / "slurm")
        self.assertEqual(self.slurm.queue(), [])

    def test_a_hung_job_is_killed_at_its_deadline(self):
        file = self.hanging_sweep()
        code, text = self.on_slurm(file, self.folder / "slurm")
        self.assertEqual(code, 1, text)
        self.assertIn("killed at its deadline of 1 s", text)
        self.expect_same(file, self.folder / "slurm")

    def test_small_arrays(self):
        file = self.sweep_file(sweeps.QUICK)
        self.on_slurm(file, self.folder / "slurm", "--jobs", 2)
        self.expect_same(file, self.folder / "slurm")

    def test_the_node_goes_down(self):
        file = self.sweep_file(sweeps.QUICK + "slurm: {patience_s: 1}\n")
        out = self.folder / "slurm"
        self.slurm.kill_node()
        code, text = self.on_slurm(file, out)
        self.assertEqual(code, 3, text)
        self.assertRegex(text, r"error: no job could start for 1 s; Slurm says: .*; look at sinfo -R, and go on with "
                               r"--resume when the nodes are back")
        self.assertIn("go on with --resume", text)
        self.assertEqual(self.slurm.queue(), [])
        self.slurm.start_node()
        code, text = self.on_slurm(file, out, "--resume")
        self.assertEqual(code, 1, text)
        self.expect_same(file, out)

    def test_the_node_fails_under_a_job(self):
        file = self.hanging_sweep(deadline=3)
        out = self.folder / "slurm"
        process = self.start_on_slurm(file, out)
        self.wait_for("the hanging job", lambda: (out / "jobs/000001/log.txt").exists())
        self.slurm.kill_node()
        self.slurm.start_node()
        code, text = self.end_of(process)
        self.assertEqual(code, 1, text)
        self.assertIn("runs again: Slurm: NODE_FAIL", text)
        self.expect_same(file, out)

    def test_interrupted_and_resumed(self):
        file, out, process = self.sweep_in_the_queue()
        self.interrupt(process)
        code, text = self.end_of(process)
        self.assertEqual(code, 3, text)
        self.assertEqual(self.slurm.queue(), [])
        self.slurm.set_node("resume")
        self.on_slurm(file, out, "--resume")
        self.expect_same(file, out)

    def test_killed_and_resumed(self):
        file, out, process = self.sweep_in_the_queue()
        process.kill()
        process.wait()
        self.assertEqual(len(self.slurm.queue()), 8)
        self.slurm.set_node("resume")
        code, text = self.on_slurm(file, out, "--resume")
        self.assertEqual(code, 1, text)
        self.expect_same(file, out)
        self.assertEqual(self.slurm.queue(), [])

    def test_what_sbatch_refuses(self):
        file = self.sweep_file(sweeps.QUICK + "slurm: {partition: nowhere}\n")
        code, text = self.on_slurm(file, self.folder / "slurm")
        self.assertEqual(code, 3, text)
        self.assertIn("error: sbatch: sbatch: error: invalid partition specified: nowhere", text)


def main():
    missing = cluster.missing()
    if missing:
        print(f"SKIPPED: not installed: {', '.join(missing)} (Debian packages {cluster.PACKAGES})")
        return 77
    sweeps.SweepTest.program = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
    return 0


if __name__ == "__main__":
    sys.exit(main())
