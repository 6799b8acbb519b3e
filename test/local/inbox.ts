import { nowMs, sleep } from "../../local/waiting.ts";

const ARRIVAL_DEADLINE_MS = 20_000;

export interface StoredMail {
  readonly to: readonly { readonly address: string }[];
  readonly subject: string;
  readonly text: string;
}

/** The mails to `address` by the mail catcher's own API, at least one: waits for the first. */
export async function mailsTo(inboxUrl: string, address: string): Promise<StoredMail[]> {
  for (const endMs = nowMs() + ARRIVAL_DEADLINE_MS; nowMs() < endMs; await sleep(50)) {
    const mails = await captured(inboxUrl, address);
    if (mails.length > 0) return mails;
  }
  throw new Error(`No mail to ${address} came in 20 s.`);
}

async function captured(inboxUrl: string, address: string): Promise<StoredMail[]> {
  const response = await fetch(`${inboxUrl}/api/email`);
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}.`);
  const mails = (await response.json()) as StoredMail[];
  return mails.filter(({ to }) => to.some((one) => one.address === address));
}
