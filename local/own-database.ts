import postgres from "postgres";
import { LocalError } from "./errors.ts";

const CONNECT_DEADLINE_SECONDS = 5;

/**
 * Fails when nobody can log in at the person's own Postgres, before anything is started that needs
 * it.
 * @throws LocalError `bad-argument` or `postgres-failed`
 */
export async function requireOwnDatabase(url: string): Promise<void> {
  // The value holds a password, so it is not repeated.
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new LocalError(
      "bad-argument",
      "Expected DATABASE_URL to be like postgres://user:password@host:5432/name: correct it, or unset it to use the Postgres that comes with this.",
    );
  }
  try {
    const sql = postgres(url, { max: 1, connect_timeout: CONNECT_DEADLINE_SECONDS });
    await sql`select`.finally(() => sql.end());
  } catch (cause) {
    throw new LocalError(
      "postgres-failed",
      `The Postgres that DATABASE_URL names cannot be used (${reasonOf(cause)}): start it or correct the variable, or unset it to use the Postgres that comes with this.`,
      { cause },
    );
  }
}

function reasonOf(cause: unknown): string {
  // Where a name has several addresses the error is one about all of them, with no message.
  const { message, code } = cause as NodeJS.ErrnoException;
  return message || code || String(cause);
}
