import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { join } from "node:path";
import type { QueueEvent } from "../../emulator/events.ts";
import { Observed } from "../../local/observed.ts";
import { freePorts } from "../../local/ports.ts";
import { observeQueues } from "../../local/queue-emulator.ts";
import { startServerless, type ServerlessProcess } from "../../local/serverless-process.ts";
import { sleep, within } from "../../local/waiting.ts";
import type { Figure, Run, Values } from "../figure.ts";
import { createClient } from "../sqs-client.ts";
import { percentile } from "../statistics.ts";

const MESSAGES = 100;
const DELAY_SECONDS = 1;
/** Longer than one invocation takes, so that each message is a batch of its own. */
const SPACING_MS = 40;
const DEADLINE_MS = 30_000;

export const pickUp: Figure = {
  name: "pick-up",
  title: "From ready to the handler",
  method: `On serverless-offline with this project's plugin (benchmarks/consumer): from the instant at which a message
becomes ready to the first line of its handler in a warm worker thread, over ${MESSAGES} messages each. Both are
read from the same clock, in whole milliseconds: the sending, or the end of a delay of ${DELAY_SECONDS} s, as the queue
tells it, and the handler's own \`Date.now()\`. Messages follow each other after ${SPACING_MS} ms.`,
  rows: [
    { key: "sentP50", label: "sent without delay, p50", unit: "ms", goal: "at most 10 ms" },
    { key: "sentP95", label: "sent without delay, p95", unit: "ms" },
    { key: "sentMax", label: "sent without delay, longest", unit: "ms" },
    { key: "delayedP50", label: "delay over, p50", unit: "ms", goal: "at most 10 ms" },
    { key: "delayedP95", label: "delay over, p95", unit: "ms" },
    { key: "delayedMax", label: "delay over, longest", unit: "ms" },
  ],
  measure: measureConsumer,
};

interface Consumer {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly sent: Observed<QueueEvent>;
  readonly entered: Observed<Entered>;
  readonly signal: AbortSignal;
}

interface Entered {
  readonly messageId: string;
  readonly atMs: number;
}

async function measureConsumer(run: Run): Promise<Values> {
  const [httpPort, lambdaPort, sqsPort] = (await freePorts(3)) as [number, number, number];
  const serverless = startServerless({
    httpPort,
    lambdaPort,
    directory: join(import.meta.dirname, "../consumer"),
    environment: { ...run.environment, QUEUES_PORT: String(sqsPort) },
  });
  const watching = new AbortController();
  const url = `http://127.0.0.1:${sqsPort}`;
  const client = createClient(url);
  try {
    const signal = AbortSignal.any([run.signal, watching.signal]);
    const entered = observeHandler(serverless);
    const sent = await observeOnceUp(url, serverless, signal);
    run.say("consumer is up");
    const consumer = { client, queueUrl: `${url}/000000000000/pick-up`, sent, entered, signal };
    // The first one starts the worker thread, and the next ones warm it up.
    for (let count = 0; count < 10; count += 1) await lateness(consumer, 0);
    return {
      ...(await measure(consumer, "sent", 0)),
      ...(await measure(consumer, "delayed", DELAY_SECONDS)),
    };
  } finally {
    watching.abort();
    client.destroy();
    await serverless.stop();
  }
}

async function measure(consumer: Consumer, name: string, delaySeconds: number): Promise<Values> {
  const underWay: Promise<number>[] = [];
  for (let count = 0; count < MESSAGES; count += 1) {
    underWay.push(lateness(consumer, delaySeconds));
    await sleep(SPACING_MS, consumer.signal);
  }
  const latenessMs = await Promise.all(underWay);
  return {
    [`${name}P50`]: percentile(latenessMs, 0.5),
    [`${name}P95`]: percentile(latenessMs, 0.95),
    [`${name}Max`]: percentile(latenessMs, 1),
  };
}

/** Sends a message and answers how many milliseconds after it became ready its handler began. */
async function lateness(
  { client, queueUrl, sent, entered }: Consumer,
  delaySeconds: number,
): Promise<number> {
  const command = new SendMessageCommand({
    QueueUrl: queueUrl,
    MessageBody: "{}",
    DelaySeconds: delaySeconds,
  });
  const { MessageId } = await client.send(command);
  const happening = Promise.all([
    sent.first((event) => event.type === "sent" && event.messageId === MessageId),
    entered.first(({ messageId }) => messageId === MessageId),
  ]);
  const [sending, entering] = await within(happening, DEADLINE_MS, () => {
    throw new Error(`Message ${MessageId} did not reach the handler in ${DEADLINE_MS} ms.`);
  });
  return entering.atMs - (sending.atMs + delaySeconds * 1000);
}

function observeHandler({ output }: ServerlessProcess): Observed<Entered> {
  const entered = new Observed<Entered>();
  output.on("line", (line) => {
    const [word, messageId, atMs] = line.split(" ");
    if (word === "entered") entered.add({ messageId: messageId!, atMs: Number(atMs) });
  });
  return entered;
}

async function observeOnceUp(
  url: string,
  serverless: ServerlessProcess,
  signal: AbortSignal,
): Promise<Observed<QueueEvent>> {
  let hasEnded = false;
  void serverless.ended.then(() => (hasEnded = true));
  for (;;) {
    const queues = await observeQueues(url, signal).catch(() => undefined);
    if (queues !== undefined) return queues;
    if (hasEnded) {
      const lines = serverless.output.lastLines().join("\n");
      throw new Error(`The consumer ended while it started:\n${lines}`);
    }
    await sleep(25, signal);
  }
}
