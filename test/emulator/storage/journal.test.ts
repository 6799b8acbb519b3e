import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openJournal } from "../../../emulator/storage/journal.ts";
import { encodeLine } from "../../../emulator/storage/lines.ts";
import { temporaryFolder } from "../../support/folders.ts";
import {
  crashCopy,
  engineFrom,
  openDurableEngine,
  perform,
  receive,
  recover,
  START_MS,
  stateAt,
} from "./durable-engine.ts";

const FILE = "queues.journal";
const ONE_MINUTE_MS = 60_000;
const TARGET = "arn:aws:sqs:us-east-1:000000000000:dead";

test("everything that the engine reports is there after a close", async () => {
  const directory = await temporaryFolder();
  const { engine, journal, reported } = await openDurableEngine(directory);
  const kinds = doSomethingOfEach(engine);
  expect(new Set(reported.map((change) => change.kind))).toEqual(kinds);
  await journal.close();

  const recovered = engineFrom(await recover(directory));
  expect(stateAt(recovered, START_MS + ONE_MINUTE_MS)).toEqual(
    stateAt(engine, START_MS + ONE_MINUTE_MS),
  );
});

test("everything that was flushed is there after a kill", async () => {
  const directory = await temporaryFolder();
  const { engine, journal } = await openDurableEngine(directory);
  onTestFinished(() => journal.close());
  doSomethingOfEach(engine);
  await journal.flushed();
  const copy = join(await temporaryFolder(), "copy");
  await crashCopy(directory, copy);

  const recovered = engineFrom(await recover(copy));
  expect(stateAt(recovered, START_MS)).toEqual(stateAt(engine, START_MS));
});

test("a line that was torn at any byte is dropped, and only that line", async () => {
  const { text, lines } = await journalOfThreeMessages();
  const beforeLast = lines.slice(0, -1).join("\n").length + 1;
  const directory = await temporaryFolder();
  // The last byte is the line feed: without it the line is whole nevertheless.
  for (let bytes = beforeLast; bytes < text.length - 1; bytes += 1) {
    await writeFile(join(directory, FILE), text.slice(0, bytes));
    expect(bodies(await recover(directory))).toEqual(["one", "two"]);
  }
  await writeFile(join(directory, FILE), text.slice(0, -1));
  expect(bodies(await recover(directory))).toEqual(["one", "two", "three"]);
});

test("after a torn line the journal goes on where it was whole", async () => {
  const { text } = await journalOfThreeMessages();
  const directory = await temporaryFolder();
  await writeFile(join(directory, FILE), text.slice(0, -10));
  const { engine, journal } = await openDurableEngine(directory);
  perform(engine, "SendMessage", { QueueUrl: "letters", MessageBody: "four" });
  await journal.close();
  expect(bodies(await recover(directory))).toEqual(["one", "two", "four"]);
});

test("a changed byte inside is told by its line, not passed over", async () => {
  const { text } = await journalOfThreeMessages();
  const directory = await temporaryFolder();
  const path = join(directory, FILE);
  await writeFile(path, text.replace('"two"', '"2wo"'));
  await expect(openJournal(directory)).rejects.toMatchObject({
    code: "damaged",
    message:
      `Line 4 of ${path} is damaged: move the file away to start empty, or delete that line ` +
      "to lose that one change.",
  });
  // The file is left as it was, and the folder is free.
  await writeFile(path, text);
  expect(bodies(await recover(directory))).toEqual(["one", "two", "three"]);
});

test("a journal of another version is refused, and so is a file that is no journal", async () => {
  const directory = await temporaryFolder();
  const path = join(directory, FILE);
  await writeFile(path, encodeLine({ kind: "journal", version: 2 }));
  await expect(openJournal(directory)).rejects.toMatchObject({
    code: "unknownVersion",
    message:
      `${path} is of version 2, this emulator reads version 1: ` +
      "use the emulator that wrote it, or another data folder.",
  });
  await writeFile(path, "something else\n");
  await expect(openJournal(directory)).rejects.toMatchObject({ code: "damaged" });
});

test("a file that has grown far beyond what it holds is rewritten while in use", async () => {
  const directory = await temporaryFolder();
  const limited = { compactAboveBytes: 2_000 };
  const { engine, journal } = await openDurableEngine(directory, limited);
  await exchange(engine, () => journal.flushed());
  const { size } = await stat(join(directory, FILE));
  await journal.close();
  expect(size).toBeLessThan(4_000);
  expect(bodies(await recover(directory))).toEqual(["kept"]);
});

test("the same exchange below the limit leaves a file that is rewritten at the next start", async () => {
  const directory = await temporaryFolder();
  const { engine, journal } = await openDurableEngine(directory);
  await exchange(engine, () => journal.flushed());
  const { size } = await stat(join(directory, FILE));
  await journal.close();
  expect(size).toBeGreaterThan(20_000);
  expect(bodies(await recover(directory))).toEqual(["kept"]);
  expect((await stat(join(directory, FILE))).size).toBeLessThan(1_000);
});

test("the clock's offset is kept, also over a rewrite", async () => {
  const directory = await temporaryFolder();
  const { engine, journal } = await openDurableEngine(directory, { compactAboveBytes: 2_000 });
  journal.append({ kind: "clock", offsetMs: 1_000 });
  journal.append({ kind: "clock", offsetMs: 61_000 });
  await exchange(engine, () => journal.flushed());
  await journal.close();
  const clocks = (await recover(directory)).filter((change) => change.kind === "clock");
  expect(clocks).toEqual([{ kind: "clock", offsetMs: 61_000 }]);
});

test("what is not JSON at the end is dropped like a torn line", async () => {
  const { text } = await journalOfThreeMessages();
  const directory = await temporaryFolder();
  await writeFile(join(directory, FILE), text);
  await appendFile(join(directory, FILE), "\0".repeat(100));
  expect(bodies(await recover(directory))).toEqual(["one", "two", "three"]);
});

type Engine = Awaited<ReturnType<typeof openDurableEngine>>["engine"];

/** Answers the kinds of changes that this must cause. */
function doSomethingOfEach(engine: Engine): Set<string> {
  perform(engine, "CreateQueue", { QueueName: "dead" });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: TARGET, maxReceiveCount: 1 });
  perform(engine, "CreateQueue", { QueueName: "letters", Attributes: { RedrivePolicy } });
  for (const name of ["purged", "gone"]) {
    perform(engine, "CreateQueue", { QueueName: name });
    perform(engine, "SendMessage", { QueueUrl: name, MessageBody: "lost" });
  }
  perform(engine, "PurgeQueue", { QueueUrl: "purged" });
  perform(engine, "DeleteQueue", { QueueUrl: "gone" });
  perform(engine, "SendMessage", {
    QueueUrl: "letters",
    MessageBody: "Zoë",
    MessageAttributes: { Title: { DataType: "String", StringValue: "x" } },
  });
  receive(engine, { QueueUrl: "letters", VisibilityTimeout: 0 });
  receive(engine, { QueueUrl: "letters" });
  for (const body of ["in flight", "deleted"]) {
    perform(engine, "SendMessage", { QueueUrl: "letters", MessageBody: body });
  }
  const handles = receive(engine, { QueueUrl: "letters", MaxNumberOfMessages: 10 });
  perform(engine, "ChangeMessageVisibility", {
    QueueUrl: "letters",
    ReceiptHandle: handles[0],
    VisibilityTimeout: 600,
  });
  perform(engine, "DeleteMessage", { QueueUrl: "letters", ReceiptHandle: handles[1] });
  perform(engine, "SendMessage", { QueueUrl: "letters", MessageBody: "later", DelaySeconds: 900 });
  return new Set([
    ...["queue", "queueDeleted", "purged", "message"],
    ...["received", "visibility", "removed", "moved"],
  ]);
}

/** One message stays; a hundred others come and go. */
async function exchange(engine: Engine, flushed: () => Promise<void>): Promise<void> {
  perform(engine, "CreateQueue", { QueueName: "letters" });
  perform(engine, "SendMessage", { QueueUrl: "letters", MessageBody: "kept", DelaySeconds: 900 });
  for (let round = 0; round < 100; round += 1) {
    perform(engine, "SendMessage", { QueueUrl: "letters", MessageBody: `round ${round}` });
    const [handle] = receive(engine, { QueueUrl: "letters" });
    perform(engine, "DeleteMessage", { QueueUrl: "letters", ReceiptHandle: handle });
    await flushed();
  }
}

async function journalOfThreeMessages(): Promise<{ text: string; lines: string[] }> {
  const directory = await temporaryFolder();
  const { engine, journal } = await openDurableEngine(directory);
  perform(engine, "CreateQueue", { QueueName: "letters" });
  for (const body of ["one", "two", "three"]) {
    perform(engine, "SendMessage", { QueueUrl: "letters", MessageBody: body });
  }
  await journal.close();
  const text = await readFile(join(directory, FILE), "utf8");
  return { text, lines: text.trimEnd().split("\n") };
}

function bodies(changes: Awaited<ReturnType<typeof recover>>): string[] {
  return changes.flatMap((change) => (change.kind === "message" ? [change.message.body] : []));
}
