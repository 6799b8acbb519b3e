import { expect, test } from "vitest";
import type { EmulatorOptions } from "../../../emulator/protocol/options.ts";
import { send, sendAction, started } from "./client.ts";

const FOREIGN = "https://evil.example";

interface Case {
  readonly name: string;
  /** PORT stands for the emulator's. */
  readonly headers: Readonly<Record<string, string>>;
  readonly options?: EmulatorOptions;
}

const REFUSED: (Case & { readonly sentence: string })[] = [
  {
    name: "a page of another site",
    headers: { origin: FOREIGN },
    sentence: `The origin "${FOREIGN}" is not allowed: add it to allowedOrigins to let it pass.`,
  },
  {
    name: "a page of another port of this machine",
    headers: { origin: "http://localhost:1" },
    sentence:
      'The origin "http://localhost:1" is not allowed: add it to allowedOrigins to let it pass.',
  },
  {
    name: "a page without an origin of its own",
    headers: { origin: "null" },
    sentence: 'The origin "null" is not allowed: add it to allowedOrigins to let it pass.',
  },
  {
    name: "a name that was rebound to this machine",
    headers: { host: "evil.example:PORT", origin: "http://evil.example:PORT" },
    sentence: 'The host "evil.example" is not allowed: add it to allowedHosts to let it pass.',
  },
  {
    name: "a name that only begins like this machine's",
    headers: { host: "localhost.evil.example" },
    sentence:
      'The host "localhost.evil.example" is not allowed: add it to allowedHosts to let it pass.',
  },
  {
    name: "a page under an unknown name, where other machines may call",
    headers: { host: "evil.example", origin: "http://evil.example" },
    options: { host: "0.0.0.0" },
    sentence:
      'The origin "http://evil.example" is not allowed: add it to allowedOrigins to let it pass.',
  },
  {
    name: "a Host that is no name",
    headers: { host: "a b" },
    sentence: 'The Host header "a b" is not a host name.',
  },
];

const SERVED: Case[] = [
  { name: "a program", headers: {} },
  { name: "a program that says localhost", headers: { host: "localhost:PORT" } },
  { name: "a program that says IPv6's loopback", headers: { host: "[::1]:PORT" } },
  {
    name: "a program on another machine, if the emulator listens for it",
    headers: { host: "build-server" },
    options: { host: "0.0.0.0" },
  },
  { name: "the emulator's own page", headers: { origin: "http://127.0.0.1:PORT" } },
  {
    name: "a page that is allowed",
    headers: { origin: FOREIGN },
    options: { allowedOrigins: [FOREIGN] },
  },
  {
    name: "a name that is allowed",
    headers: { host: "evil.example" },
    options: { allowedHosts: ["evil.example"] },
  },
];

for (const { name, headers, options, sentence } of REFUSED) {
  test(`refused: ${name}`, async () => {
    const emulator = await started({ queues: { letters: {} }, ...options });
    const given = withPort(headers, emulator.port);
    const input = { QueueUrl: "letters", MessageBody: "x" };
    for (const answer of [
      await sendAction(emulator, "SendMessage", input, { headers: given }),
      await send(emulator, { method: "GET", path: "/_emulator/clock", headers: given }),
    ]) {
      expect(answer).toMatchObject({ status: 403, body: `${sentence}\n` });
      expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
    }
    const { Attributes } = await emulator.perform("GetQueueAttributes", {
      QueueUrl: "letters",
      AttributeNames: ["ApproximateNumberOfMessages"],
    });
    expect(Attributes).toEqual({ ApproximateNumberOfMessages: "0" });
  });
}

for (const { name, headers, options } of SERVED) {
  test(`served: ${name}`, async () => {
    const emulator = await started(options);
    const given = withPort(headers, emulator.port);
    const answer = await sendAction(emulator, "ListQueues", {}, { headers: given });
    expect(answer).toMatchObject({ status: 200, body: "{}" });
    expect(answer.headers["access-control-allow-origin"]).toBe(given["origin"]);
  });
}

test("a preflight lets an allowed page send what SQS needs, and refuses any other", async () => {
  const emulator = await started({ allowedOrigins: [FOREIGN] });
  const ask = (origin: string) =>
    send(emulator, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-headers": "x-amz-target" },
    });
  expect(await ask(FOREIGN)).toMatchObject({
    status: 204,
    headers: {
      "access-control-allow-origin": FOREIGN,
      "access-control-allow-methods": "GET, POST",
      "access-control-allow-headers": "x-amz-target",
      vary: "origin",
    },
  });
  expect((await ask("https://other.example")).status).toBe(403);
});

function withPort(headers: Readonly<Record<string, string>>, port: number): Record<string, string> {
  const entries = Object.entries(headers);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value.replace("PORT", String(port))]),
  );
}
