import postgres from "postgres";
import { expect, test } from "vitest";
import { migrate } from "../../lib/migrate.ts";
import { withEmptyDatabase } from "../support/database.ts";

const TABLES = ["schema_version", "users", "verification_codes"];

test("migrating twice changes nothing the second time", async () => {
  await withEmptyDatabase(async (url) => {
    await migrate(url);
    await migrate(url);
    expect(await tables(url)).toEqual(TABLES);
  });
});

test("twenty that migrate at once do the work once", async () => {
  await withEmptyDatabase(async (url) => {
    await Promise.all(Array.from({ length: 20 }, () => migrate(url)));
    expect(await tables(url)).toEqual(TABLES);
  });
});

async function tables(url: string): Promise<string[]> {
  const sql = postgres(url, { max: 1 });
  try {
    const rows = await sql<{ name: string }[]>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' order by table_name`;
    return rows.map((row) => row.name);
  } finally {
    await sql.end();
  }
}
