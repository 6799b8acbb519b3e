import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEmulator, type Emulator } from "../../emulator/index.ts";
import { skipTime } from "../../local/queue-emulator.ts";
import { sampleUser, signUp } from "../../local/sign-up.ts";
import { useDatabase } from "../support/database.ts";
import { service } from "../support/service.ts";
import type { Command } from "./command.ts";
import { mailsTo } from "./inbox.ts";
import { startCommand, started, usePlace } from "./place.ts";
import { processesLeftIn } from "./processes.ts";

const database = useDatabase();
const place = usePlace();
let queues: Emulator;
let command: Command;

beforeAll(async () => {
  // Without the service's queues.
  queues = await startEmulator({ skippable: true });
  command = await started(
    startCommand(place, {
      env: { DATABASE_URL: database.url, AWS_ENDPOINT_URL_SQS: queues.url },
    }),
  );
});

afterAll(() => queues.close());

test("a sign-up goes through the person's own database and queue", async () => {
  const ada = sampleUser();
  expect((await signUp(place.api, ada)).status).toBe(201);
  expect(await database.sql`select username from users`).toEqual([{ username: ada.username }]);
  await skipTime(queues.url, 10_000);
  expect(await mailsTo(place.inbox, ada.email)).toHaveLength(1);
});

test("queues that do not exist there are made as serverless.yml says", async () => {
  const { queue } = service.custom;
  const { Attributes } = await queues.perform("GetQueueAttributes", {
    QueueUrl: queues.queueUrl("sign-up-local-verify-email"),
    AttributeNames: ["All"],
  });
  expect(Attributes).toMatchObject({
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    MessageRetentionPeriod: String(queue.retentionSeconds),
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: queues.queueArn("sign-up-local-verify-email-dead-letters"),
      maxReceiveCount: queue.maxReceiveCount,
    }),
  });
});

test("the banner names neither the database's URL nor a Postgres that does not run", async () => {
  expect(command.output).toContain("  Postgres   the one of DATABASE_URL\n");
  expect(command.output).toContain(`  SQS        ${queues.url}\n`);
  expect(command.output).not.toContain(database.url);
  expect(await readdir(place.dataDirectory)).not.toContain("postgres");
});

test("Ctrl-C leaves them running", async () => {
  command.signalGroup("SIGINT");
  expect(await command.ended).toBe("exit 0");
  expect(await processesLeftIn(place.folder)).toEqual([]);
  expect(await database.sql`select 1 as one`).toEqual([{ one: 1 }]);
  expect((await fetch(`${queues.url}/health`)).status).toBe(200);
});
