# SPDX-License-Identifier: Apache-2.0
"""Which files belong to the project, and the frame that each check runs in."""

import pathlib
import sys
import tempfile

TOP_DIRS = (".ci", "bridge", "cmake", "configs", "docs", "firmware_tests", "rtl", "sc_models", "tb")
CODE = {".cpp", ".h", ".c", ".S", ".sv", ".svh", ".v", ".vlt", ".py", ".sh", ".cmake"}


def files(root):
    """All files of the project, relative to root, sorted: top-level files and the known folders."""
    root = pathlib.Path(root)
    found = [p for p in root.iterdir() if p.is_file() and p.name != ".git"]
    for top in TOP_DIRS:
        if (root / top).is_dir():
            found += [p for p in (root / top).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    return sorted(p.relative_to(root) for p in found)


def is_code(path):
    return path.suffix in CODE or path.name in ("CMakeLists.txt", "cosim", "run")


def text(root, path):
    """Contents, or None for a file that is no text."""
    try:
        return (pathlib.Path(root) / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def selftest(check, cases):
    """Each case: name, {path: contents}, expected findings (complete text)."""
    failed = 0
    for name, tree, expected in cases:
        with tempfile.TemporaryDirectory() as scratch:
            for path, contents in tree.items():
                target = pathlib.Path(scratch) / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(contents, encoding="utf-8")
            found = list(check(scratch))
        if found != expected:
            failed += 1
            print(f"{name}: expected {expected}, found {found}")
    print(f"{len(cases)} cases, {failed} failed")
    return 1 if failed else 0


def main(check, cases):
    if len(sys.argv) != 2:
        print(f"usage: {sys.argv[0]} ROOT | --selftest", file=sys.stderr)
        return 2
    if sys.argv[1] == "--selftest":
        return selftest(check, cases)
    findings = list(check(sys.argv[1]))
    for finding in findings:
        print(finding)
    print(f"{len(findings)} findings")
    return 1 if findings else 0
