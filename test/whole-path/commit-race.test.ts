import { describe, expect, test } from "vitest";
import { useCommits } from "../support/commits.ts";
import { useConsumer } from "../support/consumer.ts";
import { useDatabase } from "../support/database.ts";
import { linkIn } from "../support/doubles.ts";
import { DEAD_LETTER_QUEUE, service } from "../support/service.ts";
import { ADA, useSignUp } from "../support/sign-up.ts";

const COMMIT_LATE_MS = 2000;

const database = useDatabase();
const commits = useCommits(database);

describe("the message is sent without a delay", () => {
  const signUp = useSignUp(database, { delaySeconds: 0 });
  const consumer = useConsumer(signUp);

  test("the worker looks before a late COMMIT, and the retry sends the mail", async () => {
    await signUpLate();
    expect(signUp.mailer.mails).toEqual([]);
    expect(signUp.log.fieldsOf("process task failed")).toMatchObject([
      { error_code: "user_not_found", receive_count: 1 },
    ]);

    await signUp.clock.runUntilIdle();
    expect(consumer.receives()).toEqual([
      { seconds: 0, receiveCount: 1 },
      { seconds: service.custom.queue.visibilityTimeoutSeconds, receiveCount: 2 },
    ]);
    await expectOneWorkingLink();
  });

  test("a worker that does not retry loses the mail of a user who is there", async () => {
    Object.assign(signUp.workerDeps, { missingUserPolicy: "permanent" });
    await signUpLate();
    await signUp.clock.runUntilIdle();
    expect(consumer.receives()).toEqual([{ seconds: 0, receiveCount: 1 }]);
    expect(signUp.mailer.mails).toEqual([]);
    expect(await database.sql`select username from users`).toEqual([{ username: ADA.username }]);
    expect(consumer.events("sent").map(({ queue }) => queue)).toContain(DEAD_LETTER_QUEUE);
  });

  test("a COMMIT in time needs no retry", async () => {
    expect((await signUp.post(ADA)).statusCode).toBe(201);
    await signUp.clock.runUntilIdle();
    await expectOneWorkingLink();
  });

  async function signUpLate(): Promise<void> {
    const held = await commits.hold();
    const answering = signUp.post(ADA);
    await held.untilOneWaits();
    await signUp.clock.advance(COMMIT_LATE_MS);
    await held.release();
    expect((await answering).statusCode).toBe(201);
  }

  async function expectOneWorkingLink(): Promise<void> {
    expect(signUp.mailer.mails).toHaveLength(1);
    expect((await signUp.verify(linkIn(signUp.mailer.mails[0]!))).statusCode).toBe(200);
  }
});

describe("the message is sent with serverless.yml's delay", () => {
  const signUp = useSignUp(database);
  const consumer = useConsumer(signUp);

  test("the first receive comes after a late COMMIT and sends the mail", async () => {
    const held = await commits.hold();
    const answering = signUp.post(ADA);
    await held.untilOneWaits();
    await signUp.clock.advance(COMMIT_LATE_MS);
    expect(consumer.receives()).toEqual([]);
    await held.release();
    expect((await answering).statusCode).toBe(201);

    await signUp.clock.runUntilIdle();
    const { delaySeconds } = service.params.default;
    expect(consumer.receives()).toEqual([{ seconds: delaySeconds, receiveCount: 1 }]);
    expect(signUp.mailer.mails).toHaveLength(1);
    expect((await signUp.verify(linkIn(signUp.mailer.mails[0]!))).statusCode).toBe(200);
  });
});
