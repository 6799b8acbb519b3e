import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDatabase, transaction, type Sql } from "../../lib/database.ts";
import { startCuttingProxy, type CuttingProxy } from "../support/cutting-proxy.ts";
import { useDatabase } from "../support/database.ts";

const LOST_CONNECTION = join(import.meta.dirname, "fixtures/lost-connection.ts");

const database = useDatabase();

test("a transaction on a connection that died while it was idle is begun again", async () => {
  await throughProxy(async (sql, proxy) => {
    await sql`select 1`;
    proxy.cutAtNextWrite();
    const rows = await transaction(sql, (inside) => inside`select 2 as answer`);
    expect(rows[0]).toEqual({ answer: 2 });
  });
});

test("without that the dead connection is an error", async () => {
  await throughProxy(async (sql, proxy) => {
    await sql`select 1`;
    proxy.cutAtNextWrite();
    await expect(sql.begin((inside) => inside`select 2`)).rejects.toThrow();
  });
});

test("a connection that dies later in a transaction is not tried again", async () => {
  await throughProxy(async (sql, proxy) => {
    let runs = 0;
    const running = transaction(sql, async (inside) => {
      runs += 1;
      proxy.cutAtNextWrite();
      await inside`select 1`;
    });
    await expect(running).rejects.toThrow();
    expect(runs).toBe(1);
  });
});

test.each([
  ["it waits for something else", "later"],
  ["a query runs", "query"],
  ["its last query is answered", "commit"],
])("a server that ends a transaction while %s costs this one only", async (_, moment) => {
  expect(await loseConnection("transaction", moment)).toEqual({
    exitCode: 0,
    lines: ["rejected", "the next one is fine"],
  });
});

test("with the driver alone it ends the process", async () => {
  const { exitCode, lines } = await loseConnection("bare", "later");
  expect([exitCode, lines.includes("the next one is fine")]).toEqual([1, false]);
});

test("what a transaction throws rolls it back and comes out as it is", async () => {
  const reason = new Error("no");
  const running = transaction(database.sql, async (inside) => {
    await inside`create table left_behind ()`;
    throw reason;
  });
  await expect(running).rejects.toBe(reason);
  const [row] = await database.sql`select to_regclass('left_behind') as table`;
  expect(row).toEqual({ table: null });
});

test(
  "another program's lost connection is an error like any other",
  { timeout: 5_000 },
  async () => {
    const reason = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    const running = transaction(database.sql, () => Promise.reject(reason));
    await expect(running).rejects.toBe(reason);
  },
);

test.each(["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"])(
  "the server ends what takes too long: %s is set",
  async (name) => {
    const [row] = await database.sql`select current_setting(${name}) as value`;
    expect(row!["value"]).toMatch(/^(5|10)s$/);
  },
);

/** In a process of its own, because it may not survive. */
async function loseConnection(
  way: "transaction" | "bare",
  moment: string,
): Promise<{ exitCode: number; lines: string[] }> {
  const { promise, resolve } = Promise.withResolvers<{ exitCode: number; lines: string[] }>();
  execFile(process.execPath, [LOST_CONNECTION, database.url, way, moment], (error, stdout) =>
    resolve({
      exitCode: Number(error?.code ?? 0),
      lines: stdout.split("\n").filter((line) => line !== ""),
    }),
  );
  return promise;
}

async function throughProxy(run: (sql: Sql, proxy: CuttingProxy) => Promise<void>): Promise<void> {
  const url = new URL(database.url);
  const proxy = await startCuttingProxy(Number(url.port));
  url.port = String(proxy.port);
  const sql = openDatabase({ url: url.href, maxConnections: 1 });
  try {
    await run(sql, proxy);
  } finally {
    await sql.end({ timeout: 0 });
    proxy.close();
  }
}
