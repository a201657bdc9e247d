#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The project builds in a folder with a space in its name: a copy of the sources is configured, one
program with Verilated code is built, and some quick tests run.

usage: test_space.py ROOT [CMAKE-OPTION...]
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import tree

TARGETS = ("rtl_smoke_1", "xive_build_info")
TESTS = "^(rtl_xti_doc|rtl_smoke_1|project_includes)$"


def run(*command, **options):
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **options)
    if done.returncode != 0:
        print(done.stdout)
        print("failed:", *command)
        sys.exit(1)
    return done.stdout


def main():
    root, options = sys.argv[1], sys.argv[2:]
    with tempfile.TemporaryDirectory(prefix="xive cosim ") as scratch:
        copy = pathlib.Path(scratch) / "check out"
        for path in tree.files(root):
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(pathlib.Path(root) / path, copy / path)
        build = copy / "build"
        run("cmake", "-G", "Ninja", "-S", str(copy), "-B", str(build), *options)
        # The objects that the build under test has put into the compiler cache serve this one, too.
        environment = dict(os.environ, CCACHE_BASEDIR=str(copy))
        run("cmake", "--build", str(build), "--target", *TARGETS, env=environment)
        print(run("ctest", "--test-dir", str(build), "-R", TESTS, "--no-tests=error", "--output-on-failure"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
