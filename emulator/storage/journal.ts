import { mkdir, open, rename, type FileHandle } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Change } from "../sqs/changes.ts";
import { StorageError } from "./errors.ts";
import { encodeLine, joinLines } from "./lines.ts";
import { lockDirectory } from "./lock.ts";
import { HEADER, recoverState } from "./recover.ts";

export interface JournalOptions {
  /** Below this size, in bytes, a file is never rewritten while it is in use. Default 16 MiB. */
  readonly compactAboveBytes?: number;
}

const DEFAULT_COMPACT_ABOVE_BYTES = 16 * 1_024 * 1_024;
/** A file is rewritten when it is so many times larger than after the last rewrite. */
const GROWTH = 4;

/**
 * Opens the journal in `directory` and creates both when they are missing. The file is rewritten
 * with what is still needed. Throws a `StorageError`; `locked` when another process has it open.
 */
export async function openJournal(
  directory: string,
  options: JournalOptions = {},
): Promise<Journal> {
  const folder = resolve(directory);
  await makeFolder(folder);
  const unlock = await lockDirectory(folder);
  try {
    const path = join(folder, "queues.journal");
    const recovered = await recoverState(path);
    const compacted = await rewrite(path, recovered);
    return new Journal({ path, recovered, compacted, unlock, ...options });
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? cause.code : cause;
    const message = `The data folder ${folder} cannot be used (${String(reason)}): choose another.`;
    throw new StorageError("unusable", message, { cause });
  }
}

interface CompactedFile {
  readonly file: FileHandle;
  readonly bytes: number;
}

interface JournalParts extends JournalOptions {
  readonly path: string;
  readonly recovered: readonly Change[];
  readonly compacted: CompactedFile;
  readonly unlock: () => Promise<void>;
}

/** An append-only file of changes, so that queues and messages outlive a killed process. */
export class Journal {
  /** What rebuilds the state that the file held; at most one of them is the clock's offset. */
  readonly recovered: readonly Change[];
  readonly #path: string;
  readonly #compactAboveBytes: number;
  readonly #unlock: () => Promise<void>;
  #file: FileHandle;
  #bytes: number;
  #compactedBytes: number;
  #clock: Change | undefined;
  #snapshot: (() => Iterable<Change>) | undefined;
  #pending: string[] = [];
  #failed = false;
  /** The last write that was asked for, after all before it. */
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(parts: JournalParts) {
    this.recovered = parts.recovered;
    this.#path = parts.path;
    this.#compactAboveBytes = parts.compactAboveBytes ?? DEFAULT_COMPACT_ABOVE_BYTES;
    this.#unlock = parts.unlock;
    this.#file = parts.compacted.file;
    this.#bytes = this.#compactedBytes = parts.compacted.bytes;
    this.#clock = parts.recovered.find((change) => change.kind === "clock");
  }

  /** Never waits and never throws; `flushed` tells about failures. */
  append(change: Change): void {
    if (this.#failed) return;
    if (change.kind === "clock") this.#clock = change;
    if (this.#pending.push(encodeLine(change)) > 1) return;
    // What comes in while another write is under way goes into the next one, together.
    this.#lastWrite = this.#lastWrite.then(() => this.#writePending());
    this.#lastWrite.catch(() => {});
  }

  /**
   * Settles when all that was appended so far is with the operating system. Rejects, from then on
   * always, with a `StorageError` when a write failed.
   */
  flushed(): Promise<void> {
    return this.#lastWrite;
  }

  /**
   * Says where the live state comes from when the file has grown far beyond it. All that `snapshot`
   * holds must have been appended, and it is read at once.
   */
  compactFrom(snapshot: () => Iterable<Change>): void {
    this.#snapshot = snapshot;
  }

  /** Waits for what was appended, closes the file and gives the folder free. */
  async close(): Promise<void> {
    try {
      await this.#lastWrite;
    } finally {
      await this.#file.close();
      await this.#unlock();
    }
  }

  async #writePending(): Promise<void> {
    const lines = this.#pending;
    this.#pending = [];
    try {
      if (this.#hasOutgrown() && this.#snapshot !== undefined)
        await this.#compact(this.#snapshot());
      else this.#bytes += await writeLines(this.#file, lines);
    } catch (cause) {
      this.#failed = true;
      const message = `Writing ${this.#path} failed: what happens from now on is not kept.`;
      throw new StorageError("unwritable", message, { cause });
    }
  }

  #hasOutgrown(): boolean {
    return this.#bytes > Math.max(this.#compactAboveBytes, GROWTH * this.#compactedBytes);
  }

  /** The snapshot holds the pending changes too, so they need no line of their own. */
  async #compact(snapshot: Iterable<Change>): Promise<void> {
    const clock = this.#clock === undefined ? [] : [this.#clock];
    const outgrown = this.#file;
    const { file, bytes } = await rewrite(this.#path, [...clock, ...snapshot]);
    this.#file = file;
    this.#bytes = this.#compactedBytes = bytes;
    await outgrown.close();
  }
}

/** Puts a new file in the place of the old one, which stays whole until the new one is. */
async function rewrite(path: string, changes: readonly Change[]): Promise<CompactedFile> {
  const file = await open(`${path}.new`, "w");
  try {
    const bytes = await writeLines(file, encodeAll(changes));
    await file.sync();
    await rename(`${path}.new`, path);
    return { file, bytes };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function* encodeAll(changes: readonly Change[]): Generator<string> {
  yield encodeLine(HEADER);
  for (const change of changes) yield encodeLine(change);
}

/** Answers how many bytes were written. */
async function writeLines(file: FileHandle, lines: Iterable<string>): Promise<number> {
  let bytes = 0;
  for (const chunk of joinLines(lines)) {
    const data = Buffer.from(chunk);
    await file.appendFile(data);
    bytes += data.length;
  }
  return bytes;
}
