import { expect, test } from "vitest";
import { parseBenchArguments, UsageError } from "../../benchmarks/arguments.ts";

const NAMES = ["start", "engine"];

test("without options all figures are measured three times", () => {
  expect(parseBenchArguments([], NAMES)).toEqual({ help: false, only: undefined, runs: 3 });
});

test("one figure may be chosen, and more runs", () => {
  const args = ["--only", "engine", "--runs", "5"];
  expect(parseBenchArguments(args, NAMES)).toEqual({ help: false, only: "engine", runs: 5 });
});

test.each([
  [["--only", "speed"], "Expected `--only` to be one of start, engine, got `speed`."],
  [["--runs", "2"], "Expected `--runs` to be a whole number from 3, got `2`."],
  [["--runs", "many"], "Expected `--runs` to be a whole number from 3, got `many`."],
  [["--fast"], "Unknown option '--fast': --help lists the options."],
])("%j is refused with a sentence", (args, sentence) => {
  expect(() => parseBenchArguments(args, NAMES)).toThrow(new UsageError(sentence));
});
