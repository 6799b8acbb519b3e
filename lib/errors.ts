interface ErrorKind {
  /** The HTTP status when the error reaches a client. */
  readonly status: number;
  /** Whether `message` may be shown to a client; what is not exposed appears as `internal`. */
  readonly expose: boolean;
  /** Whether the same task may succeed later. A task that cannot goes to the dead-letter queue. */
  readonly retryable: boolean;
  readonly message: string;
}

const ERRORS = {
  invalid_input: client(400, "Some fields are not valid."),
  invalid_json: client(400, "The body is not valid JSON."),
  code_wrong: client(400, "This verification link is not valid."),
  username_taken: client(409, "This username is taken."),
  email_taken: client(409, "This email is taken."),
  code_used: client(409, "This verification link has already been used."),
  code_expired: client(410, "This verification link has expired."),
  body_too_large: client(413, "The body is too large."),
  unsupported_media_type: client(415, "This content type is not supported."),
  unavailable: client(503, "The service is busy. Please try again."),
  internal: server(500, "Something went wrong."),
  queue_unavailable: server(503, "The queue did not take the message."),
  mail_failed: server(500, "The mail server did not take the mail."),
  out_of_time: server(500, "Too little of the function's time is left for this record."),
  user_not_found: server(500, "No user has this id and username, or not yet."),
  user_not_found_final: permanent("No user has this id and username; retry is switched off."),
  invalid_task: permanent("The body is not a task that this version understands."),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

/** One field of a request that breaks one rule. */
export interface Violation {
  readonly field: string;
  readonly description: string;
}

export interface AppErrorOptions {
  readonly cause?: unknown;
  readonly violations?: readonly Violation[];
}

/** Every failure that the program knows. Callers tell them apart by `code`, never by message. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly violations: readonly Violation[];

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(ERRORS[code].message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.violations = options.violations ?? [];
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get expose(): boolean {
    return ERRORS[this.code].expose;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }
}

/** Anything thrown becomes an `AppError`; what the program does not know is `internal`. */
export function toAppError(thrown: unknown): AppError {
  return thrown instanceof AppError ? thrown : new AppError("internal", { cause: thrown });
}

function client(status: number, message: string): ErrorKind {
  return { status, expose: true, retryable: false, message };
}

function server(status: number, message: string): ErrorKind {
  return { status, expose: false, retryable: true, message };
}

function permanent(message: string): ErrorKind {
  return { status: 500, expose: false, retryable: false, message };
}
