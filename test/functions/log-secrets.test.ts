import { expect, test } from "vitest";
import { createCreateUserHandler } from "../../functions/create-user.ts";
import { createSendVerifyEmailHandler } from "../../functions/send-verify-email.ts";
import type { Mailer } from "../../lib/mail.ts";
import { useDatabase } from "../support/database.ts";
import { linkIn } from "../support/doubles.ts";
import { jsonEvent, lambdaContext, sqsEvent } from "../support/lambda.ts";
import { service } from "../support/service.ts";
import { ADA, SECRET, useSignUp } from "../support/sign-up.ts";

const database = useDatabase();
const signUp = useSignUp(database);

const SECRETS = [ADA.full_name, ADA.email, ADA.password, SECRET, "verify-email?"];

test("what goes wrong is logged without addresses, passwords, codes and links", async () => {
  const unforeseen = () => Promise.reject(new Error(`driver: ${Object.values(ADA).join()}`));
  const failing = { ...signUp.signUpDeps, taskQueue: { enqueue: unforeseen } };
  await createCreateUserHandler(failing)(jsonEvent("POST", "/users", ADA), lambdaContext());
  await signUp.post({ ...ADA, admin: ADA.password });
  await signUp.post(ADA);
  await signUp.post(ADA);
  await signUp.post({ ...ADA, username: "bob" });

  await signUp.clock.advance(service.params.default.delaySeconds * 1000);
  const [message] = await signUp.receive("queue");
  const refusing: Mailer = { send: ({ to, text }) => Promise.reject(new Error(`${to} ${text}`)) };
  const event = sqsEvent(message!.Body!, `{"email":"${ADA.email}"}`);
  const worker = createSendVerifyEmailHandler({ ...signUp.workerDeps, mailer: refusing });
  await worker(event, lambdaContext());
  await signUp.work(event, lambdaContext());
  const link = linkIn(signUp.mailer.mails[0]!);
  await signUp.verify({ ...link, code: "x".repeat(43) });
  await signUp.verify(link);
  await signUp.verify(link);

  const { lines } = signUp.log;
  expect(lines.map(({ message: text, fields }) => fields["error_code"] ?? text)).toEqual([
    "request failed",
    "invalid_input",
    "enqueued task",
    "created user",
    "request",
    "username_taken",
    "email_taken",
    "internal",
    "invalid_task",
    "processed task",
    "invalid_task",
    "code_wrong",
    "request",
    "code_used",
  ]);
  const written = JSON.stringify(lines);
  for (const secret of [...SECRETS, link.code]) {
    expect(written).not.toContain(secret);
  }
});
