export type PluginErrorCode =
  /** Something under `custom.serverless-offline-queues`. */
  | "INVALID_OPTION"
  /** A queue or an event of the service that AWS would not take either. */
  | "INVALID_RESOURCE"
  /** An intrinsic function whose value is known on AWS only. */
  | "CANNOT_RESOLVE";

/** The message is a sentence for the author of the serverless.yml: it says what to do. */
export class PluginError extends Error {
  override readonly name = "PluginError";
  readonly code: PluginErrorCode;

  constructor(code: PluginErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
