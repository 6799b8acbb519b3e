import { createServer } from "node:net";
import { LocalError } from "./errors.ts";

const LOOPBACK = "127.0.0.1";

/** A port of 127.0.0.1 that nobody listens on right now. */
export async function freePort(): Promise<number> {
  const { port } = await tryListen(0);
  return port;
}

/** As many different free ports as asked for. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
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
    await tryListen(port);
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

function tryListen(port: number): Promise<{ port: number }> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      const address = server.address() as { port: number };
      server.close(() => resolve({ port: address.port }));
    });
  });
}
