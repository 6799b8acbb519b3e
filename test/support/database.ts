import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, inject } from "vitest";
import { openDatabase, type Sql } from "../../lib/database.ts";
import { randomIds } from "../../lib/ids.ts";
import { migrate } from "../../lib/migrate.ts";

const MIGRATIONS = join(import.meta.dirname, "../../migrations");
/** Files that start at the same time make the template once. */
const TEMPLATE_LOCK = 1;

export interface TestDatabase {
  readonly url: string;
  readonly sql: Sql;
}

/** A database for this test file, cloned from a migrated template and dropped at the end. */
export function useDatabase(): TestDatabase {
  const database = {} as { url: string; sql: Sql };
  const name = `test_${randomIds.uuid().replaceAll("-", "")}`;
  beforeAll(async () => {
    await asSuperuser(async (superuser) => {
      const template = await migratedTemplate(superuser);
      await superuser.unsafe(`create database ${name} template ${template}`);
    });
    database.url = urlOf(name);
    database.sql = openDatabase({ url: database.url, maxConnections: 5 });
  });
  afterAll(async () => {
    await database.sql.end();
    await asSuperuser((superuser) => superuser.unsafe(`drop database ${name} with (force)`));
  });
  return database;
}

/** An empty database, dropped when `run` is done. */
export async function withEmptyDatabase(run: (url: string) => Promise<void>): Promise<void> {
  const name = `test_${randomIds.uuid().replaceAll("-", "")}`;
  await asSuperuser(async (superuser) => {
    await superuser.unsafe(`create database ${name}`);
    try {
      await run(urlOf(name));
    } finally {
      await superuser.unsafe(`drop database ${name} with (force)`);
    }
  });
}

async function asSuperuser(run: (superuser: Sql) => Promise<unknown>): Promise<void> {
  const superuser = postgres(inject("postgresUrl"), { max: 1, onnotice: () => {} });
  try {
    await run(superuser);
  } finally {
    await superuser.end();
  }
}

async function migratedTemplate(superuser: Sql): Promise<string> {
  const name = `template_${hashOfMigrations()}`;
  await superuser`select pg_advisory_lock(${TEMPLATE_LOCK})`;
  try {
    const found = await superuser`select 1 from pg_database where datname = ${name}`;
    if (found.length > 0) return name;
    const unfinished = `${name}_unfinished`;
    await superuser.unsafe(`drop database if exists ${unfinished} with (force)`);
    await superuser.unsafe(`create database ${unfinished}`);
    await migrate(urlOf(unfinished));
    await superuser.unsafe(`alter database ${unfinished} rename to ${name}`);
    return name;
  } finally {
    await superuser`select pg_advisory_unlock(${TEMPLATE_LOCK})`;
  }
}

function hashOfMigrations(): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(MIGRATIONS).sort()) {
    hash.update(file).update(readFileSync(join(MIGRATIONS, file)));
  }
  return hash.digest("hex").slice(0, 16);
}

function urlOf(database: string): string {
  const url = new URL(inject("postgresUrl"));
  url.pathname = `/${database}`;
  return url.href;
}
