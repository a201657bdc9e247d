#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy over the project's own C++ files of a build tree.

usage: run_tidy.py --build BUILD [--jobs N] [--no-tests] [PART...] | --selftest

Most of the time of a run on a single file goes into the headers it includes. So files with equal compile
commands are joined into one, a group; what is found is reported at its place in the file it comes from, and
only after a run on that file alone has found it, too. A group that does not compile (two files use the same
name for something of their own) is halved until it does.

The static analyser (clang-analyzer-*) costs the most: it has a budget of states per function, and leaves out
tests, whose mistakes show when they run. A group that was clean is not looked at again until one of its files,
a header, the compile command, the configuration or clang-tidy itself changes. Exit code 1: there are findings.
"""

import argparse
import concurrent.futures
import hashlib
import json
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
GROUP_LINES = 2500  # large enough to share headers, small enough to keep all processors busy
ANALYSER_STATES = 50_000  # a fifth of the default; more takes much longer and has found nothing
FINDING = re.compile(r"(\S[^:\n]*):(\d+):(\d+): (?:error|warning): .*")


class Unit:
    """One source file with its compile options (no input, no output) and what it was compiled from."""

    def __init__(self, path, options, deps):
        self.path = path
        self.options = options
        self.deps = deps
        self.text = path.read_text(encoding="utf-8")
        self.test = path.name.endswith("_test.cpp")

    def lines(self):
        return self.text.count("\n") + 1


def dependencies(build):
    """Object file -> the files it was compiled from, as ninja recorded them."""
    done = subprocess.run(["ninja", "-C", build, "-t", "deps"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, check=False)
    deps, current = {}, None
    for line in done.stdout.splitlines():
        if match := re.match(r"(\S.*): #deps ", line):
            current = deps.setdefault(match.group(1), [])
        elif line.startswith("    ") and current is not None:
            current.append(line.strip())
    return deps


def split_command(entry):
    """(options without input and output, object file) of an entry of compile_commands.json."""
    words = shlex.split(entry["command"])
    while words and (pathlib.Path(words[0]).name in ("ccache", "env") or "=" in words[0]):
        words.pop(0)
    options, output, skip = [], "", False
    for word, following in zip(words[1:], words[2:] + [""]):
        if skip:
            skip = False
        elif word in ("-o", "-MF", "-MT"):
            output = following if word == "-o" else output
            skip = True
        elif word == "-c" or word == entry["file"] or re.match(r"-(O|MD|g\d?$|Werror|fsanitize|fno-san|fprofile)", word):
            pass
        else:
            options.append(word)
    return tuple(options), output


def expand(path):
    """The files that a file made for a unity build includes; any other file stands for itself."""
    if "Unity" not in path.parts:
        return [path]
    return [pathlib.Path(name) for name in re.findall(r'^#include "(/[^"]+)"', path.read_text(encoding="utf-8"), re.M)]


def units(build, root, only, tests):
    deps = dependencies(build)
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        options, output = split_command(entry)
        for path in expand(pathlib.Path(entry["file"])):
            own = path.is_relative_to(root) and not path.relative_to(root).parts[0].startswith("build")
            own = own and path.suffix == ".cpp" and (tests or not path.name.endswith("_test.cpp"))
            if own and path not in found and (not only or any(part in str(path) for part in only)):
                found[path] = Unit(path, options, deps.get(output, []))
    return [found[path] for path in sorted(found)]


def groups(all_units):
    """Lists of units that can be looked at together, in an order that does not change."""
    by_options = {}
    for unit in all_units:
        by_options.setdefault((unit.options, unit.test), []).append(unit)
    for members in by_options.values():
        group, lines = [], 0
        for unit in members:
            if group and lines + unit.lines() > GROUP_LINES:
                yield group
                group, lines = [], 0
            group.append(unit)
            lines += unit.lines()
        yield group


def joined(group):
    """One text of all files; a file that an earlier one has included is not included again."""
    seen, parts = set(), []
    for unit in group:
        mine, lines = set(), []
        for line in unit.text.split("\n"):
            if match := re.match(r"\s*#\s*include\s+(\S+)", line):
                if match.group(1) in seen and match.group(1) not in mine:
                    line = "// included above"
                mine.add(match.group(1))
            lines.append(line)
        seen |= mine
        parts.append("\n".join(lines) + "\n")
    return parts


class Tidy:
    def __init__(self, build, config):
        self.build = build
        self.config = config
        self.base = config.read_bytes() + pathlib.Path(__file__).read_bytes()
        self.base += subprocess.run(["clang-tidy", "--version"], stdout=subprocess.PIPE, check=True).stdout
        self.cache = build / ".tidy"
        self.cache.mkdir(exist_ok=True)

    def fingerprint(self, group):
        digest = hashlib.sha256(self.base + "\0".join(group[0].options).encode())
        for name in sorted({name for unit in group for name in (str(unit.path), *unit.deps)}):
            path = self.build / name  # an absolute name stays what it is
            digest.update(name.encode() + (path.read_bytes() if path.exists() else b""))
        return digest.hexdigest()

    def run(self, path, unit):
        # The options are those of g++, whose warnings clang does not all know.
        command = ["clang-tidy", "--quiet", f"--config-file={self.config}", str(path)]
        if unit.test:
            command += ["--checks=-clang-analyzer-*"]
        command += ["--", *unit.options, "-Wno-unknown-warning-option",
                    *("-Xclang", "-analyzer-config", "-Xclang", f"max-nodes={ANALYSER_STATES}")]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                              cwd=self.build)
        if done.returncode == 0:
            return ""
        return done.stdout.strip() or done.stderr.strip() or f"clang-tidy ends with code {done.returncode}"

    def look_at(self, group):
        """What is found, as [(file, text)]."""
        if len(group) == 1:
            text = self.run(group[0].path, group[0])
            return [(group[0].path, text)] if text else []
        parts = joined(group)
        mark = hashlib.sha256("\0".join(str(unit.path) for unit in group).encode()).hexdigest()[:16]
        path = self.cache / f"{mark}.cpp"
        path.write_text("".join(parts), encoding="utf-8")
        text = self.run(path, group[0])
        path.unlink()
        if not text:
            return []
        if "[clang-diagnostic-error" in text:
            half = len(group) // 2
            return self.look_at(group[:half]) + self.look_at(group[half:])
        # Who is concerned? A finding in a header may be due to any of them.
        concerned = set()
        for match in FINDING.finditer(text):
            if pathlib.Path(match.group(1)) != path:
                concerned = set(range(len(group)))
                break
            line, number = int(match.group(2)), 0
            while line > parts[number].count("\n"):
                line -= parts[number].count("\n")
                number += 1
            concerned.add(number)
        return [finding for number in sorted(concerned) for finding in self.look_at([group[number]])]

    def stale(self, group):
        mark = self.fingerprint(group)
        return None if (self.cache / mark).exists() else mark

    def check(self, item):
        group, mark = item
        found = self.look_at(group)
        if not found:
            (self.cache / mark).touch()
        return found


class Progress:
    """A line now and then: how many files are done, and how long the rest will take at this rate."""
    SECONDS = 30

    def __init__(self, files):
        self.files, self.done = files, 0
        self.start = self.told = time.monotonic()

    def add(self, files):
        self.done += files
        now = time.monotonic()
        if now - self.told < self.SECONDS or self.done == self.files:
            return
        self.told = now
        left = (now - self.start) * (self.files - self.done) / self.done
        print(f"clang-tidy: {self.done} of {self.files} files, about {left:.0f} s left", flush=True)


def check_all(build, root, config, jobs, only, tests):
    tidy = Tidy(build, config)
    everything = units(build, root, only, tests)
    todo = [(group, mark) for group in groups(everything) if (mark := tidy.stale(group))]
    todo.sort(key=lambda item: -sum(unit.lines() for unit in item[0]))  # the longest first
    findings = 0
    looked = sum(len(group) for group, _ in todo)
    progress = Progress(looked)
    with concurrent.futures.ThreadPoolExecutor(max(1, jobs)) as pool:
        for (group, _), found in zip(todo, pool.map(tidy.check, todo)):
            progress.add(len(group))
            for file, text in found:
                findings += 1
                print(f"--- {file}\n{text}", flush=True)
    print(f"clang-tidy: {len(everything)} files, {looked} looked at, {findings} with findings", flush=True)
    return findings, looked


def selftest():
    """Files that do not compile together, a finding in the second of a group, and one that stays silent."""
    with tempfile.TemporaryDirectory() as scratch:
        root = pathlib.Path(scratch)
        (root / "tb").mkdir()
        sources = {
            "a.cpp": "#include <cstddef>\nnamespace { int twice() { return 1; } }\nint a() { return twice(); }\n",
            "b.cpp": "#include <cstddef>\nnamespace { int twice() { return 2; } }\nint b() { return twice(); }\n",
            "c.cpp": "#include <cstddef>\nint c() { return 3; }\n",
            "d.cpp": "#include <cstddef>\n\nint d(int* p) { if (p == nullptr) { return *p; } return 1; }\n",
        }
        build = root / "build"
        build.mkdir()
        for name, text in sources.items():
            (root / "tb" / name).write_text(text, encoding="utf-8")
        (build / "compile_commands.json").write_text(json.dumps([
            {"directory": str(build), "file": str(root / "tb" / name),
             "command": f"ccache c++ -std=c++20 -o {name}.o -c {root / 'tb' / name}"} for name in sources]))
        config = root / ".clang-tidy"
        config.write_text("Checks: '-*,clang-analyzer-core.*'\nWarningsAsErrors: '*'\n", encoding="utf-8")
        tidy = Tidy(build, config)
        (group,) = groups(units(build, root, [], True))
        found = tidy.look_at(group)
        assert [str(file.name) for file, _ in found] == ["d.cpp"], found
        assert "d.cpp:3:44: error: Dereference of null pointer" in found[0][1], found
        assert check_all(build, root, config, 1, [], True) == (1, 4)
        (root / "tb" / "d.cpp").write_text("int d() { return 1; }\n", encoding="utf-8")
        assert check_all(build, root, config, 1, [], True) == (0, 4)
        assert check_all(build, root, config, 1, [], True) == (0, 0)
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--no-tests", action="store_true", help="leave out *_test.cpp")
    parser.add_argument("--selftest", action="store_true")
    parser.add_argument("only", nargs="*", help="parts of file names; default: all files")
    arguments = parser.parse_args()
    if arguments.selftest:
        return selftest()
    findings, _ = check_all(arguments.build.resolve(), ROOT, ROOT / ".clang-tidy", arguments.jobs, arguments.only,
                            not arguments.no_tests)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
