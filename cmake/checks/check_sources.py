#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What each file must hold (licence line) and must not hold (foreign paths, tabs, unexplained length,
links to nothing)."""

import pathlib
import re
import sys

import tree

MAX_LINES = 450
# A longer file says why, in its first 30 lines: "Length: <reason>".
REASON = re.compile(r"Length: \S.*")
SPDX = "SPDX-License-Identifier: Apache-2.0"
MARKER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
FOREIGN_PATH = re.compile(r"(?<![\w.$}>-])/(?:home|root|work|tmp/wt|Users)/\S*")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
HERE = "cmake/checks/check_sources.py"


def check(root):
    for path in tree.files(root):
        contents = tree.text(root, path)
        if contents is None or path.as_posix() == HERE or path.name == "LICENSE":
            continue
        lines = contents.split("\n")
        head = "\n".join(lines[:30])
        if tree.is_code(path):
            if SPDX not in "\n".join(lines[:3]):
                yield f"{path}:1: no '{SPDX}' in the first three lines"
            if len(lines) > MAX_LINES + 1 and not REASON.search(head):
                yield f"{path}:1: {len(lines) - 1} lines; above {MAX_LINES} the head says 'Length: <reason>'"
        for number, line in enumerate(lines, 1):
            if match := MARKER.search(line):
                yield f"{path}:{number}: '{match.group(1)}': do it, or say in docs what is missing"
            if match := FOREIGN_PATH.search(line):
                yield f"{path}:{number}: '{match.group(0)}' exists on one machine only"
            for match in LINK.finditer(line) if path.suffix == ".md" else ():
                if not (pathlib.Path(root) / path.parent / match.group(1)).exists():
                    yield f"{path}:{number}: link to '{match.group(1)}', which does not exist"
            if tree.is_code(path) and "\t" in line:
                yield f"{path}:{number}: tab"


GOOD = f"// {SPDX}\n"
CASES = (
    ("good", {"tb/a.cpp": GOOD, "README.md": "text\n"}, []),
    ("licence", {"tb/a.cpp": "int a;\n"}, [f"tb/a.cpp:1: no '{SPDX}' in the first three lines"]),
    ("length", {"tb/a.cpp": GOOD + "\n" * MAX_LINES},
     ["tb/a.cpp:1: 451 lines; above 450 the head says 'Length: <reason>'"]),
    ("length with reason", {"tb/a.cpp": GOOD + "// Length: one table.\n" + "\n" * MAX_LINES}, []),
    ("marker", {"docs/a.md": "a\nTODO b\n"},
     ["docs/a.md:2: 'TODO': do it, or say in docs what is missing"]),
    ("path", {"docs/a.md": "see /home/me/x\n"}, ["docs/a.md:1: '/home/me/x' exists on one machine only"]),
    ("link", {"docs/a.md": "[a](b.md) [c](a.md#x) [d](https://x.org/y)\n"},
     ["docs/a.md:1: link to 'b.md', which does not exist"]),
    ("tab", {"tb/a.cpp": GOOD + "\tint a;\n"}, ["tb/a.cpp:2: tab"]),
)

if __name__ == "__main__":
    sys.exit(tree.main(check, CASES))
