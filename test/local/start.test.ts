import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";
import { beforeAll, expect, test } from "vitest";
import { skipTime } from "../../local/queue-emulator.ts";
import { isVerified, sampleUser } from "../../local/sign-up.ts";
import { linkIn } from "../../local/verification-link.ts";
import type { Command } from "./command.ts";
import { mailsTo } from "./inbox.ts";
import { databaseUrl, startCommand, started, usePlace } from "./place.ts";
import { processesLeftIn } from "./processes.ts";

const place = usePlace();
let command: Command;
let link: URL;

const ada = sampleUser();

beforeAll(async () => {
  command = await started(startCommand(place));
});

test("POST /users signs a user up", async () => {
  const response = await fetch(`${place.api}/users`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(ada),
  });
  expect(response.status).toBe(201);
  expect(response.headers.get("location")).toBe(`/users/${ada.username}`);
  expect(await response.json()).toEqual({
    username: ada.username,
    full_name: ada.full_name,
    email: ada.email,
    is_email_verified: false,
    password_changed_at: expect.stringMatching(/Z$/),
    created_at: expect.stringMatching(/Z$/),
  });
});

test("the mail with the link comes when the delay is over, which a skipped clock need not wait for", async () => {
  await skipTime(place.sqs, 10_000);
  const mails = await mailsTo(place.inbox, ada.email);
  expect(mails.map((mail) => mail.subject)).toEqual(["Verify your email address"]);
  link = linkIn(mails[0]!.text);
  expect(link.origin + link.pathname).toBe(`${place.api}/verify-email`);
});

test("what it has built is in its own folder, where no other stack removes it", async () => {
  const built = join(place.dataDirectory, "build", ".build", "functions");
  expect((await readdir(built)).filter((name) => name.endsWith(".mjs")).toSorted()).toEqual([
    "create-user.mjs",
    "send-verify-email.mjs",
    "show-verify-email.mjs",
    "verify-email.mjs",
  ]);
});

test("opening the link shows a button and changes nothing", async () => {
  const page = await fetch(link);
  expect(page.status).toBe(200);
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(await page.text()).toContain('<button type="submit">Verify my email address</button>');
  expect(await isVerified(await databaseUrl(place), ada.username)).toBe(false);
});

test("a cookie that another program on this machine has set keeps nobody out", async () => {
  const page = await fetch(link, { headers: { cookie: 'theme={"dark":true}; =' } });
  expect(page.status).toBe(200);
});

test("pressing the button verifies once; a second time is told that the link is used", async () => {
  const first = await pressButton(link);
  expect(first.status).toBe(200);
  expect(await first.text()).toContain("Your email address is verified.");
  expect(await isVerified(await databaseUrl(place), ada.username)).toBe(true);

  const second = await pressButton(link);
  expect(second.status).toBe(409);
  expect(await second.text()).toContain("This verification link has already been used.");
});

test("the banner's curl line works as it is written", async () => {
  const line = await command.line(/^ {2}curl /);
  const { stdout } = await promisify(execFile)("bash", ["-c", line]);
  expect(stdout).toMatch(/^HTTP\/1\.1 201 /);
});

test("the log tells of the request, the task and its end, with ids but without secrets", async () => {
  const [{ id }] = (await query(`select id from users where username = '${ada.username}'`)) as [
    { id: string },
  ];
  const words = "INFO  ";
  for (const line of [
    `${words}enqueued task type=send_verify_email payload={"user_id":"${id}"} queue=sign-up-local-verify-email delay_seconds=10 message_id=`,
    `${words}created user user_id=${id}`,
    `${words}processed task type=send_verify_email payload={"user_id":"${id}"} outcome=`,
  ]) {
    expect(command.output).toContain(line);
  }
  expect(command.output).toMatch(
    /^INFO {2}request method=POST path=\/users status=201 duration_ms=\d+ request_id=\S+$/m,
  );
  expect(command.output).toMatch(
    /^INFO {2}request method=POST path=\/verify-email status=409 .* error_code=code_used$/m,
  );
});

test("Ctrl-C ends it, and nothing that it wrote is secret", async () => {
  command.signalGroup("SIGINT");
  expect(await command.ended).toBe("exit 0");
  expect(await processesLeftIn(place.folder)).toEqual([]);

  // The banner's own example has an address and a password; they are nobody's.
  const written = command.output.replace(/^ {2}curl .*$/m, "");
  const kept = (...path: string[]) => readFile(join(place.dataDirectory, ...path), "utf8");
  const secrets = {
    address: ada.email,
    username: ada.username,
    password: ada.password,
    code: link.searchParams.get("code")!,
    link: "verify-email?",
    databasePassword: await kept("postgres", "password"),
    verificationSecret: await kept("verification-secret"),
  };
  for (const [name, secret] of Object.entries(secrets)) {
    expect(secret, name).not.toBe("");
    expect(written.includes(secret), name).toBe(false);
  }
});

function pressButton(url: URL): Promise<Response> {
  return fetch(new URL(url.pathname, url), {
    method: "POST",
    headers: { accept: "text/html" },
    body: url.searchParams,
  });
}

async function query(statement: string): Promise<readonly object[]> {
  const sql = postgres(await databaseUrl(place), { max: 1 });
  try {
    return [...(await sql.unsafe(statement))];
  } finally {
    await sql.end();
  }
}
