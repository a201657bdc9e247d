// SPDX-License-Identifier: Apache-2.0
#include "sc_models/rules/junit.h"

#include <gtest/gtest.h>

namespace xive {
namespace {

TEST(Junit, HoldsWhatHappened) {
  Junit junit("night");
  junit.attribute("time", "1.5");
  junit.property("seed", "7");
  junit.passed("a", "good", 0.25);
  junit.failed("a", "x<y", "1 < 2 & \"no\"\n", "kind");
  junit.rule("rules", "R1", "a sentence", 3, 1);
  junit.rule("rules", "R2", "a sentence", 0, 0);
  junit.rule("rules", "R3", "a sentence", 2, 0);
  EXPECT_EQ(junit.text(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuite name=\"night\" time=\"1.5\" tests=\"5\" failures=\"2\" errors=\"0\" "
            "skipped=\"1\">\n"
            "  <properties>\n    <property name=\"seed\" value=\"7\"/>\n  </properties>\n"
            "  <testcase classname=\"a\" name=\"good\" time=\"0.250\"/>\n"
            "  <testcase classname=\"a\" name=\"x&lt;y\">\n"
            "    <failure type=\"kind\" message=\"1 &lt; 2 &amp; &quot;no&quot; \"/>\n"
            "  </testcase>\n"
            "  <testcase classname=\"rules\" name=\"R1\">\n"
            "    <failure message=\"a sentence\"/>\n"
            "  </testcase>\n"
            "  <testcase classname=\"rules\" name=\"R2\">\n"
            "    <skipped message=\"never put to the test\"/>\n"
            "  </testcase>\n"
            "  <testcase classname=\"rules\" name=\"R3\"/>\n"
            "</testsuite>\n");
}

}  // namespace
}  // namespace xive
