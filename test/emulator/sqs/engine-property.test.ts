import { expect, test } from "vitest";
import { SqsEngine } from "../../../emulator/sqs/engine.ts";
import { SqsError } from "../../../emulator/sqs/errors.ts";
import { Seeded } from "../seeded.ts";
import { NaiveQueue, type Received } from "./naive-queue.ts";

const NAMES = ["letters", "dead-letters"] as const;
const STEPS = 1_500;

/** The engine and two naive queues, which get the same calls at the same times. */
class Pair {
  readonly naive = { letters: new NaiveQueue(), "dead-letters": new NaiveQueue() };
  readonly handles: { queue: (typeof NAMES)[number]; handle: string }[] = [];
  readonly #engine: SqsEngine;
  #uuids = 0;
  nowMs = Date.UTC(2026, 0, 1);

  constructor() {
    const random = { uuid: () => `uuid-${this.#uuids++}` };
    this.#engine = new SqsEngine({ accountId: "000000000000", region: "us-east-1", random });
    for (const name of NAMES) this.call("CreateQueue", { QueueName: name });
  }

  call(action: string, input: Record<string, unknown>): Record<string, unknown> {
    return this.#engine.perform(action, input, this.#at());
  }

  receive(queue: string, max: number, visibility: number | undefined) {
    let received: { MessageId: string; ReceiptHandle: string; count: number }[] = [];
    const input = {
      QueueUrl: queue,
      MaxNumberOfMessages: max,
      MessageSystemAttributeNames: ["ApproximateReceiveCount"],
      ...(visibility !== undefined && { VisibilityTimeout: visibility }),
    };
    this.#engine.receive(input, this.#at(), ({ Messages = [] }) => {
      received = Messages.map(({ MessageId, ReceiptHandle, Attributes }) => ({
        MessageId,
        ReceiptHandle,
        count: Number(Attributes!["ApproximateReceiveCount"]),
      }));
    });
    return received;
  }

  counts(queue: string) {
    const input = { QueueUrl: queue, AttributeNames: ["All"] };
    const attributes = this.call("GetQueueAttributes", input)["Attributes"] as Record<
      string,
      string
    >;
    return {
      ready: Number(attributes["ApproximateNumberOfMessages"]),
      inFlight: Number(attributes["ApproximateNumberOfMessagesNotVisible"]),
      delayed: Number(attributes["ApproximateNumberOfMessagesDelayed"]),
    };
  }

  #at() {
    return { nowMs: this.nowMs, baseUrl: "http://localhost" };
  }
}

type Step = (pair: Pair, random: Seeded) => void;

const send: Step = (pair, random) => {
  const queue = random.pick(NAMES);
  const delay = random.pick([undefined, undefined, 0, 1, 10, 60]);
  const { MessageId } = pair.call("SendMessage", {
    QueueUrl: queue,
    MessageBody: "body",
    ...(delay !== undefined && { DelaySeconds: delay }),
  });
  pair.naive[queue].send(String(MessageId), delay, pair.nowMs);
};

const receive: Step = (pair, random) => {
  const queue = random.pick(NAMES);
  const max = random.between(1, 10);
  const visibility = random.pick([undefined, undefined, 0, 5, 60]);
  const received = pair.receive(queue, max, visibility);
  const expected: Received[] = pair.naive[queue].receive(max, visibility, pair.nowMs);
  const got = received.map(({ MessageId, count }) => ({ id: MessageId, receiveCount: count }));
  expect(got).toEqual(expected);
  for (const { MessageId, ReceiptHandle } of received) {
    pair.naive[queue].noteHandle(MessageId, ReceiptHandle);
    pair.handles.push({ queue, handle: ReceiptHandle });
  }
};

const remove: Step = (pair, random) => {
  if (pair.handles.length === 0) return;
  const { queue, handle } = random.pick(pair.handles);
  pair.call("DeleteMessage", { QueueUrl: queue, ReceiptHandle: handle });
  pair.naive[queue].delete(handle);
};

const changeVisibility: Step = (pair, random) => {
  if (pair.handles.length === 0) return;
  const { queue, handle } = random.pick(pair.handles);
  const seconds = random.pick([0, 0, 1, 30, 120]);
  const input = { QueueUrl: queue, ReceiptHandle: handle, VisibilityTimeout: seconds };
  try {
    pair.call("ChangeMessageVisibility", input);
  } catch (error) {
    // The message is gone; the naive queue has no such handle either.
    expect((error as SqsError).code).toBe("InvalidParameterValue");
  }
  pair.naive[queue].changeVisibility(handle, seconds, pair.nowMs);
};

const passTime: Step = (pair, random) => {
  pair.nowMs += random.pick([1, 999, 1_000, 5_000, 30_000, 61_000]);
};

const purge: Step = (pair, random) => {
  if (random.between(1, 20) > 1) return;
  const queue = random.pick(NAMES);
  pair.call("PurgeQueue", { QueueUrl: queue });
  pair.naive[queue].messages = [];
};

const configure: Step = (pair, random) => {
  if (random.between(1, 5) > 1) return;
  const { letters } = pair.naive;
  const VisibilityTimeout = String((letters.visibilityTimeoutSeconds = random.between(0, 40)));
  const DelaySeconds = String((letters.delaySeconds = random.pick([0, 0, 15])));
  const MessageRetentionPeriod = String((letters.retentionSeconds = random.pick([60, 300, 3_600])));
  const hasPolicy = random.between(1, 4) > 1;
  letters.deadLetterQueue = hasPolicy ? pair.naive["dead-letters"] : undefined;
  letters.maxReceiveCount = random.between(1, 5);
  const policy = {
    deadLetterTargetArn: "arn:aws:sqs:us-east-1:000000000000:dead-letters",
    maxReceiveCount: letters.maxReceiveCount,
  };
  const RedrivePolicy = hasPolicy ? JSON.stringify(policy) : "";
  const Attributes = { VisibilityTimeout, DelaySeconds, MessageRetentionPeriod, RedrivePolicy };
  pair.call("SetQueueAttributes", { QueueUrl: "letters", Attributes });
};

const ALL_STEPS = [send, send, send, receive, receive, remove, changeVisibility, passTime, purge];

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
  test(`the engine does what a queue that scans its list does (seed ${seed})`, () => {
    const random = new Seeded(seed);
    const pair = new Pair();
    const seen = { received: 0, deadLetters: 0 };
    for (let at = 0; at < STEPS; at += 1) {
      random.pick([...ALL_STEPS, configure])(pair, random);
      for (const name of NAMES) pair.naive[name].pass(pair.nowMs);
      for (const name of NAMES) {
        const expected = pair.naive[name].counts;
        expect({ at, name, ...pair.counts(name) }).toEqual({ at, name, ...expected });
        seen.received += expected.inFlight;
      }
      seen.deadLetters += pair.naive["dead-letters"].messages.filter(
        (message) => message.receiveCount > message.receivesHere,
      ).length;
    }
    // Or else the steps would not have reached what they are for.
    expect(seen.received).toBeGreaterThan(0);
    expect(seen.deadLetters).toBeGreaterThan(0);
  });
}
