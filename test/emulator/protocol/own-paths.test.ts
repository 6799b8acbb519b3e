import { expect, onTestFinished, test } from "vitest";
import { createSharedOffset, SkippableClock } from "../../../emulator/index.ts";
import { send, sendAction, started } from "./client.ts";

const SKIP = "/_emulator/clock/skip";
const LONGEST_SKIP_MS = 315_360_000_000;

test("the health path answers without a body to send", async () => {
  const emulator = await started();
  expect(await send(emulator, { method: "GET", path: "/health" })).toMatchObject({
    status: 200,
    headers: { "content-type": "text/plain; charset=utf-8" },
    body: "OK",
  });
});

test("a skip moves the clock, ends delays on the way and answers the new time", async () => {
  const clock = new SkippableClock(createSharedOffset());
  onTestFinished(() => clock.stop());
  const emulator = await started({ clock, queues: { letters: {} } });
  const delayed = { QueueUrl: "letters", MessageBody: "x", DelaySeconds: 10 };
  await sendAction(emulator, "SendMessage", delayed);
  const beforeMs = clock.now();
  const skipped = await send(emulator, { path: SKIP, body: '{"durationMs":10000}' });
  expect(skipped.status).toBe(200);
  const { nowMs, offsetMs } = JSON.parse(skipped.body);
  expect(nowMs).toBeGreaterThanOrEqual(beforeMs + 10_000);
  expect(offsetMs).toBe(clock.offsetMs);
  const ready = await emulator.waitFor((event) => event.type === "ready", { includePast: true });
  expect(ready.queue).toBe("letters");

  const read = await send(emulator, { method: "GET", path: "/_emulator/clock" });
  expect(JSON.parse(read.body)).toEqual({ nowMs: expect.any(Number), offsetMs: clock.offsetMs });
});

test("a clock that cannot be skipped says how to get one that can", async () => {
  const emulator = await started();
  expect(await send(emulator, { path: SKIP, body: '{"durationMs":1}' })).toMatchObject({
    status: 409,
    body: "This emulator's clock cannot be skipped: start it with a skippable clock.\n",
  });
  const read = await send(emulator, { method: "GET", path: "/_emulator/clock" });
  expect(JSON.parse(read.body)).toEqual({ nowMs: expect.any(Number), offsetMs: 0 });
});

const expectedBounds = `a number of milliseconds from 0 to ${LONGEST_SKIP_MS}`;
const WRONG_SKIPS: [body: string, sentence: string][] = [
  ["", "The request body is not valid JSON."],
  ["[]", "The request body must be a JSON object."],
  ["{}", `Expected \`durationMs\` to be ${expectedBounds}, got \`nothing\`.`],
  ['{"durationMs":-1}', `Expected \`durationMs\` to be ${expectedBounds}, got \`-1\`.`],
  ['{"durationMs":"10"}', `Expected \`durationMs\` to be ${expectedBounds}, got \`"10"\`.`],
  [
    `{"durationMs":${LONGEST_SKIP_MS + 1}}`,
    `Expected \`durationMs\` to be ${expectedBounds}, got \`${LONGEST_SKIP_MS + 1}\`.`,
  ],
  [" ".repeat(1_025), "The request body must not be longer than 1024 bytes."],
];

test("a skip that makes no sense is refused, and the clock stays", async () => {
  const clock = new SkippableClock(createSharedOffset());
  onTestFinished(() => clock.stop());
  const emulator = await started({ clock });
  for (const [body, sentence] of WRONG_SKIPS) {
    const answer = await send(emulator, { path: SKIP, body });
    expect(answer).toMatchObject({ status: 400, body: `${sentence}\n` });
  }
  expect(clock.offsetMs).toBe(0);
});

test("a path or a method that the emulator has not is 404, in a sentence", async () => {
  const emulator = await started();
  for (const [method, path] of [
    ["GET", "/_emulator/nothing"],
    ["GET", SKIP],
    ["POST", "/health"],
  ] as const) {
    const answer = await send(emulator, { method, path });
    expect(answer).toMatchObject({ status: 404, body: `The emulator has no ${method} ${path}.\n` });
  }
});

test("the events come as they happen; with a replay also those before", async () => {
  const emulator = await started({ queues: { letters: {} } });
  const sendLetter = () =>
    emulator.perform("SendMessage", { QueueUrl: "letters", MessageBody: "secret" });
  await sendLetter();
  const live = await openEvents(`${emulator.url}/_emulator/events`);
  const replayed = await openEvents(`${emulator.url}/_emulator/events?replay=1`);
  await sendLetter();
  await emulator.close();

  const events = (await replayed.text()).split("\n\n").filter((frame) => frame !== "");
  expect(events.map(withoutTimes)).toEqual([
    ": connected",
    'data: {"type":"sent","messageId":"ID","delaySeconds":0,"queue":"letters","atMs":TIME}',
    'data: {"type":"sent","messageId":"ID","delaySeconds":0,"queue":"letters","atMs":TIME}',
  ]);
  expect(await live.text()).toBe(`: connected\n\n${events[2]}\n\n`);
});

test("an event that comes while the emulator closes is not written to a stream that has ended", async () => {
  const emulator = await started({ queues: { letters: {} } });
  const events = await openEvents(`${emulator.url}/_emulator/events`);
  const closing = emulator.close();
  // It would end the process, and so fail this test, by an error that nobody can catch.
  await emulator.perform("SendMessage", { QueueUrl: "letters", MessageBody: "x" });
  await closing;
  expect(await events.text()).toBe(": connected\n\n");
});

/** Settles when the stream is open, so that no event is missed from then on. */
async function openEvents(url: string): Promise<Response> {
  const response = await fetch(url);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  return response;
}

function withoutTimes(frame: string): string {
  return frame.replace(/"atMs":\d+/, '"atMs":TIME').replace(/[0-9a-f-]{36}/, "ID");
}
