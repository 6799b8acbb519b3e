import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface CuttingProxy {
  readonly port: number;
  /** The next bytes of a client that is connected now are lost, and its connection with them. */
  cutAtNextWrite(): void;
  close(): void;
}

/**
 * A way to `targetPort` whose connections can die unnoticed, as they do while a sandbox is frozen:
 * the client learns of it only when it writes.
 */
export async function startCuttingProxy(targetPort: number): Promise<CuttingProxy> {
  const clients = new Set<Socket>();
  const doomed = new WeakSet<Socket>();
  const server = createServer((client) => {
    const upstream = connect(targetPort, "127.0.0.1");
    clients.add(client);
    client.on("data", (bytes) => {
      if (doomed.has(client)) client.resetAndDestroy();
      else upstream.write(bytes);
    });
    upstream.pipe(client);
    for (const socket of [client, upstream]) socket.on("error", () => {});
    client.on("close", () => {
      clients.delete(client);
      upstream.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cutAtNextWrite: () => clients.forEach((client) => doomed.add(client)),
    close: () => {
      clients.forEach((client) => client.destroy());
      server.close();
    },
  };
}
