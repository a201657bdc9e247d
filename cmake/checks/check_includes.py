#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the arrows of docs/architecture.md: which folder may include headers of which."""

import re
import sys

import tree

# The first entry whose folder is a prefix of the including file counts.
ALLOWED = (
    ("tb", ("tb", "firmware_tests", "sc_models", "bridge", "rtl")),
    ("firmware_tests", ("firmware_tests", "sc_models", "bridge")),
    ("bridge", ("bridge", "sc_models/tima", "sc_models/rules", "rtl")),
    ("sc_models/tima/tlm", ("sc_models/tima", "sc_models/tlm", "sc_models/rules")),
    ("sc_models/tima/tlm", ("sc_models",)),  # the TLM face over the plain model
    ("sc_models/tima", ("sc_models/tima", "sc_models/rules")),
    ("sc_models/rules", ("sc_models/rules", "sc_models/tima")),
    ("sc_models", ("sc_models",)),
    ("rtl", ("rtl",)),
)
FOLDERS = ("tb", "firmware_tests", "bridge", "sc_models", "rtl")
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.M)
# Folders that stay free of SystemC, but for the named part.
PLAIN = (("sc_models/tima", "sc_models/tima/tlm"), ("sc_models/rules", None), ("tb/config", None), ("tb/cli", None))
SYSTEMC = re.compile(r"^\s*#\s*include\s*<((?:systemc|tlm|sysc/|tlm_)[^>]*)>", re.M)


def below(path, folder):
    return path == folder or path.startswith(folder + "/")


def line_of(match):
    return match.string.count("\n", 0, match.start(1)) + 1


def check(root):
    for path in tree.files(root):
        if path.suffix not in (".h", ".cpp", ".c", ".S"):
            continue
        allowed = next((to for folder, to in ALLOWED if below(path.as_posix(), folder)), None)
        if allowed is None:
            continue
        contents = tree.text(root, path) or ""
        plain = any(below(path.as_posix(), folder) and not (but and below(path.as_posix(), but)) for folder, but in PLAIN)
        for match in SYSTEMC.finditer(contents) if plain else ():
            yield f"{path}:{line_of(match)}: includes <{match.group(1)}>: this folder is plain C++"
        for match in INCLUDE.finditer(contents):
            target = match.group(1)
            line = line_of(match)
            if "../" in target:
                yield f"{path}:{line}: includes \"{target}\": paths start at the repository root"
            elif target.split("/")[0] in FOLDERS and not any(below(target, to) for to in allowed):
                yield f"{path}:{line}: may not include \"{target}\"; allowed: {', '.join(allowed)}"


CASES = (
    ("allowed", {"tb/a.cpp": '#include "bridge/b.h"\n#include <vector>\n',
                 "bridge/b.h": '#include "sc_models/tima/types.h"\n'}, []),
    ("model knows bridge", {"sc_models/xive/a.h": '// x\n#include "bridge/b.h"\n'},
     ['sc_models/xive/a.h:2: may not include "bridge/b.h"; allowed: sc_models']),
    ("bridge knows router", {"bridge/a.h": '#include "sc_models/xive/router.h"\n'},
     ['bridge/a.h:1: may not include "sc_models/xive/router.h"; '
      'allowed: bridge, sc_models/tima, sc_models/rules, rtl']),
    ("tima knows ppc", {"sc_models/tima/a.cpp": '#include "sc_models/ppc/lpcr.h"\n'},
     ['sc_models/tima/a.cpp:1: may not include "sc_models/ppc/lpcr.h"; '
      'allowed: sc_models/tima, sc_models/rules']),
    ("tima has SystemC inside", {"sc_models/tima/a.h": "// x\n#include <systemc>\n",
                                 "sc_models/tima/tlm/b.h": "#include <systemc>\n"},
     ["sc_models/tima/a.h:2: includes <systemc>: this folder is plain C++"]),
    ("tlm face", {"sc_models/tima/tlm/a.h": '#include "sc_models/tlm/b.h"\n'}, []),
    ("firmware knows tb", {"firmware_tests/a.cpp": '#  include "tb/cli/a.h"\n'},
     ['firmware_tests/a.cpp:1: may not include "tb/cli/a.h"; '
      'allowed: firmware_tests, sc_models, bridge']),
    ("relative", {"tb/x/a.cpp": '#include "../y/b.h"\n'},
     ['tb/x/a.cpp:1: includes "../y/b.h": paths start at the repository root']),
)

if __name__ == "__main__":
    sys.exit(tree.main(check, CASES))
