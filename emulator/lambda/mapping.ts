import { createHash } from "node:crypto";
import { MappingError } from "./mapping-error.ts";
import { parseQueueArn } from "./queue-arn.ts";

/** An event source mapping as it is asked for: CreateEventSourceMapping's input for SQS. */
export interface MappingRequest {
  readonly functionName: string;
  readonly eventSourceArn: string;
  /** Messages per invocation. Default 10. */
  readonly batchSize?: number | undefined;
  /** Default 0: whatever is there is delivered at once. */
  readonly maximumBatchingWindowSeconds?: number | undefined;
  /** Batches in flight at once, 2 to 1000. Default: 5, with which AWS starts. */
  readonly maximumConcurrency?: number | undefined;
  readonly functionResponseTypes?: readonly string[] | undefined;
  readonly filterPatterns?: readonly unknown[] | undefined;
  /** Default true. A disabled mapping receives nothing. */
  readonly enabled?: boolean | undefined;
}

/** What the checks need to know about both ends. */
export interface MappingEnds {
  readonly functionTimeoutSeconds: number;
  /** Undefined when the queue does not exist. */
  readonly visibilityTimeoutSeconds: number | undefined;
  readonly existing: readonly EventSourceMapping[];
}

export interface EventSourceMapping {
  readonly uuid: string;
  readonly functionName: string;
  readonly eventSourceArn: string;
  readonly queueName: string;
  readonly region: string;
  readonly batchSize: number;
  readonly concurrency: number;
  readonly visibilityTimeoutSeconds: number;
  readonly reportBatchItemFailures: boolean;
  readonly enabled: boolean;
}

const DEFAULT_BATCH_SIZE = 10;
const LARGEST_BATCH_SIZE = 10_000;
const LARGEST_BATCH_SIZE_WITHOUT_WINDOW = 10;
const INITIAL_CONCURRENCY = 5;

/**
 * Checks what AWS checks when a mapping is created, with AWS's texts (API reference of
 * CreateEventSourceMapping, "Creating and configuring an Amazon SQS event source mapping"), and
 * refuses what this emulator does not do yet instead of ignoring it. Throws MappingError.
 */
export function createMapping(request: MappingRequest, ends: MappingEnds): EventSourceMapping {
  const { functionName, eventSourceArn } = request;
  const arn = parseQueueArn(eventSourceArn);
  if (arn === undefined) {
    throw new MappingError(
      "InvalidParameterValueException",
      `Expected the event source of \`${functionName}\` to be the ARN of an SQS queue, got \`${eventSourceArn}\`.`,
    );
  }
  checkUnsupported(request);
  checkNumbers(request);
  checkEnds(request, ends);
  return {
    uuid: mappingUuid(eventSourceArn, functionName),
    functionName,
    eventSourceArn,
    queueName: arn.queueName,
    region: arn.region,
    batchSize: request.batchSize ?? DEFAULT_BATCH_SIZE,
    concurrency: request.maximumConcurrency ?? INITIAL_CONCURRENCY,
    visibilityTimeoutSeconds: ends.visibilityTimeoutSeconds!,
    reportBatchItemFailures: (request.functionResponseTypes ?? []).includes(
      "ReportBatchItemFailures",
    ),
    enabled: request.enabled ?? true,
  };
}

function checkUnsupported(request: MappingRequest): void {
  const { functionName, maximumBatchingWindowSeconds = 0, filterPatterns = [] } = request;
  if (maximumBatchingWindowSeconds !== 0) {
    throw new MappingError(
      "NotEmulated",
      `Expected \`maximumBatchingWindow\` of \`${functionName}\` to be 0, got \`${maximumBatchingWindowSeconds}\`. Batching windows are not emulated yet: leave it out on this stage.`,
    );
  }
  if (filterPatterns.length > 0) {
    throw new MappingError(
      "NotEmulated",
      `Expected \`filterPatterns\` of \`${functionName}\` to be absent, got ${filterPatterns.length}. Filters are not emulated yet: leave them out on this stage.`,
    );
  }
}

function checkNumbers(request: MappingRequest): void {
  const { batchSize = DEFAULT_BATCH_SIZE, maximumConcurrency } = request;
  checkRange(request, "batchSize", batchSize, 1, LARGEST_BATCH_SIZE);
  if (batchSize > LARGEST_BATCH_SIZE_WITHOUT_WINDOW) {
    throw new MappingError(
      "InvalidParameterValueException",
      "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
    );
  }
  if (maximumConcurrency !== undefined) {
    checkRange(request, "maximumConcurrency", maximumConcurrency, 2, 1000);
  }
}

function checkRange(
  request: MappingRequest,
  name: string,
  value: number,
  least: number,
  most: number,
): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new MappingError(
    "InvalidParameterValueException",
    `Expected \`${name}\` of \`${request.functionName}\` to be a whole number from ${least} to ${most}, got \`${value}\`.`,
  );
}

function checkEnds(request: MappingRequest, ends: MappingEnds): void {
  const { functionName, eventSourceArn } = request;
  const { visibilityTimeoutSeconds, functionTimeoutSeconds } = ends;
  if (visibilityTimeoutSeconds === undefined) {
    throw new MappingError(
      "InvalidParameterValueException",
      "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.",
    );
  }
  if (visibilityTimeoutSeconds < functionTimeoutSeconds) {
    throw new MappingError(
      "InvalidParameterValueException",
      `Queue visibility timeout: ${visibilityTimeoutSeconds} seconds is less than Function timeout: ${functionTimeoutSeconds} seconds`,
    );
  }
  const uuid = mappingUuid(eventSourceArn, functionName);
  if (ends.existing.some((mapping) => mapping.uuid === uuid)) {
    throw new MappingError(
      "ResourceConflictException",
      `An event source mapping with SQS arn (" ${eventSourceArn} ") and function (" ${functionName} ") already exists. Please update or delete the existing mapping with UUID ${uuid}`,
    );
  }
}

/** The same mapping has the same UUID after a restart, so it is made from what identifies it. */
function mappingUuid(eventSourceArn: string, functionName: string): string {
  const digest = createHash("sha256").update(`${eventSourceArn} ${functionName}`).digest("hex");
  return digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}
