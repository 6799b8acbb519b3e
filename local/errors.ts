/** What can go wrong while the stack is put together; each ends a command with its exit code. */
export type LocalErrorCode =
  | "bad-argument"
  | "already-running"
  | "port-in-use"
  | "queue-unreachable"
  | "postgres-failed"
  | "mail-catcher-failed"
  | "migration-failed"
  | "child-ended"
  | "step-missed"
  | "interrupted";

const EXIT_CODES: Record<LocalErrorCode, number> = {
  "bad-argument": 2,
  "already-running": 1,
  "port-in-use": 1,
  "queue-unreachable": 1,
  "postgres-failed": 1,
  "mail-catcher-failed": 1,
  "migration-failed": 1,
  "child-ended": 1,
  "step-missed": 1,
  // What a shell reports for a command that Ctrl-C ended.
  interrupted: 130,
};

/** Its message is a sentence for the person at the keyboard and says what to do. */
export class LocalError extends Error {
  override readonly name = "LocalError";
  readonly code: LocalErrorCode;
  /** The last lines that the failed part wrote, oldest first. */
  readonly logLines: readonly string[];

  constructor(
    code: LocalErrorCode,
    message: string,
    details: { logLines?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.logLines = details.logLines ?? [];
  }

  get exitCode(): number {
    return EXIT_CODES[this.code];
  }
}

/** The sentence, and below it the log lines, if any. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof LocalError)) return error instanceof Error ? error.stack! : String(error);
  return [error.message, ...error.logLines.map((line) => `  | ${line}`)].join("\n");
}
