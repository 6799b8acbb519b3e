/** What can go wrong in using the emulator itself, as opposed to an answer that SQS would give. */
export type EmulatorErrorCode =
  "PORT_IN_USE" | "CANNOT_LISTEN" | "INVALID_OPTION" | "EVENT_NOT_SEEN" | "CLOSED";

/** The message is one sentence for the person who started the emulator: it says what to do. */
export class EmulatorError extends Error {
  override readonly name = "EmulatorError";
  readonly code: EmulatorErrorCode;

  constructor(code: EmulatorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
