import type { SQSRecord } from "aws-lambda";
import type { DeadLetters } from "./dead-letters.ts";
import { AppError, toAppError } from "./errors.ts";
import { describeError, type Log } from "./log.ts";
import { parseTask } from "./tasks.ts";
import { sendVerifyEmail, type SendVerifyEmailDeps } from "./verification.ts";

export interface WorkerDeps extends SendVerifyEmailDeps {
  readonly deadLetters: DeadLetters;
  readonly log: Log;
}

/** What one record may need when the mail server is slow: see the timeouts in mail.ts. */
const RECORD_BUDGET_MS = 10_000;

/**
 * Settles one record of a batch: returning means done, throwing means that redrive tries it again.
 * A failure that no retry mends is parked in the dead-letter queue at once and counts as done.
 * `remainingMs` is what is left of the function's time.
 */
export async function settleRecord(
  deps: WorkerDeps,
  record: SQSRecord,
  remainingMs: number,
): Promise<void> {
  const fields = {
    message_id: record.messageId,
    receive_count: Number(record.attributes.ApproximateReceiveCount),
  };
  try {
    // Otherwise the whole batch would time out, and with it the records that were done.
    if (remainingMs < RECORD_BUDGET_MS) throw new AppError("out_of_time");
    const task = parseTask(record.body);
    const outcome = await sendVerifyEmail(deps, task);
    deps.log.info("processed task", {
      type: task.type,
      payload: { user_id: task.userId },
      outcome,
      ...fields,
    });
  } catch (thrown) {
    const error = toAppError(thrown);
    deps.log.error("process task failed", {
      error_code: error.code,
      retryable: error.retryable,
      ...fields,
      ...describeError(thrown),
    });
    if (error.retryable) throw error;
    await deps.deadLetters.park(record, error);
  }
}
