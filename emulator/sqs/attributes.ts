import { SqsError } from "./errors.ts";
import { checkRedriveAllowPolicy, checkRedrivePolicy } from "./redrive.ts";

interface AttributeRule {
  /** What holds when the attribute was never set; undefined: then it has no value. */
  readonly initial: string | undefined;
  /** Whether the initial value is part of GetQueueAttributes' answer. */
  readonly shown: boolean;
  /** Answers the value in the form that is kept, or throws an `SqsError`. */
  check(value: string, name: string): string;
}

/** Every attribute of a standard queue that a caller may set. Ranges: AWS's SetQueueAttributes. */
const RULES: ReadonlyMap<string, AttributeRule> = new Map([
  ["VisibilityTimeout", wholeNumber(0, 43_200, 30)],
  ["DelaySeconds", wholeNumber(0, 900, 0)],
  ["MaximumMessageSize", wholeNumber(1_024, 1_048_576, 1_048_576)],
  ["MessageRetentionPeriod", wholeNumber(60, 1_209_600, 345_600)],
  ["ReceiveMessageWaitTimeSeconds", wholeNumber(0, 20, 0)],
  ["SqsManagedSseEnabled", truthValue("true")],
  ["KmsDataKeyReusePeriodSeconds", { ...wholeNumber(60, 86_400, 300), shown: false }],
  ["KmsMasterKeyId", text((value) => value)],
  ["Policy", text((value) => value)],
  ["RedrivePolicy", text(checkRedrivePolicy)],
  ["RedriveAllowPolicy", text(checkRedriveAllowPolicy)],
]);

const COUNTED = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
  "CreatedTimestamp",
  "LastModifiedTimestamp",
  "QueueArn",
];
const FIFO_SWITCHES = ["FifoQueue", "ContentBasedDeduplication"];
const FIFO_MODES = ["DeduplicationScope", "FifoThroughputLimit"];

/** All names that GetQueueAttributes may be asked for. */
export const READABLE_ATTRIBUTES: ReadonlySet<string> = new Set([
  "All",
  ...RULES.keys(),
  ...COUNTED,
  ...FIFO_SWITCHES,
  ...FIFO_MODES,
]);

/** A queue's attributes as far as they differ from the initial ones. */
export type Attributes = ReadonlyMap<string, string>;

/** The attributes that the engine itself acts on, parsed. Sizes in bytes, times in seconds. */
export interface Settings {
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  readonly maximumMessageBytes: number;
  readonly retentionSeconds: number;
  readonly receiveWaitSeconds: number;
}

/**
 * Checks what a caller wants to set. Throws `InvalidAttributeName`, `InvalidAttributeValue` or, for
 * a policy, `InvalidParameterValue`.
 */
export function checkAttributes(wanted: readonly [string, string][]): Attributes {
  const checked = new Map<string, string>();
  for (const [name, value] of wanted) {
    if (FIFO_MODES.includes(name)) {
      const message = `You can specify the ${name} only when FifoQueue is set to true.`;
      throw new SqsError("InvalidAttributeName", message);
    }
    const rule = RULES.get(name);
    if (rule === undefined) throw unknownAttribute(name);
    checked.set(name, rule.check(value, name));
  }
  if (checked.get("KmsMasterKeyId") && checked.get("SqsManagedSseEnabled") === "true") {
    throw new SqsError(
      "InvalidAttributeName",
      "You can use one type of server-side encryption (SSE) at one time. You can either enable " +
        "KMS SSE or SQS SSE.",
    );
  }
  return checked;
}

/** Puts checked attributes over the present ones; an initial value leaves no trace. */
export function withAttributes(present: Attributes, checked: Attributes): Attributes {
  const merged = new Map([...present, ...checked]);
  if (checked.get("KmsMasterKeyId")) merged.set("SqsManagedSseEnabled", "false");
  if (checked.get("SqsManagedSseEnabled") === "true") merged.delete("KmsMasterKeyId");
  for (const [name, value] of merged) {
    if (value === (RULES.get(name)?.initial ?? "")) merged.delete(name);
  }
  return merged;
}

/** The value that holds, or undefined when there is none. */
export function attributeValue(attributes: Attributes, name: string): string | undefined {
  return attributes.get(name) ?? RULES.get(name)?.initial;
}

/** What GetQueueAttributes shows of the attributes that can be set. */
export function shownAttributes(attributes: Attributes): [string, string][] {
  return [...RULES].flatMap(([name, rule]) => {
    const value = attributes.get(name) ?? (rule.shown ? rule.initial : undefined);
    return value === undefined ? [] : [[name, value] satisfies [string, string]];
  });
}

export function readSettings(attributes: Attributes): Settings {
  const number = (name: string) => Number(attributeValue(attributes, name));
  return {
    visibilityTimeoutSeconds: number("VisibilityTimeout"),
    delaySeconds: number("DelaySeconds"),
    maximumMessageBytes: number("MaximumMessageSize"),
    retentionSeconds: number("MessageRetentionPeriod"),
    receiveWaitSeconds: number("ReceiveMessageWaitTimeSeconds"),
  };
}

export function unknownAttribute(name: string): SqsError {
  return new SqsError("InvalidAttributeName", `Unknown Attribute ${name}.`);
}

function wholeNumber(min: number, max: number, initial: number): AttributeRule {
  return {
    initial: String(initial),
    shown: true,
    check(value, name) {
      const number = /^\d{1,10}$/.test(value) ? Number(value) : NaN;
      if (!(number >= min && number <= max)) throw invalidValue(name);
      return String(number);
    },
  };
}

function truthValue(initial: "true" | "false"): AttributeRule {
  return {
    initial,
    shown: true,
    check(value, name) {
      const lower = value.toLowerCase();
      if (lower !== "true" && lower !== "false") throw invalidValue(name);
      return lower;
    },
  };
}

/** An attribute without an initial value; the empty string removes it. */
function text(check: (value: string) => string): AttributeRule {
  return { initial: undefined, shown: false, check: (value) => (value === "" ? "" : check(value)) };
}

function invalidValue(name: string): SqsError {
  return new SqsError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);
}
