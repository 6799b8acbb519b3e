import { Logger } from "@aws-lambda-powertools/logger";

export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Structured log lines. Fields carry ids, codes and numbers only: no address, password, code or
 * link, and no error object, because drivers put values of rows and addresses into theirs.
 */
export interface Log {
  info(message: string, fields: LogFields): void;
  error(message: string, fields: LogFields): void;
}

export function createLog(): Log {
  const logger = new Logger({ serviceName: "sign-up" });
  return {
    info: (message, fields) => logger.info(message, { ...fields }),
    error: (message, fields) => logger.error(message, { ...fields }),
  };
}

const LONGEST_CAUSE_CHAIN = 5;

/**
 * What may be logged of an error: the names and codes along its chain of causes, and the stack
 * frames of the innermost one. Messages and other properties stay out (see `Log`).
 */
export function describeError(thrown: unknown): LogFields {
  const chain: Error[] = [];
  let next = thrown;
  while (next instanceof Error && chain.length < LONGEST_CAUSE_CHAIN) {
    chain.push(next);
    next = next.cause;
  }
  return {
    error: chain.map((error) => ({ name: error.name, code: codeOf(error) })),
    stack: stackFrames(chain.at(-1)),
  };
}

function codeOf(error: Error): string | undefined {
  const code = "code" in error ? error.code : undefined;
  return typeof code === "string" && /^\w{1,60}$/.test(code) ? code : undefined;
}

function stackFrames(error: Error | undefined): string[] {
  // A message may hold line breaks, so it is taken out before the lines are looked at.
  const stack = error?.stack?.replace(error.message, "") ?? "";
  return stack.split("\n").filter((line) => /^ {4}at .*:\d+:\d+\)?$/.test(line));
}
