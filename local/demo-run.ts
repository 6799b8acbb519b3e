import { once } from "node:events";
import type { QueueEvent } from "../emulator/events.ts";
import { LocalError } from "./errors.ts";
import { parseLogLine, type LogLine } from "./log-lines.ts";
import { Observed } from "./observed.ts";
import { observeQueues, skipTime } from "./queue-emulator.ts";
import { isVerified, sampleUser, signUp, type SampleUser } from "./sign-up.ts";
import type { Stack } from "./stack.ts";
import { Timeline } from "./timeline.ts";
import { followLink, linkIn } from "./verification-link.ts";
import { nowMs, within } from "./waiting.ts";

const STEP_DEADLINE_MS = 15_000;

export interface DemoOptions {
  /** Moves the emulator's clock instead of waiting for the delay. */
  readonly skip: boolean;
  readonly output: NodeJS.WriteStream;
  /** Gives the demo up. */
  readonly signal: AbortSignal;
}

type SentEvent = Extract<QueueEvent, { type: "sent" }>;
type ReceivedEvent = Extract<QueueEvent, { type: "received" }>;

/**
 * Signs a user up and follows his verification mail to the end, writing each step when it happens.
 * @throws LocalError `step-missed` for a step that does not happen in time
 */
export async function runDemo(stack: Stack, options: DemoOptions): Promise<void> {
  const watching = new AbortController();
  try {
    const queueEvents = await observeQueues(stack.urls.sqs, watching.signal);
    await new Demo(stack, options, queueEvents).run();
  } finally {
    watching.abort();
  }
}

class Demo {
  readonly #stack: Stack;
  readonly #options: DemoOptions;
  readonly #queueEvents: Observed<QueueEvent>;
  readonly #log: Observed<LogLine>;
  readonly #timeline: Timeline;
  /** Rejects when a part of the stack ends or the demo is given up. */
  readonly #trouble: Promise<never>;
  /** How far the emulator's clock is ahead of real time. */
  #skippedMs = 0;

  constructor(stack: Stack, options: DemoOptions, queueEvents: Observed<QueueEvent>) {
    this.#stack = stack;
    this.#options = options;
    this.#queueEvents = queueEvents;
    this.#log = observeLog(stack);
    this.#timeline = new Timeline(nowMs(), options.output);
    this.#trouble = Promise.race([stack.failed, aborted(options.signal)]).then((reason) => {
      throw reason;
    });
    // It may come between two steps.
    this.#trouble.catch(() => {});
  }

  async run(): Promise<void> {
    const user = sampleUser();
    const sent = await this.#signUp(user);
    await this.#passTime(sent.atMs + sent.delaySeconds * 1000);
    await this.#receive(sent.messageId);
    const link = await this.#mail(user.email);
    await this.#verify(link, user.username);
  }

  async #signUp(user: SampleUser): Promise<SentEvent> {
    this.#step(`POST /users signs ${user.username} up`);
    const answering = signUp(this.#stack.urls.api, user);
    // It is looked at after what happens before it.
    answering.catch(() => {});
    const sent = await this.#inTime(
      "the message to be sent",
      this.#queueEvents.first((event) => event.type === "sent"),
    );
    this.#step(`message sent with DelaySeconds=${sent.delaySeconds}, before COMMIT`, sent.atMs);
    const committed = this.#log.first(({ message }) => message === "created user");
    this.#step("user committed", (await this.#inTime("the user's COMMIT", committed)).atMs);
    const { status, atMs, durationMs } = await this.#inTime("the sign-up's answer", answering);
    this.#expectStatus("POST /users", status, 201);
    this.#step(`201 Created in ${durationMs} ms`, atMs);
    return sent;
  }

  async #passTime(dueAtMs: number): Promise<void> {
    if (!this.#options.skip) {
      await this.#timeline.countDown(dueAtMs, nowMs, this.#options.signal);
      return;
    }
    const leftMs = Math.max(0, dueAtMs - nowMs());
    const skipping = skipTime(this.#stack.urls.sqs, leftMs);
    this.#skippedMs = (await this.#inTime("the clock to be skipped", skipping)).offsetMs;
    this.#timeline.note(`... skipped ${(leftMs / 1000).toFixed(3)} s of the emulator's clock`);
  }

  async #receive(messageId: string): Promise<void> {
    const receiving = this.#queueEvents.first(
      (event): event is ReceivedEvent => event.type === "received" && event.messageId === messageId,
    );
    const received = await this.#inTime("the message to be received", receiving);
    this.#step(`message received, receive count ${received.receiveCount}`, received.atMs);
  }

  async #mail(address: string): Promise<URL> {
    const mail = await this.#inTime("the mail to arrive", this.#stack.mail.mailTo(address));
    const link = linkIn(mail.text);
    this.#step(`mail captured: "${mail.subject}"`);
    this.#timeline.note(link.href);
    return link;
  }

  async #verify(link: URL, username: string): Promise<void> {
    const { page, form } = await this.#inTime("the link to work", followLink(link));
    this.#expectStatus("the link", page.status, 200);
    this.#step(`GET  ${link.pathname} shows the page: ${page.status}`);
    this.#expectStatus("the page's button", form.status, 200);
    this.#step(`POST ${link.pathname} presses its button: ${form.status}`);
    const verified = await this.#inTime("the row", isVerified(this.#stack.urls.postgres, username));
    if (!verified) throw this.#missed(`Expected ${username} to be verified`);
    this.#step(`${username} is verified`);
  }

  /** `atMs`: when it happened, on the emulator's clock; default now. */
  #step(text: string, atMs = nowMs() + this.#skippedMs): void {
    this.#timeline.step(atMs, text);
  }

  #expectStatus(what: string, status: number, expected: number): void {
    if (status === expected) return;
    throw this.#missed(`Expected ${what} to answer ${expected}, got ${status}`);
  }

  async #inTime<T>(what: string, happening: Promise<T>): Promise<T> {
    return within(Promise.race([happening, this.#trouble]), STEP_DEADLINE_MS, () => {
      throw this.#missed(`Waited 15 s in vain for ${what}`);
    });
  }

  #missed(what: string): LocalError {
    return new LocalError("step-missed", `${what}: the last log lines may say why.`, {
      logLines: this.#stack.output.lastLines(),
    });
  }
}

async function aborted(signal: AbortSignal): Promise<LocalError> {
  if (!signal.aborted) await once(signal, "abort");
  return new LocalError("interrupted", "Stopped before the end.", { cause: signal.reason });
}

function observeLog({ output }: Stack): Observed<LogLine> {
  const log = new Observed<LogLine>();
  output.on("line", (line) => {
    const parsed = parseLogLine(line);
    if (parsed !== undefined) log.add(parsed);
  });
  return log;
}
