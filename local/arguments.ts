import { parseArgs } from "node:util";
import { LocalError } from "./errors.ts";
import type { StackPorts } from "./ports.ts";

export interface StartArguments {
  readonly help: boolean;
  readonly ports: StackPorts;
  readonly dataDirectory: string;
}

export const START_HELP = `Starts Postgres, a mail catcher, and the application on serverless-offline with its queues.

  npm start -- [options]

  --http-port N        the HTTP API              (3000)
  --lambda-port N      Lambda's invoke endpoint  (3002)
  --sqs-port N         SQS                       (9324)
  --smtp-port N        SMTP                      (1025)
  --inbox-port N       the mails in a browser    (1080)
  --postgres-port N    Postgres                  (54329)
  --data-directory D   kept between runs         (.data)
  --help

With DATABASE_URL set, that Postgres is used; with AWS_ENDPOINT_URL_SQS set, that queue.`;

export const DEMO_HELP = `Signs a user up on a stack of its own and shows what happens, second by second.

  npm run demo -- [options]

  --skip   do not wait for the delay: skip the time
  --help`;

export function parseStartArguments(args: readonly string[]): StartArguments {
  const values = parse(args, {
    "http-port": { type: "string", default: "3000" },
    "lambda-port": { type: "string", default: "3002" },
    "sqs-port": { type: "string", default: "9324" },
    "smtp-port": { type: "string", default: "1025" },
    "inbox-port": { type: "string", default: "1080" },
    "postgres-port": { type: "string", default: "54329" },
    "data-directory": { type: "string", default: ".data" },
    help: { type: "boolean", default: false },
  });
  const taken = new Map<number, string>();
  const port = (name: Exclude<keyof typeof values, "help">) => {
    const parsed = parsePort(name, values[name]);
    const other = taken.get(parsed);
    if (other !== undefined) throw samePort(parsed, other, name);
    taken.set(parsed, name);
    return parsed;
  };
  return {
    help: values.help,
    dataDirectory: values["data-directory"],
    ports: {
      http: port("http-port"),
      lambda: port("lambda-port"),
      sqs: port("sqs-port"),
      smtp: port("smtp-port"),
      inbox: port("inbox-port"),
      postgres: port("postgres-port"),
    },
  };
}

export function parseDemoArguments(args: readonly string[]): { help: boolean; skip: boolean } {
  return parse(args, {
    skip: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  });
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>["options"]>;

function parse<T extends Options>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LocalError("bad-argument", `${reason.split(". ")[0]}: --help lists the options.`, {
      cause,
    });
  }
}

function parsePort(name: string, value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (port >= 1 && port <= 65_535) return port;
  throw new LocalError(
    "bad-argument",
    `Expected \`--${name}\` to be a port from 1 to 65535, got \`${value}\`: give it a number.`,
  );
}

function samePort(port: number, one: string, other: string): LocalError {
  return new LocalError(
    "bad-argument",
    `Expected \`--${one}\` and \`--${other}\` to differ, got ${port} for both: choose another for one of them.`,
  );
}
