import { spawn } from "node:child_process";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import { ChildOutput } from "./child-output.ts";
import { LocalError } from "./errors.ts";
import { signalGroup } from "./processes.ts";
import { sleep, within } from "./waiting.ts";

/** Where serverless.yml is. */
export const ROOT = resolve(import.meta.dirname, "..");
const START_DEADLINE_MS = 60_000;
/** A request of an HTTP API may take 30 s, and a function of a queue as long as its timeout. */
const DRAIN_DEADLINE_MS = 45_000;

export interface ServerlessOptions {
  readonly httpPort: number;
  readonly lambdaPort: number;
  /** Where its serverless.yml is; default this repository's. */
  readonly directory?: string;
  /** What the child's environment is made of, whole. */
  readonly environment: NodeJS.ProcessEnv;
}

export interface ServerlessProcess {
  /** Also the id of its process group. */
  readonly pid: number;
  readonly output: ChildOutput;
  /** Settles when the process ends for whatever reason. */
  readonly ended: Promise<void>;
  /** Settles when the HTTP API accepts connections. */
  untilReady(signal: AbortSignal): Promise<void>;
  /** Tells it to finish what is in flight and end. */
  stop(): Promise<void>;
}

/** `serverless offline` in a process group of its own, which a terminal's Ctrl-C does not reach. */
export function startServerless(options: ServerlessOptions): ServerlessProcess {
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, "offline.ts"),
      "offline",
      ...["--stage", "local"],
      ...["--host", "127.0.0.1"],
      ...["--httpPort", String(options.httpPort)],
      ...["--lambdaPort", String(options.lambdaPort)],
    ],
    {
      cwd: options.directory ?? ROOT,
      env: options.environment,
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  // When the child has ended by itself, closing its input fails, and its end is known anyway.
  child.stdin.on("error", () => {});
  const output = new ChildOutput();
  output.follow(child.stdout);
  output.follow(child.stderr);
  let isReady = false;
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => {
      hasEnded = true;
      resolve();
    });
  });
  const pid = child.pid!;
  return {
    pid,
    output,
    ended,
    async untilReady(signal) {
      const endedEarly = ended.then(() => {
        throw childEnded("ended while it started", output);
      });
      await within(
        Promise.race([untilListening(options.httpPort, () => hasEnded, signal), endedEarly]),
        START_DEADLINE_MS,
        () => {
          throw childEnded("did not get ready in 60 s", output);
        },
      );
      isReady = true;
    },
    async stop() {
      // The bundler's helper process, in the same group, writes a stack trace when it sees its input
      // end before it gets the signal. Before all is ready nothing is in flight that could be lost.
      if (!hasEnded) signalGroup(pid, isReady ? "SIGTERM" : "SIGKILL");
      child.stdin.end();
      await within(ended, DRAIN_DEADLINE_MS, () => {
        signalGroup(pid, "SIGKILL");
        return ended;
      });
    },
  };
}

export function childEnded(what: string, output: ChildOutput): LocalError {
  return new LocalError("child-ended", `\`serverless offline\` ${what}: its last lines say why.`, {
    logLines: output.lastLines(),
  });
}

async function untilListening(
  port: number,
  givenUp: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  while (!(await accepts(port))) {
    if (givenUp()) return;
    await sleep(25, signal);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
