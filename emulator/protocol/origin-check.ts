import type { IncomingHttpHeaders } from "node:http";

export interface OriginRules {
  /** The address that the server is bound to. */
  readonly host: string;
  /** Host names that may be asked for besides the loopback names. */
  readonly allowedHosts: readonly string[];
  /** Origins, such as `http://localhost:3000`, whose pages may call. */
  readonly allowedOrigins: readonly string[];
}

const HOST_HEADER = /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i;

/**
 * Says why a request is refused, or `undefined` when it may pass. A web page that a developer
 * happens to open must not reach the queues: a browser tells its page's Origin, and a name that
 * was rebound to 127.0.0.1 shows in Host.
 */
export function refusal(headers: IncomingHttpHeaders, rules: OriginRules): string | undefined {
  const host = headers.host ?? "";
  const hostName = HOST_HEADER.exec(host)?.[1]?.toLowerCase();
  if (hostName === undefined) return `The Host header ${quoted(host)} is not a host name.`;

  const isTrusted = isLoopbackName(hostName) || rules.allowedHosts.includes(hostName);
  if (!isTrusted && isLoopbackName(rules.host)) {
    return `The host ${quoted(hostName)} is not allowed: add it to allowedHosts to let it pass.`;
  }
  const { origin } = headers;
  if (origin === undefined || rules.allowedOrigins.includes(origin)) return undefined;
  // The emulator's own page may call it, but only under a name that cannot have been rebound.
  if (isTrusted && origin.toLowerCase() === `http://${host.toLowerCase()}`) return undefined;
  return `The origin ${quoted(origin)} is not allowed: add it to allowedOrigins to let it pass.`;
}

function isLoopbackName(hostName: string): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/.test(hostName);
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
