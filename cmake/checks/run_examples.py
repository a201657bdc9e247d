#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the examples of the documentation and of each --help.

A fenced `sh` block is preceded by a comment that says what happens to it:
  <!-- run -->                 it must end with exit code 0
  <!-- run: exit 1 -->         it must end with that exit code
  <!-- not run: reason -->     it is left alone (long, or it changes the machine)
A block without one is an error, so that no example can go stale unseen.

The examples run in a scratch folder that looks like the checkout (links to everything, `build` being
the build tree under test), one after the other, so a later one may use what an earlier one wrote.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

MARK = re.compile(r"<!-- (?:(run)(?:: exit (\d+))?|not run: (\S.*?)) -->\s*")
TIMEOUT = 120


def blocks(text):
    """Yields (line, mark match or None, script) for each fenced sh block."""
    lines = text.split("\n")
    i = 0
    while i < len(lines):
        if lines[i].strip() == "```sh":
            end = next((j for j in range(i + 1, len(lines)) if lines[j].strip() == "```"), len(lines))
            mark = next((MARK.fullmatch(line) for line in reversed(lines[:i]) if line.strip()), None)
            yield i + 1, mark, "\n".join(lines[i + 1:end]) + "\n"
            i = end
        i += 1


def run(script, folder, expected):
    """None, or what went wrong."""
    environment = dict(os.environ, PATH=f"{folder}/build:{os.environ['PATH']}", COSIM_NO_INSTALL="1")
    start = time.monotonic()
    try:
        done = subprocess.run(["sh", "-eu", "-c", script], cwd=folder, env=environment, timeout=TIMEOUT,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False)
    except subprocess.TimeoutExpired:
        return f"no end after {TIMEOUT} s"
    print(f"    {time.monotonic() - start:6.2f} s  {script.strip().splitlines()[0]}")
    if done.returncode != expected:
        return f"exit code {done.returncode}, expected {expected}\n{done.stdout}"
    return None


def run_document(name, text, folder):
    for line, mark, script in blocks(text):
        if mark is None:
            yield f"{name}:{line}: a sh block without '<!-- run -->' or '<!-- not run: reason -->' before it"
        elif mark.group(1):
            problem = run(script, folder, int(mark.group(2) or 0))
            if problem:
                yield f"{name}:{line}: {problem}"


def help_examples(program):
    """Yields (command, example) for the program and each command below it."""
    pending = [[]]
    while pending:
        words = pending.pop(0)
        text = subprocess.run([program, *words, "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout
        example = re.search(r"^Example: (.+)$", text, re.M)
        yield " ".join(words), example and example.group(1)
        section = re.search(r"^Subcommands:\n((?:  .*\n)+)", text, re.M)
        if section:
            pending += [words + [name] for name in re.findall(r"^  (\S+)", section.group(1), re.M)]


def run_helps(folder):
    found = list(help_examples(f"{folder}/build/xive-cosim"))
    # `replay` needs a capsule: the example of `validate` with a violation, from the guide, made one.
    for command, example in found:
        name = f"xive-cosim {command} --help".replace("  ", " ")
        if not example:
            yield f"{name}: no line 'Example: ...'"
            continue
        expected = 1 if command == "replay" else 0
        problem = run(example, folder, expected)
        if problem:
            yield f"{name}: example '{example}': {problem}"


def selftest():
    text = ("<!-- run -->\n```sh\ntrue\n```\n<!-- run: exit 1 -->\n\n```sh\nfalse\n```\n"
            "<!-- not run: long -->\n```sh\nexit 9\n```\n<!-- run -->\n```sh\nfalse\n```\n```sh\ntrue\n```\n")
    with tempfile.TemporaryDirectory() as folder:
        found = list(run_document("d", text, folder))
    expected = ["d:15: exit code 1, expected 0\n",
                "d:18: a sh block without '<!-- run -->' or '<!-- not run: reason -->' before it"]
    if found != expected:
        print(f"expected {expected}, found {found}")
        return 1
    return 0


def main():
    if sys.argv[1:] == ["--selftest"]:
        return selftest()
    root, build = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    findings = []
    with tempfile.TemporaryDirectory() as folder:
        for entry in root.iterdir():
            if not entry.name.startswith("build") and entry.name != "xive-validate-out":
                (pathlib.Path(folder) / entry.name).symlink_to(entry)
        (pathlib.Path(folder) / "build").symlink_to(build)
        for document in [root / "README.md", *sorted((root / "docs").rglob("*.md"))]:
            name = document.relative_to(root)
            print(name)
            findings += run_document(name, document.read_text(encoding="utf-8"), folder)
        print("--help")
        findings += run_helps(folder)
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
