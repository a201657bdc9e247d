#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Suites of sweeps that need whole processes: scenarios, a firmware image, waves of what failed.

usage: suites_test.py XIVE-COSIM
"""

import json
import os
import subprocess
import sys
import unittest

import sweeps


class Suites(sweeps.SweepTest):
    def records(self, out):
        return [json.loads(line) for line in self.results(out).splitlines()]

    def test_scenarios(self):
        out = self.folder / "out"
        code, text = self.sweep(self.sweep_file(
            "name: s\nsuite: scenarios\nset: {platform.tima: model}\n"
            "points:\n  - list: [{scenario.id: S1.1}, {scenario.id: S3.1, scenario.faulty: false}]\n"), out)
        self.assertEqual(code, 0, text)
        first, second = self.records(out)
        self.assertGreater(first["metrics"]["cases"], second["metrics"]["cases"])
        self.assertTrue(any(name.startswith("detection.") for name in first["metrics"]), first["metrics"])
        self.assertFalse(any(name.startswith("detection.") for name in second["metrics"]), second["metrics"])
        self.assertTrue(any(rule["hits"] > 0 for rule in first["rules"]))
        self.assertEqual(first["reproduce"], "xive-cosim scenario run S1.1 --tima model --seed 1")
        again = subprocess.run([self.program, *first["reproduce"].split()[1:]], text=True, capture_output=True,
                               check=False, timeout=300)
        self.assertIn(first["digest"][:8], again.stdout)

    def test_waves_of_what_failed(self):
        out = self.folder / "out"
        code, text = self.sweep(self.sweep_file(
            "name: w\nset: {platform.tima: rtl, platform.cores: 1, run.triggers: 20}\nexpect: [lost == 1]\n"), out)
        self.assertEqual(code, 1, text)
        self.assertIn("expected lost == 1, found lost = 0", text)
        again = subprocess.run([self.program, "rerun", out, "--failed", "--waves"], text=True, capture_output=True,
                               check=False, timeout=300)
        self.assertEqual(again.returncode, 1, again.stdout + again.stderr)
        waves = list((out / "rerun/jobs/000000/waves").glob("*.fst"))
        self.assertEqual(len(waves), 1, waves)
        self.assertGreater(waves[0].stat().st_size, 1000)
        self.assertEqual(self.records(out / "rerun")[0]["digest"], self.records(out)[0]["digest"])

    def test_a_capsule_is_linked(self):
        out = self.folder / "out"
        code, text = self.sweep(self.sweep_file(
            "name: c\nsuite: validate\nset: {validate.ops: 20000, validate.mutant: 1}\n"), out)
        self.assertEqual(code, 1, text)
        record, = self.records(out)
        capsule = out / "jobs/000000" / record["capsule"]
        self.assertRegex(record["capsule"], "^validate/capsule-")
        self.assertIn(f'"{record["capsule"]}"', (out / "report.html").read_text(encoding="utf-8"))
        again = subprocess.run([self.program, "replay", capsule], text=True, capture_output=True, check=False,
                               timeout=300, cwd=self.folder)
        self.assertEqual(again.returncode, 1, again.stdout + again.stderr)

    def test_a_firmware_image(self):
        out = self.folder / "out"
        code, text = self.sweep(self.sweep_file(
            "name: f\nsuite: skiboot\nset: {platform.tima: model, platform.cores: 1, platform.threads: 1, "
            "platform.instruction_ps: 1000, boot.payload: hello}\n"), out)
        if "skiboot.lid" in text and code == 3:
            self.skipTest(text)
        self.assertEqual(code, 0, text)
        record, = self.records(out)
        self.assertGreater(record["metrics"]["instructions"], 1_000_000)
        self.assertTrue(any(name.startswith("milestone.") for name in record["metrics"]), record["metrics"])
        self.assertIn("OPAL", (out / "jobs/000000/log.txt").read_text(errors="replace"))

    def test_firmware_that_does_not_exist(self):
        out = self.folder / "out"
        code, text = self.sweep(self.sweep_file("name: f\nsuite: skiboot\nset: {boot.image: /nowhere/skiboot}\n"), out)
        self.assertEqual(code, 1, text)
        self.assertIn("/nowhere/skiboot", self.records(out)[0]["failures"][0])
        self.assertEqual(self.records(out)[0]["verdict"], "error")


if __name__ == "__main__":
    sweeps.SweepTest.program = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
