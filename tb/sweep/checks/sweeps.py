# SPDX-License-Identifier: Apache-2.0
"""What the tests of whole sweeps have in common: a scratch folder, small sweep files, and the program."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

# A job of a fraction of a second at each point; nobody waits for a processor of a test machine.
QUICK = """name: quick
suite: load
set: {platform.tima: model, platform.cores: 1, run.vps: 8}
seeds: {first: 1, count: 2}
points:
  - cartesian: {run.triggers: [100, 200, 300]}
  - list: [{run.triggers: 100, run.priorities: 2}]
expect: [lost == 0, simulated_ns < 270000]
job: {deadline_s: 300}
"""
MACHINE = "suite: load\nset: {platform.tima: model, platform.cores: 1, run.vps: 8"
# The second of three jobs never ends by itself. Only it has a deadline that matters, also on a slow machine.
HANGING = {
    "before.yaml": "name: before\n" + MACHINE + ", run.triggers: 100}\n",
    "endless.yaml": "name: endless\n" + MACHINE + ", run.triggers: 1000000000, run.limit_s: 1000000}\n"
                    "job: {deadline_s: %s}\n",
    "after.yaml": "name: after\n" + MACHINE + ", run.triggers: 200}\n",
    "hanging.yaml": "name: hanging\nsweeps: [before.yaml, endless.yaml, after.yaml]\n",
}


class SweepTest(unittest.TestCase):
    """`program` is set by main()."""

    program = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="xive-sweep-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.environment = dict(os.environ)

    def hanging_sweep(self, deadline=1):
        for name, text in HANGING.items():
            file = self.sweep_file(text.replace("%s", str(deadline)), name)
        return file

    def sweep_file(self, text, name="sweep.yaml"):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def command(self, file, out, *more):
        return [str(self.program), "sweep", str(file), "--out", str(out), *map(str, more)]

    def sweep(self, file, out, *more, **options):
        """Runs a sweep to its end: exit code and all it said."""
        done = subprocess.run(self.command(file, out, *more), cwd=self.folder, env=self.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=600, **options)
        return done.returncode, done.stdout

    def start(self, file, out, *more):
        """Starts a sweep that the test wants to disturb."""
        process = subprocess.Popen(self.command(file, out, *more), cwd=self.folder, env=self.environment, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def end_of(self, process):
        text, _ = process.communicate(timeout=600)
        return process.returncode, text

    def results(self, out):
        return (pathlib.Path(out) / "results.jsonl").read_bytes()

    def wait_for(self, what, condition, seconds=300):
        """Waits until condition() holds; its value."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.02)
        self.fail(f"waited in vain for {what}")
        return None

    def worker(self, sweep, job=""):
        """Process number of a job of a running sweep, of any or of the one in the folder `job`."""
        children = pathlib.Path(f"/proc/{sweep.pid}/task/{sweep.pid}/children")

        def first():
            try:
                for pid in children.read_text(encoding="ascii").split():
                    words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
                    if b"\0job\0" in words and job.encode() in words:
                        return int(pid)
            except OSError:
                pass  # it has just ended
            return None

        return self.wait_for("a job", first)

    def interrupt(self, process):
        process.send_signal(signal.SIGINT)
