// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/router/near_fifo.h"

#include <gtest/gtest.h>

namespace xive::ic {
namespace {

TEST(NearFifo, KeepsTheOrderOfThoseBesideAndOfThoseElsewhere) {
  NearFifo<unsigned, 2> fifo;
  unsigned in = 0, out = 0;
  EXPECT_TRUE(fifo.empty());
  // Up to `most` wait at once, the queue wraps, and it runs empty in between.
  for (unsigned most = 1; most < 40; ++most) {
    while (fifo.size() < most) fifo.push(in++);
    for (unsigned n = 0; n < most / 2; ++n) {
      EXPECT_EQ(fifo.front(), out++);
      fifo.pop();
      fifo.push(in++);
    }
    EXPECT_EQ(fifo.size(), most);
    while (most % 3 == 0 && !fifo.empty()) {
      EXPECT_EQ(fifo.front(), out++);
      fifo.pop();
    }
  }
  EXPECT_EQ(fifo.size(), in - out);
}

}  // namespace
}  // namespace xive::ic
