import { parseArgs } from "node:util";

export interface BenchArguments {
  readonly help: boolean;
  /** The figure's name; undefined: all. */
  readonly only: string | undefined;
  readonly runs: number;
}

/** Fewer would have no median. */
const FEWEST_RUNS = 3;

/** What is wrong with the command line, in one sentence. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export function parseBenchArguments(
  args: readonly string[],
  names: readonly string[],
): BenchArguments {
  const values = parse(args);
  const { only, help } = values;
  if (only !== undefined && !names.includes(only)) {
    throw new UsageError(`Expected \`--only\` to be one of ${names.join(", ")}, got \`${only}\`.`);
  }
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < FEWEST_RUNS) {
    throw new UsageError(
      `Expected \`--runs\` to be a whole number from ${FEWEST_RUNS}, got \`${values.runs}\`.`,
    );
  }
  return { help, only, runs };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: "string" },
        runs: { type: "string", default: String(FEWEST_RUNS) },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${reason.split(". ")[0]}: --help lists the options.`, { cause });
  }
}
