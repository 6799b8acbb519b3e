import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { SqsError } from "../../../emulator/sqs/errors.ts";
import { temporaryFolder } from "../../support/folders.ts";
import { Seeded } from "../seeded.ts";
import {
  engineFrom,
  openDurableEngine,
  perform,
  receive,
  recover,
  START_MS,
  stateAt,
  type DurableEngine,
} from "./durable-engine.ts";

const NAMES = ["a", "b", "c"];
const CRASHES = 25;
const STEPS_BETWEEN_CRASHES = 40;

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`a crash at any moment loses nothing that was flushed (seed ${seed})`, async () => {
    const random = new Seeded(seed);
    const durable = await openDurableEngine(await temporaryFolder(), { compactAboveBytes: 3_000 });
    onTestFinished(() => durable.journal.close());
    const copies = await temporaryFolder();
    const steps = new RandomSteps(durable, random);
    for (let crash = 0; crash < CRASHES; crash += 1) {
      steps.take(random.between(1, STEPS_BETWEEN_CRASHES));
      await durable.journal.flushed();
      const flushedCount = durable.reported.length;
      const isIdle = random.between(0, 1) === 0;
      if (!isIdle) steps.take(random.between(1, 5));
      const copy = join(copies, String(crash));
      await copyJournal(durable.directory, copy);

      const { nowMs } = steps;
      const recovered = stateAt(engineFrom(await recover(copy)), nowMs);
      const possible = durable.reported.length - flushedCount;
      const states = Array.from({ length: possible + 1 }, (_, more) =>
        stateAt(engineFrom(durable.reported.slice(0, flushedCount + more)), nowMs),
      );
      expect(states).toContainEqual(recovered);
      if (isIdle) expect(recovered).toEqual(stateAt(durable.engine, nowMs));
    }
  });
}

/** Calls that a client may make, at times that only go on. */
class RandomSteps {
  readonly #durable: DurableEngine;
  readonly #random: Seeded;
  readonly #handles: { queue: string; handle: string }[] = [];
  nowMs = START_MS;

  constructor(durable: DurableEngine, random: Seeded) {
    this.#durable = durable;
    this.#random = random;
  }

  take(count: number): void {
    for (let at = 0; at < count; at += 1) {
      try {
        this.#step();
      } catch (error) {
        // A queue that is not there, or a message that has gone.
        if (!(error instanceof SqsError)) throw error;
      }
    }
  }

  #step(): void {
    const random = this.#random;
    const queue = random.pick(NAMES);
    this.nowMs += random.pick([0, 1, 1_000, 20_000]);
    switch (random.between(0, 11)) {
      case 0:
        return this.#perform("CreateQueue", { QueueName: queue });
      case 1:
        return this.#configure(queue);
      case 2:
        if (random.between(0, 4) > 0) return;
        return this.#perform(random.pick(["PurgeQueue", "DeleteQueue"]), { QueueUrl: queue });
      case 3:
      case 4:
        return this.#receive(queue);
      case 5:
        return this.#withHandle("DeleteMessage", {});
      case 6:
        return this.#withHandle("ChangeMessageVisibility", {
          VisibilityTimeout: random.pick([0, 5, 100]),
        });
      case 7:
        return this.#sendBatch(queue);
      default:
        return this.#perform("SendMessage", {
          QueueUrl: queue,
          MessageBody: "x".repeat(random.between(1, 200)),
          DelaySeconds: random.pick([0, 0, 10]),
        });
    }
  }

  #perform(action: string, input: Record<string, unknown>): void {
    perform(this.#durable.engine, action, input, this.nowMs);
  }

  #configure(queue: string): void {
    const policy = {
      deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${this.#random.pick(NAMES)}`,
      maxReceiveCount: this.#random.between(1, 3),
    };
    this.#perform("SetQueueAttributes", {
      QueueUrl: queue,
      Attributes: {
        MessageRetentionPeriod: String(this.#random.pick([60, 600, 6_000])),
        RedrivePolicy: this.#random.pick(["", JSON.stringify(policy)]),
      },
    });
  }

  #receive(queue: string): void {
    const input = {
      QueueUrl: queue,
      MaxNumberOfMessages: this.#random.between(1, 10),
      VisibilityTimeout: this.#random.pick([0, 5, 50]),
    };
    for (const handle of receive(this.#durable.engine, input, this.nowMs)) {
      this.#handles.push({ queue, handle });
    }
  }

  #sendBatch(queue: string): void {
    const Entries = Array.from({ length: this.#random.between(1, 10) }, (_, at) => ({
      Id: String(at),
      MessageBody: "one of a batch",
    }));
    this.#perform("SendMessageBatch", { QueueUrl: queue, Entries });
  }

  #withHandle(action: string, input: Record<string, unknown>): void {
    if (this.#handles.length === 0) return;
    const { queue, handle } = this.#random.pick(this.#handles);
    this.#perform(action, { QueueUrl: queue, ReceiptHandle: handle, ...input });
  }
}

/** As a killed process leaves it: perhaps in the middle of a write. */
async function copyJournal(directory: string, copy: string): Promise<void> {
  await mkdir(copy);
  await copyFile(join(directory, "queues.journal"), join(copy, "queues.journal"));
}
