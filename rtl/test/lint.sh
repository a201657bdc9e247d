#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# lint.sh VERILATOR SOURCE...: -Wall over every number of threads, with and without the mutants, and
# the configurations that must be refused.
set -u
verilator=$1
shift
bad=0

lint() { "$verilator" --lint-only -Wall --top-module tima "$@"; }

for threads in 1 2 3 4 5 6 7 8; do
  for define in -DXIVE_NO_MUTANTS -DTIMA_MUTANTS; do
    if ! lint "-GNumThreads=$threads" "$define" "$@"; then
      echo "lint: NumThreads=$threads $define has findings" >&2
      bad=1
    fi
  done
done
for parameter in -GGen=2 -GNumThreads=9; do
  if lint "$parameter" "$@" 2>/dev/null; then
    echo "lint: $parameter must be refused" >&2
    bad=1
  fi
done
exit $bad
