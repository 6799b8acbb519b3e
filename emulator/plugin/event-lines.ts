import type { QueueEvent } from "../events.ts";

/**
 * Turns events into lines for a terminal: ids, counts and times, never a message's body. It keeps
 * what it needs to know about messages in flight. Answers undefined for what is not worth a line.
 */
export class EventLines {
  readonly #visibleAtMs = new Map<string, number>();

  describe(event: QueueEvent): string | undefined {
    const text = this.#text(event);
    return text === undefined ? undefined : `${event.queue}: ${text}`;
  }

  #text(event: QueueEvent): string | undefined {
    switch (event.type) {
      case "sent":
        return event.delaySeconds === 0
          ? `sent ${event.messageId}`
          : `sent ${event.messageId}, delayed ${event.delaySeconds} s`;
      case "received":
        this.#visibleAtMs.set(event.messageId, event.visibleAtMs);
        return `received ${event.messageId}, receive count ${event.receiveCount}`;
      case "visibilityChanged":
        this.#visibleAtMs.set(event.messageId, event.visibleAtMs);
        return `visibility of ${event.messageId} changed, ${visibleAgain(event.visibleAtMs)}`;
      case "invoked":
        return this.#invoked(event);
      case "deleted":
      case "expired":
        this.#visibleAtMs.delete(event.messageId);
        return `${event.type} ${event.messageId}`;
      case "moved":
        this.#visibleAtMs.delete(event.messageId);
        return `moved ${event.messageId} to ${event.deadLetterQueue} after ${count(event.receiveCount, "receive")}`;
      case "purged":
        this.#visibleAtMs.clear();
        return "purged";
      case "ready":
        return undefined;
    }
  }

  #invoked(event: QueueEvent & { readonly type: "invoked" }): string {
    const { functionName, messageIds, failedMessageIds, durationMs, error } = event;
    const messages = count(messageIds.length, "message");
    const call = `invoked ${functionName} with ${messages} in ${Math.round(durationMs)} ms`;
    if (failedMessageIds.length === 0) return call;
    const failed = failedMessageIds.map((id) => {
      const visibleAtMs = this.#visibleAtMs.get(id);
      return visibleAtMs === undefined ? id : `${id} (${visibleAgain(visibleAtMs)})`;
    });
    const why = error === undefined ? "" : `; ${error}`;
    return `${call}, failed ${failed.join(", ")}${why}`;
  }
}

function visibleAgain(epochMs: number): string {
  return `visible again at ${new Date(epochMs).toISOString().slice(11, 23)}Z`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
