import { expect, test } from "vitest";
import { percentile, spreadOf } from "../../benchmarks/statistics.ts";

test("a percentile is one of the values, whatever their order", () => {
  const values = [9, 1, 3, 10, 2, 8, 4, 7, 5, 6];
  const parts = [0, 0.05, 0.5, 0.95, 1];
  expect(parts.map((part) => percentile(values, part))).toEqual([1, 1, 5, 10, 10]);
  expect(percentile([42], 0.5)).toBe(42);
});

test("the spread of three runs is their smallest, middle and largest value", () => {
  expect(spreadOf([10, 2, 9])).toEqual({ minimum: 2, median: 9, maximum: 10 });
});

test("no values have no percentile", () => {
  expect(() => percentile([], 0.5)).toThrow(new RangeError("There are no values."));
});
