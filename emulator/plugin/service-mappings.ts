import { createMapping, type EventSourceMapping, type MappingRequest } from "../lambda/mapping.ts";
import { parseQueueArn } from "../lambda/queue-arn.ts";
import { PluginError } from "./plugin-error.ts";
import type { QueueService } from "./queue-service.ts";
import type { FunctionDefinition, Service } from "./serverless.ts";
import { resolveTemplate, type TemplateValues } from "./template.ts";

/** Serverless's own default. */
const DEFAULT_TIMEOUT_SECONDS = 6;

/** The members of a function's `sqs` event, as Serverless's schema has them. */
interface SqsTrigger {
  readonly arn: unknown;
  readonly batchSize?: number;
  readonly maximumBatchingWindow?: number;
  readonly maximumConcurrency?: number;
  readonly functionResponseType?: string;
  readonly filterPatterns?: readonly unknown[];
  readonly enabled?: boolean;
}

/** Makes a mapping of each `sqs` event of the service, with AWS's checks. Throws PluginError. */
export async function readServiceMappings(
  service: Service,
  values: TemplateValues,
  queues: QueueService,
): Promise<EventSourceMapping[]> {
  const existing: EventSourceMapping[] = [];
  for (const key of service.getAllFunctions()) {
    const definition = service.getFunction(key);
    for (const trigger of sqsTriggers(definition)) {
      try {
        const request = toRequest(definition.name, trigger, values);
        const queueName = parseQueueArn(request.eventSourceArn)?.queueName;
        existing.push(
          createMapping(request, {
            functionTimeoutSeconds:
              definition.timeout ?? service.provider.timeout ?? DEFAULT_TIMEOUT_SECONDS,
            visibilityTimeoutSeconds:
              queueName === undefined
                ? undefined
                : await queues.visibilityTimeoutSeconds(queueName),
            existing,
          }),
        );
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        const message = `The \`sqs\` event of the function \`${key}\`: ${reason}`;
        throw new PluginError("INVALID_RESOURCE", message, { cause });
      }
    }
  }
  return existing;
}

function sqsTriggers(definition: FunctionDefinition): SqsTrigger[] {
  return (definition.events ?? [])
    .map((event) => event["sqs"])
    .filter((sqs) => sqs !== undefined)
    .map((sqs) => (typeof sqs === "string" ? { arn: sqs } : (sqs as SqsTrigger)));
}

function toRequest(
  functionName: string,
  trigger: SqsTrigger,
  values: TemplateValues,
): MappingRequest {
  const { functionResponseType } = trigger;
  return {
    functionName,
    eventSourceArn: String(resolveTemplate(trigger.arn, values)),
    batchSize: trigger.batchSize,
    maximumBatchingWindowSeconds: trigger.maximumBatchingWindow,
    maximumConcurrency: trigger.maximumConcurrency,
    functionResponseTypes: functionResponseType === undefined ? [] : [functionResponseType],
    filterPatterns: trigger.filterPatterns,
    enabled: trigger.enabled,
  };
}
