import type { SqsEvent } from "./record.ts";

export type InvocationResult =
  /** `payload`: the function's answer as JSON text; empty when it answered nothing. */
  | { readonly outcome: "returned"; readonly payload: string }
  /** It threw, timed out, crashed or could not be reached. */
  | { readonly outcome: "failed"; readonly error: string }
  /** It was not run for want of concurrency (429). */
  | { readonly outcome: "throttled" };

/** Calls a function and waits for its end (RequestResponse). The function's timeout is its own. */
export type Invoke = (event: SqsEvent) => Promise<InvocationResult>;

const LONGEST_ERROR_CHARACTERS = 300;

/** One line for logs and events, as Lambda's own log has it: `<type>: <message>`. */
export function errorLine(type: string, message: string): string {
  const line = `${type}: ${message}`.replaceAll(/\s+/g, " ");
  return line.length > LONGEST_ERROR_CHARACTERS
    ? `${line.slice(0, LONGEST_ERROR_CHARACTERS)}…`
    : line;
}

/** The same for whatever was thrown. */
export function describeError(error: unknown): string {
  try {
    return error instanceof Error
      ? errorLine(error.name, error.message)
      : errorLine("Error", String(error));
  } catch {
    // Such as an object without a prototype.
    return errorLine("Error", "what was thrown cannot be put in words");
  }
}
