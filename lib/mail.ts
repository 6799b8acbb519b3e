import { createTransport } from "nodemailer";
import { AppError } from "./errors.ts";

/** A mail to one person. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** With angle brackets. The same mail sent again has the same one. */
  readonly messageId: string;
}

export interface Mailer {
  /** Throws `mail_failed` when the mail server has not taken the mail. */
  send(mail: Mail): Promise<void>;
}

/** The worker's records share one invocation, so a mail server that hangs is given up early. */
const TIMEOUTS_MS = {
  dnsTimeout: 3_000,
  connectionTimeout: 3_000,
  greetingTimeout: 3_000,
  socketTimeout: 5_000,
};

export interface MailerOptions {
  /** `smtp://user:password@host:port`, or `smtps:` for TLS from the start. */
  readonly smtpUrl: string;
  /** The sender: an address, or `Name <address>`. */
  readonly from: string;
}

export function createMailer(options: MailerOptions): Mailer {
  const transport = createTransport(
    { url: options.smtpUrl, disableFileAccess: true, disableUrlAccess: true, ...TIMEOUTS_MS },
    { from: options.from },
  );
  return {
    async send({ to, ...mail }) {
      try {
        await transport.sendMail({
          ...mail,
          // As an object it is one address and is not parsed as a list.
          to: { name: "", address: to },
          headers: { "Auto-Submitted": "auto-generated" },
        });
      } catch (error) {
        throw new AppError("mail_failed", { cause: error });
      }
    },
  };
}
