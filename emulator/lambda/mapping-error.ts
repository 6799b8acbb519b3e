export type MappingErrorCode =
  /** AWS refuses such a mapping with status 400. */
  | "InvalidParameterValueException"
  /** AWS refuses such a mapping with status 409. */
  | "ResourceConflictException"
  /** AWS would take it; this emulator cannot run it truthfully. */
  | "NotEmulated";

/** Why an event source mapping cannot be created. */
export class MappingError extends Error {
  override readonly name = "MappingError";
  readonly code: MappingErrorCode;

  constructor(code: MappingErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
