/** What the runs of one measurement gave. */
export interface Spread {
  readonly minimum: number;
  readonly median: number;
  readonly maximum: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return {
    minimum: percentile(values, 0),
    median: percentile(values, 0.5),
    maximum: percentile(values, 1),
  };
}

/** The smallest value that is not below `part` (0 to 1) of all values. */
export function percentile(values: readonly number[], part: number): number {
  if (values.length === 0) throw new RangeError("There are no values.");
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]!;
}
