import { oncePerSandbox } from "../lib/deps/once-per-sandbox.ts";
import { verifyEmailDeps, type VerifyEmailDeps } from "../lib/deps/verify-email.ts";
import { jsonOrFormBody } from "../lib/http-body.ts";
import { httpHandler, type HttpHandler } from "../lib/http.ts";
import { verificationDone, verificationError } from "../lib/verification-answers.ts";
import { parseVerificationLink, verifyEmail } from "../lib/verification.ts";

/** `POST /verify-email`: uses the code up. Answers with a page or with JSON. */
export function createVerifyEmailHandler(deps: VerifyEmailDeps): HttpHandler {
  const options = { body: jsonOrFormBody(), renderError: verificationError };
  return httpHandler(deps, options, async (event) => {
    await verifyEmail(deps, parseVerificationLink(event.body));
    return verificationDone(event);
  });
}

export const handler = oncePerSandbox(() => createVerifyEmailHandler(verifyEmailDeps()));
