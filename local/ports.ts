import { createServer, type AddressInfo, type Server } from "node:net";
import { LocalError } from "./errors.ts";

/** One port of 127.0.0.1 for each part that listens. */
export interface StackPorts {
  readonly http: number;
  readonly lambda: number;
  readonly sqs: number;
  readonly smtp: number;
  readonly inbox: number;
  readonly postgres: number;
}

/** A port of 127.0.0.1 that nobody listens on right now. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port!;
}

/** A free port for each part of a stack. */
export async function freeStackPorts(): Promise<StackPorts> {
  const [http, lambda, sqs, smtp, inbox, postgres] = await freePorts(6);
  return {
    http: http!,
    lambda: lambda!,
    sqs: sqs!,
    smtp: smtp!,
    inbox: inbox!,
    postgres: postgres!,
  };
}

/** Different ones, because all are held before the first is given back. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(close));
  return ports;
}

/**
 * Fails with the first port that somebody else listens on.
 * `purpose` and `option` are for the sentence: `SQS` and `--sqs-port`.
 */
export async function requireFreePort(
  port: number,
  purpose: string,
  option: string,
): Promise<void> {
  try {
    await close(await listen(port));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === "EADDRINUSE" ? "is used by another program" : `cannot be used (${code})`;
    throw new LocalError(
      "port-in-use",
      `Port ${port} (${purpose}) ${reason}: stop that program or choose another port with ${option}.`,
      { cause: error },
    );
  }
}

function listen(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
