import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../clock/clock.ts";
import { SkippableClock } from "../clock/skippable.ts";
import { SqsError } from "../sqs/errors.ts";
import { parseObject, readBody } from "./body.ts";
import type { EventStream } from "./event-stream.ts";
import { jsonReply, textReply, write, type Reply } from "./reply.ts";
import { pathOf, queryOf } from "./request-path.ts";

const SKIP_BODY_LIMIT_BYTES = 1024;
/** Ten years: further than any retention, and far from what a date can hold. */
const LONGEST_SKIP_MS = 10 * 365 * 24 * 60 * 60 * 1000;

/**
 * What the emulator serves besides SQS: its health, its events and its clock. These requests hold
 * no busy token, or a skip would wait for itself.
 */
export class OwnPaths {
  readonly #clock: Clock;
  readonly #events: EventStream;

  constructor(clock: Clock, events: EventStream) {
    this.#clock = clock;
    this.#events = events;
  }

  /** Answers false when the path belongs to SQS. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const path = pathOf(request);
    if (path !== "/health" && !path.startsWith("/_emulator/")) return false;
    const route = `${request.method} ${path}`;
    if (route === "GET /_emulator/events") {
      this.#events.serve(response, queryOf(request).get("replay") === "1");
    } else {
      write(response, await this.#reply(route, request));
    }
    return true;
  }

  async #reply(route: string, request: IncomingMessage): Promise<Reply> {
    switch (route) {
      case "GET /health":
        return { status: 200, contentType: "text/plain; charset=utf-8", body: "OK" };
      case "GET /_emulator/clock":
        return this.#time();
      case "POST /_emulator/clock/skip":
        return await this.#skip(request);
      default:
        return textReply(404, `The emulator has no ${route}.`);
    }
  }

  #time(): Reply {
    const offsetMs = this.#clock instanceof SkippableClock ? this.#clock.offsetMs : 0;
    return jsonReply(200, { nowMs: this.#clock.now(), offsetMs });
  }

  async #skip(request: IncomingMessage): Promise<Reply> {
    let durationMs: unknown;
    try {
      ({ durationMs } = parseObject(await readBody(request, SKIP_BODY_LIMIT_BYTES)));
    } catch (error) {
      if (error instanceof SqsError) return textReply(400, error.message);
      throw error;
    }
    if (typeof durationMs !== "number" || !(durationMs >= 0 && durationMs <= LONGEST_SKIP_MS)) {
      const got = JSON.stringify(durationMs) ?? "nothing";
      const bounds = `a number of milliseconds from 0 to ${LONGEST_SKIP_MS}`;
      return textReply(400, `Expected \`durationMs\` to be ${bounds}, got \`${got}\`.`);
    }
    if (!(this.#clock instanceof SkippableClock)) {
      const sentence = "This emulator's clock cannot be skipped: start it with a skippable clock.";
      return textReply(409, sentence);
    }
    await this.#clock.skip(durationMs);
    return this.#time();
  }
}
