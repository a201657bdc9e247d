#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What can be known of ./cosim tune without its two builds: with which options each half would compile, and that
the proof sees a difference (the program is a stand-in).

usage: test_tune.py ROOT COMPILER COMPILER_ID
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

# Writes a result like the program's, in which CHANGE replaces something.
PROGRAM = """#!/bin/sh
while [ $# -gt 1 ]; do shift; done
echo '{"digest": "aa", "threads": [{"pir": 0, "digest": "bb"}], "speed": {"seconds": 1}, "seconds": 1}' | sed 'CHANGE' >"$1"
echo some output
exit CODE
"""


class Tune(unittest.TestCase):
    root = compiler = compiler_id = None  # set by main()

    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="xive tune "))
        self.addCleanup(shutil.rmtree, self.scratch)

    def tune(self, half, change="", code=0):
        program = self.scratch / "program"
        program.write_text(PROGRAM.replace("CHANGE", change).replace("CODE", str(code)), encoding="utf-8")
        program.chmod(0o755)
        done = subprocess.run([self.root / "cmake/tune.py", half, program, self.scratch / "training"], text=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        return done.returncode, done.stderr

    def test_equal_results_are_a_proof_whatever_the_speed(self):
        self.assertEqual(self.tune("train")[0], 0)
        self.assertEqual(self.tune("prove", 's/"seconds": 1/"seconds": 2/g')[0], 0)

    def test_any_other_difference_is_named(self):
        self.tune("train")
        code, err = self.tune("prove", "s/bb/cc/")
        self.assertEqual(code, 1)
        self.assertIn("differs at threads[0].digest: bb with the recording program, cc when tuned\n", err)
        self.assertEqual(self.tune("prove", 's/, "threads": [^]]*]//')[0], 1)

    def test_a_job_that_fails_ends_it_with_its_exit_code(self):
        code, err = self.tune("train", code=3)
        self.assertEqual(code, 3)
        self.assertIn("some output\n", err)
        self.assertFalse((self.scratch / "training/results.json").exists())
        self.assertEqual(self.tune("train", code=139)[0], 1)

    def configure(self, preset):
        return subprocess.run(["cmake", "--preset", preset, "-B", self.scratch / "build",
                               f"-DCMAKE_CXX_COMPILER={self.compiler}"], cwd=self.root, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)

    def commands(self, preset):
        """Object -> how this preset compiles it."""
        done = self.configure(preset)
        self.assertEqual(done.returncode, 0, done.stdout)
        entries = json.loads((self.scratch / "build/compile_commands.json").read_text(encoding="utf-8"))
        return {re.search(" -o (.*) -c ", entry["command"])[1]: entry["command"] for entry in entries}

    def test_both_halves_compile_everything_in_the_same_place(self):
        if self.compiler_id != "GNU":
            done = self.configure("tuned")
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("(./cosim tune) needs g++", done.stdout)
            return
        record, use = self.commands("tuned-record"), self.commands("tuned")
        self.assertEqual(record.keys(), use.keys())  # where an object is, is where its record is looked for
        self.assertTrue(any("Vtima_t2__all.cpp" in name for name in use), use.keys())
        for name, command in record.items():
            self.assertIn(" -fprofile-generate ", command)
            self.assertNotIn(" -flto", command)
            options = use[name]
            self.assertIn(" -fprofile-use ", options)
            out = "context_switch.cpp" in name
            self.assertEqual(" -fno-lto " in options[options.index(" -flto"):], out, name)


if __name__ == "__main__":
    Tune.root = pathlib.Path(sys.argv.pop(1)).resolve()
    Tune.compiler, Tune.compiler_id = sys.argv.pop(1), sys.argv.pop(1)
    unittest.main(verbosity=1)
