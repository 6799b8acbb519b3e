import { once } from "node:events";
import { request, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { startEmulator, type Emulator } from "../../../emulator/index.ts";
import type { EmulatorOptions } from "../../../emulator/protocol/options.ts";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Call {
  readonly method?: string;
  readonly path?: string;
  /** Also those that `fetch` does not let a program set, such as Host. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** An emulator that is closed when the test has finished. */
export async function started(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator(options);
  onTestFinished(() => emulator.close());
  return emulator;
}

/** One HTTP request on a connection of its own. */
export async function send(emulator: Emulator, call: Call = {}): Promise<Answer> {
  const { method = "POST", path = "/", headers = {}, body = "" } = call;
  const outgoing = request(emulator.url + path, { method, headers, agent: false });
  outgoing.end(body);
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  return { status: response.statusCode!, headers: response.headers, body: await text(response) };
}

/** An SQS call in AWS JSON. */
export function sendAction(
  emulator: Emulator,
  action: string,
  input: unknown,
  call: Call = {},
): Promise<Answer> {
  const headers = { "x-amz-target": `AmazonSQS.${action}`, ...call.headers };
  return send(emulator, { body: JSON.stringify(input), ...call, headers });
}
