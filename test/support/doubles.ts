import { AppError } from "../../lib/errors.ts";
import type { Log, LogFields } from "../../lib/log.ts";
import type { Mail, Mailer } from "../../lib/mail.ts";

/** Keeps mails instead of sending them, and fails as often as it is told. */
export class MailerDouble implements Mailer {
  readonly mails: Mail[] = [];
  failuresLeft = 0;
  attempts = 0;

  async send(mail: Mail): Promise<void> {
    this.attempts += 1;
    if (this.failuresLeft > 0) {
      this.failuresLeft -= 1;
      throw new AppError("mail_failed", { cause: new Error(`no mail to ${mail.to}`) });
    }
    this.mails.push(mail);
  }
}

export interface LogLine {
  readonly level: "info" | "error";
  readonly message: string;
  readonly fields: LogFields;
}

export class RecordingLog implements Log {
  readonly lines: LogLine[] = [];

  info(message: string, fields: LogFields): void {
    this.lines.push({ level: "info", message, fields });
  }

  error(message: string, fields: LogFields): void {
    this.lines.push({ level: "error", message, fields });
  }

  /** The fields of all lines with this message. */
  fieldsOf(message: string): LogFields[] {
    return this.lines.filter((line) => line.message === message).map((line) => line.fields);
  }
}

/** The id and the code that a mail's link carries. */
export function linkIn(mail: Mail): { id: string; code: string } {
  const link = new URL(/^http\S+$/m.exec(mail.text)![0]);
  return { id: link.searchParams.get("id")!, code: link.searchParams.get("code")! };
}
