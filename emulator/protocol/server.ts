import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../clock/clock.ts";
import { startDeadline } from "../clock/deadline.ts";
import { corsHeaders, preflight } from "./cors.ts";
import { EmulatorError } from "./emulator-error.ts";
import type { EventLog } from "./event-log.ts";
import { EventStream } from "./event-stream.ts";
import { refusal, type OriginRules } from "./origin-check.ts";
import { OwnPaths } from "./own-paths.ts";
import { textReply, write } from "./reply.ts";
import type { RunningEngine } from "./running-engine.ts";
import { SqsEndpoint } from "./sqs-endpoint.ts";

/** How long a client may take, in real milliseconds. */
export interface ClientLimits {
  /** To send the headers. */
  readonly headersTimeoutMs: number;
  /** To send the whole request. */
  readonly requestTimeoutMs: number;
  /** How often the two are looked at. */
  readonly checkIntervalMs: number;
}

const CLIENT_LIMITS: ClientLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  checkIntervalMs: 2_000,
};
const LARGEST_HEADERS_BYTES = 16 * 1024;
/** Longer than SDKs keep an idle connection, so that none is closed while they reuse it. */
const KEEP_ALIVE_MS = 75_000;
/** How long `close` waits for answers that are being written, in real milliseconds. */
const CLOSE_GRACE_MS = 1_000;

export interface ServerOptions extends OriginRules {
  readonly engine: RunningEngine;
  readonly clock: Clock;
  readonly events: EventLog;
  /** 0: any free port. */
  readonly port: number;
  readonly limits?: ClientLimits;
}

export interface RunningServer {
  readonly port: number;
  /** How many long polls wait for a message. */
  readonly waitingReceives: number;
  /** Answers the long polls that wait, finishes what is being written and ends all connections. */
  close(): Promise<void>;
}

/** @throws EmulatorError `PORT_IN_USE` or `CANNOT_LISTEN` */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const endpoint = new SqsEndpoint(options.engine, options.clock);
  const stream = new EventStream(options.events);
  const ownPaths = new OwnPaths(options.clock, stream);
  const limits = options.limits ?? CLIENT_LIMITS;
  const server = createServer({
    maxHeaderSize: LARGEST_HEADERS_BYTES,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.checkIntervalMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    serve(request, response, options, ownPaths, endpoint).catch(() => response.destroy());
  });
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    get waitingReceives() {
      return endpoint.waitingReceives;
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      endpoint.close();
      stream.close();
      const cancelDeadline = startDeadline(CLOSE_GRACE_MS, () => server.closeAllConnections());
      await closed;
      cancelDeadline();
    },
  };
}

/** Rejects when the client goes away while it sends. */
async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  rules: OriginRules,
  ownPaths: OwnPaths,
  endpoint: SqsEndpoint,
): Promise<void> {
  const reason = refusal(request.headers, rules);
  if (reason !== undefined) return write(response, textReply(403, reason));
  for (const [name, value] of corsHeaders(request)) response.setHeader(name, value);
  if (request.method === "OPTIONS") return write(response, preflight(request));
  if (await ownPaths.serve(request, response)) return;
  await endpoint.serve(request, response);
}

async function listen(server: Server, { host, port }: ServerOptions): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    throw listenError(cause, host, port);
  }
}

function listenError(cause: unknown, host: string, port: number): EmulatorError {
  if (cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE") {
    const message =
      `Port ${port} on ${host} is in use: stop the program that listens there, ` +
      "or choose another port (0 takes any free one).";
    return new EmulatorError("PORT_IN_USE", message, { cause });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `Cannot listen on ${host}, port ${port} (${reason}): choose another.`;
  return new EmulatorError("CANNOT_LISTEN", message, { cause });
}
