import { parseArgs } from "node:util";
import {
  EmulatorError,
  KINDER_THAN_AWS,
  startEmulator,
  StorageError,
  type EmulatorOptions,
} from "./index.ts";

const DEFAULT_PORT = 9324;
const HIGHEST_PORT = 65_535;
const EXIT_USAGE = 2;

const HELP = `Emulates SQS on this machine.

  --port N        where to listen, 0 takes any free port (default ${DEFAULT_PORT})
  --host ADDRESS  which address to listen on (default 127.0.0.1: this machine only)
  --data DIR      keep queues and messages in this folder over restarts
  --clock KIND    system (default), or skippable: POST {"durationMs": 10000} to
                  /_emulator/clock/skip and ten seconds have passed
  --cooldowns     wait 60 s between purges, and before a deleted name is free, as AWS does
  --help          show this
`;

/** What is wrong with the command line, in one sentence. */
class UsageError extends Error {}

/** Errors whose message is a sentence for whoever started this: a stack would bury it. */
const FOR_PERSON = [UsageError, EmulatorError, StorageError];

/** @throws UsageError; `undefined` when only help is asked for */
function readCommandLine(args: string[]): EmulatorOptions | undefined {
  const values = parse(args);
  if (values.help === true) return undefined;
  const { clock = "system" } = values;
  if (clock !== "system" && clock !== "skippable") {
    throw new UsageError(`Expected --clock to be system or skippable, got "${clock}".`);
  }
  return {
    port: readPort(values.port),
    skippable: clock === "skippable",
    cooldowns: values.cooldowns === true,
    ...(values.host !== undefined && { host: values.host }),
    ...(values.data !== undefined && { dataDirectory: values.data }),
  };
}

function parse(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        port: { type: "string" },
        host: { type: "string" },
        data: { type: "string" },
        clock: { type: "string" },
        cooldowns: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
    return values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${reason.split(/[.\n]/, 1)[0]!}: --help lists the options.`, { cause });
  }
}

function readPort(given: string | undefined): number {
  if (given === undefined) return DEFAULT_PORT;
  const port = /^\d+$/.test(given) ? Number(given) : NaN;
  if (port <= HIGHEST_PORT) return port;
  throw new UsageError(
    `Expected --port to be a whole number from 0 to ${HIGHEST_PORT}, got "${given}".`,
  );
}

async function main(): Promise<void> {
  const options = readCommandLine(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(HELP);
    return;
  }
  const emulator = await startEmulator(options);
  process.stdout.write(
    `SQS emulator on ${emulator.url}\n` +
      `${KINDER_THAN_AWS}\n` +
      `Try: aws --endpoint-url ${emulator.url} sqs list-queues\n`,
  );
  // A second signal finds `close` already under way and changes nothing. Left to end by itself, Node
  // would give its signal handlers up some milliseconds before its end, and the signal would kill it.
  const stop = () =>
    void emulator
      .close()
      .catch(fail)
      .finally(() => process.exit());
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}

function fail(error: unknown): void {
  const isForPerson = FOR_PERSON.some((kind) => error instanceof kind);
  console.error(isForPerson ? (error as Error).message : error);
  process.exitCode = error instanceof UsageError ? EXIT_USAGE : 1;
}

main().catch(fail);
