import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { createSystemClock } from "../../../emulator/clock/system.ts";
import { lambdaEndpoint } from "../../../emulator/lambda/invoke-endpoint.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** An HTTP server in Lambda's place. */
async function givenEndpoint(answer: Answer) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  const clock = createSystemClock();
  onTestFinished(async () => {
    clock.stop();
    await stop();
  });
  return { endpoint: lambdaEndpoint(`http://127.0.0.1:${port}`, clock), stop };
}

function answers(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return (request, response) => {
    request.resume();
    response.writeHead(status, headers).end(body);
  };
}

const EVENT = { Records: [] };
const FUNCTION_ERROR = { "x-amz-function-error": "Unhandled" };

test("a function is called by its name with the event, and its answer comes back as text", async () => {
  const requests: object[] = [];
  const { endpoint } = await givenEndpoint((request, response) => {
    void text(request).then((body) => {
      const { method, url } = request;
      const type = request.headers["x-amz-invocation-type"];
      requests.push({ method, url, type, event: JSON.parse(body) as unknown });
      response.end('{"ok":true}');
    });
  });
  expect(await endpoint.invokes("a/b")(EVENT)).toEqual({
    outcome: "returned",
    payload: '{"ok":true}',
  });
  expect(requests).toEqual([
    {
      method: "POST",
      url: "/2015-03-31/functions/a%2Fb/invocations",
      type: "RequestResponse",
      event: EVENT,
    },
  ]);
});

const ERROR_BODY = '{"errorType":"TypeError","errorMessage":"boom"}';

test.each([
  [answers(200, ERROR_BODY), { outcome: "returned", payload: ERROR_BODY }],
  [answers(200, ERROR_BODY, FUNCTION_ERROR), { outcome: "failed", error: "TypeError: boom" }],
  [answers(200, "no JSON", FUNCTION_ERROR), { outcome: "failed", error: "Unhandled: " }],
  [
    answers(200, '{"errorType":{"toString":1}}', FUNCTION_ERROR),
    { outcome: "failed", error: expect.stringMatching(/./) as string },
  ],
  [answers(429, '{"Reason":"ConcurrentInvocationLimitExceeded"}'), { outcome: "throttled" }],
  [
    answers(404, '{"Message":"Function not found"}'),
    { outcome: "failed", error: "HTTP 404: Function not found" },
  ],
  [
    answers(502, "<html>"),
    { outcome: "failed", error: "HTTP 502: the Lambda endpoint refused the invocation" },
  ],
])(
  "an answer is read by its status and header, not by what its body looks like (%#)",
  async (answer, expected) => {
    const { endpoint } = await givenEndpoint(answer);
    expect(await endpoint.invokes("f")(EVENT)).toEqual(expected);
  },
);

test("a connection that breaks in the middle of an answer is a failure", async () => {
  const { endpoint } = await givenEndpoint((request, response) => {
    request.resume();
    response.writeHead(200, { "content-length": "100" });
    response.write('{"ok":', () => response.destroy());
  });
  expect(await endpoint.invokes("f")(EVENT)).toMatchObject({ outcome: "failed" });
});

test("so is an endpoint that is not there", async () => {
  const { endpoint, stop } = await givenEndpoint(answers(200, ""));
  await stop();
  expect(await endpoint.invokes("f")(EVENT)).toMatchObject({
    outcome: "failed",
    error: expect.stringContaining("ECONNREFUSED"),
  });
});

test("any answer at all means that the endpoint is there", async () => {
  const { endpoint } = await givenEndpoint(answers(404, ""));
  await endpoint.waitUntilAnswers(new AbortController().signal);
});

test("an abort ends the wait for one that is not", async () => {
  const { endpoint, stop } = await givenEndpoint(answers(404, ""));
  await stop();
  const aborting = new AbortController();
  let isOver = false;
  const waiting = endpoint.waitUntilAnswers(aborting.signal).then(() => (isOver = true));
  await endpoint.invokes("f")(EVENT);
  expect(isOver).toBe(false);
  aborting.abort();
  await waiting;
});
