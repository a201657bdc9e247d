# SPDX-License-Identifier: Apache-2.0
"""A session of gdb-multiarch with skiboot on the simulator: what it sees, and that the run's digest
is the same as without it. Usage: session_test.py XIVE_COSIM CONFIG. Exit code 77: not possible here."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

SCRIPT = """set architecture powerpc:common64
set endian big
target remote {socket}
printf "entry %lx tree %lx\\n", $pc, $r3
x/1i $pc
stepi
printf "step %lx\\n", $pc
set $r20 = 0x1234
printf "written %lx\\n", $r20
set $r20 = 0
break *0x20000000
continue
printf "payload %lx lr %lx pir %lx\\n", $pc, $lr, $pir
x/2xw 0x30000000
monitor time
monitor backtrace
monitor xive tima 0
monitor xive eas 0 0x10
monitor xive esb 0 0x10
monitor xive end 0 0
monitor xive queue 0 0
monitor nonsense
info threads
delete
watch *(unsigned long *)0x20000100
{end}
"""

EXPECTED = [
    r"entry 10 tree 1000000",
    r"tdi\s+0,r0,72",
    r"step 14",
    r"written 1234",
    r"payload 20000000 lr 30[0-9a-f]{6} pir 0",
    r"0x30000000:\s+0x7fe00008\s+0x[0-9a-f]{8}",
    r"thread 1: 5\d{7} instructions",
    r"load_and_boot_kernel",
    r"PHYS .* 80000000 valid",
    r"source 0x10: 8[0-9a-f]{15} valid",
    r"source 0x10: PQ 00 reset",
    r"END 0x0 at 0x[0-9a-f]+:",
    r"END 0x0: not valid",
    r"monitor xive \.\.\.",
    r"PIR 0x0, running",
    r"Hardware watchpoint \d+",
]


def run(program, config, folder, name, extra=()):
    result = os.path.join(folder, name + ".json")
    return result, subprocess.Popen(
        [program, "run", config, "--cores", "1", "--threads", "1", "--payload", "hello", "--console", os.path.join(folder, name + ".txt"), "--json", result, *extra],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def digest(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)["digest"]


def session(program, config, folder, name, end):
    """Output of gdb, digest of the run (None: it was killed), exit code of the run."""
    socket = os.path.join(folder, name + ".sock")
    result, process = run(program, config, folder, name, ["--gdb", socket])
    deadline = time.monotonic() + 30
    while not os.path.exists(socket) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.02)
    script = os.path.join(folder, name + ".gdb")
    with open(script, "w", encoding="utf-8") as file:
        file.write(SCRIPT.format(socket=socket, end=end))
    out = subprocess.run(["gdb-multiarch", "-nx", "-batch", "-x", script], capture_output=True, text=True,
                         timeout=300, check=False)
    code = process.wait(timeout=300)
    return out.stdout + out.stderr, digest(result) if os.path.exists(result) else None, code


def main():
    program, config = sys.argv[1:3]
    if shutil.which("gdb-multiarch") is None:
        print("SKIPPED: gdb-multiarch is not installed (Debian package gdb-multiarch)")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        plain, process = run(program, config, folder, "plain")
        errors = process.communicate(timeout=300)[1]
        if process.returncode == 3 and "skiboot" in errors:
            print("SKIPPED: " + errors.strip())
            return 77
        if process.returncode != 0:
            print(errors)
            return 1
        failures = []
        for name, end in (("continued", "delete\ncontinue"), ("detached", "detach")):
            text, seen, code = session(program, config, folder, name, end)
            failures += [f"{name}: not in the session: {pattern}" for pattern in EXPECTED
                         if re.search(pattern, text) is None]
            if seen != digest(plain):
                failures.append(f"{name}: digest {seen}, without a debugger {digest(plain)}")
            if code != 0:
                failures.append(f"{name}: exit code {code}")
        text, _, code = session(program, config, folder, "killed", "kill")
        if code == 0:
            failures.append("killed: the run says that all is well")
        for failure in failures:
            print(failure)
        if failures:
            print(text)
        return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
