import type { AppError } from "./errors.ts";
import { isJson } from "./http-body.ts";
import { json, jsonError, type HttpEvent, type HttpResult } from "./http.ts";
import { errorPage, verifiedPage } from "./pages.ts";

/** Programs get JSON and people a page. */
export function verificationDone(event: HttpEvent): HttpResult {
  return wantsJson(event) ? json(200, { is_email_verified: true }) : verifiedPage();
}

export function verificationError(
  error: AppError,
  requestId: string,
  event: HttpEvent,
): HttpResult {
  return wantsJson(event) ? jsonError(error, requestId) : errorPage(error, requestId);
}

/** Who sends JSON wants JSON; otherwise `Accept` decides, in which browsers name HTML. */
function wantsJson(event: HttpEvent): boolean {
  const accept = event.headers["accept"] ?? "";
  if (accept.includes("text/html")) return false;
  return isJson(event) || accept.includes("application/json");
}
