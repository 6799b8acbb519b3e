import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { request, type IncomingMessage } from "node:http";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { temporaryFolder } from "../support/folders.ts";

const CLI = resolve(import.meta.dirname, "../../emulator/cli.ts");
const PORT_RANGE = "a whole number from 0 to 65535";

test("it starts, says where, and ends on an interrupt with exit code 0", async () => {
  const cli = run("--port", "0");
  const url = await cli.url();
  expect(await (await fetch(`${url}/health`)).text()).toBe("OK");
  cli.signal("SIGINT");
  expect(await cli.ended).toEqual({
    exitCode: 0,
    stdout:
      `SQS emulator on ${url}\n` +
      "Standard queues here keep their order and deliver once; on AWS they promise neither.\n" +
      `Try: aws --endpoint-url ${url} sqs list-queues\n`,
    stderr: "",
  });
});

test("an interrupt answers the long poll that waits, and a second one changes nothing", async () => {
  const cli = run("--port", "0");
  const url = await cli.url();
  await call(url, "CreateQueue", { QueueName: "letters" });
  const polled = await longPoll(url);
  // It comes in after the poll, whose every byte is on its way.
  await call(url, "ListQueues", {});
  cli.signal("SIGINT");
  cli.signal("SIGINT");
  expect(await polled.answer).toBe("{}");
  expect((await cli.ended).exitCode).toBe(0);
});

test("a killed emulator's messages are there at the next start", async () => {
  const data = await temporaryFolder();
  const killed = run("--port", "0", "--data", data);
  const url = await killed.url();
  await call(url, "CreateQueue", { QueueName: "letters" });
  await call(url, "SendMessage", { QueueUrl: "letters", MessageBody: "hello" });
  killed.signal("SIGKILL");
  await killed.ended;

  const next = await startEmulator({ dataDirectory: data });
  onTestFinished(() => next.close());
  const { messages } = await next.messageSource("letters").receive(1, new AbortController().signal);
  expect(messages.map((message) => message.Body)).toEqual(["hello"]);
});

test("a port in use is one sentence and exit code 1", async () => {
  const other = await startEmulator();
  onTestFinished(() => other.close());
  expect(await run("--port", String(other.port)).ended).toEqual({
    exitCode: 1,
    stdout: "",
    stderr:
      `Port ${other.port} on 127.0.0.1 is in use: stop the program that listens there, ` +
      "or choose another port (0 takes any free one).\n",
  });
});

test("a data folder in use is one sentence and exit code 1", async () => {
  const data = await temporaryFolder();
  const other = await startEmulator({ dataDirectory: data });
  onTestFinished(() => other.close());
  expect(await run("--port", "0", "--data", data).ended).toEqual({
    exitCode: 1,
    stdout: "",
    stderr:
      `Process ${process.pid} uses this data folder already: stop it or choose another folder; ` +
      `if it is no emulator, delete ${join(data, "lock")}.\n`,
  });
});

test("a data folder that is a file is one sentence and exit code 1", async () => {
  const file = join(await temporaryFolder(), "file");
  await writeFile(file, "");
  const { exitCode, stdout, stderr } = await run("--port", "0", "--data", file).ended;
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toMatch(
    /^The data folder .+\/file cannot be used \(EEXIST\): choose another\.\n$/,
  );
});

const WRONG: [args: string[], sentence: string][] = [
  [["--prot", "1"], "Unknown option '--prot': --help lists the options."],
  [["--port"], "Option '--port <value>' argument missing: --help lists the options."],
  [["--port", "65536"], `Expected --port to be ${PORT_RANGE}, got "65536".`],
  [["--port", "0x10"], `Expected --port to be ${PORT_RANGE}, got "0x10".`],
  [["--clock", "fast"], 'Expected --clock to be system or skippable, got "fast".'],
];

for (const [args, sentence] of WRONG) {
  test(`\`${args.join(" ")}\` is one sentence and exit code 2`, async () => {
    const expected = { exitCode: 2, stdout: "", stderr: `${sentence}\n` };
    expect(await run(...args).ended).toEqual(expected);
  });
}

test("--help lists every option and starts nothing", async () => {
  const { exitCode, stdout, stderr } = await run("--help").ended;
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const options = [...stdout.matchAll(/^ {2}(--\w+)/gm)].map((match) => match[1]);
  expect(options).toEqual(["--port", "--host", "--data", "--clock", "--cooldowns", "--help"]);
});

function run(...args: string[]) {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const closed = once(child, "close");
  const stdout = text(child.stdout);
  const stderr = text(child.stderr);
  const ended = closed.then(async ([exitCode]) => ({
    exitCode: exitCode as number | null,
    stdout: await stdout,
    stderr: await stderr,
  }));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return {
    ended,
    signal: (signal: NodeJS.Signals) => void child.kill(signal),
    async url(): Promise<string> {
      let written = "";
      for (;;) {
        const [chunk] = (await once(child.stdout, "data")) as [Buffer];
        written += chunk.toString();
        const url = /SQS emulator on (\S+)\n/.exec(written)?.[1];
        if (url !== undefined) return url;
      }
    },
  };
}

/** Settles when the request has been sent. */
async function longPoll(url: string): Promise<{ answer: Promise<string> }> {
  const headers = { "x-amz-target": "AmazonSQS.ReceiveMessage" };
  const poll = request(url, { method: "POST", headers, agent: false });
  const answer = once(poll, "response").then(([response]) => text(response as IncomingMessage));
  poll.end(JSON.stringify({ QueueUrl: "letters", WaitTimeSeconds: 20 }));
  await once(poll, "finish");
  return { answer };
}

async function call(url: string, action: string, input: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "x-amz-target": `AmazonSQS.${action}` },
    body: JSON.stringify(input),
  });
  return await response.json();
}
