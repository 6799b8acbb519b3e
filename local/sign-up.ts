import { randomInt } from "node:crypto";
import postgres from "postgres";
import { nowMs } from "./waiting.ts";

/** The body of `POST /users`. */
export interface SampleUser {
  readonly username: string;
  readonly full_name: string;
  readonly email: string;
  readonly password: string;
}

/** A user that is most likely new to a database that is kept. */
export function sampleUser(): SampleUser {
  const username = `alice_${randomInt(1_000_000).toString(36)}`;
  return {
    username,
    full_name: "Alice Example",
    email: `${username}@example.com`,
    password: "correct horse battery",
  };
}

export interface SignUpAnswer {
  readonly status: number;
  /** When the answer was there, in epoch milliseconds. */
  readonly atMs: number;
  readonly durationMs: number;
}

export async function signUp(apiUrl: string, user: SampleUser): Promise<SignUpAnswer> {
  const startMs = nowMs();
  const response = await fetch(`${apiUrl}/users`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(user),
  });
  await response.arrayBuffer();
  const atMs = nowMs();
  return { status: response.status, atMs, durationMs: atMs - startMs };
}

/** Asks the database, not the application. */
export async function isVerified(databaseUrl: string, username: string): Promise<boolean> {
  const sql = postgres(databaseUrl, { max: 1 });
  try {
    const rows = await sql`
      select from users where username = ${username} and is_email_verified`;
    return rows.length === 1;
  } finally {
    await sql.end();
  }
}
