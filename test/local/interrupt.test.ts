import { existsSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import { startEmulator, VirtualClock } from "../../emulator/index.ts";
import { startPostgres } from "../../local/postgres.ts";
import { sampleUser } from "../../local/sign-up.ts";
import { waitUntil } from "../../local/waiting.ts";
import { runCommand } from "./command.ts";
import { databaseUrl, startArguments, startCommand, started, usePlace } from "./place.ts";
import { processesLeftIn } from "./processes.ts";
import { slowSignUp } from "./slow-sign-up.ts";

const place = usePlace();

test("Ctrl-C lets a sign-up be committed, sent and answered before all ends", async () => {
  const command = await started(runCommand("npm", ["start", "--", ...startArguments(place)]));
  const ada = sampleUser();
  const slow = await slowSignUp(place.api, await databaseUrl(place), ada);

  command.signalGroup("SIGINT");
  await command.line(/^Finishing what is in flight/);
  await slow.release();
  expect((await slow.answer)?.status).toBe(201);
  // npm's own end is that of its shell, and some shells end by the Ctrl-C that they got as well.
  expect(await command.ended).toMatch(/^(exit 0|SIGINT)$/);
  expectFinished(command.output);
  expect(await processesLeftIn(place.folder)).toEqual([]);
  expect(await keptUsers()).toEqual([ada.username]);
  expect(await keptMessages()).toBe(1);
});

test("a second Ctrl-C gives nothing up: it says that what is in flight is being finished", async () => {
  const command = await started(startCommand(place));
  const bob = sampleUser();
  const slow = await slowSignUp(place.api, await databaseUrl(place), bob);

  command.signalGroup("SIGINT");
  await command.line(/^Finishing what is in flight/);
  // Within half a second of the first they count as the same keystroke.
  await waitUntil(
    () => {
      command.signalGroup("SIGINT");
      return command.output.includes("Still finishing what is in flight ...");
    },
    { deadlineMs: 4_000, everyMs: 100 },
  );
  await slow.release();
  expect((await slow.answer)?.status).toBe(201);
  expect(await command.ended).toBe("exit 0");
  expectFinished(command.output);
  expect(command.output).toContain("Still finishing what is in flight ...");
  expect(await processesLeftIn(place.folder)).toEqual([]);
  expect(await keptUsers()).toContain(bob.username);
});

test.each([
  ["nothing runs yet", "run.json"],
  ["Postgres makes its folder", "postgres.initialising"],
  ["Postgres starts", "postgres/postmaster.pid"],
])("Ctrl-C while %s ends the start and leaves nothing", async (_, firstSign) => {
  const dataDirectory = join(place.folder, firstSign.replace("/", "-"));
  const command = startCommand({ ...place, dataDirectory });
  const hasBegun = () => existsSync(join(dataDirectory, firstSign));
  expect(await waitUntil(hasBegun, { deadlineMs: 20_000, everyMs: 2 })).toBe(true);
  command.signalGroup("SIGINT");
  expect(await command.ended).toBe("exit 0");
  expect(command.output).not.toMatch(/Ready after|goroutine|^ +at /m);
  expect(await processesLeftIn(place.folder)).toEqual([]);
  expect(existsSync(join(dataDirectory, "run.json"))).toBe(false);
});

test("Ctrl-C while the application starts ends it and leaves nothing", async () => {
  const command = startCommand(place);
  await command.line(/^Queues at /);
  command.signalGroup("SIGINT");
  expect(await command.ended).toBe("exit 0");
  expect(command.output).not.toMatch(/Ready after|goroutine|^ +at /m);
  expect(await processesLeftIn(place.folder)).toEqual([]);
});

/** The sign-up was done after the interrupt, and nothing else is said than what follows from it. */
function expectFinished(output: string): void {
  const lines = output.slice(output.indexOf("Finishing what is in flight ...")).split("\n");
  for (const done of [/^INFO {2}enqueued task /, /^INFO {2}created user /]) {
    expect(lines).toContainEqual(expect.stringMatching(done));
  }
  expect(lines.at(-1)).toBe("Stopped.");
  // A message of an earlier test may be due just then.
  const expected =
    /^(INFO {2}|\(λ: |\S+: (sent|invoked|deleted) |(Still f|F)inishing what is in|Stopped\.$)/;
  expect(lines.filter((line) => !expected.test(line))).toEqual([]);
}

/** As the next start finds them. */
async function keptUsers(): Promise<string[]> {
  const running = await startPostgres({
    dataDirectory: join(place.dataDirectory, "postgres"),
    database: "signup",
  });
  onTestFinished(() => running.stop());
  const sql = postgres(running.url, { max: 1 });
  try {
    return (await sql<{ username: string }[]>`select username from users`).map(
      (row) => row.username,
    );
  } finally {
    await sql.end();
    await running.stop();
  }
}

/** As the next start finds them, at a time when none of them is due. */
async function keptMessages(): Promise<number> {
  const emulator = await startEmulator({
    clock: new VirtualClock(0),
    dataDirectory: join(place.dataDirectory, "queues"),
  });
  try {
    const { Attributes } = await emulator.perform("GetQueueAttributes", {
      QueueUrl: emulator.queueUrl("sign-up-local-verify-email"),
      AttributeNames: ["ApproximateNumberOfMessagesDelayed"],
    });
    return Number((Attributes as Record<string, string>)["ApproximateNumberOfMessagesDelayed"]);
  } finally {
    await emulator.close();
  }
}
