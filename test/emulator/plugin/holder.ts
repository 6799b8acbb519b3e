import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Changes } from "./changes.ts";

/** A web server that holds every request back until it is told to answer. */
export class Holder {
  readonly #server = createServer((request, response) => {
    this.#held.set(request.url!, response);
    this.#requests.happened();
  });
  readonly #held = new Map<string, ServerResponse>();
  readonly #requests = new Changes();

  async start(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  /** Settles when somebody has asked for `path`. */
  async asked(path: string): Promise<void> {
    await this.#requests.until(() => this.#held.get(path));
  }

  answer(path: string): void {
    this.#held.get(path)!.end();
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}
