import { timingSafeEqual } from "node:crypto";
import * as z from "zod";
import { instant, type Clock } from "./clock.ts";
import { transaction, type Sql, type Transaction } from "./database.ts";
import { AppError } from "./errors.ts";
import type { Ids } from "./ids.ts";
import type { Mailer } from "./mail.ts";
import type { SendVerifyEmailTask } from "./tasks.ts";
import { hashCode, LINK_LIFETIME_MINUTES, verificationCode } from "./verification-code.ts";
import { verificationMail } from "./verification-mail.ts";

const LINK_LIFETIME_MS = LINK_LIFETIME_MINUTES * 60_000;

export interface SendVerifyEmailDeps {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly mailer: Mailer;
  /** Links change with it: replacing it closes those that are open. */
  readonly verificationSecret: string;
  readonly publicBaseUrl: string;
  /**
   * A message may be received before the user's transaction commits. `retry` leaves it to redrive;
   * `permanent` gives up at once and loses the mail of a slow commit, which experiments show.
   */
  readonly missingUserPolicy: "retry" | "permanent";
}

export type SendVerifyEmailOutcome = "sent" | "already_sent" | "already_verified";

interface UserRow {
  readonly fullName: string;
  readonly email: string;
  readonly isEmailVerified: boolean;
}

interface PreparedMail {
  readonly user: UserRow;
  readonly codeId: string;
  readonly code: string;
}

/**
 * Sends the user's verification link, unless that was done. A crash between the mail and its mark
 * leads to the same mail again. Throws `user_not_found` (or `user_not_found_final`, see
 * `missingUserPolicy`) and `mail_failed`.
 */
export async function sendVerifyEmail(
  deps: SendVerifyEmailDeps,
  task: SendVerifyEmailTask,
): Promise<SendVerifyEmailOutcome> {
  const prepared = await transaction(deps.sql, (inside) => prepareMail(deps, inside, task));
  if (typeof prepared === "string") return prepared;
  const { user, codeId, code } = prepared;
  const { publicBaseUrl } = deps;
  await deps.mailer.send(
    verificationMail({ to: user.email, fullName: user.fullName, codeId, code, publicBaseUrl }),
  );
  await transaction(
    deps.sql,
    (inside) => inside`
      update verification_codes set sent_at = ${instant(deps.clock.now())}
      where id = ${codeId} and sent_at is null`,
  );
  return "sent";
}

async function prepareMail(
  deps: SendVerifyEmailDeps,
  inside: Transaction,
  task: SendVerifyEmailTask,
): Promise<PreparedMail | "already_sent" | "already_verified"> {
  // The lock lets workers on the same user go one after the other. A verification takes it too,
  // and first, so that the two cannot wait for each other.
  const [user] = await inside<UserRow[]>`
    select full_name, email, is_email_verified from users
    where id = ${task.userId} and username = ${task.username}
    for no key update`;
  if (user === undefined) {
    const isFinal = deps.missingUserPolicy === "permanent";
    throw new AppError(isFinal ? "user_not_found_final" : "user_not_found");
  }
  if (user.isEmailVerified) return "already_verified";
  const [open] = await inside<{ id: string; sentAt: Date | null }[]>`
    select id, sent_at from verification_codes
    where user_id = ${task.userId} and used_at is null`;
  if (open !== undefined && open.sentAt !== null) return "already_sent";
  const codeId = open?.id ?? deps.ids.uuid();
  const code = verificationCode(deps.verificationSecret, codeId);
  const nowMs = deps.clock.now();
  const expiresAt = instant(nowMs + LINK_LIFETIME_MS);
  await inside`
    insert into verification_codes (id, user_id, code_hash, created_at, expires_at)
    values (${codeId}, ${task.userId}, ${hashCode(code)}, ${instant(nowMs)}, ${expiresAt})
    on conflict (id) do update
      set code_hash = excluded.code_hash, expires_at = excluded.expires_at`;
  return { user, codeId, code };
}

// Mail programs and trackers add parameters of their own to links, so unknown ones are left alone.
const linkSchema = z.object({ id: z.uuid(), code: z.string().regex(/^[\w-]{43}$/) });

/** What a verification link carries. */
export type VerificationLink = Readonly<z.infer<typeof linkSchema>>;

/** Throws `code_wrong` for what no mail of ours can have contained. */
export function parseVerificationLink(fields: unknown): VerificationLink {
  const result = linkSchema.safeParse(fields);
  if (!result.success) throw new AppError("code_wrong", { cause: result.error });
  return result.data;
}

/**
 * Uses the code up and marks its user's address as verified. Throws `code_wrong`, `code_used` or
 * `code_expired`.
 */
export async function verifyEmail(
  deps: { readonly sql: Sql; readonly clock: Clock },
  link: VerificationLink,
): Promise<void> {
  const now = instant(deps.clock.now());
  const codeHash = hashCode(link.code);
  await transaction(deps.sql, async (inside) => {
    const verified = await inside`
      with owner as (
        select users.id
        from users join verification_codes on verification_codes.user_id = users.id
        where verification_codes.id = ${link.id}
        for no key update of users
      ), used as (
        update verification_codes set used_at = ${now}
        where id = ${link.id} and user_id = (select id from owner)
          and code_hash = ${codeHash} and used_at is null and expires_at > ${now}
        returning user_id
      )
      update users set is_email_verified = true
      from used where users.id = used.user_id
      returning users.id`;
    if (verified.length === 0) throw await refusal(inside, link.id, codeHash);
  });
}

/** Says why a code was not accepted; whoever does not know the code learns nothing of its state. */
async function refusal(inside: Transaction, codeId: string, codeHash: Buffer): Promise<AppError> {
  const [row] = await inside<{ codeHash: Buffer; usedAt: Date | null }[]>`
    select code_hash, used_at from verification_codes where id = ${codeId}`;
  if (row === undefined || !timingSafeEqual(row.codeHash, codeHash)) {
    return new AppError("code_wrong");
  }
  return new AppError(row.usedAt === null ? "code_expired" : "code_used");
}
