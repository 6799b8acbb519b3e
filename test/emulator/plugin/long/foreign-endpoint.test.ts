import { expect, onTestFinished, test } from "vitest";
import { startEmulator, type Emulator } from "../../../../emulator/index.ts";
import { startOffline } from "../offline.ts";

for (const variable of ["AWS_ENDPOINT_URL_SQS", "QUEUES_ENDPOINT"]) {
  test(`with ${variable} the queues are those of another emulator`, async () => {
    const other = await startEmulator({ region: "eu-west-1" });
    onTestFinished(() => other.close());
    const offline = await startOffline({ environment: { [variable]: other.url } });
    onTestFinished(() => offline.kill());
    await offline.wrote(/Server ready/);
    expect(offline.output).toContain(`Queues at ${other.url} (not the embedded emulator).`);

    const letter = { ask: "answer" };
    const { MessageId } = await send(other, "letters", letter);
    const { Attributes } = await other.perform("GetQueueAttributes", {
      QueueUrl: other.queueUrl("letters"),
      AttributeNames: ["VisibilityTimeout", "RedrivePolicy"],
    });
    expect(Attributes).toEqual({
      VisibilityTimeout: "60",
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: other.queueArn("dead-letters"),
        maxReceiveCount: 3,
      }),
    });
    const { messages } = await other
      .messageSource("letters-dev-Answers")
      .receive(1, new AbortController().signal);
    const { record, environment } = JSON.parse(messages[0]!.Body);
    expect(record).toMatchObject({ messageId: MessageId, body: JSON.stringify(letter) });
    expect(environment).toMatchObject({ ANSWERS_URL: other.queueUrl("letters-dev-Answers") });

    await other.waitFor((event) => event.type === "deleted" && event.messageId === MessageId, {
      includePast: true,
    });
    offline.signal("SIGINT");
    expect((await offline.ended).exitCode).toBe(0);
  });
}

function send(emulator: Emulator, queue: string, body: unknown) {
  return emulator.perform("SendMessage", {
    QueueUrl: emulator.queueUrl(queue),
    MessageBody: JSON.stringify(body),
  });
}
