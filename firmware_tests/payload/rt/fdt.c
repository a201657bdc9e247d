/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware_tests/payload/rt/fdt.h"

enum { kBeginNode = 1, kEndNode = 2, kProperty = 3, kNop = 4, kEnd = 9, kMaxDepth = 16 };

static u32 word(const u8* p) {
  u32 v;
  memcpy(&v, p, 4);
  return be32(v);
}

int fdt_walk(const void* tree, void (*visit)(const struct fdt_property* property, void* context),
             void* context) {
  const u8* base = tree;
  if (word(base) != 0xd00dfeed) {
    return -1;
  }
  const u8* p = base + word(base + 8);
  const char* strings = (const char*)base + word(base + 12);
  const char* names[kMaxDepth] = {0};
  int depth = -1;
  while (1) {
    const u32 token = word(p);
    p += 4;
    if (token == kBeginNode) {
      ++depth;
      if (depth < kMaxDepth) {
        names[depth] = (const char*)p;
      }
      p += (strlen((const char*)p) + 4) & ~3ull;
    } else if (token == kEndNode) {
      --depth;
    } else if (token == kProperty) {
      if (depth >= 0 && depth < kMaxDepth) {
        const struct fdt_property property = {.node = names[depth],
                                              .parent = depth > 0 ? names[depth - 1] : "",
                                              .name = strings + word(p + 4),
                                              .data = p + 8,
                                              .size = word(p)};
        visit(&property, context);
      }
      p += 8 + ((word(p) + 3) & ~3u);
    } else if (token == kEnd) {
      return 0;
    } else if (token != kNop) {
      return -1;
    }
  }
}

u32 fdt_cell(const struct fdt_property* property, u32 index) {
  return 4 * index + 4 <= property->size ? word(property->data + 4 * index) : 0;
}

u64 fdt_pair(const struct fdt_property* property, u32 index) {
  return (u64)fdt_cell(property, index) << 32 | fdt_cell(property, index + 1);
}

int fdt_lists(const struct fdt_property* property, const char* text) {
  u32 at = 0;
  while (at < property->size) {
    const char* entry = (const char*)property->data + at;
    if (strcmp(entry, text) == 0) {
      return 1;
    }
    at += (u32)strlen(entry) + 1;
  }
  return 0;
}
