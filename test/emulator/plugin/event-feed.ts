import type { QueueEvent } from "../../../emulator/events.ts";
import { Changes } from "./changes.ts";

/** Follows an emulator's events from its start on. */
export class EventFeed {
  readonly seen: QueueEvent[] = [];
  readonly #stop = new AbortController();
  readonly #changes = new Changes();
  #failure: unknown;

  constructor(queuesUrl: string) {
    this.#follow(queuesUrl).catch((error: unknown) => {
      this.#failure = error;
      this.#changes.happened();
    });
  }

  /** The first event, past or future, that fits. */
  find(fits: (event: QueueEvent) => boolean): Promise<QueueEvent> {
    return this.#changes.until(() => {
      const found = this.seen.find(fits);
      if (found === undefined && this.#failure !== undefined) throw this.#failure;
      return found;
    });
  }

  /** What happened to one message so far, without its times. */
  about(messageId: string): string[] {
    return this.seen
      .filter((event) => "messageId" in event && event.messageId === messageId)
      .map((event) => `${event.queue} ${event.type}`);
  }

  close(): void {
    this.#stop.abort();
  }

  async #follow(queuesUrl: string): Promise<void> {
    const url = `${queuesUrl}/_emulator/events?replay=1`;
    const response = await fetch(url, { signal: this.#stop.signal });
    let rest = "";
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const frames = (rest + chunk).split("\n\n");
      rest = frames.pop()!;
      for (const frame of frames) {
        if (!frame.startsWith("data: ")) continue;
        this.seen.push(JSON.parse(frame.slice("data: ".length)) as QueueEvent);
        this.#changes.happened();
      }
    }
    throw new Error("The events ended.");
  }
}
