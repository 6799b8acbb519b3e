import type { InvocationResult } from "./invocation.ts";

/** Which messages of a batch stay in the queue, to come back when their visibility ends. */
export interface Outcome {
  readonly failedMessageIds: readonly string[];
  /** Why the whole batch failed. */
  readonly error?: string;
}

/**
 * What an invocation means for the messages of its batch (AWS: "Handling errors for an SQS event
 * source in Lambda"):
 *
 * - an error fails all of them;
 * - without ReportBatchItemFailures any answer, also one that lists failures, means success;
 * - with it, an answer that is empty, `null`, `{}`, or whose `batchItemFailures` is absent, null or
 *   empty means success; identifiers of the batch's messages fail these messages; anything else (no
 *   JSON, no object, no list, an identifier that is empty, null, missing or unknown) fails all.
 */
export function settle(
  result: Exclude<InvocationResult, { outcome: "throttled" }>,
  messageIds: readonly string[],
  reportBatchItemFailures: boolean,
): Outcome {
  if (result.outcome === "failed") return { failedMessageIds: messageIds, error: result.error };
  if (!reportBatchItemFailures) return { failedMessageIds: [] };
  const reported = readReport(result.payload, new Set(messageIds));
  if (typeof reported === "string") return { failedMessageIds: messageIds, error: reported };
  return { failedMessageIds: messageIds.filter((id) => reported.has(id)) };
}

/** Answers the reported message ids, or a sentence that says why the report is not valid. */
function readReport(payload: string, messageIds: ReadonlySet<string>): Set<string> | string {
  const answer = parseAnswer(payload);
  if (answer === undefined) return "The function's answer is not JSON, so the whole batch failed.";
  if (answer === null || answer === "") return new Set();
  if (typeof answer !== "object" || Array.isArray(answer)) {
    return "The function's answer is not a partial batch response, so the whole batch failed.";
  }
  const failures: unknown = (answer as Record<string, unknown>)["batchItemFailures"] ?? [];
  if (!Array.isArray(failures)) {
    return "`batchItemFailures` is not a list, so the whole batch failed.";
  }
  const identifiers = failures.map((failure: unknown) => identifierOf(failure));
  const isWrong = identifiers.some((id) => typeof id !== "string" || !messageIds.has(id));
  return isWrong
    ? "`batchItemFailures` has an `itemIdentifier` that is no message id of the batch, so the whole batch failed."
    : new Set(identifiers as string[]);
}

/** Empty text counts as `null`; undefined stands for what is not JSON. */
function parseAnswer(payload: string): unknown {
  if (payload.trim() === "") return null;
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

function identifierOf(failure: unknown): unknown {
  return typeof failure === "object" && failure !== null
    ? (failure as Record<string, unknown>)["itemIdentifier"]
    : undefined;
}
