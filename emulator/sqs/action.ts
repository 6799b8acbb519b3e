import type { RandomSource } from "../random.ts";
import type { Cooldowns } from "./cooldowns.ts";
import { SqsError } from "./errors.ts";
import { missingParameter, optionalString, type Input } from "./input.ts";
import type { Queue } from "./queue.ts";
import type { Queues } from "./queues.ts";

/** What an action needs to know besides its input. */
export interface Call {
  /** Epoch milliseconds. The engine's time never goes back. */
  readonly nowMs: number;
  /** `scheme://host[:port]`, for queue URLs. */
  readonly baseUrl: string;
  /** The request's path; it names the queue when the input has no `QueueUrl`. */
  readonly path?: string;
}

/** The call and the parts of the engine that actions work on. `nowMs` is the engine's time. */
export interface ActionContext extends Call {
  readonly queues: Queues;
  readonly cooldowns: Cooldowns;
  readonly random: RandomSource;
}

export type Output = Record<string, unknown>;

/** Checks the input, does one thing to one queue, and answers the output or throws `SqsError`. */
export type Action = (input: Input, context: ActionContext) => Output;

/**
 * The queue that a request is about. Only the last segment of its URL counts: under which host a
 * client reaches the emulator is the client's business. Throws `NonExistentQueue`.
 */
export function findQueue(input: Input, context: ActionContext): Queue {
  const address = optionalString(input, "QueueUrl") || context.path;
  if (address === undefined || address === "/") throw missingParameter("QueueUrl");
  const queue = context.queues.find(address.split("/").at(-1)!);
  if (queue === undefined) throw noSuchQueue();
  queue.expire(context.nowMs);
  return queue;
}

export function noSuchQueue(): SqsError {
  return new SqsError(
    "AWS.SimpleQueueService.NonExistentQueue",
    "The specified queue does not exist.",
  );
}
