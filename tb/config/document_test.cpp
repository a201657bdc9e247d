// SPDX-License-Identifier: Apache-2.0
// Descriptions compose: structs in structs, lists of structs, optional values. The tree here is
// shaped like a platform, so that what a platform needs is tested before there is one.
#include "tb/config/document.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace xive::config {
namespace {

enum class Kind { Model, Rtl };

struct Core {
  unsigned threads = 4;
  Kind kind = Kind::Model;
  friend bool operator==(const Core&, const Core&) = default;
};

struct Chip {
  std::string name = "chip";
  std::vector<Core> cores{Core{}};
  std::optional<std::uint64_t> memory;
  double ratio = 1.5;
};

struct Machine {
  std::vector<Chip> chips;
  Chip spare;
  bool fast = true;
  std::vector<unsigned> delays{1, 2};
};

Schema<Chip> chip_schema() {
  const Schema<Core> core =
      object<Core>("core", "One core.")
          .field("threads", &Core::threads, integer(1U, 8U), "hardware threads")
          .field("kind", &Core::kind, choice<Kind>({{"model", Kind::Model}, {"rtl", Kind::Rtl}}),
                 "who plays the TIMA");
  return object<Chip>("chip", "One chip.")
      .field("name", &Chip::name, string(false), "name")
      .field("cores", &Chip::cores, list(core, 1, 3), "cores")
      .field("memory", &Chip::memory, optional(integer(std::uint64_t{4096})), "bytes")
      .field("ratio", &Chip::ratio, real(0.5, 4), "clock ratio")
      .constraint("ratio", "at most 2 with more than one core",
                  [](const Chip& chip) { return chip.cores.size() < 2 || chip.ratio <= 2; });
}

Schema<Machine> machine_schema() {
  return object<Machine>("machine", "A machine.")
      .field("chips", &Machine::chips, list(chip_schema(), 0, 2), "chips")
      .field("spare", &Machine::spare, chip_schema(), "the spare chip")
      .field("fast", &Machine::fast, boolean(), "fast")
      .field("delays", &Machine::delays, list(integer(0U, 100U), 0, 9), "delays");
}

class DocumentTest : public testing::Test {
 protected:
  DocumentTest() : folder_(std::filesystem::path(testing::TempDir()) / unique_name()) {
    std::filesystem::create_directories(folder_);
    std::filesystem::current_path(folder_);
  }
  ~DocumentTest() override {
    std::filesystem::current_path("/");
    std::filesystem::remove_all(folder_);
  }

  static void write(const std::string& text) { std::ofstream("m.yaml") << text; }

  /// The text of the error of reading `text`, empty when it is good.
  std::string error_of(const std::string& text) {
    write(text);
    Document<Machine> document{machine_schema()};
    try {
      document.load("m.yaml");
      document.verify();
    } catch (const ConfigError& error) {
      return error.what();
    }
    return {};
  }

 private:
  static std::string unique_name() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    return std::string("config_document_") + info->name();
  }
  std::filesystem::path folder_;
};

TEST_F(DocumentTest, ReadsNestedValuesAndRemembersTheirPlace) {
  write(
      "fast: false\n"
      "chips:\n"
      "  - name: left\n"
      "    memory: 0x10000\n"
      "    cores:\n"
      "      - {threads: 2, kind: rtl}\n"
      "      - {}\n"
      "  - ratio: 2\n"
      "delays: [7]\n");
  Document<Machine> document{machine_schema()};
  document.load("m.yaml");
  document.verify();
  const Machine& machine = document.value();
  ASSERT_EQ(machine.chips.size(), 2U);
  EXPECT_EQ(machine.chips[0].name, "left");
  EXPECT_EQ(machine.chips[0].memory, 0x10000U);
  EXPECT_EQ(machine.chips[0].cores, (std::vector<Core>{{2, Kind::Rtl}, {4, Kind::Model}}));
  EXPECT_EQ(machine.chips[1].name, "chip");
  EXPECT_EQ(machine.chips[1].memory, std::nullopt);
  EXPECT_EQ(machine.chips[1].ratio, 2.0);
  EXPECT_EQ(machine.delays, std::vector<unsigned>{7});
  EXPECT_FALSE(machine.fast);
  EXPECT_EQ(document.origins().at("chips[0].cores[0].kind").text(), "m.yaml:6");
  EXPECT_EQ(document.origins().at("chips[1].ratio").text(), "m.yaml:8");
  EXPECT_EQ(document.origins().count("chips[1].name"), 0U);
}

TEST_F(DocumentTest, DumpShowsEachOriginAndReadsBackToTheSameValues) {
  write("chips: [{name: 'true', cores: [{threads: 2}]}]\nspare: {memory: 8192}\n");
  Document<Machine> document{machine_schema()};
  document.load("m.yaml");
  document.set("spare.ratio", "3", "--ratio");
  document.set("spare.name", "7", "--name");
  const std::string dump = document.dump();
  EXPECT_EQ(dump,
            "chips:\n"
            "  - name: \"true\"     # m.yaml:1\n"
            "    cores:\n"
            "      - threads: 2   # m.yaml:1\n"
            "        kind: model  # default\n"
            "    ratio: 1.5       # default\n"
            "spare:\n"
            "  name: \"7\"          # --name\n"
            "  cores:\n"
            "    - threads: 4     # default\n"
            "      kind: model    # default\n"
            "  memory: 8192       # m.yaml:2\n"
            "  ratio: 3.0         # --ratio\n"
            "fast: true           # default\n"
            "delays:\n"
            "  - 1                # default\n"
            "  - 2                # default\n");
  write(dump);
  Document<Machine> again{machine_schema()};
  again.load("m.yaml");
  EXPECT_EQ(machine_schema().type()->value(&again.value()),
            machine_schema().type()->value(&document.value()));
}

TEST_F(DocumentTest, ErrorsInsideListsNameTheElement) {
  EXPECT_EQ(error_of("chips:\n- cores:\n  - kind: rtll\n"),
            "m.yaml:3: chips[0].cores[0].kind: expected one of model, rtl, found 'rtll'; "
            "did you mean 'rtl'?");
  EXPECT_EQ(error_of("chips:\n- {}\n- coers: []\n"),
            "m.yaml:3: chips[1]: expected one of name, cores, memory, ratio, found unknown key "
            "'coers'; did you mean 'cores'?");
  EXPECT_EQ(error_of("chips: [{}, {}, {}]\n"),
            "m.yaml:1: chips: expected a list of 0 to 2 elements, found 3 elements");
  EXPECT_EQ(error_of("chips: 1\n"),
            "m.yaml:1: chips: expected a list of 0 to 2 elements, found '1'");
  EXPECT_EQ(error_of("spare: {memory: 12}\n"),
            "m.yaml:1: spare.memory: expected an integer of at least 4096, found '12'");
  EXPECT_EQ(error_of("spare: {name: ''}\n"),
            "m.yaml:1: spare.name: expected a string that is not empty, found an empty one");
}

TEST_F(DocumentTest, AConstraintIsToldAtThePlaceOfItsValue) {
  EXPECT_EQ(error_of("chips:\n- cores: [{}, {}]\n  ratio: 3\n"),
            "m.yaml:3: chips[0].ratio: expected at most 2 with more than one core, found 3.0");
  EXPECT_EQ(error_of("chips:\n- cores: [{}, {}]\n  ratio: 2\n"), "");
}

TEST_F(DocumentTest, SettingAWrongPathSaysWhatIsThere) {
  Document<Machine> document{machine_schema()};
  const auto error = [&document](const std::string& path) -> std::string {
    try {
      document.set(path, "1", "--set");
    } catch (const ConfigError& problem) {
      return problem.what();
    }
    return {};
  };
  EXPECT_EQ(error("spare.rato"),
            "--set: spare: expected one of name, cores, memory, ratio, found unknown key 'rato'; "
            "did you mean 'ratio'?");
  EXPECT_EQ(error("fast.er"), "--set: fast: expected true or false, found the key 'er' below it");
  EXPECT_EQ(error("spare"),
            "--set: spare: expected the key of a single value, found the key of a mapping of keys");
  EXPECT_EQ(error(""), "--set: expected one of chips, spare, fast, delays, found unknown key ''");
}

TEST_F(DocumentTest, TheSchemaHoldsRangesChoicesDocumentationAndDefaults) {
  const Json schema = Json::parse(json_schema(*machine_schema().type(), "machine.json"));
  EXPECT_EQ(schema["$id"], "machine.json");
  EXPECT_EQ(schema["additionalProperties"], false);
  const Json& chip = schema["properties"]["chips"]["items"]["properties"];
  const Json& core = chip["cores"]["items"]["properties"];
  EXPECT_EQ(
      core["threads"].dump(),
      R"({"type":"integer","minimum":1,"maximum":8,"description":"hardware threads","default":4})");
  EXPECT_EQ(core["kind"]["enum"].dump(), R"(["model","rtl"])");
  EXPECT_EQ(core["kind"]["default"], "model");
  EXPECT_EQ(chip["memory"].count("default"), 0U);
  EXPECT_EQ(chip["memory"].count("maximum"), 0U);
  EXPECT_EQ(chip["name"]["minLength"], 1);
}

TEST(Schema, AKeyDescribedTwiceIsAMistakeOfTheProgram) {
  EXPECT_THROW(object<Core>("core", "")
                   .field("threads", &Core::threads, integer(1U, 8U), "")
                   .field("threads", &Core::threads, integer(1U, 8U), ""),
               std::logic_error);
}

}  // namespace
}  // namespace xive::config
