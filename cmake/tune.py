#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The training of ./cosim tune, and the proof that the tuned program computes the same.

usage: tune.py train PROGRAM FOLDER    runs the jobs below and keeps their results in FOLDER
       tune.py prove PROGRAM FOLDER    runs them again and compares

A result must be equal in everything but speed: verdict, digests, counts, simulated times, latencies, console.
Exit codes: 0 good, 1 a job failed or computed something else, 2 usage, 3 the environment; those of the jobs are kept.
"""

import json
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def machine(platform, *words):
    return ["run", "--config", f"{ROOT}/configs/platforms/{platform}.yaml", "--short", *words]


def trips(platform, tima, threads, count):
    """Interrupt round trips of one thread of skiboot's payload."""
    return machine(platform, "--tima", tima, "--set", f"platform.threads={threads}",
                   "--set", f"boot.bootargs=suites=bench_interrupt count={count}")


# What is optimised for: the share of a job is its time. The number of threads chooses the Verilated model.
JOBS = {
    "trips-model": trips("p9-fast", "model", 2, 300_000),
    **{f"trips-rtl-{threads}": trips("p9-fast", "rtl", threads, 150_000) for threads in (1, 2, 4)},
    "trips-lockstep": trips("p9-skiboot", "lockstep", 2, 100_000),
    "compute": machine("p9-fast", "--set", "boot.bootargs=suites=bench_compute count=10000000"),
    "skiboot-lockstep": machine("p9-skiboot"),
    "load-lockstep": machine("p9"),
    "load-rtl": machine("p9", "--tima", "rtl"),
    "load-model": machine("p9", "--tima", "model"),
    "load-rtl-8": machine("p9", "--tima", "rtl", "--threads", "8", "--triggers", "50000"),
    "load-at": machine("p9", "--tima", "model", "--timing", "at", "--triggers", "20000"),
    "validate": ["validate", "--seed", "1", "--ops", "300000", "--shard-ops", "100000", "--jobs", "1",
                 "--progress", "off", "--out", "shards"],
}

# Where a result speaks of the clock on the wall, or of the checkout.
UNLIKE = {"speed", "seconds", "operations_per_second", "commit", "dirty"}


def run(program, folder, name):
    """The result of one job, without what may differ; ends this program when the job does not succeed."""
    result = folder / f"{name}.json"
    result.unlink(missing_ok=True)
    start = time.monotonic()
    done = subprocess.run([program, *JOBS[name], "--json", result], cwd=folder, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    if done.returncode != 0:
        print(f"{done.stdout[-2000:]}\ntune: {name}: {program} ended with {done.returncode}", file=sys.stderr)
        sys.exit(done.returncode if done.returncode in (1, 2, 3) else 1)
    print(f"  {time.monotonic() - start:6.2f} s  {name}", file=sys.stderr, flush=True)
    return comparable(json.loads(result.read_text(encoding="utf-8")))


def comparable(value):
    if isinstance(value, dict):
        return {key: comparable(item) for key, item in value.items() if key not in UNLIKE}
    return [comparable(item) for item in value] if isinstance(value, list) else value


def differing(left, right, where=""):
    """The place of the first difference, or nothing."""
    if isinstance(left, dict) and isinstance(right, dict):
        keys = sorted(left.keys() | right.keys())
        pairs = [(f"{where}.{key}", left.get(key), right.get(key)) for key in keys]
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        pairs = [(f"{where}[{n}]", a, b) for n, (a, b) in enumerate(zip(left, right))]
    else:
        return None if left == right else f"{where.lstrip('.')}: {left} with the recording program, {right} when tuned"
    return next((found for name, a, b in pairs if (found := differing(a, b, name))), None)


def main(arguments):
    if len(arguments) != 3 or arguments[0] not in ("train", "prove"):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    program, folder = pathlib.Path(arguments[1]).resolve(), pathlib.Path(arguments[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "results.json"
    if arguments[0] == "train":
        kept.unlink(missing_ok=True)
        kept.write_text(json.dumps({name: run(program, folder, name) for name in JOBS}), encoding="utf-8")
        return 0
    expected = json.loads(kept.read_text(encoding="utf-8"))
    for name in JOBS:
        if found := differing(expected[name], run(program, folder, name)):
            print(f"tune: {name} differs at {found}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(3)
