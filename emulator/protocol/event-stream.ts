import type { ServerResponse } from "node:http";
import type { QueueEvent } from "../events.ts";
import type { EventLog } from "./event-log.ts";

/** A reader that is this far behind is cut off, or it would fill the memory. */
const LONGEST_BACKLOG_BYTES = 8 * 1024 * 1024;

/** Serves the event log as server-sent events, one JSON `QueueEvent` each. */
export class EventStream {
  readonly #events: EventLog;
  /** Each with the end of its subscription. */
  readonly #open = new Map<ServerResponse, () => void>();

  constructor(events: EventLog) {
    this.#events = events;
  }

  serve(response: ServerResponse, replay: boolean): void {
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      // Kept alive, the connection would hold up `close` when the stream has ended.
      connection: "close",
    });
    // Without it a client would learn only with the first event that it is connected.
    response.write(": connected\n\n");
    if (replay) for (const event of this.#events.history()) send(response, event);
    const unsubscribe = this.#events.subscribe((event) => send(response, event));
    this.#open.set(response, unsubscribe);
    response.once("close", () => {
      unsubscribe();
      this.#open.delete(response);
    });
  }

  close(): void {
    for (const [response, unsubscribe] of this.#open) {
      // An event that is written after the end would end the process.
      unsubscribe();
      response.end();
    }
  }
}

function send(response: ServerResponse, event: QueueEvent): void {
  response.write(`data: ${JSON.stringify(event)}\n\n`);
  if (response.writableLength > LONGEST_BACKLOG_BYTES) response.destroy();
}
