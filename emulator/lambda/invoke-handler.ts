import type { Clock } from "../clock/clock.ts";
import { describeError, type InvocationResult, type Invoke } from "./invocation.ts";

/** What a handler is given besides the event; the members that do not depend on a cloud. */
export interface HandlerContext {
  readonly functionName: string;
  readonly functionVersion: "$LATEST";
  readonly awsRequestId: string;
  /** Milliseconds on the emulator's clock. */
  getRemainingTimeInMillis(): number;
}

export interface HandlerOptions {
  readonly clock: Clock;
  readonly functionName: string;
  readonly timeoutSeconds: number;
}

/** An imported handler. It may be typed more narrowly, as for `@types/aws-lambda`. */
export type ImportedHandler = (event: never, context: never) => unknown;

/**
 * Invokes a handler of this process: the way to run functions on a virtual clock. Event and answer
 * go through JSON as on Lambda. The timeout is counted on the clock; the handler is not stopped by
 * it, only its answer no longer counts.
 */
export function invokesHandler(handler: ImportedHandler, options: HandlerOptions): Invoke {
  const { clock, functionName, timeoutSeconds } = options;
  let invocations = 0;
  return (event) => {
    const endsAtMs = clock.now() + timeoutSeconds * 1000;
    invocations += 1;
    const context: HandlerContext = {
      functionName,
      functionVersion: "$LATEST",
      awsRequestId: `${functionName}-${invocations}`,
      getRemainingTimeInMillis: () => Math.max(0, endsAtMs - clock.now()),
    };
    const answer = callHandler(handler, JSON.parse(JSON.stringify(event)), context);
    return withTimeout(answer, clock, endsAtMs, timeoutSeconds);
  };
}

async function callHandler(
  handler: ImportedHandler,
  event: unknown,
  context: HandlerContext,
): Promise<InvocationResult> {
  try {
    const answer = await handler(event as never, context as never);
    return { outcome: "returned", payload: JSON.stringify(answer) ?? "null" };
  } catch (error) {
    return { outcome: "failed", error: describeError(error) };
  }
}

function withTimeout(
  answer: Promise<InvocationResult>,
  clock: Clock,
  endsAtMs: number,
  timeoutSeconds: number,
): Promise<InvocationResult> {
  return new Promise((resolve) => {
    const timer = clock.at(endsAtMs, () =>
      resolve({ outcome: "failed", error: `Task timed out after ${timeoutSeconds}.00 seconds` }),
    );
    void answer.then((result) => {
      timer.cancel();
      resolve(result);
    });
  });
}
