import type { IncomingMessage } from "node:http";
import type { Reply } from "./reply.ts";

/** For a request whose Origin was let pass: the page may read the answer. */
export function corsHeaders(request: IncomingMessage): [name: string, value: string][] {
  const { origin } = request.headers;
  if (origin === undefined) return [];
  return [
    ["access-control-allow-origin", origin],
    ["access-control-expose-headers", "x-amzn-RequestId, x-amzn-query-error"],
    ["vary", "origin"],
  ];
}

/** What a browser asks before a call with SQS's headers: whatever it names may be sent. */
export function preflight(request: IncomingMessage): Reply {
  return {
    status: 204,
    headers: {
      "access-control-allow-methods": "GET, POST",
      "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "",
      "access-control-max-age": "600",
    },
    body: "",
  };
}
