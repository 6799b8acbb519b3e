import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { beforeEach, expect, test } from "vitest";
import { createShowVerifyEmailHandler } from "../../functions/show-verify-email.ts";
import { createVerifyEmailHandler } from "../../functions/verify-email.ts";
import type { HttpResult } from "../../lib/http.ts";
import { encodeTask } from "../../lib/tasks.ts";
import { useDatabase } from "../support/database.ts";
import { linkIn } from "../support/doubles.ts";
import { httpEvent, lambdaContext, sqsEvent } from "../support/lambda.ts";
import { ADA, useSignUp } from "../support/sign-up.ts";

const PATH = "/verify-email";
const LIFETIME_MS = 15 * 60_000;
const FORM = "application/x-www-form-urlencoded";

const database = useDatabase();
const signUp = useSignUp(database);
let link: { id: string; code: string };

beforeEach(async () => {
  await signUp.post(ADA);
  const [user] = await database.sql<{ id: string }[]>`select id from users`;
  const task = {
    type: "send_verify_email",
    version: 1,
    userId: user!.id,
    username: "ada",
  } as const;
  await signUp.work(sqsEvent(encodeTask(task)), lambdaContext());
  link = linkIn(signUp.mailer.mails[0]!);
});

test("opening the link shows a page with a form and changes nothing", async () => {
  const page = await show(link);
  expect(page.statusCode).toBe(200);
  expect(page.body).toContain('<form method="post" action="verify-email">');
  expect(page.body).toContain(`value="${link.id}"`);
  expect(page.body).toContain(`value="${link.code}"`);
  expect(await isVerified()).toBe(false);
  expect((await signUp.verify(link)).statusCode).toBe(200);
  expect(await isVerified()).toBe(true);
});

test("pages allow no scripts, are not stored and send no referrer", async () => {
  const pages = [await show(link), await show({ id: "x", code: "y" }), await postForm(link)];
  for (const { headers } of pages) {
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": expect.stringMatching(/^default-src 'none'; /),
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    });
  }
});

test("parameters that mail programs add to the link do not matter", async () => {
  expect((await show({ ...link, utm_source: "mail" })).statusCode).toBe(200);
});

test.each([
  ["nothing", undefined],
  ["no code", { id: "00000000-0000-4000-8000-000000000000" }],
  ["an id that is none", { id: "1", code: "x".repeat(43) }],
  ["markup", { id: '"><script>', code: '"><script>' }],
])("a link with %s shows a page that says so", async (_, query) => {
  const page = await show(query);
  expect(page.statusCode).toBe(400);
  expect(page.body).toContain("This verification link is not valid.");
  expect(page.body).not.toContain("<script>");
});

test.each([
  ["a form in base64, as on AWS", () => postForm(link, { isBase64Encoded: true })],
  ["a form", () => postForm(link)],
  ["JSON", () => signUp.verify(link)],
])("the code can be used by %s", async (_, post) => {
  expect((await post()).statusCode).toBe(200);
  expect(await isVerified()).toBe(true);
});

test("a code works once", async () => {
  await signUp.verify(link);
  expect(codeOf(await signUp.verify(link))).toEqual([409, "code_used"]);
});

test("of many that use a code at once exactly one succeeds", async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, () => signUp.verify(link)));
  const statuses = answers.map((answer) => answer.statusCode).sort();
  expect(statuses).toEqual([200, 409, 409, 409, 409, 409]);
});

test("a code works for less than fifteen minutes after it was sent", async () => {
  await signUp.clock.advance(LIFETIME_MS - 1);
  expect((await signUp.verify(link)).statusCode).toBe(200);
});

test.each([
  ["exactly fifteen minutes", LIFETIME_MS],
  ["a millisecond more", LIFETIME_MS + 1],
])("after %s a code has expired", async (_, elapsedMs) => {
  await signUp.clock.advance(elapsedMs);
  expect(codeOf(await signUp.verify(link))).toEqual([410, "code_expired"]);
  expect(await isVerified()).toBe(false);
});

test("a wrong code is wrong whatever the state of the right one", async () => {
  const wrong = { ...link, code: `${link.code.startsWith("A") ? "B" : "A"}${link.code.slice(1)}` };
  expect(codeOf(await signUp.verify(wrong))).toEqual([400, "code_wrong"]);
  expect(await isVerified()).toBe(false);
  await signUp.verify(link);
  expect(codeOf(await signUp.verify(wrong))).toEqual([400, "code_wrong"]);
});

test.each([
  ["an unknown id", { id: "00000000-0000-4000-8000-000000000000" }],
  ["an id that is none", { id: "1'; drop table users" }],
  ["a code that is none", { code: "short" }],
])("%s is wrong", async (_, replaced) => {
  expect(codeOf(await signUp.verify({ ...link, ...replaced }))).toEqual([400, "code_wrong"]);
});

test("people get a page and programs JSON", async () => {
  await signUp.verify(link);
  const page = await postForm(link, { accept: "text/html,application/xhtml+xml" });
  expect(page.statusCode).toBe(409);
  expect(page.body).toContain("This verification link has already been used.");
  expect(page.body).toContain("request-1");
  const answer = await postForm(link, { accept: "application/json" });
  expect(codeOf(answer)).toEqual([409, "code_used"]);
});

test.each([
  ["another content type", { headers: { "content-type": "text/plain" }, body: "x" }, 415],
  [
    "a body that is too large",
    { headers: { "content-type": FORM }, body: "x".repeat(16_385) },
    413,
  ],
  ["bad JSON", { headers: { "content-type": "application/json" }, body: "{" }, 400],
  ["JSON that is a text", { headers: { "content-type": "application/json" }, body: '"x"' }, 400],
  ["no body", { headers: { "content-type": FORM } }, 400],
])("%s is refused", async (_, parts, status) => {
  expect((await post(httpEvent("POST", PATH, parts))).statusCode).toBe(status);
});

function show(query?: Readonly<Record<string, string>>): Promise<HttpResult> {
  const { clock, log } = signUp;
  const event = httpEvent("GET", PATH, query === undefined ? {} : { query });
  return createShowVerifyEmailHandler({ clock, log })(event, lambdaContext());
}

function post(event: APIGatewayProxyEventV2): Promise<HttpResult> {
  const { clock, log } = signUp;
  return createVerifyEmailHandler({ clock, log, sql: database.sql })(event, lambdaContext());
}

function postForm(
  fields: Readonly<Record<string, string>>,
  { accept, isBase64Encoded = false }: { accept?: string; isBase64Encoded?: boolean } = {},
): Promise<HttpResult> {
  const form = new URLSearchParams(fields).toString();
  const body = isBase64Encoded ? Buffer.from(form).toString("base64") : form;
  const headers = { "content-type": FORM, ...(accept !== undefined && { accept }) };
  return post(httpEvent("POST", PATH, { headers, body, isBase64Encoded }));
}

function codeOf(answer: HttpResult): [number | undefined, string] {
  return [answer.statusCode, JSON.parse(answer.body!).error.code];
}

async function isVerified(): Promise<boolean> {
  const [user] = await database.sql<{ isEmailVerified: boolean }[]>`
    select is_email_verified from users`;
  return user!.isEmailVerified;
}
