/** `npm run demo`: one sign-up on a stack of its own, shown step by step. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEMO_HELP, parseDemoArguments } from "./arguments.ts";
import { runDemo } from "./demo-run.ts";
import { LocalError, describeFailure } from "./errors.ts";
import { interruption } from "./interrupts.ts";
import { freeStackPorts } from "./ports.ts";
import { startStack } from "./stack.ts";
import { nowMs } from "./waiting.ts";

process.exitCode = await main().catch((error: unknown) => {
  console.error(`\n${describeFailure(error)}`);
  return error instanceof LocalError ? error.exitCode : 1;
});

async function main(): Promise<number> {
  const { help, skip } = parseDemoArguments(process.argv.slice(2));
  if (help) {
    console.log(DEMO_HELP);
    return 0;
  }
  const signal = interruption(() => console.log("Still finishing what is in flight ..."));
  const dataDirectory = await mkdtemp(join(tmpdir(), "signup-demo-"));
  // When root runs the demo, Postgres runs as another user who has to get through.
  await chmod(dataDirectory, 0o711);
  const used = new Set([dataDirectory]);
  try {
    await demonstrate(dataDirectory, skip, signal, used);
  } finally {
    for (const folder of used) await rm(folder, { recursive: true, force: true });
  }
  console.log("\nEverything that was started is stopped again.");
  return 0;
}

async function demonstrate(
  dataDirectory: string,
  skip: boolean,
  signal: AbortSignal,
  used: Set<string>,
): Promise<void> {
  const startMs = nowMs();
  console.log("Starting Postgres, a mail catcher, and the application with its queues ...");
  const stack = await startStack({
    dataDirectory,
    ports: await freeStackPorts(),
    // The demo shows what happens in the emulator, so it needs its own.
    environment: { ...process.env, AWS_ENDPOINT_URL_SQS: undefined },
    signal,
  });
  if (stack.postgresDataDirectory !== undefined) used.add(stack.postgresDataDirectory);
  console.log(`Ready after ${((nowMs() - startMs) / 1000).toFixed(1)} s.\n`);
  try {
    await runDemo(stack, { skip, output: process.stdout, signal });
  } finally {
    await stack.stop();
  }
}
