import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { waitUntil } from "./waiting.ts";

/**
 * When the process with this id started, in a form that only serves for comparison; undefined when
 * there is none. Id and start together tell a process from a later one that got the same id.
 */
export function processStart(pid: number): string | undefined {
  return process.platform === "linux" ? startFromProc(pid) : startFromPs(pid);
}

export function isRunning(pid: number): boolean {
  return processStart(pid) !== undefined;
}

/** Sends `signal` to the process group; one that is gone already is no error. */
export function signalGroup(groupId: number, signal: NodeJS.Signals): void {
  trySignal(-groupId, signal);
}

export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  trySignal(pid, signal);
}

/** True when the process has gone before the deadline. */
export function waitUntilGone(pid: number, deadlineMs: number): Promise<boolean> {
  return waitUntil(() => !isRunning(pid), { deadlineMs });
}

/** The program and its arguments, or "" when the process is gone. */
export function commandLine(pid: number): string {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return askPs(pid, "args=");
  } catch {
    return "";
  }
}

function trySignal(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function startFromProc(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // The command's name, in parentheses, may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // A zombie has ended; only its parent has not asked yet.
  return fields[0] === "Z" ? undefined : fields[19];
}

function startFromPs(pid: number): string | undefined {
  try {
    const [state = "", ...start] = askPs(pid, "stat=,lstart=").trim().split(/\s+/);
    return state === "" || state.startsWith("Z") ? undefined : start.join(" ");
  } catch {
    return undefined;
  }
}

function askPs(pid: number, columns: string): string {
  return execFileSync("ps", ["-o", columns, "-p", String(pid)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}
