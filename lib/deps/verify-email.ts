import { loadConfig } from "../config.ts";
import { openDatabase, type Sql } from "../database.ts";
import type { HttpDeps } from "../http.ts";
import { httpDeps } from "./http.ts";

export interface VerifyEmailDeps extends HttpDeps {
  readonly sql: Sql;
}

export function verifyEmailDeps(): VerifyEmailDeps {
  const config = loadConfig(["databaseUrl", "databaseMaxConnections"]);
  return {
    ...httpDeps(),
    sql: openDatabase({ url: config.databaseUrl, maxConnections: config.databaseMaxConnections }),
  };
}
