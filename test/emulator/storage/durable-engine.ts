import { cp } from "node:fs/promises";
import type { Change } from "../../../emulator/sqs/changes.ts";
import { SqsEngine } from "../../../emulator/sqs/engine.ts";
import {
  openJournal,
  type Journal,
  type JournalOptions,
} from "../../../emulator/storage/journal.ts";

export const START_MS = Date.UTC(2026, 0, 1);
const IDENTITY = { accountId: "000000000000", region: "us-east-1" };

export interface DurableEngine {
  readonly directory: string;
  readonly engine: SqsEngine;
  readonly journal: Journal;
  /** All that the engine has reported since it was opened. */
  readonly reported: Change[];
}

/** An engine that reports its changes to the journal in `directory`, and starts from it. */
export async function openDurableEngine(
  directory: string,
  options: JournalOptions = {},
): Promise<DurableEngine> {
  const journal = await openJournal(directory, options);
  const reported: Change[] = [];
  const engine = new SqsEngine({
    ...IDENTITY,
    onChange(change) {
      reported.push(structuredClone(change));
      journal.append(change);
    },
  });
  engine.restore(journal.recovered);
  journal.compactFrom(() => engine.changes());
  return { directory, engine, journal, reported };
}

/** An engine without a journal that has seen `changes`. */
export function engineFrom(changes: Iterable<Change>): SqsEngine {
  const engine = new SqsEngine(IDENTITY);
  engine.restore(changes);
  return engine;
}

/** What a killed process leaves behind at this moment: its files with the lock among them. */
export async function crashCopy(directory: string, copy: string): Promise<void> {
  await cp(directory, copy, { recursive: true });
}

/** What a journal in a copy amounts to. */
export async function recover(directory: string): Promise<readonly Change[]> {
  const journal = await openJournal(directory);
  await journal.close();
  return journal.recovered;
}

/**
 * Queues and messages at `nowMs`, whatever the order in which they are kept: a standard queue
 * promises none.
 */
export function stateAt(engine: SqsEngine, nowMs: number): string[] {
  engine.advanceTo(nowMs);
  const call = { nowMs, baseUrl: "http://localhost" };
  // A look at a queue ends the messages whose retention is over.
  for (const QueueUrl of engine.queueNames())
    engine.perform("GetQueueAttributes", { QueueUrl }, call);
  return Array.from(engine.changes(), (change) => JSON.stringify(sorted(change))).sort();
}

export function perform(
  engine: SqsEngine,
  action: string,
  input: Record<string, unknown>,
  nowMs = START_MS,
): Record<string, unknown> {
  return engine.perform(action, input, { nowMs, baseUrl: "http://localhost" });
}

/** Receives at once; answers receipt handles. */
export function receive(
  engine: SqsEngine,
  input: Record<string, unknown>,
  nowMs = START_MS,
): string[] {
  let handles: string[] = [];
  engine.receive(input, { nowMs, baseUrl: "http://localhost" }, ({ Messages = [] }) => {
    handles = Messages.map((message) => message.ReceiptHandle);
  });
  return handles;
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, item]) => [name, sorted(item)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
