import { SqsError } from "./errors.ts";

/** An action's input: JSON that was parsed and not yet checked. */
export type Input = Readonly<Record<string, unknown>>;

/** Undefined when the member is absent or null. Throws `SerializationException`. */
export function optionalString(input: Input, name: string): string | undefined {
  const value = member(input, name);
  if (value === undefined || typeof value === "string") return value;
  throw wrongType(value, "String");
}

/** Throws `MissingParameter` when the member is absent, null or empty. */
export function requiredString(input: Input, name: string): string {
  const value = optionalString(input, name);
  if (value === undefined || value === "") throw missingParameter(name);
  return value;
}

export function optionalInteger(input: Input, name: string): number | undefined {
  const value = member(input, name);
  if (value === undefined) return undefined;
  if (typeof value !== "number") throw wrongType(value, "Integer");
  if (!Number.isInteger(value)) {
    throw new SqsError("SerializationException", "Decimal number cannot be converted to Integer");
  }
  return value;
}

/** An absent list is an empty one. */
export function stringList(input: Input, name: string): string[] {
  return list(input, name).map((item) => {
    if (typeof item !== "string") throw wrongType(item, "String");
    return item;
  });
}

/** An absent list is an empty one. */
export function structureList(input: Input, name: string): Input[] {
  return list(input, name).map(asStructure);
}

/** The members of a map whose values are structures; an absent map is an empty one. */
export function structureMap(input: Input, name: string): [string, Input][] {
  return mapEntries(input, name).map(([key, value]) => [key, asStructure(value)]);
}

/** The members of a map whose values are strings; an absent map is an empty one. */
export function stringMap(input: Input, name: string): [string, string][] {
  return mapEntries(input, name).map(([key, value]) => {
    if (typeof value !== "string") throw wrongType(value, "String");
    return [key, value];
  });
}

export function missingParameter(name: string): SqsError {
  return new SqsError("MissingParameter", `The request must contain the parameter ${name}.`);
}

/** Own members only: a request may not reach into `Object.prototype`. */
function member(input: Input, name: string): unknown {
  return Object.hasOwn(input, name) ? (input[name] ?? undefined) : undefined;
}

function list(input: Input, name: string): unknown[] {
  const value = member(input, name) ?? [];
  if (!Array.isArray(value)) throw wrongType(value, "List");
  return value;
}

function mapEntries(input: Input, name: string): [string, unknown][] {
  const value = member(input, name);
  return value === undefined ? [] : Object.entries(asStructure(value));
}

function asStructure(value: unknown): Input {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw wrongType(value, "Map");
  }
  return value as Input;
}

function wrongType(value: unknown, expected: string): SqsError {
  return new SqsError("SerializationException", wrongTypeText(value, expected));
}

function wrongTypeText(value: unknown, expected: string): string {
  if (Array.isArray(value)) return "Start of list found where not expected";
  if (value === null) return `NULL_VALUE cannot be converted to ${expected}`;
  if (typeof value === "object") return "Start of structure or map found where not expected";
  return `${(typeof value).toUpperCase()}_VALUE cannot be converted to ${expected}`;
}
