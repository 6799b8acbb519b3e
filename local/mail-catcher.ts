import { EventEmitter, once } from "node:events";
import type { MailDev } from "maildev";
import { LocalError } from "./errors.ts";

export interface MailCatcherOptions {
  /** Mails are kept there as .eml files and read again at the next start. */
  readonly mailDirectory: string;
  /** 0: any free one. */
  readonly smtpPort: number;
  /** The web inbox; 0: any free one. */
  readonly inboxPort: number;
}

export interface CapturedMail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
}

export interface MailCatcher {
  readonly smtpUrl: string;
  readonly inboxUrl: string;
  /** All mails, oldest first, those of earlier runs too. */
  mails(): Promise<CapturedMail[]>;
  /** The next mail to this address, or one that is there already. */
  mailTo(address: string, signal?: AbortSignal): Promise<CapturedMail>;
  stop(): Promise<void>;
}

type MailDevServers = Awaited<ReturnType<MailDev["start"]>>;
type StoredMail = Awaited<ReturnType<MailDevServers["storage"]["getAll"]>>[number];

const LOOPBACK = "127.0.0.1";

/** An SMTP server that delivers nothing and shows everything. */
export async function startMailCatcher(options: MailCatcherOptions): Promise<MailCatcher> {
  // It takes most of a second to load, in which the caller may already have started other things.
  const { MailDev } = await import("maildev").catch((cause: unknown) => {
    throw new LocalError(
      "mail-catcher-failed",
      "The package maildev is not installed: run `npm ci` without --omit, then the command again.",
      { cause },
    );
  });
  const mailDev = new MailDev({
    smtp: options.smtpPort,
    ip: LOOPBACK,
    web: options.inboxPort,
    webIp: LOOPBACK,
    mailDirectory: options.mailDirectory,
    silent: true,
  });
  const { smtp, api, storage } = await withoutInfo(() => mailDev.start()).catch(
    (cause: unknown) => {
      throw new LocalError(
        "mail-catcher-failed",
        `The mail catcher did not start: choose other ports with --smtp-port and --inbox-port.`,
        { cause },
      );
    },
  );
  const arrivals = new EventEmitter();
  smtp.on("new", () => arrivals.emit("mail"));
  const mails = async () => (await storage.getAll()).map(toCapturedMail);
  let stopped: Promise<void> | undefined;
  return {
    smtpUrl: `smtp://${LOOPBACK}:${smtp.getPort()}`,
    inboxUrl: `http://${LOOPBACK}:${api!.getPort()}`,
    mails,
    async mailTo(address, signal) {
      for (;;) {
        const next = once(arrivals, "mail", signal && { signal });
        // Left behind when the mail is there already.
        next.catch(() => {});
        const found = (await mails()).find((mail) => mail.to.includes(address));
        if (found !== undefined) return found;
        await next;
      }
    },
    stop: () => (stopped ??= mailDev.stop()),
  };
}

/** MailDev's option `silent` does not reach the line that its inbox writes. */
async function withoutInfo<T>(run: () => Promise<T>): Promise<T> {
  const { info } = console;
  console.info = () => {};
  try {
    return await run();
  } finally {
    console.info = info;
  }
}

function toCapturedMail(mail: StoredMail): CapturedMail {
  return {
    to: mail.to.map(({ address }) => address),
    subject: mail.subject,
    text: mail.text ?? "",
    messageId: String(mail.headers["message-id"] ?? ""),
  };
}
