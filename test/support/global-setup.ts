import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startPostgres } from "../../local/postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The superuser's URL of a Postgres that the whole test run shares. */
    postgresUrl: string;
  }
}

/** One Postgres for the whole test run; each test file makes its own database in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "test-postgres-"));
  // When root runs the tests, Postgres runs as another user who has to get through.
  await chmod(folder, 0o711);
  const postgres = await startPostgres({ dataDirectory: join(folder, "data"), durable: false });
  project.provide("postgresUrl", postgres.url);
  return async () => {
    await postgres.stop();
    for (const path of [postgres.dataDirectory, folder]) {
      await rm(path, { recursive: true, force: true });
    }
  };
}
