import { execFileSync } from "node:child_process";
import { isRunning, signalProcess } from "../../local/processes.ts";
import { waitUntil } from "../../local/waiting.ts";

/** How long the last of the processes may take to go when the one that was waited for has gone. */
const GONE_DEADLINE_MS = 30_000;

/**
 * The ids of all processes that name `folder` in their arguments or environment, and of all that
 * these have started.
 */
export function processesOf(folder: string): number[] {
  const processes = listProcesses();
  const found = new Set<number>();
  for (const { pid, text } of processes) if (text.includes(folder)) found.add(pid);
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const { pid, parentPid } of processes) if (found.has(parentPid)) found.add(pid);
  }
  found.delete(process.pid);
  return [...found];
}

/** Those that are still there after a while; empty when all is well. */
export async function processesLeftIn(folder: string): Promise<string[]> {
  await waitUntil(() => processesOf(folder).length === 0, { deadlineMs: GONE_DEADLINE_MS });
  const left = new Set(processesOf(folder));
  return listProcesses()
    .filter(({ pid }) => left.has(pid))
    .map(({ pid, text }) => `${pid} ${text.slice(0, 200)}`);
}

/** Whatever they are doing. */
export async function killAll(pids: readonly number[]): Promise<void> {
  for (const pid of pids) signalProcess(pid, "SIGKILL");
  await waitUntil(() => !pids.some(isRunning), { deadlineMs: GONE_DEADLINE_MS });
}

function listProcesses(): { pid: number; parentPid: number; text: string }[] {
  // `e` shows the environment after the arguments.
  const lines = execFileSync("ps", ["axeww", "-o", "pid=,ppid=,args="], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return lines.split("\n").flatMap((line) => {
    const [, pid, parentPid, text] = /^ *(\d+) +(\d+) (.*)$/.exec(line) ?? [];
    // `ps` itself has the environment of whoever asks.
    return text === undefined || text.startsWith("ps axeww")
      ? []
      : [{ pid: Number(pid), parentPid: Number(parentPid), text }];
  });
}
