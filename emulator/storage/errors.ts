/**
 * `locked`: another process uses the folder. `damaged`: the journal cannot be read. `unusable`: the
 * folder cannot be made.
 */
export type StorageErrorCode = "locked" | "damaged" | "unknownVersion" | "unwritable" | "unusable";

/** The data folder cannot be used; the message says what to do. */
export class StorageError extends Error {
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StorageError";
    this.code = code;
  }
}
