#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `cmake --install` puts in place works without the sources and the build tree: the program runs, and a
project of its own finds the package, links the TIMA in lock-step and runs.

usage: test_install.py ROOT BUILD [CMAKE-OPTION...]
"""

import pathlib
import subprocess
import sys
import tempfile


def run(*command):
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    print(done.stdout)
    if done.returncode != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return done.stdout


def main():
    root, build, options = sys.argv[1], sys.argv[2], sys.argv[3:]
    with tempfile.TemporaryDirectory(prefix="xive cosim ") as scratch:
        prefix, project = f"{scratch}/installed", f"{scratch}/consumer"
        run("cmake", "--install", build, "--prefix", prefix)
        for path in pathlib.Path(prefix).rglob("*.cmake"):
            text = path.read_text(encoding="utf-8")
            for folder in (root, build):
                if f"{folder}/" in text or f'{folder}"' in text:
                    sys.exit(f"{path.name} names {folder}, which a user of the package does not have")
        run(f"{prefix}/bin/xive-cosim", "config", "check", f"{prefix}/share/xive-cosim/configs/validate/default.yaml")
        run("cmake", "-G", "Ninja", "-S", f"{root}/cmake/checks/consumer", "-B", project,
            f"-DCMAKE_PREFIX_PATH={prefix}", *options)
        run("cmake", "--build", project)
        run(f"{project}/consumer")
    return 0


if __name__ == "__main__":
    sys.exit(main())
