#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Generate the faces of the XIVE trace interface (XTI) from its one definition, rtl/xti.json.

  gen_xti.py --json rtl/xti.json [--sv FILE] [--cpp FILE] [--md FILE]   write what changed
  gen_xti.py --json rtl/xti.json --check --md FILE                      exit 1 if FILE is stale

The first field of the JSON takes the most significant bits of the packed SystemVerilog struct.
"""

import argparse
import json
import pathlib
import sys


class XtiError(Exception):
    """The definition itself is wrong."""


def load(path):
    xti = json.loads(path.read_text(encoding="utf-8"))
    seen = set()
    for field in xti["fields"]:
        name, width = field["name"], field["width"]
        if name in seen:
            raise XtiError(f"{path}: field '{name}' is defined twice")
        seen.add(name)
        if not isinstance(width, int) or width < 1:
            raise XtiError(f"{path}: field '{name}': width must be a positive integer")
        if width > 64 and width % 32 != 0:
            raise XtiError(f"{path}: field '{name}': a width above 64 must be a multiple of 32")
        if "enum" in field:
            if field["enum"] not in xti["enums"]:
                raise XtiError(f"{path}: field '{name}': unknown enum '{field['enum']}'")
            if any(e["value"] >= 1 << width for e in xti["enums"][field["enum"]]):
                raise XtiError(f"{path}: field '{name}': an enumerator does not fit")
    lsb = sum(f["width"] for f in xti["fields"])
    xti["bits"] = lsb
    for field in xti["fields"]:
        lsb -= field["width"]
        field["lsb"] = lsb
        if field["width"] > 64 and lsb % 32 != 0:
            raise XtiError(f"{path}: wide field '{field['name']}' must start on a 32-bit word")
    return xti


def camel(name):
    return "".join(part.capitalize() for part in name.split("_"))


def to_sv(xti):
    n = xti["name"]
    out = [
        "// SPDX-License-Identifier: Apache-2.0",
        f"// Generated from rtl/{n}.json by cmake/gen_xti.py; do not edit.",
        "",
        f"// {xti['title']}: the record that the TIMA announces with each committed event.",
        f"package {n}_pkg;",
    ]
    for ename, items in xti["enums"].items():
        width = max(f["width"] for f in xti["fields"] if f.get("enum") == ename)
        out += ["", f"  typedef enum logic [{width - 1}:0] {{"]
        for i, e in enumerate(items):
            comma = "," if i + 1 < len(items) else ""
            out.append(f"    {camel(ename)}{camel(e['name'])} = {width}'d{e['value']}{comma}  // {e['doc']}")
        out.append(f"  }} {n}_{ename}_e;")
    out += ["", f"  localparam int unsigned XtiWidth = {xti['bits']};", "", "  typedef struct packed {"]
    for f in xti["fields"]:
        if "enum" in f:
            kind = f"{n}_{f['enum']}_e"
        else:
            kind = "logic" if f["width"] == 1 else f"logic [{f['width'] - 1}:0]"
        out.append(f"    {kind} {f['name']};  // {f['doc']}")
    out += [f"  }} {n}_t;", "", f"endpackage : {n}_pkg", ""]
    return "\n".join(out)


def cpp_type(f):
    if "enum" in f:
        return f"Xti{camel(f['enum'])}"
    w = f["width"]
    if w == 1:
        return "bool"
    if w > 64:
        return f"std::array<std::uint8_t, {w // 8}>"
    return next(f"std::uint{b}_t" for b in (8, 16, 32, 64) if w <= b)


def to_cpp(xti):
    n = xti["name"]
    bits = xti["bits"]
    out = [
        "// SPDX-License-Identifier: Apache-2.0",
        f"// Generated from rtl/{n}.json by cmake/gen_xti.py; do not edit.",
        f"/// {xti['title']}: one committed event of the TIMA RTL, unpacked.",
        "#pragma once",
        "",
        "#include <array>",
        "#include <cstddef>",
        "#include <cstdint>",
        "",
        "namespace xive::bridge {",
    ]
    for ename, items in xti["enums"].items():
        out += ["", f"enum class Xti{camel(ename)} : std::uint8_t {{"]
        out += [f"  {camel(e['name'])} = {e['value']},  ///< {e['doc']}" for e in items]
        out += ["};"]
    out += [
        "",
        f"inline constexpr unsigned kXtiBits = {bits};",
        f"inline constexpr unsigned kXtiWords = {(bits + 31) // 32};",
        "",
        "/// The record; byte arrays hold the most significant byte first.",
        "struct Xti {",
    ]
    for f in xti["fields"]:
        init = f" = {cpp_type(f)}{{}}" if "enum" in f else ("{}" if f["width"] > 64 else (" = false" if f["width"] == 1 else " = 0"))
        out.append(f"  {cpp_type(f)} {f['name']}{init};  ///< {f['doc']}")
    out += [
        "};",
        "",
        "namespace xti_detail {",
        "",
        "/// Bits [Lsb + Width - 1 : Lsb] of a vector of 32-bit words, least significant word first.",
        "template <unsigned Lsb, unsigned Width>",
        "constexpr std::uint64_t bits(const std::uint32_t* words) {",
        "  static_assert(Width >= 1 && Width <= 64);",
        "  constexpr unsigned kFirst = Lsb / 32U;",
        "  constexpr unsigned kShift = Lsb % 32U;",
        "  std::uint64_t value = words[kFirst] >> kShift;",
        "  if constexpr (kShift + Width > 32U) {",
        "    value |= static_cast<std::uint64_t>(words[kFirst + 1U]) << (32U - kShift);",
        "  }",
        "  if constexpr (kShift + Width > 64U) {",
        "    value |= static_cast<std::uint64_t>(words[kFirst + 2U]) << (64U - kShift);",
        "  }",
        "  if constexpr (Width < 64U) {",
        "    value &= (std::uint64_t{1} << Width) - 1U;",
        "  }",
        "  return value;",
        "}",
        "",
        "/// A word-aligned wide field as bytes, most significant byte first.",
        "template <unsigned Lsb, std::size_t Bytes>",
        "constexpr void bytes(const std::uint32_t* words, std::array<std::uint8_t, Bytes>& to) {",
        "  static_assert(Lsb % 32U == 0 && Bytes % 4U == 0);",
        "  for (std::size_t i = 0; i < Bytes / 4U; ++i) {",
        "    const std::uint32_t w = words[Lsb / 32U + Bytes / 4U - 1U - i];",
        "    to[4U * i] = static_cast<std::uint8_t>(w >> 24U);",
        "    to[4U * i + 1U] = static_cast<std::uint8_t>(w >> 16U);",
        "    to[4U * i + 2U] = static_cast<std::uint8_t>(w >> 8U);",
        "    to[4U * i + 3U] = static_cast<std::uint8_t>(w);",
        "  }",
        "}",
        "",
        "}  // namespace xti_detail",
        "",
        "/// Least significant bit of each field in the packed record, for who needs only one of them.",
        "namespace xti_lsb {",
    ]
    out += [f"inline constexpr unsigned k{camel(f['name'])} = {f['lsb']};" for f in xti["fields"]]
    out += [
        "}  // namespace xti_lsb",
        "",
        "/// True if the packed record announces an event: the only look needed in a quiet cycle.",
    ]
    valid = next(f for f in xti["fields"] if f["name"] == "valid")
    out += [
        "constexpr bool xti_valid(const std::uint32_t* words) {",
        f"  return ((words[{valid['lsb'] // 32}] >> {valid['lsb'] % 32}U) & 1U) != 0;",
        "}",
        "",
        "/// Unpack a record of kXtiWords words, least significant word first (Verilator's VlWide).",
        "constexpr void xti_unpack(const std::uint32_t* words, Xti& to) {",
    ]
    for f in xti["fields"]:
        lsb, w = f["lsb"], f["width"]
        if w > 64:
            out.append(f"  xti_detail::bytes<{lsb}>(words, to.{f['name']});")
        elif w == 1:
            out.append(f"  to.{f['name']} = xti_detail::bits<{lsb}, 1>(words) != 0;")
        else:
            out.append(f"  to.{f['name']} = static_cast<{cpp_type(f)}>(xti_detail::bits<{lsb}, {w}>(words));")
    out += [
        "}",
        "",
        "constexpr Xti xti_unpack(const std::uint32_t* words) {",
        "  Xti to;",
        "  xti_unpack(words, to);",
        "  return to;",
        "}",
        "",
        "}  // namespace xive::bridge",
        "",
    ]
    return "\n".join(out)


def to_md(xti):
    out = [
        f"# {xti['title']} (XTI)",
        "",
        f"Generated from `rtl/{xti['name']}.json` by `cmake/gen_xti.py`; do not edit.",
        "",
        xti["doc"],
        "",
        f"{xti['bits']} bits. The bit numbers are those of the packed struct, bit 0 the least significant.",
        "",
        "| field | bits | width | meaning |",
        "|---|---|---|---|",
    ]
    for f in xti["fields"]:
        hi, lo = f["lsb"] + f["width"] - 1, f["lsb"]
        out.append(f"| `{f['name']}` | {hi if hi == lo else f'{hi}:{lo}'} | {f['width']} | {f['doc']} |")
    for ename, items in xti["enums"].items():
        out += ["", f"## `{ename}`", "", "| value | name | meaning |", "|---|---|---|"]
        out += [f"| {e['value']} | {e['name']} | {e['doc']} |" for e in items]
    out.append("")
    return "\n".join(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=pathlib.Path, required=True)
    parser.add_argument("--sv", type=pathlib.Path)
    parser.add_argument("--cpp", type=pathlib.Path)
    parser.add_argument("--md", type=pathlib.Path)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    args = parser.parse_args()
    try:
        xti = load(args.json)
    except (OSError, KeyError, ValueError, XtiError) as e:
        print(f"gen_xti: {e}", file=sys.stderr)
        return 2
    stale = False
    for path, make in ((args.sv, to_sv), (args.cpp, to_cpp), (args.md, to_md)):
        if path is None:
            continue
        text = make(xti)
        old = path.read_text(encoding="utf-8") if path.exists() else None
        if text == old:
            continue
        if args.check:
            print(f"gen_xti: {path} does not agree with {args.json}; "
                  f"run: cmake/gen_xti.py --json {args.json} --md {path}", file=sys.stderr)
            stale = True
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
