import type { Clock } from "./clock/clock.ts";
import { createSharedOffset, publishOffset } from "./clock/shared-offset.ts";
import { SkippableClock } from "./clock/skippable.ts";
import { createSystemClock } from "./clock/system.ts";
import type { InvocationEvent, QueueEvent } from "./events.ts";
import type { MessageSource } from "./lambda/source.ts";
import { EventLog, type WaitForOptions } from "./protocol/event-log.ts";
import { createMessageSource } from "./protocol/message-source.ts";
import { readOptions, type EmulatorOptions, type Settings } from "./protocol/options.ts";
import { RunningEngine } from "./protocol/running-engine.ts";
import { startServer, type RunningServer } from "./protocol/server.ts";
import { startQueues } from "./protocol/start-queues.ts";
import { openJournal, type Journal } from "./storage/journal.ts";

/** A running emulator: SQS over HTTP, and the same queues for callers in this process. */
export interface Emulator {
  /** The endpoint, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly clock: Clock;
  /** How many long polls over HTTP wait for a message at this moment. */
  readonly waitingReceives: number;
  queueUrl(name: string): string;
  queueArn(name: string): string;
  /**
   * Performs an SQS action with its JSON input; everything but `ReceiveMessage`, for which there is
   * `messageSource`. Throws an SqsError where AWS answers one.
   */
  perform(action: string, input: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Calls `listener` with each event from now on. The answer ends it. */
  subscribe(listener: (event: QueueEvent) => void): () => void;
  /** Adds what an event source mapping did to the stream of events. */
  publish(event: InvocationEvent): void;
  /** Rejects with the last events when none fits within `timeoutMs` (10,000) of real time. */
  waitFor(predicate: (event: QueueEvent) => boolean, options?: WaitForOptions): Promise<QueueEvent>;
  messageSource(queueName: string): MessageSource;
  /** Ends all waits and connections and closes the journal. Calling it again changes nothing. */
  close(): Promise<void>;
}

/**
 * @throws EmulatorError `INVALID_OPTION`, `PORT_IN_USE` or `CANNOT_LISTEN`
 * @throws StorageError when the data directory cannot be used
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const settings = readOptions(options);
  const parts = new Parts();
  try {
    const clock = options.clock ?? createClock(options.skippable === true, parts);
    const journal =
      settings.dataDirectory === undefined ? undefined : await openJournal(settings.dataDirectory);
    parts.add(() => journal?.close());
    await restoreOffset(clock, journal);

    const { accountId, region, cooldowns } = settings;
    const events = new EventLog();
    const engine = new RunningEngine({ accountId, region, cooldowns, clock, events, journal });
    parts.add(() => engine.stop());
    parts.add(() => events.close());
    const server = await startServer({ ...settings, engine, clock, events });
    parts.add(() => server.close());

    const emulator = assemble(settings, clock, events, engine, server, parts);
    await startQueues(engine, settings.queues, emulator.url, emulator.queueUrl);
    return emulator;
  } catch (error) {
    await parts.close();
    throw error;
  }
}

function assemble(
  { host, accountId }: Settings,
  clock: Clock,
  events: EventLog,
  engine: RunningEngine,
  server: RunningServer,
  parts: Parts,
): Emulator {
  const url = `http://${urlHost(host)}:${server.port}`;
  const queueUrl = (name: string) => `${url}/${accountId}/${name}`;
  return {
    url,
    port: server.port,
    clock,
    get waitingReceives() {
      return server.waitingReceives;
    },
    queueUrl,
    queueArn: (name) => engine.queueArn(name),
    perform: (action, input) => engine.perform(action, input, { baseUrl: url }),
    subscribe: (listener) => events.subscribe(listener),
    publish: (event) => events.publish(event),
    waitFor: (predicate, waitOptions) => events.waitFor(predicate, waitOptions),
    messageSource: (name) => createMessageSource(engine, clock, queueUrl(name), url),
    close: () => parts.close(),
  };
}

/** What was started, to be ended in reverse. */
class Parts {
  readonly #ends: (() => void | Promise<void> | undefined)[] = [];
  #closed: Promise<void> | undefined;

  add(end: () => void | Promise<void> | undefined): void {
    this.#ends.push(end);
  }

  close(): Promise<void> {
    this.#closed ??= this.#endAll();
    return this.#closed;
  }

  /** One that fails keeps none of the others from ending. */
  async #endAll(): Promise<void> {
    const errors: unknown[] = [];
    for (const end of this.#ends.reverse()) {
      try {
        await end();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

/** "All addresses" is no address to call; the machine itself is one of them. */
function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

function createClock(isSkippable: boolean, parts: Parts): Clock {
  const clock = isSkippable ? createSkippableClock() : createSystemClock();
  parts.add(() => clock.stop());
  return clock;
}

function createSkippableClock(): SkippableClock {
  const offset = createSharedOffset();
  publishOffset(offset);
  return new SkippableClock(offset);
}

/** Time that was skipped before a restart stays skipped. A clock that is further ahead stays. */
async function restoreOffset(clock: Clock, journal: Journal | undefined): Promise<void> {
  if (!(clock instanceof SkippableClock)) return;
  const stored = journal?.recovered.findLast((change) => change.kind === "clock");
  if (stored === undefined) return;
  await clock.skip(Math.max(0, stored.offsetMs - clock.offsetMs));
}
