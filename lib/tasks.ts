import * as z from "zod";
import { AppError } from "./errors.ts";
import { usernameSchema } from "./new-user.ts";

/**
 * The message that asks for a verification mail. It carries the id because, after a rollback,
 * somebody else may take the same username: the old message must not match that row.
 */
const sendVerifyEmailTask = z.strictObject({
  type: z.literal("send_verify_email"),
  version: z.literal(1),
  userId: z.uuid(),
  username: usernameSchema,
});

export type SendVerifyEmailTask = Readonly<z.infer<typeof sendVerifyEmailTask>>;

export function sendVerifyEmailTaskFor(user: {
  readonly id: string;
  readonly username: string;
}): SendVerifyEmailTask {
  return { type: "send_verify_email", version: 1, userId: user.id, username: user.username };
}

/** The message's body. Throws `invalid_task`: a bad task must not even be sent. */
export function encodeTask(task: SendVerifyEmailTask): string {
  return JSON.stringify(checked(task));
}

/** Throws `invalid_task` for what is not JSON, not a task, or of a version not known here. */
export function parseTask(body: string): SendVerifyEmailTask {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw new AppError("invalid_task", { cause: error });
  }
  return checked(value);
}

function checked(value: unknown): SendVerifyEmailTask {
  const result = sendVerifyEmailTask.safeParse(value);
  if (!result.success) throw new AppError("invalid_task", { cause: result.error });
  return result.data;
}
