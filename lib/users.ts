import { instant, type Clock } from "./clock.ts";
import { transaction, violatedUniqueConstraint, type Sql, type Transaction } from "./database.ts";
import { AppError, type ErrorCode } from "./errors.ts";
import type { Ids } from "./ids.ts";
import type { Log } from "./log.ts";
import type { NewUser } from "./new-user.ts";
import { hashPassword, type PasswordCost } from "./passwords.ts";

export interface User {
  readonly id: string;
  readonly username: string;
  readonly fullName: string;
  readonly email: string;
  readonly isEmailVerified: boolean;
  readonly passwordChangedAt: Date;
  readonly createdAt: Date;
}

export interface CreateUserDeps {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly passwordCost: PasswordCost;
}

const TAKEN: Readonly<Record<string, { code: ErrorCode; field: string }>> = {
  users_username_key: { code: "username_taken", field: "username" },
  users_email_key: { code: "email_taken", field: "email" },
};

/**
 * BEGIN, insert, `afterCreate(user)`, COMMIT. When `afterCreate` throws, there is no user.
 * Throws `username_taken` or `email_taken`.
 */
export async function createUser(
  deps: CreateUserDeps,
  input: NewUser,
  afterCreate: (user: User) => Promise<void>,
): Promise<User> {
  // Hashing takes long; no transaction is open meanwhile.
  const hashedPassword = await hashPassword(input.password, deps.ids.salt(), deps.passwordCost);
  const createdAt = instant(deps.clock.now());
  const user: User = {
    id: deps.ids.uuid(),
    username: input.username,
    fullName: input.fullName,
    email: input.email,
    isEmailVerified: false,
    passwordChangedAt: createdAt,
    createdAt,
  };
  await transaction(deps.sql, async (inside) => {
    await insertUser(inside, user, hashedPassword);
    await afterCreate(user);
  });
  deps.log.info("created user", { user_id: user.id });
  return user;
}

async function insertUser(inside: Transaction, user: User, hashedPassword: string): Promise<void> {
  try {
    await inside`
      insert into users
        (id, username, full_name, email, hashed_password, password_changed_at, created_at)
      values
        (${user.id}, ${user.username}, ${user.fullName}, ${user.email}, ${hashedPassword},
         ${user.passwordChangedAt}, ${user.createdAt})`;
  } catch (error) {
    const taken = TAKEN[violatedUniqueConstraint(error) ?? ""];
    if (taken === undefined) throw error;
    const violations = [{ field: taken.field, description: "is already taken" }];
    throw new AppError(taken.code, { cause: error, violations });
  }
}
