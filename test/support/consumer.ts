import { afterEach, beforeEach } from "vitest";
import { invokesHandler } from "../../emulator/lambda/invoke-handler.ts";
import { createMapping } from "../../emulator/lambda/mapping.ts";
import { Poller } from "../../emulator/lambda/poller.ts";
import type { QueueEvent } from "../../emulator/events.ts";
import { createSendVerifyEmailHandler } from "../../functions/send-verify-email.ts";
import { QUEUE, service } from "./service.ts";
import type { SignUp } from "./sign-up.ts";

type EventOf<Type extends QueueEvent["type"]> = Extract<QueueEvent, { type: Type }>;

/** What the emulator and the event source mapping did, from the test's start on. */
export interface Consumer {
  /** In seconds of the emulator's clock since the test's start. */
  secondsOf(event: QueueEvent): number;
  events<Type extends QueueEvent["type"]>(type: Type): EventOf<Type>[];
  /** The receives of one message, or of all. */
  receives(messageId?: string): { seconds: number; receiveCount: number }[];
}

/** The worker behind its queue, with the numbers of serverless.yml. Call it after `useSignUp`. */
export function useConsumer(signUp: SignUp): Consumer {
  let seen: QueueEvent[];
  let startMs: number;
  let poller: Poller;
  beforeEach(() => {
    seen = [];
    startMs = signUp.clock.now();
    signUp.emulator.subscribe((event) => seen.push(event));
    poller = startPoller(signUp);
  });
  afterEach(() => poller.stop());

  const secondsOf = (event: QueueEvent) => (event.atMs - startMs) / 1000;
  const events = <Type extends QueueEvent["type"]>(type: Type) =>
    seen.filter((event): event is EventOf<Type> => event.type === type);
  return {
    secondsOf,
    events,
    receives: (messageId) =>
      events("received")
        .filter((event) => messageId === undefined || event.messageId === messageId)
        .map((event) => ({ seconds: secondsOf(event), receiveCount: event.receiveCount })),
  };
}

function startPoller({ emulator, clock, workerDeps }: SignUp): Poller {
  const { worker, queue } = service.custom;
  const { timeoutSeconds, batchSize, maximumConcurrency } = worker;
  const functionName = "send-verify-email";
  const mapping = createMapping(
    {
      functionName,
      eventSourceArn: emulator.queueArn(QUEUE),
      batchSize,
      maximumConcurrency,
      functionResponseTypes: ["ReportBatchItemFailures"],
    },
    {
      functionTimeoutSeconds: timeoutSeconds,
      visibilityTimeoutSeconds: queue.visibilityTimeoutSeconds,
      existing: [],
    },
  );
  const { receive, remove } = emulator.messageSource(QUEUE);
  const handler = createSendVerifyEmailHandler(workerDeps);
  return new Poller({
    mapping,
    receive,
    remove,
    clock,
    invoke: invokesHandler(handler, { clock, functionName, timeoutSeconds }),
    onInvoked: (event) => emulator.publish(event),
    onProblem: (problem) => {
      throw new Error(`The poller has a problem: ${JSON.stringify(problem)}`);
    },
  });
}
