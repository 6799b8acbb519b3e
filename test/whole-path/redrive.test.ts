import { expect, test } from "vitest";
import { REFUSED_EMAIL, useCommits } from "../support/commits.ts";
import { useConsumer } from "../support/consumer.ts";
import { useDatabase } from "../support/database.ts";
import { linkIn } from "../support/doubles.ts";
import { sqsEvent, lambdaContext } from "../support/lambda.ts";
import { service } from "../support/service.ts";
import { ADA, useSignUp } from "../support/sign-up.ts";

const { maxReceiveCount, visibilityTimeoutSeconds } = service.custom.queue;
const { delaySeconds } = service.params.default;
const REFUSED = { ...ADA, username: "nobody", email: REFUSED_EMAIL };

const database = useDatabase();
useCommits(database);
const signUp = useSignUp(database);
const consumer = useConsumer(signUp);

test("a sign-up that is rolled back after the send is received ten times, then is a dead letter", async () => {
  const rolledBack = await signUp.post(REFUSED);
  expect([rolledBack.statusCode, JSON.parse(rolledBack.body!).error.code]).toEqual([
    500,
    "internal",
  ]);
  expect((await signUp.post(ADA)).statusCode).toBe(201);
  const [dead, good] = consumer.events("sent").map(({ messageId }) => messageId);

  await signUp.clock.runUntilIdle();
  // Both came in one batch; the good one was done with it.
  expect(consumer.events("invoked")[0]).toMatchObject({
    messageIds: [dead, good],
    failedMessageIds: [dead],
  });
  expect(consumer.receives(good)).toEqual([{ seconds: delaySeconds, receiveCount: 1 }]);
  expect(signUp.mailer.mails.map(({ to }) => to)).toEqual([ADA.email]);
  expect(consumer.receives(dead)).toEqual(
    Array.from({ length: maxReceiveCount }, (_, at) => ({
      seconds: delaySeconds + at * visibilityTimeoutSeconds,
      receiveCount: at + 1,
    })),
  );
  const [moved] = consumer.events("moved");
  expect(moved).toMatchObject({ messageId: dead, receiveCount: maxReceiveCount });
  expect(consumer.secondsOf(moved!)).toBe(
    delaySeconds + maxReceiveCount * visibilityTimeoutSeconds,
  );

  expect(await signUp.receive("queue")).toEqual([]);
  const [letter] = await signUp.receive("deadLetterQueue");
  expect(letter).toMatchObject({
    MessageId: dead,
    Attributes: { ApproximateReceiveCount: String(maxReceiveCount + 1) },
  });
});

test("a mail that fails nine times is sent at the tenth receive, with a link that works", async () => {
  signUp.mailer.failuresLeft = maxReceiveCount - 1;
  await signUp.post(ADA);
  await signUp.clock.runUntilIdle();
  expect(consumer.receives()).toHaveLength(maxReceiveCount);
  expect(consumer.events("moved")).toEqual([]);
  expect(signUp.mailer.mails).toHaveLength(1);
  expect((await signUp.verify(linkIn(signUp.mailer.mails[0]!))).statusCode).toBe(200);
});

test("a mail that fails ten times is a dead letter", async () => {
  signUp.mailer.failuresLeft = maxReceiveCount;
  await signUp.post(ADA);
  await signUp.clock.runUntilIdle();
  expect(consumer.receives()).toHaveLength(maxReceiveCount);
  expect(consumer.events("moved")).toHaveLength(1);
  expect(signUp.mailer.mails).toEqual([]);
});

test("the phantom of a sign-up that was rolled back gives its successor nothing", async () => {
  await signUp.post({ ...ADA, email: REFUSED_EMAIL });
  expect((await signUp.post(ADA)).statusCode).toBe(201);
  const [phantom, own] = consumer.events("sent").map(({ messageId }) => messageId);
  await signUp.clock.runUntilIdle();

  expect(consumer.receives(phantom)).toHaveLength(maxReceiveCount);
  expect(consumer.receives(own)).toHaveLength(1);
  expect(signUp.mailer.mails.map(({ to }) => to)).toEqual([ADA.email]);
  const [letter] = await signUp.receive("deadLetterQueue");
  expect(letter!.MessageId).toBe(phantom);
});

test("a phantom that carried the name alone would reach the successor", async () => {
  await signUp.post({ ...ADA, email: REFUSED_EMAIL });
  await signUp.clock.runUntilIdle();
  const [letter] = await signUp.receive("deadLetterQueue");
  await signUp.post(ADA);
  const [successor] = await database.sql<{ id: string }[]>`select id from users`;
  const byName = { ...(JSON.parse(letter!.Body!) as object), userId: successor!.id };
  expect(await signUp.work(sqsEvent(JSON.stringify(byName)), lambdaContext())).toEqual([]);
  expect(signUp.mailer.mails.map(({ to }) => to)).toEqual([ADA.email]);
});
