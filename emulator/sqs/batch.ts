import type { Output } from "./action.ts";
import { SQS_ERRORS, SqsError } from "./errors.ts";
import { optionalString, structureList, type Input } from "./input.ts";

const MAX_ENTRIES = 10;
const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

/** The entries by their ids: read, or the error that will be told about this entry alone. */
export type Batch<E> = Map<string, E | SqsError>;

/**
 * Reads all entries before anything is done, so that a request which is wrong as a whole changes
 * nothing. `entryType` is AWS's name for an entry, which the error of an empty batch mentions.
 */
export function readBatch<E>(
  input: Input,
  entryType: string,
  readEntry: (entry: Input) => E,
): Batch<E> {
  const entries = readEntries(input, entryType);
  return new Map([...entries].map(([id, entry]) => [id, readOrError(entry, readEntry)]));
}

/** Runs `perform` for each entry; an `SqsError` fails its entry and none of the others. */
export function runBatch<E>(batch: Batch<E>, perform: (entry: E) => Output): Output {
  const successful: Output[] = [];
  const failed: Output[] = [];
  for (const [id, entry] of batch) {
    try {
      if (entry instanceof SqsError) throw entry;
      successful.push({ Id: id, ...perform(entry) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      failed.push(describeFailure(id, error));
    }
  }
  return {
    ...(successful.length > 0 && { Successful: successful }),
    ...(failed.length > 0 && { Failed: failed }),
  };
}

function readEntries(input: Input, entryType: string): Map<string, Input> {
  const list = structureList(input, "Entries");
  if (list.length === 0) {
    const message = `There should be at least one ${entryType} in the request.`;
    throw new SqsError("AWS.SimpleQueueService.EmptyBatchRequest", message);
  }
  if (list.length > MAX_ENTRIES) {
    throw new SqsError(
      "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${list.length}.`,
    );
  }
  const entries = new Map<string, Input>();
  for (const entry of list) {
    const id = optionalString(entry, "Id") ?? "";
    if (!ENTRY_ID.test(id)) {
      throw new SqsError(
        "AWS.SimpleQueueService.InvalidBatchEntryId",
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. " +
          "It can be at most 80 letters long.",
      );
    }
    if (entries.has(id)) {
      const message = `Id ${id} repeated.`;
      throw new SqsError("AWS.SimpleQueueService.BatchEntryIdsNotDistinct", message);
    }
    entries.set(id, entry);
  }
  return entries;
}

/** A wrong JSON type makes no request at all. */
function readOrError<E>(entry: Input, readEntry: (entry: Input) => E): E | SqsError {
  try {
    return readEntry(entry);
  } catch (error) {
    if (!(error instanceof SqsError) || error.code === "SerializationException") throw error;
    return error;
  }
}

function describeFailure(id: string, error: SqsError): Output {
  const { senderFault } = SQS_ERRORS[error.code];
  return { Id: id, SenderFault: senderFault, Code: error.code, Message: error.message };
}
