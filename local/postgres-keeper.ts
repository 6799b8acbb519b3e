/**
 * A process of its own that starts Postgres and outlives whoever asked for it by a few seconds:
 * its standard input is a pipe from there, and a pipe ends however its owner died. Started as
 * `node postgres-keeper.ts '<KeeperOrder as JSON>'`; writes the line `ready` when Postgres accepts
 * connections, and ends when Postgres has ended, with the same exit code.
 */
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { sleep } from "./waiting.ts";

export interface KeeperOrder {
  readonly program: string;
  readonly args: readonly string[];
  /** The account to run as; absent: the keeper's own. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Of a server that is known to be dead, although its file says otherwise. */
  readonly deadServerPid?: number;
  readonly logFile: string;
  /** How long clients that are still connected may finish when the pipe has ended. */
  readonly patienceMs: number;
}

/** Aborted when there is nothing left to wait for. */
const patience = new AbortController();
const order = JSON.parse(process.argv[2]!) as KeeperOrder;
const log = createWriteStream(order.logFile, { mode: 0o600 });
const postgres = spawn(order.program, order.args, {
  ...order.user,
  cwd: "/",
  stdio: ["ignore", "ignore", "pipe"],
  env: {
    PATH: process.env["PATH"],
    // The keeper recognises a line of the log, so the log must be in English.
    LC_ALL: "C",
    // Postgres would take whoever has that id now, or a process that has ended and that nobody has
    // asked about, for a running server. It knows that its own grandparent is none.
    ...(order.deadServerPid && { PG_GRANDPARENT_PID: String(order.deadServerPid) }),
  },
});

postgres.stderr.pipe(log);
createInterface({ input: postgres.stderr }).on("line", (line) => {
  if (line.includes("database system is ready to accept connections")) console.log("ready");
});
postgres.on("error", (error) => {
  log.write(`${error.message}\n`);
  process.exitCode = 1;
});
postgres.on("exit", (code) => {
  process.exitCode = code ?? 1;
  process.stdin.destroy();
  patience.abort();
});

// Nobody may be left to read what the keeper says.
process.stdout.on("error", () => {});
process.stdin.on("error", () => {});
process.stdin.resume();
process.stdin.on("end", async () => {
  // Smart shutdown: no new clients, and those that are connected may finish.
  postgres.kill("SIGTERM");
  await sleep(order.patienceMs, patience.signal).catch(() => {});
  if (!patience.signal.aborted) stopFast();
});
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, stopFast);

/** Fast shutdown: transactions in flight are rolled back, and the data is left clean. */
function stopFast(): void {
  postgres.kill("SIGINT");
}
