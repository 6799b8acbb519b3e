import { access, constants, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LocalError } from "./errors.ts";
import { processStart, signalGroup, waitUntilGone } from "./processes.ts";

/** A process by id and start, so that a later one with the same id is not taken for it. */
interface KnownProcess {
  readonly pid: number;
  readonly start: string;
}

interface RunRecord {
  readonly owner: KnownProcess;
  /** Leaders of process groups, in the order in which they were started. */
  readonly children: readonly KnownProcess[];
}

export interface Claim {
  /** Remembers a process group, so that a later run can end it if this one is killed. */
  addChild(pid: number): Promise<void>;
  release(): Promise<void>;
}

/** A child of a killed run sees its pipe end and drains by itself; this long it may. */
const DRAIN_DEADLINE_MS = 15_000;
const KILL_DEADLINE_MS = 5_000;

/**
 * Makes this process the only user of a data folder and ends what a killed run left behind.
 * @throws LocalError `already-running` when the folder's owner lives
 */
export async function claimDataDirectory(dataDirectory: string): Promise<Claim> {
  await makeDataDirectory(dataDirectory);
  const file = join(dataDirectory, "run.json");
  const previous = await readRecord(file);
  if (previous !== undefined) {
    if (lives(previous.owner)) throw alreadyRunning(dataDirectory, previous.owner.pid);
    for (const child of previous.children) await endLeftover(child);
  }
  let record: RunRecord = { owner: known(process.pid), children: [] };
  await writeRecord(file, record);
  return {
    async addChild(pid) {
      record = { ...record, children: [...record.children, known(pid)] };
      await writeRecord(file, record);
    },
    release: () => rm(file, { force: true }),
  };
}

async function makeDataDirectory(dataDirectory: string): Promise<void> {
  try {
    await mkdir(dataDirectory, { recursive: true });
    await access(dataDirectory, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new LocalError(
      "bad-argument",
      `The folder ${dataDirectory} cannot be made or written to (${(cause as NodeJS.ErrnoException).code}): choose another with --data-directory.`,
      { cause },
    );
  }
}

function alreadyRunning(dataDirectory: string, pid: number): LocalError {
  return new LocalError(
    "already-running",
    `Another run (process ${pid}) is using ${dataDirectory}: stop it with Ctrl-C first, or choose another folder with --data-directory.`,
  );
}

async function endLeftover(child: KnownProcess): Promise<void> {
  if (!lives(child)) return;
  signalGroup(child.pid, "SIGTERM");
  if (await waitUntilGone(child.pid, DRAIN_DEADLINE_MS)) return;
  signalGroup(child.pid, "SIGKILL");
  await waitUntilGone(child.pid, KILL_DEADLINE_MS);
}

function known(pid: number): KnownProcess {
  return { pid, start: processStart(pid) ?? "" };
}

function lives({ pid, start }: KnownProcess): boolean {
  return processStart(pid) === start;
}

async function readRecord(file: string): Promise<RunRecord | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as RunRecord);
  } catch {
    // The machine went down while it was written, and its processes with it.
    return undefined;
  }
}

/** Whole or not at all: a run may be killed at any moment. */
async function writeRecord(file: string, record: RunRecord): Promise<void> {
  const partial = `${file}.${process.pid}`;
  await writeFile(partial, JSON.stringify(record), { mode: 0o600 });
  await rename(partial, file);
}
