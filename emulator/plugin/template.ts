import { PluginError } from "./plugin-error.ts";

export interface QueueAddress {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
}

/** What intrinsic functions of a template may stand for on a laptop. */
export interface TemplateValues {
  readonly region: string;
  readonly accountId: string;
  readonly stackName: string;
  /** By logical id. */
  readonly queues: ReadonlyMap<string, QueueAddress>;
}

/**
 * Replaces Ref, Fn::GetAtt, Fn::Sub and Fn::Join by their values, at any depth. They may name
 * pseudo parameters and the stack's own queues: as on AWS, Ref of a queue is its URL. Throws
 * PluginError `CANNOT_RESOLVE` for anything else.
 */
export function resolveTemplate(value: unknown, values: TemplateValues): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveTemplate(item, values));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1 && (name === "Ref" || name!.startsWith("Fn::"))) {
    return resolveFunction(name!, argument, values);
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, resolveTemplate(item, values)]));
}

function resolveFunction(name: string, argument: unknown, values: TemplateValues): unknown {
  switch (name) {
    case "Ref":
      return resolveReference(String(argument), values);
    case "Fn::GetAtt":
      return resolveReference(
        Array.isArray(argument) ? argument.join(".") : String(argument),
        values,
      );
    case "Fn::Sub":
      return substitute(argument, values);
    case "Fn::Join":
      return join(argument, values);
    default:
      throw new PluginError(
        "CANNOT_RESOLVE",
        `${name} is not resolved outside AWS; Ref, Fn::GetAtt, Fn::Sub and Fn::Join of this stack's queues are.`,
      );
  }
}

/** `reference`: a pseudo parameter, a logical id, or a logical id with an attribute. */
function resolveReference(reference: string, values: TemplateValues): string {
  const pseudo = pseudoParameter(reference, values);
  if (pseudo !== undefined) return pseudo;
  const [logicalId, attribute] = reference.split(".");
  const queue = values.queues.get(logicalId!);
  const found = queue === undefined ? undefined : queueAttribute(queue, attribute);
  if (found !== undefined) return found;
  throw new PluginError(
    "CANNOT_RESOLVE",
    `\`${reference}\` has no value outside AWS: it is neither a queue of this stack nor its Arn, QueueName or QueueUrl.`,
  );
}

function queueAttribute(queue: QueueAddress, attribute: string | undefined): string | undefined {
  switch (attribute) {
    case undefined:
    case "QueueUrl":
      return queue.url;
    case "Arn":
      return queue.arn;
    case "QueueName":
      return queue.name;
    default:
      return undefined;
  }
}

function pseudoParameter(name: string, values: TemplateValues): string | undefined {
  switch (name) {
    case "AWS::Region":
      return values.region;
    case "AWS::AccountId":
      return values.accountId;
    case "AWS::StackName":
      return values.stackName;
    case "AWS::Partition":
      return "aws";
    case "AWS::URLSuffix":
      return "amazonaws.com";
    default:
      return undefined;
  }
}

function substitute(argument: unknown, values: TemplateValues): string {
  const [template, given] = Array.isArray(argument) ? argument : [argument, {}];
  const variables = (resolveTemplate(given, values) ?? {}) as Record<string, unknown>;
  return String(template).replaceAll(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
    if (literal !== "") return `\${${name}}`;
    return Object.hasOwn(variables, name)
      ? String(variables[name])
      : resolveReference(name.trim(), values);
  });
}

function join(argument: unknown, values: TemplateValues): string {
  if (!Array.isArray(argument) || !Array.isArray(argument[1])) {
    throw new PluginError("CANNOT_RESOLVE", "Expected Fn::Join to be [delimiter, [values]].");
  }
  return (resolveTemplate(argument[1], values) as unknown[]).join(String(argument[0]));
}
