import { spawn } from "node:child_process";
import { join } from "node:path";
import { ChildOutput } from "../../local/child-output.ts";
import { signalGroup, signalProcess } from "../../local/processes.ts";
import { within } from "../../local/waiting.ts";

export const ROOT = join(import.meta.dirname, "../..");
export const RUN = join(ROOT, "local/run.mjs");

/** So long a step of a command may take on a busy machine before the test gives up. */
const STEP_DEADLINE_MS = 60_000;

export interface Command {
  readonly pid: number;
  /** All that it has written, standard output and error together. */
  readonly output: string;
  /** `exit 0`, or `SIGKILL` when a signal ended it. */
  readonly ended: Promise<string>;
  /** The first line, past or future, that matches. Rejects when the command ends without one. */
  line(pattern: RegExp): Promise<string>;
  /** To it and everything in its process group, as a terminal's Ctrl-C. */
  signalGroup(signal: NodeJS.Signals): void;
  /** To it alone. */
  kill(): void;
}

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Starts a program in a process group of its own. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Command {
  const child = spawn(program, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...withoutOwnServices(process.env), ...options.env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const output = new ChildOutput();
  output.on("line", (line) => lines.push(line));
  output.follow(child.stdout);
  output.follow(child.stderr);
  const ended = new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    // By then all that it has written is there.
    child.once("close", (code, signal) => resolve(signal ?? `exit ${code}`));
  });
  const pid = child.pid!;
  return {
    pid,
    get output() {
      return lines.join("\n");
    },
    ended,
    async line(pattern) {
      const found = new Promise<string>((resolve) => {
        output.on("line", (line) => pattern.test(line) && resolve(line));
        const past = lines.find((line) => pattern.test(line));
        if (past !== undefined) resolve(past);
      });
      const fail = (what: string) => {
        throw new Error(`${what} without a line ${pattern}:\n${lines.join("\n")}`);
      };
      return within(
        Promise.race([found, ended.then((end) => fail(`The command ended (${end})`))]),
        STEP_DEADLINE_MS,
        () => fail("60 s passed"),
      );
    },
    signalGroup: (signal) => signalGroup(pid, signal),
    kill: () => signalProcess(pid, "SIGKILL"),
  };
}

/** A developer's own database and queue would take the place of what is tested. */
function withoutOwnServices(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { DATABASE_URL, AWS_ENDPOINT_URL_SQS, ...rest } = env;
  return rest;
}
