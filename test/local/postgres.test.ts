import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import { installedFolder, reachableBinaries } from "../../local/postgres-binaries.ts";
import { canRun, postgresUser } from "../../local/postgres-user.ts";
import { startPostgres, type PostgresOptions } from "../../local/postgres.ts";
import { isRunning, waitUntilGone } from "../../local/processes.ts";
import { stranger, zombie } from "../support/strangers.ts";
import { closedFolder, temporaryFolder } from "../support/folders.ts";

test("data is kept from one start to the next, and an initialised folder is not made anew", async () => {
  const dataDirectory = join(await temporaryFolder(), "data");
  const first = await start({ dataDirectory, database: "app" });
  await run(first.url, "create table kept as select 42 as answer");
  await first.stop();
  await expect(run(first.url, "select 1")).rejects.toThrow(/ECONNREFUSED/);

  const second = await start({ dataDirectory, database: "app" });
  expect(await run(second.url, "select answer from kept")).toEqual([{ answer: 42 }]);
});

test("only this machine may connect, and only with the password, which only its owner may read", async () => {
  const { url, dataDirectory } = await start({ dataDirectory: await dataFolder() });
  expect(await run(url, "show listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);

  const passwordFile = join(dataDirectory, "password");
  expect((await stat(passwordFile)).mode & 0o777).toBe(0o600);
  const password = await readFile(passwordFile, "utf8");
  expect(url).toContain(password);
  await expect(run(url.replace(password, "guessed"), "select 1")).rejects.toMatchObject({
    code: "28P01",
  });
});

test("Postgres lets its clients finish and ends when the process that started it is killed", async () => {
  const folder = await dataFolder();
  const { owner, url } = await holdPostgres(folder);
  const serverPid = await postmasterPid(folder);
  const client = postgres(url, { max: 1 });
  await client.begin(async (transaction) => {
    await transaction`create table finished ()`;
    owner.kill("SIGKILL");
    await once(owner, "exit");
    expect(isRunning(serverPid)).toBe(true);
  });
  await client.end();
  expect(await waitUntilGone(serverPid, 10_000)).toBe(true);

  const next = await start({ dataDirectory: folder });
  expect(await run(next.url, "select count(*)::int from finished")).toEqual([{ count: 0 }]);
});

test("a server that a killed run left behind is ended before the next one starts", async () => {
  const folder = await dataFolder();
  const { owner, url } = await holdPostgres(folder);
  await run(url, "create table kept ()");
  const leftover = await postmasterPid(folder);
  // The keeper first, or it would end the server.
  process.kill(await parentOf(leftover), "SIGKILL");
  owner.kill("SIGKILL");
  await once(owner, "exit");
  expect(isRunning(leftover)).toBe(true);

  const next = await start({ dataDirectory: folder });
  expect(isRunning(leftover)).toBe(false);
  expect(await run(next.url, "select count(*)::int from kept")).toEqual([{ count: 0 }]);
});

test.each([
  ["another program's", stranger],
  ["not free yet", zombie],
])("the id of a dead server that is %s keeps nobody from starting", async (_, takeId) => {
  const folder = await dataFolder();
  await (await start({ dataDirectory: folder })).stop();
  // Postgres takes only processes of its own user for a server.
  const pid = await takeId({ ...postgresUser() });
  await writeFile(join(folder, "postmaster.pid"), `${pid}\n${folder}\n`);

  const { url } = await start({ dataDirectory: folder });
  expect(await run(url, "select 1 as one")).toEqual([{ one: 1 }]);
  // It is there still, or this fails.
  process.kill(pid, 0);
});

test("a folder that initdb had not finished is started over", async () => {
  const folder = await dataFolder();
  for (const half of [folder, `${folder}.initialising`]) {
    await mkdir(join(half, "base"), { recursive: true });
  }
  await writeFile(join(`${folder}.initialising`, "PG_VERSION"), "18\n");

  const { url } = await start({ dataDirectory: folder });
  expect(await run(url, "select 1 as one")).toEqual([{ one: 1 }]);
  expect(await readdir(join(folder, ".."))).toEqual(["data"]);
});

test("a folder with somebody's files is refused and left as it is", async () => {
  const folder = await dataFolder();
  await mkdir(folder);
  await writeFile(join(folder, "thesis.txt"), "years of work");

  await expect(start({ dataDirectory: folder })).rejects.toMatchObject({
    code: "postgres-failed",
    message: expect.stringMatching(/thesis\.txt.*move them away/),
  });
  expect(await readdir(folder)).toEqual(["thesis.txt"]);
});

test("a port in use is named together with the option that changes it", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;

  await expect(start({ dataDirectory: await dataFolder(), port })).rejects.toMatchObject({
    code: "port-in-use",
    message: expect.stringMatching(new RegExp(`Port ${port} \\(Postgres\\).*--postgres-port`)),
  });
});

test("a server that does not start shows the last lines of its log", async () => {
  const folder = await dataFolder();
  await (await start({ dataDirectory: folder })).stop();
  await rm(join(folder, "global", "pg_control"));

  await expect(start({ dataDirectory: folder })).rejects.toMatchObject({
    code: "postgres-failed",
    logLines: expect.arrayContaining([expect.stringContaining("pg_control")]),
  });
});

test("it starts in a folder that only root may enter", async () => {
  const wanted = join(await closedFolder(), "data");
  const used = new Set([wanted]);
  onTestFinished(async () => {
    for (const folder of used) await rm(folder, { recursive: true, force: true });
  });
  const { url, dataDirectory } = await start({ dataDirectory: wanted });
  used.add(dataDirectory);
  expect(await run(url, "select 1 as one")).toEqual([{ one: 1 }]);
  // Nobody but root has another user run Postgres.
  expect(dataDirectory === wanted).toBe(postgresUser() === undefined);
});

test("binaries that the user cannot reach are copied to where he can", async () => {
  const user = postgresUser() ?? { name: "me", uid: process.getuid!(), gid: process.getgid!() };
  const closed = join(await closedFolder(), "native");
  await cp(installedFolder(), closed, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
  });
  await chmod(join(closed, "lib"), 0o700);

  const binaries = await reachableBinaries(closed, user);
  expect(canRun(user, binaries.postgres)).toBe(true);
  expect(canRun(user, binaries.initdb)).toBe(true);
  expect(canRun(user, join(closed, "bin", "postgres"))).toBe(postgresUser() === undefined);
});

async function dataFolder(): Promise<string> {
  return join(await temporaryFolder(), "data");
}

async function start(options: PostgresOptions) {
  const running = await startPostgres({ durable: false, ...options });
  onTestFinished(() => running.stop());
  return running;
}

async function run(url: string, statement: string): Promise<readonly object[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return [...(await sql.unsafe(statement))];
  } finally {
    await sql.end();
  }
}

/** Postgres with an owner that can be killed. */
async function holdPostgres(folder: string): Promise<{ owner: ChildProcess; url: string }> {
  const owner = spawn(
    process.execPath,
    [join(import.meta.dirname, "fixtures", "hold-postgres.ts"), folder],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  onTestFinished(() => void owner.kill("SIGKILL"));
  return { owner, url: await firstLine(owner) };
}

async function postmasterPid(folder: string): Promise<number> {
  return Number.parseInt(await readFile(join(folder, "postmaster.pid"), "utf8"), 10);
}

async function parentOf(pid: number): Promise<number> {
  const ps = spawn("ps", ["-o", "ppid=", "-p", String(pid)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return Number(await firstLine(ps));
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  const [line] = (await once(createInterface({ input: stdout! }), "line")) as [string];
  return line;
}
