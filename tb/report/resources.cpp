// SPDX-License-Identifier: Apache-2.0
// The assembler puts the files between two symbols each: no generated arrays to compile.
#include "tb/report/resources.h"

#define XIVE_FILE(path) ".incbin \"" path "\"\n"
#define XIVE_RESOURCE(symbol, files)                                             \
  asm(".pushsection .rodata\n"                                                   \
      ".global xive_" #symbol "_begin\n.global xive_" #symbol                    \
      "_end\n"                                                                   \
      "xive_" #symbol "_begin:\n" files "xive_" #symbol "_end:\n.popsection\n"); \
  extern "C" const char xive_##symbol##_begin[];                                 \
  extern "C" const char xive_##symbol##_end[]

XIVE_RESOURCE(page, XIVE_FILE(XIVE_PAGE_DIR "/page.html"));
XIVE_RESOURCE(style, XIVE_FILE(XIVE_PAGE_DIR "/page.css"));
XIVE_RESOURCE(script, XIVE_PAGE_SCRIPTS);
XIVE_RESOURCE(chart, XIVE_FILE(XIVE_CHART_JS));

namespace xive::report::resources {
namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

std::string_view page() {
  return between(xive_page_begin, xive_page_end);
}
std::string_view style() {
  return between(xive_style_begin, xive_style_end);
}
std::string_view script() {
  return between(xive_script_begin, xive_script_end);
}
std::string_view chart_library() {
  return between(xive_chart_begin, xive_chart_end);
}

}  // namespace xive::report::resources
