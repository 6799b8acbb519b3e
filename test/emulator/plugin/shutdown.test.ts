import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../folders.ts";
import { EventFeed } from "./event-feed.ts";
import { leaveLetter, readCounts, startBusyOffline } from "./interrupted.ts";
import { startOffline } from "./offline.ts";

test("an interrupt waits for the invocation and the request in flight, then exits with 0", async () => {
  const dataDirectory = await temporaryFolder();
  const busy = await startBusyOffline(["offline"], dataDirectory);
  busy.offline.signal("SIGINT");
  await busy.offline.wrote(/Got SIGINT/);
  busy.release();
  expect(await busy.answer).toBe("200 waited");
  expect((await busy.offline.ended).exitCode).toBe(0);
  expect(await readCounts(dataDirectory)).toEqual({
    letters: { ready: 0, inFlight: 0 },
    "letters-dev-Answers": { ready: 1, inFlight: 0 },
  });
});

test("a message of the last run is delivered once, when the Lambda endpoint answers", async () => {
  const dataDirectory = await temporaryFolder();
  const messageId = await leaveLetter(dataDirectory);
  const offline = await startOffline({ environment: { QUEUES_DATA_DIRECTORY: dataDirectory } });
  onTestFinished(() => offline.kill());
  const events = new EventFeed(await offline.untilReady());
  onTestFinished(() => events.close());
  const invoked = await events.find((event) => event.type === "invoked");
  expect(invoked).toMatchObject({ messageIds: [messageId], failedMessageIds: [] });
  expect(events.about(messageId)).toEqual(["letters received", "letters deleted"]);
});
