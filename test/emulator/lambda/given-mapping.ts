import { onTestFinished } from "vitest";
import type { InvocationEvent } from "../../../emulator/events.ts";
import { invokesHandler } from "../../../emulator/lambda/invoke-handler.ts";
import type { Invoke } from "../../../emulator/lambda/invocation.ts";
import { createMapping } from "../../../emulator/lambda/mapping.ts";
import { Poller } from "../../../emulator/lambda/poller.ts";
import type { SqsEvent } from "../../../emulator/lambda/record.ts";
import { givenEmulator } from "../given.ts";

const VISIBILITY_TIMEOUT_SECONDS = 30;
const FUNCTION_TIMEOUT_SECONDS = 20;

export interface GivenMapping {
  readonly maxReceiveCount?: number;
  readonly reportsFailures?: boolean;
  readonly enabled?: boolean;
  readonly handler?: (event: SqsEvent) => unknown;
  /** Instead of `handler`. */
  readonly invoke?: Invoke;
}

/** What a handler was called with: when, after how many receives, and which bodies. */
export interface Delivery {
  readonly atSeconds: number;
  readonly counts: readonly number[];
  readonly bodies: readonly string[];
}

/** A queue with a dead-letter queue in an emulator on a virtual clock, and a function at it. */
export async function givenMapping(given: GivenMapping = {}) {
  const { emulator, clock } = await givenEmulator();
  const [queue, deadLetters] = [emulator.queueUrl("queue"), emulator.queueUrl("dead-letters")];
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: emulator.queueArn("dead-letters"),
    maxReceiveCount: given.maxReceiveCount ?? 10,
  });
  await emulator.perform("CreateQueue", { QueueName: "dead-letters" });
  const Attributes = { VisibilityTimeout: String(VISIBILITY_TIMEOUT_SECONDS), RedrivePolicy };
  await emulator.perform("CreateQueue", { QueueName: "queue", Attributes });

  const startMs = clock.now();
  const deliveries: Delivery[] = [];
  const events: InvocationEvent[] = [];
  const moves: number[] = [];
  emulator.subscribe((event) => {
    if (event.type === "moved") moves.push((event.atMs - startMs) / 1000);
  });
  const handler = (event: SqsEvent) => {
    deliveries.push({
      atSeconds: (clock.now() - startMs) / 1000,
      counts: event.Records.map(({ attributes }) => Number(attributes["ApproximateReceiveCount"])),
      bodies: event.Records.map(({ body }) => body),
    });
    return given.handler?.(event);
  };
  const functionName = "function";
  const poller = new Poller({
    ...emulator.messageSource("queue"),
    mapping: createMapping(
      {
        functionName,
        eventSourceArn: emulator.queueArn("queue"),
        enabled: given.enabled,
        functionResponseTypes: given.reportsFailures === true ? ["ReportBatchItemFailures"] : [],
      },
      {
        functionTimeoutSeconds: FUNCTION_TIMEOUT_SECONDS,
        visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
        existing: [],
      },
    ),
    clock,
    invoke:
      given.invoke ??
      invokesHandler(handler, { clock, functionName, timeoutSeconds: FUNCTION_TIMEOUT_SECONDS }),
    onInvoked: (event) => events.push(event),
    onProblem: (problem) => {
      throw new Error(`Expected no problem, got ${JSON.stringify(problem)}.`);
    },
  });
  onTestFinished(() => poller.stop());

  return {
    emulator,
    clock,
    queue,
    deliveries,
    events,
    /** The seconds at which messages went to the dead-letter queue. */
    moves,
    /** As one batch, if the mapping's poller waits. */
    async send(bodies: readonly string[], more: object = {}): Promise<void> {
      const Entries = bodies.map((body, at) => ({ Id: `${at}`, MessageBody: body, ...more }));
      await emulator.perform("SendMessageBatch", { QueueUrl: queue, Entries });
    },
    /** How many messages are ready, in flight and delayed. */
    counts: (of: "queue" | "dead letters") =>
      countsOf(of === "queue" ? queue : deadLetters, (input) =>
        emulator.perform("GetQueueAttributes", input),
      ),
  };
}

async function countsOf(
  QueueUrl: string,
  getAttributes: (input: Record<string, unknown>) => Promise<Record<string, unknown>>,
): Promise<number[]> {
  const output = await getAttributes({ QueueUrl, AttributeNames: ["All"] });
  const attributes = output["Attributes"] as Record<string, string>;
  return ["", "NotVisible", "Delayed"].map((state) =>
    Number(attributes[`ApproximateNumberOfMessages${state}`]),
  );
}
