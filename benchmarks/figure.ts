/** One thing that is measured, and how. Each is a file in figures/. */
export interface Figure {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  /** What exactly was measured, for those who read the results. */
  readonly method: string;
  /** One run: the value of each row that it measures. */
  measure(run: Run): Promise<Values>;
  readonly rows: readonly Row[];
}

export interface Row {
  /** The key in `Values`. */
  readonly key: string;
  readonly label: string;
  readonly unit: "s" | "ms" | "per second" | "%";
  /** What it should be, in words; absent for a row that is only for comparison. */
  readonly goal?: string;
}

export type Values = Readonly<Record<string, number>>;

export interface Run {
  /** Aborted by Ctrl-C; what was started must be ended then. */
  readonly signal: AbortSignal;
  /** The person's, without a Postgres or a queue of his own: these are not what is measured. */
  readonly environment: NodeJS.ProcessEnv;
  /** Shows what is going on. */
  say(text: string): void;
}
