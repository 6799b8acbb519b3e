import { expect, test } from "vitest";
import { SqsEngine } from "../../emulator/sqs/engine.ts";

const LIMIT = 120_000;
const CALL = { nowMs: Date.UTC(2026, 0, 1), baseUrl: "http://localhost" };

interface Received {
  readonly Messages?: readonly { readonly ReceiptHandle: string }[];
}

/** A queue with one message more than may be in flight, of which `LIMIT` are. */
function givenFullQueue() {
  const engine = new SqsEngine({ accountId: "000000000000", region: "us-east-1" });
  const QueueUrl = "queue";
  const receive = (more: object) => {
    const answers: Received[] = [];
    engine.receive({ QueueUrl, ...more }, CALL, (output) => answers.push(output));
    return answers;
  };
  engine.perform("CreateQueue", { QueueName: QueueUrl }, CALL);
  const Entries = Array.from({ length: 10 }, (_, at) => ({ Id: `${at}`, MessageBody: "x" }));
  let handle = "";
  for (let count = 0; count < LIMIT; count += 10) {
    engine.perform("SendMessageBatch", { QueueUrl, Entries }, CALL);
    handle = receive({ MaxNumberOfMessages: 10 })[0]!.Messages![0]!.ReceiptHandle;
  }
  engine.perform("SendMessage", { QueueUrl, MessageBody: "one more" }, CALL);
  const remove = () => engine.perform("DeleteMessage", { QueueUrl, ReceiptHandle: handle }, CALL);
  return { receive, remove };
}

test("with 120,000 messages in flight a short poll is refused and a long poll waits for a delete", () => {
  const { receive, remove } = givenFullQueue();
  expect(() => receive({})).toThrow(expect.objectContaining({ code: "OverLimit" }));
  const answers = receive({ WaitTimeSeconds: 20 });
  expect(answers).toEqual([]);
  remove();
  expect(answers).toMatchObject([{ Messages: [{ Body: "one more" }] }]);
});
