import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../support/folders.ts";
import { EventFeed } from "./event-feed.ts";
import { expectGracefulEnd, leaveLetter } from "./interrupted.ts";
import { startOffline } from "./offline.ts";

test("an interrupt waits for the invocation and the request in flight, then exits with 0", () =>
  expectGracefulEnd(["offline"], "SIGINT"));

test("a message of the last run is delivered once, when the Lambda endpoint answers", async () => {
  const dataDirectory = await temporaryFolder();
  const messageId = await leaveLetter(dataDirectory);
  const offline = await startOffline({ environment: { QUEUES_DATA_DIRECTORY: dataDirectory } });
  onTestFinished(() => offline.kill());
  const events = await EventFeed.open(await offline.untilReady());
  onTestFinished(() => events.close());
  const invoked = await events.find((event) => event.type === "invoked");
  expect(invoked).toMatchObject({ messageIds: [messageId], failedMessageIds: [] });
  expect(events.about(messageId)).toEqual(["letters received", "letters deleted"]);
});
