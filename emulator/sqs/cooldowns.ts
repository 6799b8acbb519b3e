import { SqsError } from "./errors.ts";

const COOLDOWN_MS = 60_000;

/** AWS's waits of 60 s: after a purge, and before the name of a deleted queue is free again. */
export class Cooldowns {
  readonly #enabled: boolean;
  readonly #deletedAtMs = new Map<string, number>();
  readonly #purgedAtMs = new Map<string, number>();

  constructor(enabled: boolean) {
    this.#enabled = enabled;
  }

  /** Throws `QueueDeletedRecently`. */
  checkCreate(name: string, nowMs: number): void {
    if (!isRunning(this.#deletedAtMs.get(name), nowMs)) return;
    throw new SqsError(
      "AWS.SimpleQueueService.QueueDeletedRecently",
      "You must wait 60 seconds after deleting a queue before you can create another with the " +
        "same name.",
    );
  }

  queueDeleted(name: string, nowMs: number): void {
    this.#purgedAtMs.delete(name);
    this.#note(this.#deletedAtMs, name, nowMs);
  }

  /** Throws `PurgeQueueInProgress`. */
  checkPurge(name: string, nowMs: number): void {
    if (!isRunning(this.#purgedAtMs.get(name), nowMs)) return;
    throw new SqsError(
      "AWS.SimpleQueueService.PurgeQueueInProgress",
      `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`,
    );
  }

  queuePurged(name: string, nowMs: number): void {
    this.#note(this.#purgedAtMs, name, nowMs);
  }

  /** Keeps the map in order of time, so that what is over is found at its front and dropped. */
  #note(times: Map<string, number>, name: string, nowMs: number): void {
    if (!this.#enabled) return;
    times.delete(name);
    times.set(name, nowMs);
    for (const [oldName, atMs] of times) {
      if (isRunning(atMs, nowMs)) return;
      times.delete(oldName);
    }
  }
}

function isRunning(sinceMs: number | undefined, nowMs: number): boolean {
  return sinceMs !== undefined && nowMs - sinceMs < COOLDOWN_MS;
}
