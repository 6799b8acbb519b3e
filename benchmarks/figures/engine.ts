import { SqsEngine } from "../../emulator/sqs/engine.ts";
import type { ReceiveOutput } from "../../emulator/sqs/actions/receive-message.ts";
import type { Figure, Run, Values } from "../figure.ts";

const MESSAGES = 100_000;
const BODY = "x".repeat(256);
const CALL = { nowMs: 1_700_000_000_000, baseUrl: "http://127.0.0.1:9324" };

export const engine: Figure = {
  name: "engine",
  title: "The engine in process",
  method: `${MESSAGES.toLocaleString("en-US")} messages of ${BODY.length} bytes, without HTTP and journal: all are sent, one call each, then
all are received, one call each, then all are deleted, one call each.`,
  rows: [
    { key: "send", label: "SendMessage", unit: "per second" },
    { key: "receive", label: "ReceiveMessage", unit: "per second" },
    { key: "remove", label: "DeleteMessage", unit: "per second" },
    { key: "all", label: "messages through all three", unit: "per second" },
  ],
  measure: async (run) => measureEngine(run),
};

function measureEngine({ signal }: Run): Values {
  const sqs = new SqsEngine({ accountId: "000000000000", region: "us-east-1" });
  // In flight are at most 120,000 of a standard queue, so all of them may be.
  const created = sqs.perform("CreateQueue", { QueueName: "bench" }, CALL);
  const QueueUrl = String(created["QueueUrl"]);
  const receiptHandles: string[] = [];
  const repeat = (call: () => void): number => {
    signal.throwIfAborted();
    const startMs = performance.now();
    for (let count = 0; count < MESSAGES; count += 1) call();
    return performance.now() - startMs;
  };
  const remember = ({ Messages }: ReceiveOutput) =>
    void receiptHandles.push(Messages![0]!.ReceiptHandle);

  const sendMs = repeat(() => sqs.perform("SendMessage", { QueueUrl, MessageBody: BODY }, CALL));
  const receiveMs = repeat(() => sqs.receive({ QueueUrl }, CALL, remember));
  const removeMs = repeat(() =>
    sqs.perform("DeleteMessage", { QueueUrl, ReceiptHandle: receiptHandles.pop()! }, CALL),
  );
  const perSecond = (durationMs: number) => (MESSAGES / durationMs) * 1000;
  return {
    send: perSecond(sendMs),
    receive: perSecond(receiveMs),
    remove: perSecond(removeMs),
    all: perSecond(sendMs + receiveMs + removeMs),
  };
}
