import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { ChildOutput } from "../../local/child-output.ts";
import { freeStackPorts, type StackPorts } from "../../local/ports.ts";
import { sampleUser, signUp } from "../../local/sign-up.ts";
import { sleep } from "../../local/waiting.ts";
import type { Figure, Run } from "../figure.ts";
import { withScratchFolder } from "../scratch.ts";

const RUN = join(import.meta.dirname, "../../local/run.mjs");
const POLL_MS = 10;

export const start: Figure = {
  name: "start",
  title: "From `npm start` to the first 201",
  method: `From starting the process \`node local/run.mjs start\`, with free ports, to the first 201 of
\`POST /users\`, which is tried again every ${POLL_MS} ms. Fresh: as after \`npm ci\`; the data folder is empty, so
Postgres makes its cluster, and no compiled code is cached. Kept: the second start with that folder.`,
  rows: [
    { key: "fresh", label: "the first, after `npm ci`", unit: "s", goal: "at most 5 s" },
    { key: "kept", label: "the next, with its data", unit: "s", goal: "at most 5 s" },
  ],
  measure: (given) =>
    withScratchFolder(async (folder) => {
      const cache = { NODE_COMPILE_CACHE: join(folder, "compile-cache") };
      const run = { ...given, environment: { ...given.environment, ...cache } };
      const fresh = await startSeconds(folder, run);
      run.say(`fresh ${fresh.toFixed(2)} s`);
      const kept = await startSeconds(folder, run);
      run.say(`kept ${kept.toFixed(2)} s`);
      return { fresh, kept };
    }),
};

async function startSeconds(dataDirectory: string, { signal, environment }: Run): Promise<number> {
  const ports = await freeStackPorts();
  signal.throwIfAborted();
  const startMs = performance.now();
  const { child, output } = spawnStart(dataDirectory, ports, environment);
  const ended = once(child, "exit");
  try {
    while (!(await answers201(`http://127.0.0.1:${ports.http}`))) {
      if (child.exitCode !== null) {
        throw new Error(`\`npm start\` ended:\n${output.lastLines().join("\n")}`);
      }
      await sleep(POLL_MS, signal);
    }
    return (performance.now() - startMs) / 1000;
  } finally {
    // After a Ctrl-C, which it has got from the terminal too, it is ending already.
    child.kill("SIGINT");
    await ended;
  }
}

function spawnStart(
  dataDirectory: string,
  ports: StackPorts,
  env: NodeJS.ProcessEnv,
): { child: ChildProcess; output: ChildOutput } {
  const options = [
    ...Object.entries(ports).map(([name, port]) => `--${name}-port=${port}`),
    `--data-directory=${dataDirectory}`,
  ];
  const child = spawn(process.execPath, [RUN, "start", ...options], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = new ChildOutput();
  output.follow(child.stdout);
  output.follow(child.stderr);
  return { child, output };
}

/** False while nobody listens there. */
async function answers201(apiUrl: string): Promise<boolean> {
  return signUp(apiUrl, sampleUser()).then(
    ({ status }) => status === 201,
    () => false,
  );
}
