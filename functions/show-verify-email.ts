import { httpDeps } from "../lib/deps/http.ts";
import { oncePerSandbox } from "../lib/deps/once-per-sandbox.ts";
import { httpHandler, type HttpDeps, type HttpHandler } from "../lib/http.ts";
import { confirmationPage } from "../lib/pages.ts";
import { verificationError } from "../lib/verification-answers.ts";
import { parseVerificationLink } from "../lib/verification.ts";

/** `GET /verify-email`: a page with a button. It looks nothing up and changes nothing. */
export function createShowVerifyEmailHandler(deps: HttpDeps): HttpHandler {
  return httpHandler(deps, { renderError: verificationError }, async (event) =>
    confirmationPage(parseVerificationLink(event.queryStringParameters)),
  );
}

export const handler = oncePerSandbox(() => createShowVerifyEmailHandler(httpDeps()));
