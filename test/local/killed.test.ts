import postgres from "postgres";
import { expect, test } from "vitest";
import { skipTime } from "../../local/queue-emulator.ts";
import { isRunning } from "../../local/processes.ts";
import { sampleUser, signUp } from "../../local/sign-up.ts";
import type { Command } from "./command.ts";
import { mailsTo } from "./inbox.ts";
import { databaseUrl, startCommand, started, usePlace } from "./place.ts";
import { killAll, processesLeftIn, processesOf } from "./processes.ts";
import { slowSignUp } from "./slow-sign-up.ts";

/** One folder and one set of ports through all that follows. */
const place = usePlace();

/** Longer than a message that a killed worker had taken stays invisible. */
const ALL_DELAYS_MS = 200_000;

const mailed = sampleUser();
const waiting = sampleUser();
const inFlight = sampleUser();
const unfinished = sampleUser();
const later = sampleUser();
let running: Command;

test("what is in flight when the command alone is killed is still finished", async () => {
  const command = await started(startCommand(place));
  expect((await signUp(place.api, mailed)).status).toBe(201);
  await skipTime(place.sqs, 10_000);
  await mailsTo(place.inbox, mailed.email);
  expect((await signUp(place.api, waiting)).status).toBe(201);
  const slow = await slowSignUp(place.api, await databaseUrl(place), inFlight);

  command.kill();
  await slow.release();
  expect((await slow.answer)?.status).toBe(201);
  expect(await command.ended).toBe("SIGKILL");
});

test("the next start finds users, messages and mails, and nothing of the killed run stays", async () => {
  const previous = processesOf(place.folder);
  running = await started(startCommand(place));
  expect(previous.filter(isRunning)).toEqual([]);
  expect(await usernames()).toEqual(names(mailed, waiting, inFlight));
  expect(await mailsTo(place.inbox, mailed.email)).toHaveLength(1);

  await skipTime(place.sqs, ALL_DELAYS_MS);
  for (const { email } of [waiting, inFlight]) {
    expect(await mailsTo(place.inbox, email)).toHaveLength(1);
  }
});

test("a second start with the same folder is told of the first one and leaves it alone", async () => {
  const second = startCommand(place);
  expect(await second.ended).toBe("exit 1");
  expect(second.output.trim()).toBe(
    `Another run (process ${running.pid}) is using ${place.dataDirectory}: ` +
      "stop it with Ctrl-C first, or choose another folder with --data-directory.",
  );
  expect((await signUp(place.api, later)).status).toBe(201);
});

test("when everything is killed at once, only the transaction that was open is lost", async () => {
  const slow = await slowSignUp(place.api, await databaseUrl(place), unfinished);
  await killAll(processesOf(place.folder));
  expect(await slow.answer).toBeUndefined();
  await slow.abandon();

  const command = await started(startCommand(place));
  expect(await usernames()).toEqual(names(mailed, waiting, inFlight, later));
  await skipTime(place.sqs, ALL_DELAYS_MS);
  expect(await mailsTo(place.inbox, later.email)).toHaveLength(1);
  expect(await mailsTo(place.inbox, mailed.email)).toHaveLength(1);
  expect((await signUp(place.api, unfinished)).status).toBe(201);
  await skipTime(place.sqs, ALL_DELAYS_MS);
  expect(await mailsTo(place.inbox, unfinished.email)).toHaveLength(1);

  command.signalGroup("SIGINT");
  expect(await command.ended).toBe("exit 0");
  expect(await processesLeftIn(place.folder)).toEqual([]);
});

function names(...users: { username: string }[]): string[] {
  return users.map((user) => user.username).toSorted();
}

async function usernames(): Promise<string[]> {
  const sql = postgres(await databaseUrl(place), { max: 1 });
  try {
    const rows = await sql<{ username: string }[]>`select username from users`;
    return names(...rows);
  } finally {
    await sql.end();
  }
}
