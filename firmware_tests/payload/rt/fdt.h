/* SPDX-License-Identifier: Apache-2.0 */
/* Reader of the flattened device tree that the firmware hands over: one pass over all properties.
 */
#pragma once

#include "firmware_tests/payload/rt/types.h"

struct fdt_property {
  const char* node;   /* name of the node, with unit address */
  const char* parent; /* "" below and at the root */
  const char* name;
  const u8* data;
  u32 size;
};

/* Calls `visit` for each property, in order. Returns 0, or -1 when the tree is damaged. */
int fdt_walk(const void* tree, void (*visit)(const struct fdt_property* property, void* context),
             void* context);

/* Big-endian cells of a property; beyond its end 0. */
u32 fdt_cell(const struct fdt_property* property, u32 index);
u64 fdt_pair(const struct fdt_property* property, u32 index);
/* True when `text` is one of the strings of the property. */
int fdt_lists(const struct fdt_property* property, const char* text);
