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
  const runOnce = () =>
    beginOn(sql, (inside) => {
      begun = true;
      return run(inside);
    });
  try {
    return await runOnce();
  } catch (error) {
    if (begun || !isConnectionLoss(error)) throw error;
    return runOnce();
  }
}

/**
 * The driver's `begin`, which rejects when the connection closes but then still writes what comes
 * next, COMMIT or ROLLBACK at least, to a socket that is gone: that throws where nobody can catch it
 * and ends the process. So once a connection is lost, nothing more is asked of it.
 */
async function beginOn<T>(sql: Sql, run: (inside: Transaction) => Promise<T>): Promise<T> {
  let isLost = false;
  const settled = async (inside: Transaction): Promise<T> => {
    try {
      return await run(refusingOnce(() => isLost, inside));
    } catch (error) {
      // What `run` calls besides may lose a connection of its own, with the same code.
      isLost ||= isConnectionLoss(error) && isOfQuery(error);
      throw error;
    } finally {
      // `begin` has rejected, or will when the socket has closed.
      if (isLost) await new Promise(() => {});
    }
  };
  try {
    // The driver's type resolves arrays of promises, which no caller here returns.
    const [result] = await sql.begin(async (inside) => [await settled(inside)] as const);
    return result as T;
  } catch (error) {
    isLost ||= isConnectionLoss(error);
    throw error;
  }
}

/** `inside`, whose queries throw instead of being sent once `isLost()`. */
function refusingOnce(isLost: () => boolean, inside: Transaction): Transaction {
  return new Proxy(inside, {
    apply(query, self, args) {
      if (isLost()) throw new Error("The connection was lost in the middle of the transaction.");
      return Reflect.apply(query, self, args) as unknown;
    },
  });
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

/** The driver puts the query into the error of each query that fails. */
function isOfQuery(error: unknown): boolean {
  return error instanceof Error && "query" in error;
}

function isConnectionLoss(error: unknown): boolean {
  return error instanceof Error && "code" in error && CONNECTION_LOSS_CODES.has(`${error.code}`);
}
