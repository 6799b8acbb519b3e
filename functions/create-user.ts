import { currentTraceHeader } from "../lib/config.ts";
import { signUpDeps, type SignUpDeps } from "../lib/deps/create-user.ts";
import { oncePerSandbox } from "../lib/deps/once-per-sandbox.ts";
import { jsonBody } from "../lib/http-body.ts";
import { httpHandler, json, type HttpHandler } from "../lib/http.ts";
import { parseNewUser } from "../lib/new-user.ts";
import { sendVerifyEmailTaskFor } from "../lib/tasks.ts";
import { traceHeaderFrom } from "../lib/trace.ts";
import { createUser, type User } from "../lib/users.ts";

/** `POST /users`: 201 with the user, once the task that leads to the verification mail is sent. */
export function createCreateUserHandler(deps: SignUpDeps): HttpHandler {
  return httpHandler(deps, { body: jsonBody() }, async (event) => {
    const input = parseNewUser(event.body);
    const trace = traceHeaderFrom(event.headers["x-amzn-trace-id"], currentTraceHeader());
    const user = await createUser(deps, input, (created) =>
      deps.taskQueue.enqueue(sendVerifyEmailTaskFor(created), trace),
    );
    return json(201, publicUser(user), { location: `/users/${user.username}` });
  });
}

export const handler = oncePerSandbox(() => createCreateUserHandler(signUpDeps()));

function publicUser(user: User) {
  return {
    username: user.username,
    full_name: user.fullName,
    email: user.email,
    is_email_verified: user.isEmailVerified,
    password_changed_at: user.passwordChangedAt,
    created_at: user.createdAt,
  };
}
