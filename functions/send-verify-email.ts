import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { oncePerSandbox } from "../lib/deps/once-per-sandbox.ts";
import { workerDeps } from "../lib/deps/send-verify-email.ts";
import { settleRecord, type WorkerDeps } from "../lib/worker.ts";

export type SqsHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Takes `send_verify_email` tasks. Only records that failed are reported and come back. */
export function createSendVerifyEmailHandler(deps: WorkerDeps): SqsHandler {
  return (event, context) => {
    // A processor holds the state of one batch, so batches at the same time need one each.
    const processor = new BatchProcessor(EventType.SQS);
    const settle = (record: SQSRecord) =>
      settleRecord(deps, record, context.getRemainingTimeInMillis());
    return processPartialResponse(event, settle, processor, {
      processInParallel: false,
      throwOnFullBatchFailure: false,
    });
  };
}

export const handler = oncePerSandbox(() => createSendVerifyEmailHandler(workerDeps()));
