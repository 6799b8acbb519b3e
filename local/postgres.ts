import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import postgres from "postgres";
import { LocalError } from "./errors.ts";
import { freePort, requireFreePort } from "./ports.ts";
import { postgresBinaries, type PostgresBinaries } from "./postgres-binaries.ts";
import { SUPERUSER, dataFolder, initialise, passwordFor } from "./postgres-data.ts";
import type { KeeperOrder } from "./postgres-keeper.ts";
import { postgresUser, type SystemUser } from "./postgres-user.ts";
import { commandLine, isRunning, signalProcess, waitUntilGone } from "./processes.ts";
import { within } from "./waiting.ts";

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 20_000;
/** Postgres removes it when it ends in order. */
const PID_FILE = "postmaster.pid";

export interface PostgresOptions {
  /** Made and initialised when there is nothing yet. */
  readonly dataDirectory: string;
  /** Default: any free one. */
  readonly port?: number;
  /** Made when it is missing; default `postgres`. */
  readonly database?: string;
  /** False: a crash of the machine may lose everything, for tests. Default true. */
  readonly durable?: boolean;
  /** How long clients may finish when this process has died; default 10 s. */
  readonly patienceMs?: number;
}

export interface RunningPostgres {
  /** With user and password: keep it out of logs. */
  readonly url: string;
  readonly port: number;
  /** Where the data is; differs from the option when root's Postgres user cannot go there. */
  readonly dataDirectory: string;
  /** Settles with the exit code and the log's last lines, when Postgres ends for any reason. */
  readonly ended: Promise<PostgresEnd>;
  /** Ends Postgres, also when clients are connected. Calling it again waits for the same end. */
  stop(): Promise<void>;
}

export interface PostgresEnd {
  readonly exitCode: number | null;
  readonly logLines: readonly string[];
}

/** All that is known before Postgres runs. */
export interface PreparedPostgres {
  readonly url: string;
  /** Its last end was none of its own, so the start may take long. */
  readonly wasKilled: boolean;
  /** As `startPostgres`. */
  start(): Promise<RunningPostgres>;
}

/**
 * Starts the Postgres of the installed packages on 127.0.0.1. It is a process group of its own
 * and also ends when this process dies, however it dies.
 * @throws LocalError `port-in-use`, or `postgres-failed` with the last lines of Postgres's log
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  return start(await findPlace(options), options);
}

/** The first half of `startPostgres`, for those who need the URL while the rest takes its time. */
export async function preparePostgres(
  options: PostgresOptions & { readonly port: number },
): Promise<PreparedPostgres> {
  const place = await findPlace(options);
  return {
    url: urlOf(place, options.port, options.database),
    wasKilled: place.wasKilled,
    start: () => start(place, options),
  };
}

/** Where Postgres runs and as whom. */
interface Place {
  readonly user: SystemUser | undefined;
  readonly binaries: PostgresBinaries;
  readonly folder: string;
  readonly password: string;
  readonly wasKilled: boolean;
  /** The id that a server had which ended without removing its file. */
  readonly deadServerPid: number | undefined;
}

async function findPlace(options: PostgresOptions): Promise<Place> {
  const user = postgresUser();
  const binaries = await postgresBinaries(user);
  const folder = await dataFolder(options.dataDirectory, user);
  const lastPid = await lastServerPid(folder);
  if (lastPid !== undefined && isServer(lastPid, folder)) await stopLeftover(lastPid, folder);
  if (options.port !== undefined)
    await requireFreePort(options.port, "Postgres", "--postgres-port");
  const password = await passwordFor(folder);
  const wasKilled = existsSync(join(folder, PID_FILE));
  const deadServerPid = wasKilled ? lastPid : undefined;
  return { user, binaries, folder, password, wasKilled, deadServerPid };
}

async function start(place: Place, options: PostgresOptions): Promise<RunningPostgres> {
  const { user, binaries, folder, password, deadServerPid } = place;
  await initialise(folder, password, binaries.initdb, user);
  const port = options.port ?? (await freePort());
  const logFile = join(folder, "server.log");
  const keeper = startKeeper({
    program: binaries.postgres,
    args: postgresArguments(folder, port, options.durable ?? true),
    ...(user && { user: { uid: user.uid, gid: user.gid } }),
    ...(deadServerPid && { deadServerPid }),
    logFile,
    patienceMs: options.patienceMs ?? 10_000,
  });
  const ended = new Promise<PostgresEnd>((resolve) => {
    keeper.once("exit", (exitCode) => resolve({ exitCode, logLines: lastLines(logFile) }));
  });
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= stopKeeper(keeper));
  try {
    await untilReady(keeper, ended);
    const { database } = options;
    if (database !== undefined) await createDatabase(urlOf(place, port), database);
    return { url: urlOf(place, port, database), port, dataDirectory: folder, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function urlOf({ password }: Place, port: number, database = "postgres"): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
}

function postgresArguments(folder: string, port: number, durable: boolean): string[] {
  const settings = {
    listen_addresses: "127.0.0.1",
    // A socket in the file system would need a folder that both users reach.
    unix_socket_directories: "",
    shared_buffers: "32MB",
    max_wal_size: "256MB",
    // Each worker thread of serverless-offline has a pool of its own.
    max_connections: "200",
    jit: "off",
    ...(!durable && { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return ["-D", folder, "-p", String(port), ...flags];
}

function startKeeper(order: KeeperOrder): ChildProcess {
  return spawn(
    process.execPath,
    [join(import.meta.dirname, "postgres-keeper.ts"), JSON.stringify(order)],
    { detached: true, stdio: ["pipe", "pipe", "ignore"] },
  );
}

async function untilReady(keeper: ChildProcess, ended: Promise<PostgresEnd>): Promise<void> {
  const ready = new Promise<"ready">((resolve) => {
    createInterface({ input: keeper.stdout! }).once("line", () => resolve("ready"));
  });
  const outcome = await within<"ready" | PostgresEnd | "late">(
    Promise.race([ready, ended]),
    START_DEADLINE_MS,
    () => "late",
  );
  if (outcome === "ready") return;
  const what = outcome === "late" ? "did not get ready in 30 s" : "ended while it started";
  throw new LocalError(
    "postgres-failed",
    `Postgres ${what}: see its last lines, or set DATABASE_URL to a Postgres of your own.`,
    { logLines: outcome === "late" ? [] : outcome.logLines },
  );
}

async function stopKeeper(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null || keeper.signalCode !== null) return;
  const ended = new Promise((resolve) => keeper.once("exit", resolve));
  keeper.kill("SIGTERM");
  await ended;
}

/** A server that a killed run left behind would refuse the folder to the next one. */
async function stopLeftover(pid: number, folder: string): Promise<void> {
  signalProcess(pid, "SIGINT");
  if (await waitUntilGone(pid, STOP_DEADLINE_MS)) return;
  throw new LocalError(
    "postgres-failed",
    `A Postgres of an earlier run (process ${pid}) still uses ${folder} and does not end: end it with \`kill -QUIT ${pid}\`.`,
  );
}

async function lastServerPid(folder: string): Promise<number | undefined> {
  const text = await readFile(join(folder, PID_FILE), "utf8").catch(() => "");
  const pid = Number.parseInt(text, 10);
  return pid > 0 ? pid : undefined;
}

/** The id may meanwhile be another program's, which must not be touched. */
function isServer(pid: number, folder: string): boolean {
  return isRunning(pid) && commandLine(pid).includes(folder);
}

/** CREATE DATABASE knows no IF NOT EXISTS. */
async function createDatabase(url: string, database: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const found = await sql`select from pg_database where datname = ${database}`;
    if (found.length === 0) await sql`create database ${sql(database)}`;
  } finally {
    await sql.end();
  }
}

/** None when the log is gone, as after the removal of a folder that was only for a test. */
function lastLines(logFile: string): string[] {
  try {
    return readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-10);
  } catch {
    return [];
  }
}
