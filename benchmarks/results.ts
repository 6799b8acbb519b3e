import type { Figure, Row, Values } from "./figure.ts";
import { spreadOf } from "./statistics.ts";

export interface Circumstances {
  readonly date: string;
  readonly machine: string;
  /** What the machine was busy with already, over the last minute. */
  readonly load: string;
}

const INTRODUCTION = `# Results

Written by \`npm run bench\`. Each value is the median of several runs, with the smallest and the
largest in parentheses. Times depend on the machine and on what else it does.
`;

/** One figure as a section in Markdown. */
export function section(figure: Figure, runs: readonly Values[], where: Circumstances): string {
  const rows = figure.rows.map(
    (row) => `| ${row.label} | ${cell(row, runs)} | ${row.goal ?? ""} |`,
  );
  return `## ${figure.title}

${figure.method}

| | ${runs.length} runs | goal |
|---|---|---|
${rows.join("\n")}

\`npm run bench -- --only ${figure.name}\`, ${where.date}, ${where.machine}, load before: ${where.load}.
`;
}

/** The file with this section in the place of the one with the same title, or after all others. */
export function withSection(file: string | undefined, added: string): string {
  const [introduction, ...sections] = (file ?? INTRODUCTION).split(/^(?=## )/m);
  const titleOf = (text: string) => text.slice(0, text.indexOf("\n"));
  const index = sections.findIndex((existing) => titleOf(existing) === titleOf(added));
  const all = index === -1 ? [...sections, added] : sections.with(index, added);
  return [introduction, ...all].map((text) => `${text!.trimEnd()}\n`).join("\n");
}

/** `3.2 s (3.0-3.9)` */
export function cell(row: Row, runs: readonly Values[]): string {
  const { minimum, median, maximum } = spreadOf(runs.map((values) => values[row.key]!));
  const unit = row.unit === "%" ? " %" : ` ${row.unit}`;
  return `${number(median)}${unit} (${number(minimum)}-${number(maximum)})`;
}

/** Three digits are more than such measurements can tell apart. */
function number(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString("en-US");
  return value >= 100 ? value.toFixed(0) : value.toPrecision(value < 1 ? 2 : 3);
}
