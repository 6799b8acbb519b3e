import { fileURLToPath } from "node:url";
import postgres from "postgres";
import Postgrator from "postgrator";

const MIGRATIONS = fileURLToPath(new URL("../migrations/*.sql", import.meta.url));

/** Any number that no other user of the database locks; it spells "sign" in ASCII. */
const MIGRATION_LOCK = 0x7369676e;

/**
 * Brings the database to the newest schema. All pending migrations run in one transaction behind
 * a lock, so two that run at once do the work once, and a failure leaves the schema as it was.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    await sql.begin(async (transaction) => {
      await transaction`select pg_advisory_xact_lock(${MIGRATION_LOCK})`;
      const migrator = new Postgrator({
        driver: "pg",
        schemaTable: "schema_version",
        migrationPattern: MIGRATIONS,
        execQuery: async (query) => ({ rows: [...(await transaction.unsafe(query))] }),
      });
      await migrator.migrate();
    });
  } finally {
    await sql.end();
  }
}
