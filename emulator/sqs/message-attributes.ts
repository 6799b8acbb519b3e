import { SqsError } from "./errors.ts";
import { optionalString, stringList, structureMap, type Input } from "./input.ts";
import type { AttributeValue, MessageAttribute } from "./message.ts";

const MAX_ATTRIBUTES = 10;
const MAX_NAME_LENGTH = 256;
const MAX_TYPE_LENGTH = 256;
const TRACE_HEADER = "AWSTraceHeader";

/** Letters beyond ASCII too: AWS takes them although its documentation does not say so. */
const NAME = /^[\p{L}\p{N}_.-]+$/u;
const RESERVED_NAME = /^(aws|amazon)\./i;
const TYPE = /^(String|Number|Binary)(\..+)?$/su;
/** Each text fits in one way only, or a megabyte of digits would be tried for hours. */
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const FORBIDDEN_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** Reads the member `MessageAttributes`. Throws `InvalidParameterValue` and its kin. */
export function readMessageAttributes(input: Input): MessageAttribute[] {
  const entries = structureMap(input, "MessageAttributes");
  if (entries.length > MAX_ATTRIBUTES) {
    const message = `Number of message attributes [${entries.length}] exceeds the allowed maximum [${MAX_ATTRIBUTES}].`;
    throw invalid(message);
  }
  return entries.map(([name, value]) => {
    checkName(name);
    return [name, readValue(name, value, "user")];
  });
}

/** Reads the member `MessageSystemAttributes`, whose only attribute is AWSTraceHeader. */
export function readTraceHeader(input: Input): string | undefined {
  let header: string | undefined;
  for (const [name, value] of structureMap(input, "MessageSystemAttributes")) {
    if (name !== TRACE_HEADER) throw invalid(`Message (system) attribute '${name}' is not valid.`);
    const read = readValue(name, value, "system");
    if (!("StringValue" in read)) throw invalid(`${TRACE_HEADER} must be of type 'String'.`);
    header = read.StringValue;
  }
  return header;
}

/** The trace header in the form over which `MD5OfMessageSystemAttributes` is made. */
export function traceHeaderAttributes(header: string): MessageAttribute[] {
  return [[TRACE_HEADER, { DataType: "String", StringValue: header }]];
}

/** The bytes of names, types and values; they count towards the message's size. */
export function attributesBytes(attributes: readonly MessageAttribute[]): number {
  let bytes = 0;
  for (const [name, value] of attributes) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value.DataType);
    bytes +=
      "BinaryValue" in value
        ? Buffer.byteLength(value.BinaryValue, "base64")
        : Buffer.byteLength(value.StringValue);
  }
  return bytes;
}

/** Answers which attributes `MessageAttributeNames` asks for: `All`, `.*`, a name or `prefix.*`. */
export function readAttributeFilter(input: Input): (name: string) => boolean {
  const names = stringList(input, "MessageAttributeNames");
  if (names.includes("All") || names.includes(".*")) return () => true;
  const exact = new Set(names);
  const prefixes = names.filter((name) => name.endsWith(".*")).map((name) => name.slice(0, -2));
  return (name) => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

/** Throws `InvalidMessageContents` when AWS does not carry one of the characters. */
export function checkCharacters(text: string): void {
  if (!FORBIDDEN_CHARACTER.test(text)) return;
  throw new SqsError(
    "InvalidMessageContents",
    "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | " +
      "#xE000 to #xFFFD | #x10000 to #x10FFFF.",
  );
}

function checkName(name: string): void {
  if (name.length > MAX_NAME_LENGTH) {
    throw invalid(`Length of message attribute name must be less than ${MAX_NAME_LENGTH} bytes.`);
  }
  if (RESERVED_NAME.test(name)) {
    throw invalid(`Message attribute name '${name}' must not start with 'AWS.' or 'Amazon.'.`);
  }
  if (!NAME.test(name) || /^\.|\.$|\.\./.test(name)) {
    throw invalid(
      `The message attribute name '${name}' is invalid. Attribute name can contain A-Z, a-z, ` +
        "0-9, underscore (_), hyphen (-), and period (.) characters.",
    );
  }
}

function readValue(name: string, value: Input, origin: "user" | "system"): AttributeValue {
  const label = `Message (${origin}) attribute '${name}'`;
  const dataType = optionalString(value, "DataType") ?? "";
  if (dataType === "") throw invalid(`${label} must contain a non-empty attribute type.`);
  const [, base] = dataType.length <= MAX_TYPE_LENGTH ? (TYPE.exec(dataType) ?? []) : [];
  if (base === undefined) {
    throw invalid(
      `The message attribute '${name}' has an invalid message attribute type, the set of ` +
        "supported type prefixes is Binary, Number, and String.",
    );
  }
  refuseLists(value);
  const text = optionalString(value, "StringValue");
  const binary = optionalString(value, "BinaryValue");
  const [wanted, other] = base === "Binary" ? [binary, text] : [text, binary];
  if (other !== undefined) {
    const field = base === "Binary" ? "Binary" : "String";
    throw invalid(
      `The message attribute '${name}' with type '${dataType}' must use field '${field}'.`,
    );
  }
  if (!wanted) throw invalid(`${label} must contain a non-empty value of type '${base}'.`);
  if (base === "Binary") return { BinaryValue: canonicalBase64(wanted), DataType: dataType };
  checkCharacters(wanted);
  if (base === "Number" && !NUMBER.test(wanted)) {
    throw invalid(`Can't cast the value of message (${origin}) attribute '${name}' to a number.`);
  }
  return { StringValue: wanted, DataType: dataType };
}

function refuseLists(value: Input): void {
  for (const name of ["StringListValues", "BinaryListValues"]) {
    if (stringList(value, name).length === 0) continue;
    throw new SqsError(
      "AWS.SimpleQueueService.UnsupportedOperation",
      "Message attribute list values in SendMessage operation are not supported.",
    );
  }
}

function canonicalBase64(text: string): string {
  if (!BASE64.test(text) || text.length % 4 !== 0) {
    throw new SqsError("SerializationException", "BinaryValue cannot be converted from base64");
  }
  return Buffer.from(text, "base64").toString("base64");
}

function invalid(message: string): SqsError {
  return new SqsError("InvalidParameterValue", message);
}
