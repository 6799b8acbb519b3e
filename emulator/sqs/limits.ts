import { SqsError } from "./errors.ts";
import { optionalInteger, type Input } from "./input.ts";

export const MAX_VISIBILITY_TIMEOUT_SECONDS = 43_200;

/** Throws `InvalidParameterValue` unless the member is absent or within the range, both inclusive. */
export function optionalInRange(
  input: Input,
  name: string,
  min: number,
  max: number,
  reason: string,
): number | undefined {
  const value = optionalInteger(input, name);
  if (value !== undefined && (value < min || value > max))
    throw invalidParameter(name, value, reason);
  return value;
}

/** `VisibilityTimeout` of a call, in seconds. */
export function optionalVisibilityTimeout(input: Input): number | undefined {
  const max = MAX_VISIBILITY_TIMEOUT_SECONDS;
  const reason = `Must be >= 0 and <= ${max}, if provided.`;
  return optionalInRange(input, "VisibilityTimeout", 0, max, reason);
}

export function invalidParameter(name: string, value: string | number, reason: string): SqsError {
  const message = `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`;
  return new SqsError("InvalidParameterValue", message);
}
