/** `npm start`: everything on this machine until Ctrl-C. */
import { once } from "node:events";
import { resolve } from "node:path";
import { START_HELP, parseStartArguments } from "./arguments.ts";
import { LocalError, describeFailure } from "./errors.ts";
import { interruption } from "./interrupts.ts";
import { readable } from "./log-lines.ts";
import { sampleUser } from "./sign-up.ts";
import { startStack, type Stack } from "./stack.ts";
import { nowMs } from "./waiting.ts";

process.exitCode = await main().catch((error: unknown) => {
  console.error(`\n${describeFailure(error)}`);
  return error instanceof LocalError ? error.exitCode : 1;
});

async function main(): Promise<number> {
  const args = parseStartArguments(process.argv.slice(2));
  if (args.help) {
    console.log(START_HELP);
    return 0;
  }
  const interrupted = interruption(() => console.log("Still finishing what is in flight ..."));
  const startedAtMs = nowMs();
  const stack = await startStack({
    dataDirectory: resolve(args.dataDirectory),
    ports: args.ports,
    environment: process.env,
    onLine: (line) => console.log(readable(line)),
    signal: interrupted,
  }).catch((error: unknown) => {
    if (interrupted.aborted) return undefined;
    throw error;
  });
  if (stack === undefined) return 0;
  console.log(banner(stack, nowMs() - startedAtMs));
  return runUntil(interrupted, stack);
}

async function runUntil(interrupted: AbortSignal, stack: Stack): Promise<number> {
  const failure = await Promise.race([
    stack.failed,
    interrupted.aborted ? undefined : once(interrupted, "abort").then(() => undefined),
  ]);
  console.log(failure === undefined ? "\nFinishing what is in flight ..." : "\nStopping ...");
  await stack.stop();
  if (failure !== undefined) throw failure;
  console.log("Stopped.");
  return 0;
}

function banner({ urls, postgresDataDirectory }: Stack, startMs: number): string {
  return `
Ready after ${(startMs / 1000).toFixed(1)} s. Ctrl-C stops everything; the data is kept.

  API        ${urls.api}
  SQS        ${urls.sqs}
  Mails      ${urls.inbox}
  SMTP       ${urls.smtp}
  Postgres   ${describePostgres(urls.postgres, postgresDataDirectory)}

Sign somebody up, and look at the mails when the message's delay is over:

  curl -i ${urls.api}/users -H 'content-type: application/json' -d '${JSON.stringify(sampleUser())}'
`;
}

/** Output ends up in terminals' histories and in bug reports, so it names no password. */
function describePostgres(url: string, dataDirectory: string | undefined): string {
  if (dataDirectory === undefined) return "the one of DATABASE_URL";
  const shown = new URL(url);
  shown.password = "";
  return `${shown.href}
             its data is in ${dataDirectory}, its password in the file \`password\` there`;
}
