import type { ServerResponse } from "node:http";

/** An answer ready to be written. */
export interface Reply {
  readonly status: number;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export function jsonReply(status: number, value: unknown): Reply {
  return { status, contentType: "application/json", body: JSON.stringify(value) };
}

/** An answer for a person: one sentence. */
export function textReply(status: number, sentence: string): Reply {
  return { status, contentType: "text/plain; charset=utf-8", body: `${sentence}\n` };
}

/** Writes nothing when the client has gone. */
export function write(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  response.writeHead(reply.status, {
    ...(reply.contentType !== undefined && { "content-type": reply.contentType }),
    // An answer without content must not name a length.
    ...(reply.status !== 204 && { "content-length": Buffer.byteLength(reply.body) }),
    ...reply.headers,
  });
  response.end(reply.body);
}
