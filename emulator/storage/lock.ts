import { readFileSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StorageError } from "./errors.ts";

/** Locks of this process: a process id alone does not tell them from those of a dead namesake. */
const held = new Set<string>();

/**
 * Makes sure that one process at a time writes to `directory`. A lock whose process is dead is taken
 * over. Throws a `StorageError` with the code `locked`. The answer gives the lock back.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, "lock");
  while (!(await tryCreate(path))) {
    const owner = await readOwner(path);
    if (owner !== undefined) await removeIfDead(path, owner);
  }
  held.add(path);
  return async () => {
    held.delete(path);
    await rm(path, { force: true });
  };
}

async function tryCreate(path: string): Promise<boolean> {
  try {
    await writeFile(path, `${process.pid}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** Undefined when the lock is gone by now. */
async function readOwner(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function removeIfDead(path: string, owner: string): Promise<void> {
  if (isAlive(path, owner)) throw locked(path, owner);
  // Of several processes that found the same dead lock, a rename lets one win.
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  const moved = await readOwner(aside);
  if (moved === owner) return rm(aside, { force: true });
  // Somebody was faster and this is their new lock.
  await rename(aside, path);
  throw locked(path, moved ?? "");
}

/** A lock that cannot be read is being written, or needs a person to look at it. */
function isAlive(path: string, owner: string): boolean {
  const processId = Number(owner);
  if (!Number.isInteger(processId) || processId <= 0) return true;
  // In a container every start has the same process id.
  if (processId === process.pid) return held.has(path);
  try {
    process.kill(processId, 0);
    return !isZombie(processId);
  } catch (error) {
    return !hasCode(error, "ESRCH");
  }
}

/** One that has ended and that nobody has asked about: in many containers nobody ever does. */
function isZombie(processId: number): boolean {
  try {
    // The name, in parentheses, may itself hold spaces and parentheses; the state follows it.
    return /\) Z [^)]*$/.test(readFileSync(`/proc/${processId}/stat`, "utf8"));
  } catch {
    // No Linux, or it is gone by now.
    return false;
  }
}

function locked(path: string, owner: string): StorageError {
  return new StorageError(
    "locked",
    `Process ${owner || "unknown"} uses this data folder already: stop it or choose another ` +
      `folder; if it is no emulator, delete ${path}.`,
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
