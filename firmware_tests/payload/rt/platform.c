/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware_tests/payload/rt/platform.h"

#include "firmware_tests/payload/rt/cpu.h"
#include "firmware_tests/payload/rt/fdt.h"

struct platform platform;

/* Properties of one node come together, those of its compatible and reg in any order: kept until
   both are known. */
struct reader {
  const char* node;
  u64 reg;
  int has_reg;
  int is_exit, is_uart, is_intc, at_root, is_cpu;
};

static int starts(const char* text, const char* with) {
  return strncmp(text, with, strlen(with)) == 0;
}

static void settle(struct reader* r) {
  if (!r->has_reg) {
    return;
  }
  if (r->is_exit) {
    platform.exit = r->reg;
  }
  if (r->is_uart && r->at_root) {
    platform.uart = r->reg;
  }
  if (r->is_intc) {
    platform.tima = r->reg;
  }
}

static void add_thread(u32 pir) {
  if (platform.threads < kMaxThreads) {
    platform.pirs[platform.threads++] = pir;
  }
}

static void visit(const struct fdt_property* p, void* context) {
  struct reader* r = context;
  if (r->node != p->node) {
    const struct reader fresh = {.node = p->node, .at_root = p->parent[0] == 0};
    *r = fresh;
  }
  if (strcmp(p->name, "reg") == 0) {
    r->reg = fdt_pair(p, 0);
    r->has_reg = 1;
  } else if (strcmp(p->name, "compatible") == 0) {
    r->is_exit |= fdt_lists(p, "xive-cosim,exit");
    r->is_uart |= fdt_lists(p, "ns16550");
    r->is_intc |= fdt_lists(p, "ibm,opal-xive-pe");
  } else if (strcmp(p->node, "chosen") == 0 && strcmp(p->name, "bootargs") == 0) {
    const u32 size = p->size < kMaxArguments - 1 ? p->size : kMaxArguments - 1;
    memcpy(platform.arguments, p->data, size);
  } else if (strcmp(p->parent, "cpus") == 0 && starts(p->name, "ibm,ppc-interrupt-server#s")) {
    for (u32 i = 0; i < p->size / 4; ++i) {
      add_thread(fdt_cell(p, i));
    }
  } else if (strcmp(p->name, "ibm,xive-provision-chips") == 0) {
    platform.provision_chips = p->size / 4;
  } else if (strcmp(p->name, "single-escalation-support") == 0) {
    platform.single_escalation = 1;
  } else if (strcmp(p->name, "store-eoi") == 0) {
    platform.store_eoi = 1;
  } else if (strcmp(p->name, "vp-save-restore") == 0) {
    platform.vp_save_restore = 1;
  }
  settle(r);
}

void platform_read(const void* tree, u64 memory_top) {
  struct reader reader = {0};
  platform.generation = mfspr(287) >> 16 == 0x80 ? 2 : 1;
  platform.boot_pir = pir();
  platform.memory_top = memory_top;
  platform.tree_damaged = fdt_walk(tree, visit, &reader) != 0;
  if (platform.threads == 0) {
    add_thread(platform.boot_pir);
  }
}

u32 platform_chips(void) {
  u32 chips = 0;
  for (u32 t = 0; t < platform.threads; ++t) {
    u32 known = 0;
    for (u32 other = 0; other < t; ++other) {
      known |= platform.pirs[other] >> 8 == platform.pirs[t] >> 8;
    }
    chips += !known;
  }
  return chips;
}

const char* argument(const char* key) {
  const size_t n = strlen(key);
  for (const char* p = platform.arguments; *p != 0;) {
    if (strncmp(p, key, n) == 0 && p[n] == '=') {
      return p + n + 1;
    }
    while (*p != 0 && *p != ' ') {
      ++p;
    }
    while (*p == ' ') {
      ++p;
    }
  }
  return 0;
}

u64 argument_number(const char* key, u64 otherwise) {
  const char* p = argument(key);
  if (p == 0) {
    return otherwise;
  }
  u64 value = 0;
  for (; *p >= '0' && *p <= '9'; ++p) {
    value = value * 10 + (u64)(*p - '0');
  }
  return value;
}

int list_has(const char* list, const char* word) {
  const size_t n = strlen(word);
  while (*list != 0 && *list != ' ') {
    if (strncmp(list, word, n) == 0 && (list[n] == ',' || list[n] == ' ' || list[n] == 0)) {
      return 1;
    }
    while (*list != 0 && *list != ' ' && *list != ',') {
      ++list;
    }
    if (*list == ',') {
      ++list;
    }
  }
  return 0;
}
