#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy over the project's own C++ files of a build tree.

Tests (*_test.cpp) are left out unless --tests is given: they cost as much time as all the rest, and what
analysis finds in them would be found by running them. A file that was clean is not looked at again until it, a header it includes, its compile command, the
configuration or clang-tidy itself changes. Exit code 1: there are findings.
"""

import argparse
import concurrent.futures
import hashlib
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def dependencies(build):
    """Object file -> the files it was compiled from, as ninja recorded them."""
    text = subprocess.run(["ninja", "-C", build, "-t", "deps"], stdout=subprocess.PIPE, text=True, check=True).stdout
    deps, current = {}, None
    for line in text.splitlines():
        if match := re.match(r"(\S.*): #deps ", line):
            current = deps.setdefault(match.group(1), [])
        elif line.startswith("    ") and current is not None:
            current.append(line.strip())
    return deps


def fingerprint(entry, deps, build, base):
    digest = hashlib.sha256(base + entry["command"].encode())
    for name in sorted({entry["file"], *deps}):
        path = build / name  # an absolute name stays what it is
        digest.update(name.encode() + (path.read_bytes() if path.exists() else b""))
    return digest.hexdigest()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--tests", action="store_true", help="tests, too")
    parser.add_argument("only", nargs="*", help="parts of file names; default: all files")
    arguments = parser.parse_args()
    build = arguments.build.resolve()

    base = (ROOT / ".clang-tidy").read_bytes()
    base += subprocess.run(["clang-tidy", "--version"], stdout=subprocess.PIPE, check=True).stdout
    deps = dependencies(build)
    cache = build / ".tidy"
    cache.mkdir(exist_ok=True)

    todo = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = pathlib.Path(entry["file"])
        own = path.is_relative_to(ROOT) and not path.relative_to(ROOT).parts[0].startswith("build")
        own = own and (arguments.tests or not path.name.endswith("_test.cpp"))
        if own and (not arguments.only or any(part in str(path) for part in arguments.only)):
            output = re.search(r" -o (\S+\.o) ", entry["command"])
            todo.setdefault(str(path), fingerprint(entry, deps.get(output and output.group(1), []), build, base))

    def stamp(file):
        return cache / hashlib.sha256(file.encode()).hexdigest()

    def fresh(file, mark):
        return stamp(file).exists() and stamp(file).read_text(encoding="utf-8") == mark

    def check(item):
        file, mark = item
        # The compile commands are those of g++, whose warnings clang does not all know.
        command = ["clang-tidy", "--quiet", "--extra-arg=-Wno-unknown-warning-option", "-p", str(build), file]
        done = subprocess.run(command, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode == 0:
            stamp(file).write_text(mark, encoding="utf-8")
            return ""
        return done.stdout or done.stderr

    stale = sorted(item for item in todo.items() if not fresh(*item))
    findings = 0
    with concurrent.futures.ThreadPoolExecutor(max(1, arguments.jobs)) as pool:
        for (file, _), text in zip(stale, pool.map(check, stale)):
            if text:
                findings += 1
                print(f"--- {file}\n{text}", flush=True)
    print(f"clang-tidy: {len(todo)} files, {len(stale)} looked at, {findings} with findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
