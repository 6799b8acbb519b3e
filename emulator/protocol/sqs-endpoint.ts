import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../clock/clock.ts";
import { systemRandom } from "../random.ts";
import { SqsError } from "../sqs/errors.ts";
import { readBody } from "./body.ts";
import { BusyHold } from "./busy-hold.ts";
import { jsonProtocol } from "./json-protocol.ts";
import type { Protocol } from "./protocol.ts";
import { pathOf } from "./request-path.ts";
import { write } from "./reply.ts";
import type { CalledAt, Input, Output, RunningEngine } from "./running-engine.ts";

/** A batch of 1 MiB in JSON: some SDKs escape a quotation mark in six bytes; plus the frame. */
const BODY_LIMIT_BYTES = 6 * 1024 * 1024 + 256 * 1024;

/** Serves SQS requests, each holding a busy token except while it is a long poll that waits. */
export class SqsEndpoint {
  readonly #engine: RunningEngine;
  readonly #clock: Clock;
  /** Ends a long poll with an empty answer. */
  readonly #waiting = new Set<() => void>();
  #closing = false;

  constructor(engine: RunningEngine, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
  }

  /** How many long polls wait for a message. */
  get waitingReceives(): number {
    return this.#waiting.size;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const hold = new BusyHold(this.#clock);
    response.once("close", () => hold.end());
    const requestId = systemRandom.uuid();
    const protocol: Protocol = jsonProtocol;
    try {
      const body = await readBody(request, BODY_LIMIT_BYTES);
      const { action, input } = protocol.read(request, body);
      const at = { baseUrl: `http://${request.headers.host}`, path: pathOf(request) };
      const output =
        action === "ReceiveMessage"
          ? await this.#receive(input, at, response, hold)
          : await this.#engine.perform(action, input, at);
      if (this.#closing) response.shouldKeepAlive = false;
      write(response, protocol.answer(output, requestId));
    } catch (error) {
      write(response, protocol.refuse(asSqsError(error), requestId));
    }
  }

  /** Answers all long polls that wait, so that their connections can end. */
  close(): void {
    this.#closing = true;
    for (const end of [...this.#waiting]) end();
  }

  async #receive(
    input: Input,
    at: CalledAt,
    response: ServerResponse,
    hold: BusyHold,
  ): Promise<Output> {
    const output = await new Promise<Output>((resolve) => {
      let isAnswered = false;
      const answer = (given: Output) => {
        isAnswered = true;
        hold.resume();
        this.#waiting.delete(end);
        response.off("close", end);
        resolve(given);
      };
      // A client that hangs up takes no message: its wait is cancelled before one is given to it.
      const end = () => {
        waiting.cancel();
        answer({});
      };
      const waiting = this.#engine.receive(input, at, answer);
      if (isAnswered) return;
      this.#waiting.add(end);
      response.once("close", end);
      hold.pause();
    });
    await this.#engine.flushed();
    return output;
  }
}

function asSqsError(error: unknown): SqsError {
  if (error instanceof SqsError) return error;
  // Such as a full disk, about which the caller can do something.
  const reason = error instanceof Error ? error.message : String(error);
  return new SqsError("InternalFailure", `The emulator failed: ${reason}`, { cause: error });
}
