import { expect, test } from "vitest";
import { openDatabase, transaction, type Sql } from "../../lib/database.ts";
import { startCuttingProxy, type CuttingProxy } from "../support/cutting-proxy.ts";
import { useDatabase } from "../support/database.ts";

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

test.each(["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"])(
  "the server ends what takes too long: %s is set",
  async (name) => {
    const [row] = await database.sql`select current_setting(${name}) as value`;
    expect(row!["value"]).toMatch(/^(5|10)s$/);
  },
);

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
