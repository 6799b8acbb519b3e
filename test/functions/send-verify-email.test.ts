import { expect, test } from "vitest";
import { createSendVerifyEmailHandler } from "../../functions/send-verify-email.ts";
import { AppError } from "../../lib/errors.ts";
import type { Mailer } from "../../lib/mail.ts";
import { encodeTask } from "../../lib/tasks.ts";
import { hashCode } from "../../lib/verification-code.ts";
import { useDatabase } from "../support/database.ts";
import { linkIn } from "../support/doubles.ts";
import { lambdaContext, sqsEvent } from "../support/lambda.ts";
import { service } from "../support/service.ts";
import { ADA, useSignUp } from "../support/sign-up.ts";

const database = useDatabase();
const signUp = useSignUp(database);
const VISIBILITY_MS = service.custom.queue.visibilityTimeoutSeconds * 1000;
const UNKNOWN = "00000000-0000-4000-8000-000000000000";

test("a task leads to one mail, with a link that verifies the user", async () => {
  const task = await signUpAda();
  expect(await work(task)).toEqual([]);
  const [mail] = signUp.mailer.mails;
  expect(mail).toMatchObject({ to: ADA.email, subject: "Verify your email address" });
  expect(mail!.text).toContain("Hello Ada Lovelace");
  const answer = await signUp.verify(linkIn(mail!));
  expect(answer.statusCode).toBe(200);
  expect(await verifiedUsers()).toEqual(["ada"]);
});

test("of a code only its id and a hash are stored", async () => {
  await work(await signUpAda());
  const { id, code } = linkIn(signUp.mailer.mails[0]!);
  const [row] = await database.sql`select * from verification_codes`;
  expect(row).toMatchObject({ id, codeHash: hashCode(code), usedAt: null });
  expect(JSON.stringify(row)).not.toContain(code);
});

test("a task that is delivered twice leads to one mail and one mark", async () => {
  const task = await signUpAda();
  await work(task);
  const marks = await sentMarks();
  await signUp.clock.advance(VISIBILITY_MS);
  expect(await work(task)).toEqual([]);
  expect(signUp.mailer.mails).toHaveLength(1);
  expect(await sentMarks()).toEqual(marks);
  expect(signUp.log.fieldsOf("processed task").map((fields) => fields["outcome"])).toEqual([
    "sent",
    "already_sent",
  ]);
});

test("a task that is twice in one batch leads to one mail", async () => {
  const task = await signUpAda();
  expect(await work(task, task)).toEqual([]);
  expect(signUp.mailer.mails).toHaveLength(1);
});

test("a crash between mail and mark leads to the same mail again", async () => {
  const task = await signUpAda();
  await work(task);
  await database.sql`update verification_codes set sent_at = null`;
  await signUp.clock.advance(VISIBILITY_MS);
  await work(task);
  const [first, second] = signUp.mailer.mails;
  expect(second).toEqual(first);
  expect(second!.messageId).toBe(`<${linkIn(first!).id}@sign-up.example.com>`);
  expect(await sentMarks()).toHaveLength(1);
});

test("two users get different codes and Message-IDs", async () => {
  await work(await signUpAda(), await signUpAs("bob"));
  const [first, second] = signUp.mailer.mails;
  expect(linkIn(second!).code).not.toBe(linkIn(first!).code);
  expect(second!.messageId).not.toBe(first!.messageId);
});

test("a mail that fails nine times has a link that works when the tenth succeeds", async () => {
  const task = await signUpAda();
  signUp.mailer.failuresLeft = 9;
  for (let attempt = 1; attempt <= 9; attempt += 1) {
    expect(await work(task)).toEqual(["message-1"]);
    await signUp.clock.advance(VISIBILITY_MS);
  }
  expect(await work(task)).toEqual([]);
  expect(signUp.mailer.mails).toHaveLength(1);
  expect((await signUp.verify(linkIn(signUp.mailer.mails[0]!))).statusCode).toBe(200);
});

test("a user that is verified gets no further mail", async () => {
  const task = await signUpAda();
  await work(task);
  await signUp.verify(linkIn(signUp.mailer.mails[0]!));
  expect(await work(task)).toEqual([]);
  expect(signUp.mailer.mails).toHaveLength(1);
});

test("two workers at once on one user make one code", async () => {
  const task = await signUpAda();
  const mails: string[] = [];
  // Each mail is held back until both workers have come to theirs.
  const bothHere = gate(2);
  const mailer: Mailer = {
    send: async (mail) => {
      mails.push(linkIn(mail).code);
      await bothHere();
    },
  };
  const handler = createSendVerifyEmailHandler({ ...signUp.workerDeps, mailer });
  await Promise.all([1, 2].map(() => handler(sqsEvent(task), lambdaContext())));
  expect(mails).toHaveLength(2);
  expect(new Set(mails).size).toBe(1);
  expect(await database.sql`select 1 from verification_codes`).toHaveLength(1);
});

test("the database itself refuses a second open code", async () => {
  await work(await signUpAda());
  const second = database.sql`
    insert into verification_codes (id, user_id, code_hash, created_at, expires_at)
    select ${UNKNOWN}, user_id, code_hash, created_at, expires_at from verification_codes`;
  await expect(second).rejects.toMatchObject({
    constraint_name: "one_open_verification_code_per_user",
  });
});

test("a task without its user fails and is tried again", async () => {
  expect(await work(taskFor(UNKNOWN, "nobody"))).toEqual(["message-1"]);
  expect(signUp.log.fieldsOf("process task failed")).toMatchObject([
    { error_code: "user_not_found", receive_count: 1, message_id: "message-1" },
  ]);
  expect(await signUp.receive("deadLetterQueue")).toEqual([]);
});

test("with the policy `permanent` it is a dead letter at once", async () => {
  const deps = { ...signUp.workerDeps, missingUserPolicy: "permanent" } as const;
  const task = taskFor(UNKNOWN, "nobody");
  const answer = await createSendVerifyEmailHandler(deps)(sqsEvent(task), lambdaContext());
  expect(answer.batchItemFailures).toEqual([]);
  const [deadLetter] = await signUp.receive("deadLetterQueue");
  expect(reasonOf(deadLetter)).toMatch(/^user_not_found_final: /);
});

test("the message of a sign-up that was rolled back does not match the next of that name", async () => {
  await signUpAs("ada");
  expect(await work(taskFor(UNKNOWN, "ada"))).toEqual(["message-1"]);
  expect(signUp.mailer.mails).toEqual([]);
});

test("a task whose id and username belong to different users matches neither", async () => {
  const { userId } = JSON.parse(await signUpAda());
  expect(await work(taskFor(userId, "bob"))).toEqual(["message-1"]);
  expect(signUp.mailer.mails).toEqual([]);
});

test("a bad task is a dead letter with its reason, and its batch-mate is done", async () => {
  const task = await signUpAda();
  expect(await work('{"type":"unknown"}', task)).toEqual([]);
  expect(signUp.mailer.mails).toHaveLength(1);
  const [deadLetter] = await signUp.receive("deadLetterQueue");
  expect(deadLetter!.Body).toBe('{"type":"unknown"}');
  expect(reasonOf(deadLetter)).toMatch(/^invalid_task: /);
  expect(deadLetter!.MessageAttributes).toMatchObject({
    OriginalMessageId: { StringValue: "message-1" },
  });
});

test("a dead letter keeps the attributes and the trace of its message", async () => {
  const trace = "Root=1-5759e988-bd862e3fe1be46a994272793";
  const event = sqsEvent("not a task");
  const record = event.Records[0]!;
  record.attributes.AWSTraceHeader = trace;
  record.messageAttributes = {
    Title: { dataType: "String", stringValue: "x", stringListValues: [], binaryListValues: [] },
    Bytes: {
      dataType: "Binary",
      binaryValue: Buffer.from([0, 255]).toString("base64"),
      stringListValues: [],
      binaryListValues: [],
    },
  };
  expect(await signUp.work(event, lambdaContext())).toEqual([]);
  const [deadLetter] = await signUp.receive("deadLetterQueue");
  expect(deadLetter!.Attributes).toMatchObject({ AWSTraceHeader: trace });
  expect(deadLetter!.MessageAttributes).toMatchObject({
    Title: { StringValue: "x" },
    Bytes: { BinaryValue: new Uint8Array([0, 255]) },
  });
});

test("a message with all ten attributes still becomes a dead letter with its reason", async () => {
  const event = sqsEvent("not a task");
  const names = Array.from({ length: 10 }, (_, index) => `Attribute${index}`);
  event.Records[0]!.messageAttributes = Object.fromEntries(
    names.map((name) => [name, { dataType: "String", stringValue: "x" }]),
  );
  expect(await signUp.work(event, lambdaContext())).toEqual([]);
  const [deadLetter] = await signUp.receive("deadLetterQueue");
  expect(reasonOf(deadLetter)).toMatch(/^invalid_task: /);
});

test("a bad task that cannot be parked is left to redrive", async () => {
  const refusing = {
    park: async () => {
      throw new AppError("queue_unavailable");
    },
  };
  const handler = createSendVerifyEmailHandler({ ...signUp.workerDeps, deadLetters: refusing });
  const answer = await handler(sqsEvent("not a task"), lambdaContext());
  expect(answer.batchItemFailures).toEqual([{ itemIdentifier: "message-1" }]);
});

test("one record's failure leaves its batch-mates done", async () => {
  const [first, third] = [await signUpAda(), await signUpAs("bob")];
  expect(await work(first, taskFor(UNKNOWN, "nobody"), third)).toEqual(["message-2"]);
  expect(signUp.mailer.mails.map((mail) => mail.to)).toEqual([ADA.email, "bob@example.com"]);
});

test("with too little time left a record is not begun, one millisecond earlier it is", async () => {
  const task = await signUpAda();
  expect(await signUp.work(sqsEvent(task), lambdaContext(9_999))).toEqual(["message-1"]);
  expect(signUp.mailer.attempts).toBe(0);
  expect(await signUp.work(sqsEvent(task), lambdaContext(10_000))).toEqual([]);
  expect(signUp.mailer.attempts).toBe(1);
});

/** Signs up for real and answers the task as it would be received. */
async function signUpAda(): Promise<string> {
  return signUpAs("ada");
}

async function signUpAs(username: string): Promise<string> {
  await signUp.post({ ...ADA, username, email: `${username}@example.com` });
  const [user] = await database.sql<{ id: string }[]>`
    select id from users where username = ${username}`;
  return taskFor(user!.id, username);
}

function taskFor(userId: string, username: string): string {
  return encodeTask({ type: "send_verify_email", version: 1, userId, username });
}

function work(...bodies: string[]): Promise<string[]> {
  return signUp.work(sqsEvent(...bodies), lambdaContext());
}

async function sentMarks(): Promise<Date[]> {
  const rows = await database.sql<{ sentAt: Date }[]>`
    select sent_at from verification_codes where sent_at is not null`;
  return rows.map((row) => row.sentAt);
}

async function verifiedUsers(): Promise<string[]> {
  const rows = await database.sql<{ username: string }[]>`
    select username from users where is_email_verified`;
  return rows.map((row) => row.username);
}

function reasonOf(message: Awaited<ReturnType<typeof signUp.receive>>[number] | undefined) {
  return message?.MessageAttributes?.["DeadLetterReason"]?.StringValue;
}

/** Lets nobody through before `count` are waiting. */
function gate(count: number): () => Promise<void> {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  let waiting = 0;
  return () => {
    waiting += 1;
    if (waiting === count) open();
    return opened;
  };
}
