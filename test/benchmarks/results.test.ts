import { expect, test } from "vitest";
import type { Figure } from "../../benchmarks/figure.ts";
import { cell, section, withSection } from "../../benchmarks/results.ts";

const FIGURE: Figure = {
  name: "walk",
  title: "A walk",
  method: "Once round the block.",
  rows: [
    { key: "time", label: "time", unit: "s", goal: "at most 5 s" },
    { key: "steps", label: "steps", unit: "per second" },
  ],
  measure: async () => ({}),
};
const RUNS = [
  { time: 3.14159, steps: 12_345.6 },
  { time: 4, steps: 0.123 },
  { time: 2.5, steps: 250.4 },
];
const WHERE = { date: "2026-01-02", machine: "a machine", load: "0.1" };

test("a figure's section tells the median and spread of each row, the goal, and how to repeat it", () => {
  expect(section(FIGURE, RUNS, WHERE)).toBe(`## A walk

Once round the block.

| | 3 runs | goal |
|---|---|---|
| time | 3.14 s (2.50-4.00) | at most 5 s |
| steps | 250 per second (0.12-12,346) |  |

\`npm run bench -- --only walk\`, 2026-01-02, a machine, load before: 0.1.
`);
});

test("a share is told in per cent", () => {
  const row = { key: "share", label: "share", unit: "%" } as const;
  expect(cell(row, [{ share: 51.26 }])).toBe("51.3 % (51.3-51.3)");
});

test("a figure that is measured again takes the place of its old section alone", () => {
  const first = withSection(undefined, "## One\n\n1\n");
  const both = withSection(first, "## Two\n\n2\n");
  expect(both.slice(both.indexOf("## "))).toBe("## One\n\n1\n\n## Two\n\n2\n");
  expect(withSection(both, "## One\n\nnew\n")).toBe(both.replace("1\n", "new\n"));
});
