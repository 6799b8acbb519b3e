/** `npm run bench`: measures the figures and writes them to RESULTS.md. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format } from "prettier";
import { interruption } from "../local/interrupts.ts";
import { parseBenchArguments, UsageError } from "./arguments.ts";
import type { Figure, Values } from "./figure.ts";
import { engine } from "./figures/engine.ts";
import { http } from "./figures/http.ts";
import { pickUp } from "./figures/pick-up.ts";
import { signUpTime } from "./figures/sign-up.ts";
import { start } from "./figures/start.ts";
import { circumstances } from "./machine.ts";
import { cell, section, withSection } from "./results.ts";

const FIGURES: readonly Figure[] = [start, signUpTime, pickUp, engine, http];
const RESULTS = join(import.meta.dirname, "RESULTS.md");

const HELP = `Measures how fast things are here and writes benchmarks/RESULTS.md.

  npm run bench -- [options]

  --only NAME  one of ${FIGURES.map(({ name }) => name).join(", ")}
  --runs N     how often each is measured (3)
  --help`;

const EXIT_USAGE = 2;
/** What a shell reports for a command that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130;

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof UsageError ? error.message : error);
  return error instanceof UsageError ? EXIT_USAGE : 1;
});

async function main(): Promise<number> {
  const names = FIGURES.map(({ name }) => name);
  const { help, only, runs } = parseBenchArguments(process.argv.slice(2), names);
  if (help) {
    console.log(HELP);
    return 0;
  }
  const signal = interruption(() => console.log("Still stopping what was started ..."));
  try {
    for (const figure of FIGURES) {
      if (only === undefined || only === figure.name) await measure(figure, runs, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    console.log("Everything that was started is stopped again.");
    return EXIT_INTERRUPTED;
  }
  console.log("\nWritten to benchmarks/RESULTS.md.");
  return 0;
}

async function measure(figure: Figure, runs: number, signal: AbortSignal): Promise<void> {
  console.log(`\n${figure.title} (${figure.name})`);
  const before = circumstances();
  const environment = {
    ...process.env,
    DATABASE_URL: undefined,
    AWS_ENDPOINT_URL_SQS: undefined,
    NODE_COMPILE_CACHE: undefined,
  };
  const values: Values[] = [];
  for (let number = 1; number <= runs; number += 1) {
    signal.throwIfAborted();
    const say = (text: string) => console.log(`  run ${number} of ${runs}: ${text}`);
    say("started");
    values.push(await figure.measure({ signal, environment, say }));
  }
  for (const row of figure.rows) console.log(`  ${row.label}: ${cell(row, values)}`);
  // After each figure, so that an interrupted run keeps what it has.
  const file = await readFile(RESULTS, "utf8").catch(() => undefined);
  const text = withSection(file, section(figure, values, before));
  await writeFile(RESULTS, await format(text, { parser: "markdown" }));
}
