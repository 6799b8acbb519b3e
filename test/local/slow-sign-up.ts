import postgres from "postgres";
import { signUp, type SampleUser, type SignUpAnswer } from "../../local/sign-up.ts";
import { sleep } from "../../local/waiting.ts";

export interface SlowSignUp {
  /** Settles with what the client gets, `undefined` when its connection is cut. */
  readonly answer: Promise<SignUpAnswer | undefined>;
  /** Lets the sign-up go on: nobody else takes the name after all. */
  release(): Promise<void>;
  /** For when Postgres has been killed. */
  abandon(): Promise<void>;
}

/**
 * A sign-up that is in the middle of its transaction: somebody else has inserted the same name and
 * not committed, and until that is settled its own insert waits (for 5 s, then it would fail).
 */
export async function slowSignUp(
  apiUrl: string,
  databaseUrl: string,
  user: SampleUser,
): Promise<SlowSignUp> {
  const sql = postgres(databaseUrl, { max: 2, onnotice: () => {} });
  const rival = await sql.reserve();
  await rival`begin`;
  await rival`
    insert into users
      (id, username, full_name, email, hashed_password, password_changed_at, created_at)
    values
      (gen_random_uuid(), ${user.username}, 'Rival', ${`rival-${user.email}`}, 'none', now(), now())`;
  const answer = signUp(apiUrl, user).catch(() => undefined);
  const [{ pid }] = await rival<[{ pid: number }]>`select pg_backend_pid() as pid`;
  for (;;) {
    const blocked = await sql`
      select from pg_stat_activity where ${pid} = any(pg_blocking_pids(pid))`;
    if (blocked.length > 0) break;
    await sleep(20);
  }
  return {
    answer,
    async release() {
      await rival`rollback`;
      rival.release();
      await sql.end();
    },
    abandon: () => sql.end({ timeout: 0 }),
  };
}
