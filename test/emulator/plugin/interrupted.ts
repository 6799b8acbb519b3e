import { expect, onTestFinished } from "vitest";
import { startEmulator } from "../../../emulator/index.ts";
import { temporaryFolder } from "../../support/folders.ts";
import { Holder } from "./holder.ts";
import { sqs, startOffline, type Offline } from "./offline.ts";

const QUEUES = { letters: {}, "letters-dev-Answers": {} };

export interface QueueCounts {
  readonly ready: number;
  readonly inFlight: number;
}

/** A process in which an invocation from a queue and an HTTP request wait to be released. */
export interface BusyOffline {
  readonly offline: Offline;
  /** The status and the body of the HTTP request, when it is answered. */
  readonly answer: Promise<string>;
  release(): void;
}

export async function startBusyOffline(
  command: readonly string[],
  dataDirectory: string,
): Promise<BusyOffline> {
  const holder = new Holder();
  await holder.start();
  onTestFinished(() => holder.close());
  const offline = await startOffline({
    command,
    environment: { QUEUES_DATA_DIRECTORY: dataDirectory },
  });
  onTestFinished(() => offline.kill());
  const queues = await offline.untilReady();
  const letter = { ask: "hold", holdUrl: holder.url("/letter") };
  await sqs(queues, "SendMessage", {
    QueueUrl: `${queues}/000000000000/letters`,
    MessageBody: JSON.stringify(letter),
  });
  const holdUrl = encodeURIComponent(holder.url("/request"));
  const answer = fetch(`${offline.httpUrl}/wait?holdUrl=${holdUrl}`).then(
    async (response) => `${response.status} ${await response.text()}`,
    () => "no answer",
  );
  await Promise.all([holder.asked("/letter"), holder.asked("/request")]);
  return {
    offline,
    answer,
    release() {
      holder.answer("/letter");
      holder.answer("/request");
    },
  };
}

/** Sends a letter while nothing but the data folder is there. */
export async function leaveLetter(dataDirectory: string): Promise<string> {
  const emulator = await startEmulator({ dataDirectory, region: "eu-west-1", queues: QUEUES });
  const { MessageId } = await emulator.perform("SendMessage", {
    QueueUrl: emulator.queueUrl("letters"),
    MessageBody: JSON.stringify({ ask: "answer" }),
  });
  await emulator.close();
  return String(MessageId);
}

/** What the data folder holds when nobody uses it. */
export async function readCounts(dataDirectory: string): Promise<Record<string, QueueCounts>> {
  const emulator = await startEmulator({ dataDirectory, region: "eu-west-1" });
  const counts: Record<string, QueueCounts> = {};
  for (const name of Object.keys(QUEUES)) {
    const { Attributes } = await emulator.perform("GetQueueAttributes", {
      QueueUrl: emulator.queueUrl(name),
      AttributeNames: ["All"],
    });
    const attributes = Attributes as Record<string, string>;
    counts[name] = {
      ready: Number(attributes["ApproximateNumberOfMessages"]),
      inFlight: Number(attributes["ApproximateNumberOfMessagesNotVisible"]),
    };
  }
  await emulator.close();
  return counts;
}

/** Ends a busy `serverless offline` by a signal; all that was in flight must be finished. */
export async function expectGracefulEnd(
  command: readonly string[],
  signal: "SIGINT" | "SIGTERM",
): Promise<void> {
  const dataDirectory = await temporaryFolder();
  const busy = await startBusyOffline(command, dataDirectory);
  busy.offline.signal(signal);
  await busy.offline.wrote(new RegExp(`Got ${signal}`));
  busy.release();
  expect(await busy.answer).toBe("200 waited");
  expect((await busy.offline.ended).exitCode).toBe(0);
  expect(await readCounts(dataDirectory)).toEqual({
    letters: { ready: 0, inFlight: 0 },
    "letters-dev-Answers": { ready: 1, inFlight: 0 },
  });
}
