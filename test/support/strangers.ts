import { spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { commandLine, isRunning } from "../../local/processes.ts";
import { waitUntil } from "../../local/waiting.ts";

/** The id of a process that has nothing to do with what is tested; ended with the test. */
export async function stranger(options: SpawnOptions = {}): Promise<number> {
  // The shell becomes a program that never asks how its child has ended, as the shell may do.
  const parent = spawn("sh", ["-c", "sleep 600 & echo $!; exec sleep 600"], {
    ...options,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void process.kill(-parent.pid!, "SIGKILL"));
  const [pid] = (await once(createInterface({ input: parent.stdout! }), "line")) as [string];
  const isProgram = () => commandLine(parent.pid!).startsWith("sleep");
  if (!(await waitUntil(isProgram, { deadlineMs: 10_000 }))) throw new Error("Still a shell.");
  return Number(pid);
}

/**
 * The id of a process that has ended and that nobody has asked about, so that the system keeps it:
 * process 1 of many containers never asks.
 */
export async function zombie(options?: SpawnOptions): Promise<number> {
  const pid = await stranger(options);
  process.kill(pid, "SIGKILL");
  const hasEnded = await waitUntil(() => !isRunning(pid), { deadlineMs: 10_000 });
  if (!hasEnded) throw new Error(`Process ${pid} does not end.`);
  process.kill(pid, 0);
  return pid;
}
