import type { Clock } from "../clock/clock.ts";
import { BackOff } from "./back-off.ts";
import { describeError } from "./invocation.ts";
import type { MessageSource, RemoveFailure } from "./source.ts";

/** DeleteMessageBatch takes no more. */
const CHUNK_SIZE = 10;

const ATTEMPTS = 3;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 1000;

export interface Removable {
  readonly messageId: string;
  readonly receiptHandle: string;
}

/** What could not be deleted: these messages come back although they were handled. */
export interface RemovalFailure {
  readonly messageIds: readonly string[];
  readonly reason: string;
}

/** Deletes messages in chunks of ten; entries that fail are tried again, then answered. */
export async function removeAll(
  records: readonly Removable[],
  remove: MessageSource["remove"],
  clock: Clock,
): Promise<RemovalFailure[]> {
  const failures: RemovalFailure[] = [];
  for (let at = 0; at < records.length; at += CHUNK_SIZE) {
    const failure = await removeChunk(records.slice(at, at + CHUNK_SIZE), remove, clock);
    if (failure !== undefined) failures.push(failure);
  }
  return failures;
}

async function removeChunk(
  chunk: readonly Removable[],
  remove: MessageSource["remove"],
  clock: Clock,
): Promise<RemovalFailure | undefined> {
  const backOff = new BackOff(FIRST_RETRY_MS, LONGEST_RETRY_MS);
  let left = chunk;
  for (let attempt = 1; ; attempt += 1) {
    const failed = await removeOnce(left, remove);
    left = left.filter((_, at) => failed.some((failure) => failure.Id === String(at)));
    if (left.length === 0) return undefined;
    if (attempt === ATTEMPTS) {
      const { Code, Message } = failed[0]!;
      const reason = [Code, Message].filter(Boolean).join(": ");
      return { messageIds: left.map((record) => record.messageId), reason };
    }
    await clock.sleep(backOff.nextWaitMs());
  }
}

async function removeOnce(
  records: readonly Removable[],
  remove: MessageSource["remove"],
): Promise<readonly RemoveFailure[]> {
  const entries = records.map((record, at) => ({
    Id: String(at),
    ReceiptHandle: record.receiptHandle,
  }));
  try {
    return await remove(entries);
  } catch (error) {
    return entries.map(({ Id }) => ({ Id, Message: describeError(error) }));
  }
}
