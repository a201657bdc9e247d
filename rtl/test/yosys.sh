#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# yosys.sh YOSYS SOURCE...: the conservative SystemVerilog subset is kept, and nothing becomes a latch.
set -eu
yosys=$1
shift
files=
for file; do files="$files \"$file\""; done  # a folder may have a space in its name
for threads in 1 4 7; do
  for define in -DXIVE_NO_MUTANTS -DTIMA_MUTANTS; do
    "$yosys" -q -p "read_verilog -sv $define $files; hierarchy -check -top tima -chparam NumThreads $threads;
      proc; check -assert; select -assert-none t:\$dlatch t:\$_DLATCH_*"
  done
done
