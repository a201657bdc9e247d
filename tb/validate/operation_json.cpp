// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/operation_json.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <iterator>

#include "tb/host/files.h"

namespace xive::validate {
namespace {

using nlohmann::json;

std::uint64_t hex(const json& value, std::uint64_t limit) {
  const auto& text = value.get_ref<const std::string&>();
  std::uint64_t number = 0;
  const char* first = text.data() + 2;
  const char* last = text.data() + text.size();
  if (text.size() < 3 || text[0] != '0' || text[1] != 'x') {
    throw std::invalid_argument("not a hexadecimal number: " + text);
  }
  const auto [end, error] = std::from_chars(first, last, number, 16);
  if (error != std::errc{} || end != last) {
    throw std::invalid_argument("not a hexadecimal number: " + text);
  }
  if (number > limit) throw std::invalid_argument("number too large: " + text);
  return number;
}

std::uint64_t number(const json& value, std::uint64_t limit) {
  const auto result = value.get<std::uint64_t>();
  if (result > limit) throw std::invalid_argument(fmt::format("number too large: {}", result));
  return result;
}

template <typename Enum>
Enum by_name(const json& value, std::size_t count) {
  const auto& text = value.get_ref<const std::string&>();
  for (std::size_t i = 0; i < count; ++i) {
    if (name(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
  }
  throw std::invalid_argument("unknown name: " + text);
}

std::string memory_text(const MemoryAnswer& memory) {
  const tima::MemoryResponse& r = memory.response;
  return fmt::format(R"({{"ok":{},"ipb":"{:#04x}","delay":{}}})", r.ok, r.ipb, memory.delay);
}

MemoryAnswer memory_from_json(const json& value) {
  MemoryAnswer memory;
  memory.response.ok = value.at("ok").get<bool>();
  memory.response.ipb = static_cast<std::uint8_t>(hex(value.at("ipb"), 0xff));
  memory.delay = static_cast<std::uint16_t>(number(value.at("delay"), 0xffff));
  return memory;
}

tima::MmioRequest mmio_from_json(const json& value) {
  tima::MmioRequest r;
  r.thread = static_cast<std::uint8_t>(number(value.at("thread"), tima::kMaxThreads - 1));
  r.page = static_cast<tima::Page>(number(value.at("page"), 3));
  r.offset = static_cast<std::uint16_t>(hex(value.at("offset"), 0xffff));
  r.write = value.at("store").get<bool>();
  const std::uint64_t size = number(value.at("size"), 8);
  while (r.size_log2 < 3 && (1U << r.size_log2) < size) ++r.size_log2;
  if (size != 1U << r.size_log2) throw std::invalid_argument("size must be 1, 2, 4 or 8");
  r.wdata = hex(value.at("data"), ~0ULL);
  return r;
}

tima::PresenterRequest presenter_from_json(const json& value) {
  tima::PresenterRequest r;
  r.cmd = static_cast<tima::PresenterCmd>(number(value.at("cmd"), 2));
  r.format = value.at("format").get<bool>();
  r.crowd = value.at("crowd").get<bool>();
  r.ignore = value.at("ignore").get<bool>();
  r.blk = static_cast<std::uint8_t>(number(value.at("blk"), 15));
  r.idx = static_cast<std::uint32_t>(hex(value.at("idx"), 0xffffff));
  r.prio = static_cast<std::uint8_t>(number(value.at("prio"), 0xff));
  r.logic_serv = static_cast<std::uint32_t>(hex(value.at("server"), 0x7fffffff));
  r.level = static_cast<std::uint8_t>(number(value.at("level"), 63));
  r.thread = static_cast<std::uint8_t>(number(value.at("thread"), tima::kMaxThreads - 1));
  r.ring = static_cast<tima::Ring>(number(value.at("ring"), 3));
  return r;
}

}  // namespace

json to_json(const tima::StaticInputs& inputs) {
  return {{"blk", inputs.blk},
          {"pir", inputs.pir},
          {"tid8", inputs.tid8},
          {"save_restore", inputs.save_restore},
          {"gen1_tima", inputs.gen1_tima}};
}

tima::StaticInputs static_inputs_from_json(const json& value) {
  tima::StaticInputs inputs;
  inputs.blk = static_cast<std::uint8_t>(number(value.at("blk"), 15));
  const json& pir = value.at("pir");
  if (pir.size() != inputs.pir.size()) throw std::invalid_argument("pir must have 8 entries");
  for (std::size_t i = 0; i < inputs.pir.size(); ++i) {
    inputs.pir.at(i) = static_cast<std::uint16_t>(number(pir.at(i), 0x7fff));
  }
  inputs.tid8 = value.at("tid8").get<bool>();
  inputs.save_restore = value.at("save_restore").get<bool>();
  inputs.gen1_tima = value.at("gen1_tima").get<bool>();
  return inputs;
}

json to_json(const tima::Knobs& k) {
  return {{"ack_recompute", k.ack_recompute}, {"pull64_lo", k.pull64_lo},
          {"g1_pool_push", k.g1_pool_push},   {"save_clr_ipb", k.save_clr_ipb},
          {"pool_cppr", k.pool_cppr},         {"lsmfb_min", k.lsmfb_min},
          {"low400_alias", k.low400_alias},   {"user_ring", k.user_ring},
          {"cppr_load", k.cppr_load}};
}

tima::Knobs knobs_from_json(const json& value) {
  tima::Knobs k;
  value.at("ack_recompute").get_to(k.ack_recompute);
  value.at("pull64_lo").get_to(k.pull64_lo);
  value.at("g1_pool_push").get_to(k.g1_pool_push);
  value.at("save_clr_ipb").get_to(k.save_clr_ipb);
  value.at("pool_cppr").get_to(k.pool_cppr);
  value.at("lsmfb_min").get_to(k.lsmfb_min);
  value.at("low400_alias").get_to(k.low400_alias);
  value.at("user_ring").get_to(k.user_ring);
  value.at("cppr_load").get_to(k.cppr_load);
  return k;
}

std::string to_json_line(const Operation& op, std::uint64_t number) {
  std::string line = fmt::format(R"({{"n":{},"cycle":{},"kind":"{}","class":"{}")", number,
                                 op.cycle, name(op.kind), name(op.op_class));
  const auto out = std::back_inserter(line);
  switch (op.kind) {
    case OpKind::Mmio: {
      const tima::MmioRequest& r = op.mmio;
      fmt::format_to(
          out, R"(,"thread":{},"page":{},"offset":"{:#06x}","store":{},"size":{},"data":"{:#x}")",
          r.thread, static_cast<unsigned>(r.page), r.offset, r.write, 1U << r.size_log2, r.wdata);
      if (r.write) fmt::format_to(out, R"(,"memory":{})", memory_text(op.memory));
      break;
    }
    case OpKind::Presenter: {
      const tima::PresenterRequest& r = op.presenter;
      fmt::format_to(out,
                     R"(,"cmd":{},"format":{},"crowd":{},"ignore":{},"blk":{},"idx":"{:#08x}",)"
                     R"("prio":{},"server":"{:#x}","level":{},"thread":{},"ring":{})",
                     static_cast<unsigned>(r.cmd), r.format, r.crowd, r.ignore, r.blk, r.idx,
                     r.prio, r.logic_serv, r.level, r.thread, static_cast<unsigned>(r.ring));
      break;
    }
    case OpKind::Enable:
      fmt::format_to(out, R"(,"mask":{})", op.enable);
      break;
    case OpKind::Configure:
      fmt::format_to(out, R"(,"inputs":{})", to_json(op.inputs).dump());
      break;
    case OpKind::Reset:
      break;
  }
  line += '}';
  return line;
}

Operation operation_from_json(const json& value) {
  Operation op;
  op.cycle = value.at("cycle").get<tima::Cycle>();
  op.kind = by_name<OpKind>(value.at("kind"), kOpKinds);
  op.op_class = by_name<OpClass>(value.at("class"), kOpClasses);
  switch (op.kind) {
    case OpKind::Mmio:
      op.mmio = mmio_from_json(value);
      if (op.mmio.write) op.memory = memory_from_json(value.at("memory"));
      break;
    case OpKind::Presenter:
      op.presenter = presenter_from_json(value);
      break;
    case OpKind::Enable:
      op.enable = static_cast<std::uint8_t>(number(value.at("mask"), 0xff));
      break;
    case OpKind::Configure:
      op.inputs = static_inputs_from_json(value.at("inputs"));
      break;
    case OpKind::Reset:
      break;
  }
  return op;
}

void write_operations(const std::filesystem::path& path, const std::vector<Operation>& operations) {
  std::string text;
  text.reserve(operations.size() * 160);
  std::uint64_t n = 0;
  for (const Operation& op : operations) {
    text += to_json_line(op, ++n);
    text += '\n';
  }
  host::write_file(path, text);
}

std::vector<Operation> read_operations(const std::filesystem::path& path) {
  std::ifstream in(path);
  if (!in) throw FormatError(path.string() + ": cannot be read");
  std::vector<Operation> operations;
  std::string line;
  for (std::size_t n = 1; std::getline(in, line); ++n) {
    try {
      operations.push_back(operation_from_json(json::parse(line)));
    } catch (const std::exception& error) {
      throw FormatError(fmt::format("{}:{}: not an operation: {}", path.string(), n, error.what()));
    }
  }
  if (operations.empty()) throw FormatError(path.string() + ": holds no operation");
  return operations;
}

}  // namespace xive::validate
