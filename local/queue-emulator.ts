import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { QueueEvent } from "../emulator/events.ts";
import { Observed } from "./observed.ts";

/** What has happened in the queue emulator and what will, until `signal` aborts. */
export async function observeQueues(
  sqsUrl: string,
  signal: AbortSignal,
): Promise<Observed<QueueEvent>> {
  const response = await fetch(`${sqsUrl}/_emulator/events?replay=1`, { signal });
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}.`);
  const events = new Observed<QueueEvent>();
  const lines = createInterface({ input: Readable.fromWeb(response.body as ReadableStream) });
  lines.on("line", (line) => {
    // Each event of the stream is one line of JSON.
    if (line.startsWith("data:")) events.add(JSON.parse(line.slice("data:".length)) as QueueEvent);
  });
  // An aborted stream ends with an error; one that ended otherwise shows in the step it misses.
  lines.on("error", () => {});
  return events;
}

/**
 * Settles when the emulator's clock is `durationMs` ahead and the work on the way is done. Answers
 * how far that clock is ahead of real time now.
 */
export async function skipTime(
  sqsUrl: string,
  durationMs: number,
): Promise<{ readonly offsetMs: number }> {
  const response = await fetch(`${sqsUrl}/_emulator/clock/skip`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ durationMs }),
  });
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}.`);
  return (await response.json()) as { offsetMs: number };
}
