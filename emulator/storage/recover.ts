import { existsSync } from "node:fs";
import type { Change } from "../sqs/changes.ts";
import { SqsEngine } from "../sqs/engine.ts";
import { StorageError } from "./errors.ts";
import { decodeLine, readLines } from "./lines.ts";

/** First line of every journal. */
export const HEADER = { kind: "journal", version: 1 } as const;

const BATCH_SIZE = 10_000;

/**
 * Reads a journal and answers the changes that rebuild its last state. A tail that was torn when
 * the process died is dropped. Throws a `StorageError` with the code `damaged` when a broken line
 * is followed by whole ones: leaving that out would lose messages silently.
 */
export async function recoverState(path: string): Promise<Change[]> {
  if (!existsSync(path)) return [];
  // An engine knows best what changes amount to; account and region have no part in them.
  const engine = new SqsEngine({ accountId: "", region: "" });
  let clock: Change | undefined;
  let batch: Change[] = [];
  for await (const change of readChanges(path)) {
    if (change.kind === "clock") clock = change;
    batch.push(change);
    if (batch.length < BATCH_SIZE) continue;
    engine.restore(batch);
    batch = [];
  }
  engine.restore(batch);
  return [...(clock === undefined ? [] : [clock]), ...engine.changes()];
}

async function* readChanges(path: string): AsyncGenerator<Change> {
  let lineNumber = 0;
  let brokenLine: number | undefined;
  for await (const line of readLines(path)) {
    lineNumber += 1;
    const value = decodeLine(line);
    if (lineNumber === 1) checkHeader(path, value);
    else if (value === undefined) brokenLine ??= lineNumber;
    else if (brokenLine !== undefined) throw damaged(path, brokenLine);
    else yield value as Change;
  }
}

function checkHeader(path: string, value: unknown): void {
  const { kind, version } = (value ?? {}) as { kind?: unknown; version?: unknown };
  if (kind !== HEADER.kind) throw damaged(path, 1);
  if (version === HEADER.version) return;
  throw new StorageError(
    "unknownVersion",
    `${path} is of version ${String(version)}, this emulator reads version ${HEADER.version}: ` +
      "use the emulator that wrote it, or another data folder.",
  );
}

function damaged(path: string, line: number): StorageError {
  return new StorageError(
    "damaged",
    `Line ${line} of ${path} is damaged: move the file away to start empty, or delete that line ` +
      "to lose that one change.",
  );
}
