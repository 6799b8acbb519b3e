import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";

const REQUEST_STARTS = "http.server.request.start";

interface RequestStart {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Knows which HTTP requests this process, whatever serves them, has not yet answered. */
export class InFlightRequests {
  readonly #open = new Set<ServerResponse>();
  readonly #ignoredPorts: ReadonlySet<number>;
  #waiting: (() => void)[] = [];

  /** `ignoredPorts`: requests to these ports are not counted. */
  constructor(ignoredPorts: Iterable<number>) {
    this.#ignoredPorts = new Set(ignoredPorts);
    subscribe(REQUEST_STARTS, this.#onStart);
  }

  /** Settles when no request is in flight. */
  async none(): Promise<void> {
    while (this.#open.size > 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  stop(): void {
    unsubscribe(REQUEST_STARTS, this.#onStart);
  }

  readonly #onStart = (message: unknown): void => {
    const { request, response } = message as RequestStart;
    if (this.#ignoredPorts.has(request.socket.localPort ?? 0)) return;
    this.#open.add(response);
    // It closes after the last byte of an answer, and also when the client hangs up.
    response.once("close", () => this.#onClose(response));
  };

  #onClose(response: ServerResponse): void {
    this.#open.delete(response);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
