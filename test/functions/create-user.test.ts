import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createCreateUserHandler } from "../../functions/create-user.ts";
import { LONGEST_BODY_BYTES } from "../../lib/http-body.ts";
import type { HttpResult } from "../../lib/http.ts";
import { createQueue } from "../../lib/queue.ts";
import { createTaskQueue } from "../../lib/task-queue.ts";
import { useDatabase } from "../support/database.ts";
import { httpEvent, jsonEvent, lambdaContext } from "../support/lambda.ts";
import { service } from "../support/service.ts";
import { ADA, testSqsClient, useSignUp } from "../support/sign-up.ts";

const database = useDatabase();
const signUp = useSignUp(database);
const JSON_HEADERS = { "content-type": "application/json" };

test("a sign-up answers 201 with the user and where it is, and without the password", async () => {
  const answer = await signUp.post(ADA);
  expect(answer.statusCode).toBe(201);
  expect(answer.headers).toMatchObject({ location: "/users/ada" });
  const now = new Date(signUp.clock.now()).toISOString();
  expect(bodyOf(answer)).toEqual({
    username: "ada",
    full_name: "Ada Lovelace",
    email: "ada@example.com",
    is_email_verified: false,
    password_changed_at: now,
    created_at: now,
  });
});

test("the task is in the queue, delayed, with the user's id", async () => {
  await signUp.post(ADA);
  expect(await signUp.receive("queue")).toEqual([]);
  await signUp.clock.advance(service.params.default.delaySeconds * 1000);
  const [message] = await signUp.receive("queue");
  const [user] = await database.sql`select id from users`;
  expect(JSON.parse(message!.Body!)).toEqual({
    type: "send_verify_email",
    version: 1,
    userId: user!["id"],
    username: "ada",
  });
});

test("the trace of the request goes on with the task", async () => {
  const trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
  const event = jsonEvent("POST", "/users", ADA);
  await signUp.handle({ ...event, headers: { ...event.headers, "X-Amzn-Trace-Id": trace } });
  await signUp.clock.advance(service.params.default.delaySeconds * 1000);
  const [message] = await signUp.receive("queue");
  expect(message!.Attributes).toMatchObject({ AWSTraceHeader: trace });
});

test("a trace header that is none does not disturb the sign-up", async () => {
  const event = jsonEvent("POST", "/users", ADA);
  const headers = { ...event.headers, "x-amzn-trace-id": "\u0007 not a trace" };
  expect((await signUp.handle({ ...event, headers })).statusCode).toBe(201);
});

test("of many sign-ups with one name at once exactly one succeeds", async () => {
  const emails = Array.from({ length: 8 }, (_, index) => `ada${index}@example.com`);
  const answers = await Promise.all(emails.map((email) => signUp.post({ ...ADA, email })));
  const statuses = answers.map((answer) => answer.statusCode).sort();
  expect(statuses).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
  const refused = answers.find((answer) => answer.statusCode === 409)!;
  expect(bodyOf(refused).error).toMatchObject({
    code: "username_taken",
    violations: [{ field: "username", description: "is already taken" }],
  });
});

test("of many sign-ups with one email in different case at once exactly one succeeds", async () => {
  const people = ["ada@example.com", "ADA@example.com", "Ada@Example.COM"].map((email, index) => ({
    ...ADA,
    username: `ada_${index}`,
    email,
  }));
  const answers = await Promise.all(people.map((person) => signUp.post(person)));
  expect(answers.map((answer) => answer.statusCode).sort()).toEqual([201, 409, 409]);
  const refused = answers.find((answer) => answer.statusCode === 409)!;
  expect(bodyOf(refused).error).toMatchObject({ code: "email_taken" });
  expect(refused.body).not.toContain("users_email_key");
});

test("all violations are named together", async () => {
  const answer = await signUp.post({ username: "A", full_name: "x1", admin: true });
  expect(answer.statusCode).toBe(400);
  const { error } = bodyOf(answer);
  expect(error.code).toBe("invalid_input");
  const fields = error.violations.map((violation: { field: string }) => violation.field);
  expect(new Set(fields)).toEqual(new Set(["username", "full_name", "email", "password", "admin"]));
});

test("when the queue refuses the message there is no user", async () => {
  const gone = `${signUp.emulator.url}/000000000000/no-such-queue`;
  const answer = await postWithQueue(gone);
  expect(answer.statusCode).toBe(503);
  expect(await countUsers()).toBe(0);
});

test.each<[string, RequestListener]>([
  ["does not answer", () => {}],
  ["begins an answer and stalls", (_, response) => void response.write("{")],
])("when the queue %s in time there is no user, after three attempts", async (_, listener) => {
  let attempts = 0;
  const slow = createServer((request, response) => {
    attempts += 1;
    listener(request, response);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => slow.once("listening", resolve));
  const { port } = slow.address() as AddressInfo;
  try {
    const answering = signUp.clock.run(() =>
      postWithQueue(`http://127.0.0.1:${port}/000000000000/slow`, 50),
    );
    await signUp.clock.runUntilIdle();
    expect((await answering).statusCode).toBe(503);
    expect(attempts).toBe(3);
    expect(await countUsers()).toBe(0);
  } finally {
    slow.closeAllConnections();
    slow.close();
  }
});

test("when the queue takes the message there is a user", async () => {
  await signUp.post(ADA);
  expect(await countUsers()).toBe(1);
});

test("a base64 body is decoded when the flag says so", async () => {
  const body = Buffer.from(JSON.stringify(ADA)).toString("base64");
  const parts = { headers: JSON_HEADERS, body };
  const flagged = httpEvent("POST", "/users", { ...parts, isBase64Encoded: true });
  const unflagged = httpEvent("POST", "/users", { ...parts, isBase64Encoded: false });
  expect((await signUp.handle(unflagged)).statusCode).toBe(400);
  expect((await signUp.handle(flagged)).statusCode).toBe(201);
});

test.each([
  ["not JSON", { headers: JSON_HEADERS, body: "{" }, 400, "invalid_json"],
  ["no body", { headers: JSON_HEADERS }, 400, "invalid_json"],
  ["a list", { headers: JSON_HEADERS, body: "[]" }, 400, "invalid_input"],
  ["null", { headers: JSON_HEADERS, body: "null" }, 400, "invalid_input"],
  [
    "a form",
    { headers: { "content-type": "text/plain" }, body: "{}" },
    415,
    "unsupported_media_type",
  ],
  [
    "bytes that are no UTF-8",
    {
      headers: JSON_HEADERS,
      body: Buffer.from(JSON.stringify({ ...ADA, password: "pässword" }), "latin1").toString(
        "base64",
      ),
      isBase64Encoded: true,
    },
    400,
    "invalid_json",
  ],
  ["no content type", { body: "{}" }, 415, "unsupported_media_type"],
] as const)("a request with %s as its body is refused", async (_, parts, status, code) => {
  const answer = await signUp.handle(httpEvent("POST", "/users", parts));
  expect(answer.statusCode).toBe(status);
  expect(bodyOf(answer)).toEqual({ error: errorShape(code) });
});

test("a body may be as long as the limit and no longer, decoded or not", async () => {
  const padded = (length: number) => JSON.stringify(ADA).padEnd(length, " ");
  const post = (body: string, isBase64Encoded = false) =>
    signUp.handle(httpEvent("POST", "/users", { headers: JSON_HEADERS, body, isBase64Encoded }));
  const tooLong = await post(padded(LONGEST_BODY_BYTES + 1));
  expect(tooLong.statusCode).toBe(413);
  expect(bodyOf(tooLong)).toEqual({ error: errorShape("body_too_large") });
  const encoded = Buffer.from(padded(LONGEST_BODY_BYTES)).toString("base64");
  expect((await post(encoded, true)).statusCode).toBe(201);
  expect((await post(padded(LONGEST_BODY_BYTES))).statusCode).toBe(409);
});

test("an unexpected failure answers 500 with the request's id and nothing of its inside", async () => {
  const handler = createCreateUserHandler({
    ...signUp.signUpDeps,
    taskQueue: {
      enqueue: async () => {
        throw new Error("secret detail of a driver");
      },
    },
  });
  const answer = await handler(jsonEvent("POST", "/users", ADA), lambdaContext());
  expect(answer.statusCode).toBe(500);
  expect(bodyOf(answer)).toEqual({ error: errorShape("internal") });
  expect(answer.body).not.toContain("secret detail");
});

test("there is one log line per request, with the path but not the query", async () => {
  const event = jsonEvent("POST", "/users", ADA);
  await signUp.handle({ ...event, rawQueryString: "token=abc" });
  expect(signUp.log.fieldsOf("request")).toEqual([
    {
      method: "POST",
      path: "/users",
      status: 201,
      duration_ms: expect.any(Number),
      request_id: "request-1",
    },
  ]);
});

function errorShape(code: string) {
  const violations = expect.any(Array);
  return { code, message: expect.any(String), violations, request_id: "request-1" };
}

function bodyOf(answer: HttpResult) {
  return JSON.parse(answer.body!);
}

async function countUsers(): Promise<number> {
  return (await database.sql`select 1 from users`).length;
}

function postWithQueue(queueUrl: string, attemptTimeoutMs?: number): Promise<HttpResult> {
  const { clock, log } = signUp;
  const sqs = testSqsClient({ endpoint: new URL(queueUrl).origin });
  const taskQueue = createTaskQueue({
    log,
    queueUrl,
    queue: createQueue(sqs, clock, attemptTimeoutMs),
    delaySeconds: 0,
  });
  const handler = createCreateUserHandler({ ...signUp.signUpDeps, taskQueue });
  return handler(jsonEvent("POST", "/users", ADA), lambdaContext());
}
