import { SqsError } from "./errors.ts";

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  /** How often a message is received before it moves: 1 to 1000. */
  readonly maxReceiveCount: number;
}

const PERMISSIONS = ["allowAll", "denyAll", "byQueue"];
const MAX_SOURCE_QUEUES = 10;
const MAX_RECEIVE_COUNT = 1_000;

/** Checks a RedrivePolicy and answers it in the form that is kept, with the count as a number. */
export function checkRedrivePolicy(value: string): string {
  const policy = readJsonMap(value, "RedrivePolicy", "Redrive policy is not a valid JSON map.");
  for (const name of ["deadLetterTargetArn", "maxReceiveCount"]) {
    if (!Object.hasOwn(policy, name)) {
      const reason = `Redrive policy does not contain mandatory attribute: ${name}.`;
      throw invalidPolicy("RedrivePolicy", value, reason);
    }
  }
  const { deadLetterTargetArn, maxReceiveCount } = policy;
  const count = typeof maxReceiveCount === "string" ? Number(maxReceiveCount) : maxReceiveCount;
  if (!isWholeNumber(count) || count < 1 || count > MAX_RECEIVE_COUNT) {
    const reason =
      `Invalid value for maxReceiveCount: ${describeCount(maxReceiveCount)}, ` +
      "valid values are from 1 to 1000 both inclusive.";
    throw invalidPolicy("RedrivePolicy", value, reason);
  }
  if (typeof deadLetterTargetArn !== "string") throw targetMissing(value);
  return JSON.stringify({ deadLetterTargetArn, maxReceiveCount: count });
}

/** Reads a policy that `checkRedrivePolicy` has let through. */
export function readRedrivePolicy(value: string | undefined): RedrivePolicy | undefined {
  return value ? (JSON.parse(value) as RedrivePolicy) : undefined;
}

export function checkRedriveAllowPolicy(value: string): string {
  const invalid = (reason: string) => invalidPolicy("RedriveAllowPolicy", value, reason);
  const notAMap = "Redrive allow policy is not a valid JSON map.";
  const policy = readJsonMap(value, "RedriveAllowPolicy", notAMap);
  const permission = policy["redrivePermission"] ?? "allowAll";
  const arns = policy["sourceQueueArns"];
  if (typeof permission !== "string" || !PERMISSIONS.includes(permission)) {
    throw invalid("redrivePermission must be one of allowAll, denyAll and byQueue.");
  }
  if (permission !== "byQueue") {
    if (arns !== undefined) throw invalid("sourceQueueArns needs the redrivePermission byQueue.");
    return JSON.stringify({ redrivePermission: permission });
  }
  if (!Array.isArray(arns) || arns.length < 1 || arns.length > MAX_SOURCE_QUEUES) {
    throw invalid("sourceQueueArns must hold 1 to 10 queue ARNs.");
  }
  if (arns.some((arn) => typeof arn !== "string")) {
    throw invalid("sourceQueueArns must hold strings.");
  }
  return JSON.stringify({ redrivePermission: permission, sourceQueueArns: arns });
}

/**
 * Checks that the dead-letter queue of `policy` exists and lets `sourceArn` use it. AWS looks at
 * this when the source sets its policy and not again later.
 */
export function checkRedriveTarget(
  policy: string | undefined,
  sourceArn: string,
  allowPolicyOf: (queueArn: string) => { allowPolicy: string | undefined } | undefined,
): void {
  const redrive = readRedrivePolicy(policy);
  if (redrive === undefined) return;
  const target = allowPolicyOf(redrive.deadLetterTargetArn);
  if (target === undefined) throw targetMissing(policy!);
  if (!allows(target.allowPolicy, sourceArn)) {
    const reason = "Dead letter target does not allow this queue as a source of redrive.";
    throw invalidPolicy("RedrivePolicy", policy!, reason);
  }
}

function allows(allowPolicy: string | undefined, sourceArn: string): boolean {
  if (allowPolicy === undefined) return true;
  const { redrivePermission, sourceQueueArns = [] } = JSON.parse(allowPolicy) as {
    redrivePermission: string;
    sourceQueueArns?: string[];
  };
  return redrivePermission === "allowAll" || sourceQueueArns.includes(sourceArn);
}

function readJsonMap(value: string, name: string, reason: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch (cause) {
    throw invalidPolicy(name, value, reason, { cause });
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw invalidPolicy(name, value, reason);
  }
  return parsed as Record<string, unknown>;
}

/** An object out of a request may have a `toString` that is no function. */
function describeCount(value: unknown): string {
  return typeof value === "object" && value !== null ? "a JSON structure" : String(value);
}

function isWholeNumber(value: unknown): value is number {
  return Number.isInteger(value);
}

function targetMissing(policy: string): SqsError {
  return invalidPolicy("RedrivePolicy", policy, "Dead letter target does not exist.");
}

function invalidPolicy(name: string, value: string, reason: string, options?: ErrorOptions) {
  const message = `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`;
  return new SqsError("InvalidParameterValue", message, options);
}
