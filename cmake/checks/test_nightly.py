#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The examples of docs/nightly.md do what the page says: the script of cron and systemd, the units, and the
steps of both Git hosts, each with a suite of two short jobs in a folder that looks like a checkout. `git`,
`date` and `./cosim` are stand-ins, so that nights follow each other at once.

usage: test_nightly.py ROOT BUILD
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

try:
    import yaml
except ImportError:
    yaml = None

HOME = "/srv/xive-cosim"  # in the examples
GOOD = "name: nightly\nset: {platform.tima: model, run.triggers: 50}\nseeds: {count: 2}\n"
BAD = GOOD + "expect: [lost == 1]\n"


def write(path, text):
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


class Nightly(unittest.TestCase):
    root = build = None  # set by main()

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="xive-nightly-"))
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        text = (self.root / "docs/nightly.md").read_text(encoding="utf-8")
        self.blocks = re.findall(r"^```(\w+)\n(.*?)^```$", text.replace(HOME, str(self.home)), re.M | re.S)
        self.checkout = self.home / "checkout"
        (self.checkout / "configs/suites").mkdir(parents=True)
        (self.checkout / "build").symlink_to(self.build)
        tools = self.home / "tools"
        tools.mkdir()
        for name in ("git", "apt-get"):
            write(tools / name, "#!/bin/sh\n")
        write(tools / "date", "#!/bin/sh\necho night $NIGHT\n")
        self.cosim(0)
        self.suite(GOOD)
        self.environment = dict(os.environ, PATH=f"{tools}:{os.environ['PATH']}", SUITE="nightly")

    def block(self, language, mark):
        """The one block in this language that begins with `mark`, or whose first words are it."""
        found = [text for kind, text in self.blocks if kind == language and text.startswith(mark)]
        self.assertEqual(len(found), 1, f"{language} blocks that begin with {mark!r}")
        return found[0]

    def cosim(self, code):
        write(self.checkout / "cosim", f"#!/bin/sh\necho building\nexit {code}\n")

    def suite(self, text):
        (self.checkout / "configs/suites/nightly.yaml").write_text(text, encoding="utf-8")

    def shell(self, *command):
        done = subprocess.run(command, cwd=self.checkout, env=self.environment, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False, timeout=300)
        return done.returncode, done.stdout

    def night(self, number):
        self.environment["NIGHT"] = str(number)
        return self.shell(str(self.home / "nightly"))

    def test_the_script(self):
        write(self.home / "nightly", self.block("sh", "#!/bin/sh"))
        for number in (1, 2):  # with and without a night before it
            self.assertEqual(self.night(number), (0, ""))
            self.assertTrue((self.home / f"nights/night {number}/report.html").exists())
        self.suite(BAD)
        code, text = self.night(3)
        self.assertEqual(code, 1, text)
        self.assertIn("exit code 1:", text)
        self.assertIn("new failures (2):", text)
        self.assertIn("page: ../nights/night 3/report.html", text)
        self.suite("name: nightly\nsuit: load\n")
        code, text = self.night(4)
        self.assertEqual(code, 2, text)
        self.assertIn("did you mean 'suite'?", text)
        self.cosim(1)
        self.assertEqual(self.night(5), (3, "no build:\nbuilding\n"))

    def test_cron(self):
        fields = self.block("cron", "# /etc/cron.d/").splitlines()[-1].split()
        self.assertRegex(" ".join(fields[:5]), r"^\d+ \d+ \* \* \*$")
        self.assertEqual(fields[5:], ["ci", f"{self.home}/nightly"])

    def test_systemd(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("no systemd-analyze here")
        write(self.home / "nightly", self.block("sh", "#!/bin/sh"))
        units = re.split(r"^# /etc/systemd/system/(.+)$", self.block("ini", "# /etc/systemd/"), flags=re.M)
        for name, text in zip(units[1::2], units[2::2]):
            (self.home / name).write_text(text, encoding="utf-8")
        files = [str(self.home / name) for name in units[1::2]]
        self.assertEqual(len(files), 2)
        self.assertEqual(self.shell("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *files), (0, ""))

    @unittest.skipUnless(yaml, "no python3-yaml here")
    def test_gitlab(self):
        jobs = yaml.safe_load(self.block("yaml", "image:"))
        self.assertEqual({jobs[name]["extends"] for name in ("smoke", "nightly")}, {".sweep"})
        self.assertEqual(jobs["nightly"]["variables"]["SUITE"], "nightly")
        sweep = jobs[".sweep"]
        for suite, expected in ((GOOD, 0), (GOOD, 0), (BAD, 1), (BAD, 1), ("nonsense", 2)):
            self.suite(suite)
            shutil.rmtree(self.checkout / "out", ignore_errors=True)
            code, text = self.shell("sh", "-ec", "\n".join(sweep["script"]))
            self.assertEqual(code, expected, text)
            code, text = self.shell("sh", "-ec", "\n".join(sweep["after_script"]))
            self.assertEqual(code, 0, text)
        for path in (*sweep["cache"]["paths"][1:], sweep["artifacts"]["reports"]["junit"]):
            self.assertTrue((self.checkout / path).exists(), path)

    @unittest.skipUnless(yaml, "no python3-yaml here")
    def test_github(self):
        steps = yaml.safe_load(self.block("yaml", "name: nightly"))["jobs"]["nightly"]["steps"]
        for suite, expected in ((GOOD, [0, 0]), (GOOD, [0, 0]), (BAD, [1, 1])):
            self.suite(suite)
            shutil.rmtree(self.checkout / "out", ignore_errors=True)
            codes = []
            for step in steps:
                if "run" in step and (not any(codes) or step.get("if") == "always()"):
                    code, text = self.shell("sh", "-ec", step["run"])
                    if "xive-cosim" in step["run"]:
                        codes.append(code)
            self.assertEqual(codes, expected, text)
        kept = [step["with"]["path"] for step in steps if "with" in step]
        for path in kept:
            self.assertTrue((self.checkout / path).exists(), path)


if __name__ == "__main__":
    Nightly.build = pathlib.Path(sys.argv.pop()).resolve()
    Nightly.root = pathlib.Path(sys.argv.pop()).resolve()
    unittest.main(verbosity=2)
