// SPDX-License-Identifier: Apache-2.0
#include "tb/report/html.h"

#include "tb/report/resources.h"

namespace xive::report {
namespace {

std::string replaced(std::string text, const std::string& mark, const std::string& by) {
  const std::size_t at = text.find(mark);
  return at == std::string::npos ? text : text.replace(at, mark.size(), by);
}

}  // namespace

std::string to_html(const Page& page) {
  // Inside <script> only "</" could end the element.
  std::string data = page_data(page).dump(-1, ' ', false, Json::error_handler_t::replace);
  for (std::size_t at = data.find("</"); at != std::string::npos; at = data.find("</", at + 3)) {
    data.insert(at + 1, "\\");
  }
  std::string html(resources::page());
  html = replaced(std::move(html), "@@STYLE@@", std::string(resources::style()));
  html = replaced(std::move(html), "@@SCRIPT@@", std::string(resources::script()));
  html = replaced(std::move(html), "@@CHART@@", std::string(resources::chart_library()));
  return replaced(std::move(html), "@@DATA@@", data);
}

}  // namespace xive::report
