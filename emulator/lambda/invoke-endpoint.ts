import { request, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { Clock } from "../clock/clock.ts";
import { backgroundSleep } from "./back-off.ts";
import { describeError, errorLine, type InvocationResult, type Invoke } from "./invocation.ts";

const RETRY_CONNECT_MS = 25;

export interface LambdaEndpoint {
  /** Invokes `functionName` and waits for its answer, however long that takes. */
  invokes(functionName: string): Invoke;
  /**
   * Waits until the endpoint answers at all. Nothing may be received before: a receive spends one
   * of a message's counts even if the function cannot be reached. An abort ends the wait.
   */
  waitUntilAnswers(signal: AbortSignal): Promise<void>;
}

/** Lambda's Invoke over HTTP, as serverless-offline and others offer it. `url`: http://host:port */
export function lambdaEndpoint(url: string, clock: Clock): LambdaEndpoint {
  return {
    invokes: (functionName) => (event) => invoke(url, functionName, JSON.stringify(event)),
    async waitUntilAnswers(signal) {
      while (!signal.aborted && !(await answers(url))) {
        await backgroundSleep(clock, RETRY_CONNECT_MS, signal);
      }
    },
  };
}

async function invoke(url: string, functionName: string, event: string): Promise<InvocationResult> {
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
  try {
    const response = await send(new URL(path, url), "POST", event);
    return readResponse(response, await text(response));
  } catch (error) {
    return { outcome: "failed", error: describeError(error) };
  }
}

/**
 * A function's error is told by the header X-Amz-Function-Error. Its body proves nothing, since a
 * function may return an object that looks like an error; it only explains the error.
 */
function readResponse(response: IncomingMessage, payload: string): InvocationResult {
  const status = response.statusCode!;
  if (status === 429) return { outcome: "throttled" };
  const functionError = response.headers["x-amz-function-error"];
  if (functionError !== undefined) {
    return { outcome: "failed", error: readFunctionError(payload, String(functionError)) };
  }
  if (status < 200 || status > 299) {
    return { outcome: "failed", error: errorLine(`HTTP ${status}`, readServiceError(payload)) };
  }
  return { outcome: "returned", payload };
}

function readFunctionError(payload: string, kind: string): string {
  const { errorType, errorMessage } = readObject(payload);
  return errorLine(String(errorType ?? kind), String(errorMessage ?? ""));
}

function readServiceError(payload: string): string {
  const { Message, message } = readObject(payload);
  return String(Message ?? message ?? "the Lambda endpoint refused the invocation");
}

function readObject(payload: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await send(new URL(url), "GET", "");
    response.resume();
    return true;
  } catch {
    return false;
  }
}

/**
 * Each request has a connection of its own: on a kept one the server may hang up at the moment of
 * the next request, and such a failure would cost a message one of its receives. There is no
 * timeout, since a function may run for 15 minutes and its timeout is the endpoint's business.
 */
function send(url: URL, method: string, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "x-amz-invocation-type": "RequestResponse",
    };
    request(url, { method, agent: false, headers }, resolve).on("error", reject).end(body);
  });
}
