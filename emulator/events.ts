/** What happened to a message or a mapping, for logs, tests, the demo and the console. */
export type QueueEvent = MessageEvent | InvocationEvent;

interface About {
  /** When, on the emulator's clock. */
  readonly atMs: number;
  /** The queue's name. */
  readonly queue: string;
}

interface AboutMessage extends About {
  readonly messageId: string;
}

export type MessageEvent =
  | (AboutMessage & { readonly type: "sent"; readonly delaySeconds: number })
  /** A delay or a visibility timeout is over, or visibility was set to 0. */
  | (AboutMessage & { readonly type: "ready" })
  | (AboutMessage & {
      readonly type: "received";
      readonly receiveCount: number;
      readonly visibleAtMs: number;
    })
  | (AboutMessage & { readonly type: "visibilityChanged"; readonly visibleAtMs: number })
  | (AboutMessage & { readonly type: "deleted" })
  /** Redrive: `queue` is the source; `receiveCount` is the number of receives there. */
  | (AboutMessage & {
      readonly type: "moved";
      readonly deadLetterQueue: string;
      readonly receiveCount: number;
    })
  /** Its retention period is over. */
  | (AboutMessage & { readonly type: "expired" })
  | (About & { readonly type: "purged" });

/** One call of a function with a batch, after its outcome was settled. */
export interface InvocationEvent extends About {
  readonly type: "invoked";
  readonly functionName: string;
  readonly messageIds: readonly string[];
  /** Deleted are `messageIds` without these; these come back when their visibility ends. */
  readonly failedMessageIds: readonly string[];
  readonly durationMs: number;
  /** Why the whole batch failed: the function's error, a timeout, or a malformed answer. */
  readonly error?: string;
}
