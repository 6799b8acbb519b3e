import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { ChildOutput } from "../../local/child-output.ts";
import type { Figure, Run, Values } from "../figure.ts";
import { createClient } from "../sqs-client.ts";
import { percentile } from "../statistics.ts";
import { durationMsOf } from "../timing.ts";

const CLI = join(import.meta.dirname, "../../emulator/cli.ts");
const SEQUENTIAL = 1_000;
const AT_ONCE = 32;
const SENT_AT_ONCE = 5_000;
const BODY = "x".repeat(256);

export const http: Figure = {
  name: "http",
  title: "SQS over HTTP with the AWS SDK",
  method: `The emulator is a process of its own (\`node emulator/cli.ts\`, without a journal), the client the AWS SDK
for JavaScript, the body ${BODY.length} bytes. One after the other: ${SEQUENTIAL.toLocaleString("en-US")} sends, receives and deletes.
${AT_ONCE} at once: ${SENT_AT_ONCE.toLocaleString("en-US")} sends; there the SDK in the client's one thread is the limit, not the emulator.`,
  rows: [
    { key: "send", label: "SendMessage, one after the other, p50", unit: "ms" },
    { key: "receive", label: "ReceiveMessage, one after the other, p50", unit: "ms" },
    { key: "remove", label: "DeleteMessage, one after the other, p50", unit: "ms" },
    { key: "atOnce", label: `SendMessage, ${AT_ONCE} at once`, unit: "per second" },
  ],
  measure: (run) => withEmulator((url) => measureCalls(createClient(url), run)),
};

async function withEmulator<T>(use: (url: string) => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, [CLI, "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  try {
    const output = new ChildOutput();
    const firstLine = once(output, "line") as Promise<[string]>;
    output.follow(child.stdout);
    const endedEarly = ended.then(() => {
      throw new Error("The emulator ended while it started.");
    });
    const [line] = await Promise.race([firstLine, endedEarly]);
    return await use(/http:\S+/.exec(line)![0]);
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}

async function measureCalls(client: SQSClient, { signal }: Run): Promise<Values> {
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: "bench" }));
  const send = () => client.send(new SendMessageCommand({ QueueUrl, MessageBody: BODY }));
  const receiptHandles: (string | undefined)[] = [];
  const receive = async () => {
    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
    receiptHandles.push(Messages![0]!.ReceiptHandle);
  };
  const remove = () =>
    client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receiptHandles.pop() }));
  const p50 = async (call: () => Promise<unknown>) => {
    const durationsMs: number[] = [];
    for (let count = 0; count < SEQUENTIAL; count += 1) {
      signal.throwIfAborted();
      durationsMs.push(await durationMsOf(call));
    }
    return percentile(durationsMs, 0.5);
  };
  try {
    // To warm up both processes.
    for (const call of [send, receive, remove]) await p50(call);
    return {
      send: await p50(send),
      receive: await p50(receive),
      remove: await p50(remove),
      atOnce: await perSecond(send, signal),
    };
  } finally {
    client.destroy();
  }
}

async function perSecond(call: () => Promise<unknown>, signal: AbortSignal): Promise<number> {
  let left = SENT_AT_ONCE;
  const callUntilNoneIsLeft = async () => {
    while (left > 0) {
      left -= 1;
      signal.throwIfAborted();
      await call();
    }
  };
  const durationMs = await durationMsOf(() =>
    Promise.all(Array.from({ length: AT_ONCE }, callUntilNoneIsLeft)),
  );
  return (SENT_AT_ONCE / durationMs) * 1000;
}
