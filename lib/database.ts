import postgres from "postgres";

export type Sql = postgres.Sql;
export type Transaction = postgres.TransactionSql;

/**
 * A sign-up holds its transaction open while it sends one message (see queue.ts: about seven
 * seconds at worst), so the server must wait a little longer than that, and no more: a sandbox that
 * is killed there would keep its locks.
 */
const SERVER_TIMEOUTS_MS = {
  statement_timeout: 5_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 10_000,
};

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/name`, with `?sslmode=require` where there is TLS. */
  readonly url: string;
  /** One per sandbox on AWS, where sandboxes multiply by themselves. */
  readonly maxConnections: number;
}

/** Connects when the first query comes. */
export function openDatabase(options: DatabaseOptions): Sql {
  return postgres(options.url, {
    max: options.maxConnections,
    connect_timeout: 5,
    connection: { application_name: "sign-up", ...SERVER_TIMEOUTS_MS },
    // Named statements and type look-ups tie a client to one server connection, which costs a
    // pooler in between (RDS Proxy, PgBouncer) its use.
    prepare: false,
    fetch_types: false,
    transform: { column: { from: postgres.toCamel } },
    // The driver would print notices whole.
    onnotice: () => {},
  });
}

/**
 * BEGIN, `run`, COMMIT; ROLLBACK when `run` throws. A sandbox that was frozen may hold a connection
 * that died meanwhile; that shows at BEGIN, where nothing has happened yet, so one more try is safe.
 */
export async function transaction<T>(
  sql: Sql,
  run: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  let begun = false;
  const runOnce = async (): Promise<T> => {
    // The driver's type resolves arrays of promises, which no caller here returns.
    const [result] = await sql.begin(async (inside) => {
      begun = true;
      return [await run(inside)] as const;
    });
    return result as T;
  };
  try {
    return await runOnce();
  } catch (error) {
    if (begun || !isConnectionLoss(error)) throw error;
    return runOnce();
  }
}

/** The name of the unique constraint or index that `error` reports, if it is about one. */
export function violatedUniqueConstraint(error: unknown): string | undefined {
  // SQLSTATE 23505 is unique_violation.
  if (!(error instanceof postgres.PostgresError) || error.code !== "23505") return undefined;
  return error.constraint_name;
}

const CONNECTION_LOSS_CODES = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "ECONNRESET",
  "EPIPE",
  // SQLSTATE admin_shutdown and idle_session_timeout: the server closed the session.
  "57P01",
  "57P05",
]);

function isConnectionLoss(error: unknown): boolean {
  return error instanceof Error && "code" in error && CONNECTION_LOSS_CODES.has(`${error.code}`);
}
