import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createMailer, type Mail } from "../../lib/mail.ts";
import { startMailCatcher, type MailCatcher } from "../../local/mail-catcher.ts";

const MAIL: Mail = {
  to: "ada@example.com",
  subject: "Verify your email address",
  text: "Hello Ada",
  html: "<p>Hello Ada</p>",
  messageId: "<3d0a5fd0-6b1c-4f0c-8c8c-0b7f3f5e8f11@sign-up.example.com>",
};
const FROM = "Sign-up <sign-up@example.com>";

let folder: string;
let catcher: MailCatcher;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "test-mail-"));
  catcher = await startMailCatcher({ mailDirectory: folder, smtpPort: 0, inboxPort: 0 });
});

afterAll(async () => {
  await catcher.stop();
  await rm(folder, { recursive: true, force: true });
});

test("a mail arrives with the Message-ID that it was given, also when it is sent again", async () => {
  const mailer = createMailer({ smtpUrl: catcher.smtpUrl, from: FROM });
  await mailer.send(MAIL);
  await mailer.send(MAIL);
  const { to, subject, text, messageId } = MAIL;
  const arrived = { to: [to], subject, text: expect.stringContaining(text), messageId };
  expect(await catcher.mails()).toEqual([arrived, arrived]);
});

test.each(["ada@example.com, bob@example.com", "ada@example.com\r\nBcc: bob@example.com"])(
  "an address that is more than one, such as %j, gets nothing to anybody",
  async (to) => {
    const before = (await catcher.mails()).length;
    const mailer = createMailer({ smtpUrl: catcher.smtpUrl, from: FROM });
    await expect(mailer.send({ ...MAIL, to })).rejects.toMatchObject({ code: "mail_failed" });
    expect(await catcher.mails()).toHaveLength(before);
  },
);

test("a mail server that says nothing is given up", { timeout: 10_000 }, async () => {
  const silent = createServer(() => {}).listen(0, "127.0.0.1");
  onTestFinished(() => void silent.close());
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const mailer = createMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: FROM });
  await expect(mailer.send(MAIL)).rejects.toMatchObject({ code: "mail_failed", retryable: true });
});
