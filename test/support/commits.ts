import { beforeAll } from "vitest";
import type { Sql } from "../../lib/database.ts";
import { waitUntil } from "../../local/waiting.ts";
import type { TestDatabase } from "./database.ts";

/** The address whose COMMIT fails. */
export const REFUSED_EMAIL = "refused@example.com";
/** An advisory lock that every COMMIT of a user asks for. */
const COMMIT_LOCK = 2;

export interface Commits {
  /** Lets no user commit until `release`. */
  hold(): Promise<HeldCommits>;
}

export interface HeldCommits {
  untilOneWaits(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Late and refused commits by the database's own means: a deferred constraint trigger, which runs
 * at COMMIT, after all statements of the transaction.
 */
export function useCommits(database: TestDatabase): Commits {
  beforeAll(() => createTrigger(database.sql));
  return {
    async hold() {
      const session = await database.sql.reserve();
      await session`select pg_advisory_lock(${COMMIT_LOCK})`;
      return {
        async untilOneWaits() {
          const isWaiting = () => isCommitWaiting(database.sql);
          const hasWaited = await waitUntil(isWaiting, { deadlineMs: 10_000, everyMs: 5 });
          if (!hasWaited) throw new Error("No commit waits.");
        },
        async release() {
          await session`select pg_advisory_unlock(${COMMIT_LOCK})`;
          session.release();
        },
      };
    },
  };
}

async function createTrigger(sql: Sql): Promise<void> {
  await sql.unsafe(`
    create function at_commit() returns trigger language plpgsql as $$
    begin
      perform pg_advisory_xact_lock_shared(${COMMIT_LOCK});
      if new.email = '${REFUSED_EMAIL}' then raise exception 'refused at COMMIT'; end if;
      return null;
    end $$;
    create constraint trigger at_commit after insert on users
      deferrable initially deferred for each row execute function at_commit()`);
}

async function isCommitWaiting(sql: Sql): Promise<boolean> {
  const waiting = await sql`
    select 1 from pg_locks
    where locktype = 'advisory' and objid = ${COMMIT_LOCK} and not granted
      and database = (select oid from pg_database where datname = current_database())`;
  return waiting.length > 0;
}
