import { createHash } from "node:crypto";
import type { AppError } from "./errors.ts";
import { html } from "./html.ts";
import type { HttpResult } from "./http.ts";
import type { VerificationLink } from "./verification.ts";

const STYLE =
  "body{font:1.125rem/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}" +
  "button{font:inherit;padding:.5rem 1rem}";

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; ` +
    "base-uri 'none'; frame-ancestors 'none'",
  // The address holds the code, and a shared computer's cache or history is not its place.
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
};

/** Mail scanners open links, so opening one only shows this button. */
export function confirmationPage(link: VerificationLink): HttpResult {
  return page(
    200,
    "Verify your email address",
    // The action is written out because an empty one would repeat the query, code and all.
    html`<p>Press the button to verify your email address.</p>
      <form method="post" action="verify-email">
        <input type="hidden" name="id" value="${link.id}" />
        <input type="hidden" name="code" value="${link.code}" />
        <button type="submit">Verify my email address</button>
      </form>`,
  );
}

export function verifiedPage(): HttpResult {
  return page(200, "Thank you", html`<p>Your email address is verified.</p>`);
}

export function errorPage(error: AppError, requestId: string): HttpResult {
  const hint =
    error.code === "code_used"
      ? "If it was you who used it, your email address is verified and nothing is left to do."
      : "Nothing has been changed.";
  return page(
    error.status,
    "This did not work",
    html`<p>${error.message}</p>
      <p>${hint}</p>
      <p>Request ${requestId}</p>`,
  );
}

/** `title` and `body` are HTML. */
function page(statusCode: number, title: string, body: string): HttpResult {
  return {
    statusCode,
    headers: HEADERS,
    body: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      ${body}
    </main>
  </body>
</html>
`,
  };
}
