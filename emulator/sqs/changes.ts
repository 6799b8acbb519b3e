import type { Message } from "./message.ts";

/**
 * A change of the engine's state, for the journal. Applied in order they rebuild it. What time does
 * by itself (a delay or a visibility timeout that ends) is not a change: the due time is in the
 * message. `queue` is the queue's name.
 */
export type Change =
  /** Created, or its attributes were set: `attributes` holds all that differ from the default. */
  | {
      readonly kind: "queue";
      readonly queue: string;
      readonly createdAtMs: number;
      readonly modifiedAtMs: number;
      readonly attributes: Readonly<Record<string, string>>;
    }
  | { readonly kind: "queueDeleted"; readonly queue: string }
  | { readonly kind: "purged"; readonly queue: string }
  /** Sent, or part of a snapshot. */
  | { readonly kind: "message"; readonly queue: string; readonly message: Readonly<Message> }
  | {
      readonly kind: "received";
      readonly queue: string;
      readonly messageId: string;
      readonly receiptId: string;
      readonly atMs: number;
      readonly visibleAtMs: number;
    }
  | {
      readonly kind: "visibility";
      readonly queue: string;
      readonly messageId: string;
      readonly visibleAtMs: number;
    }
  /** Deleted or expired. */
  | { readonly kind: "removed"; readonly queue: string; readonly messageId: string }
  /** To the dead-letter queue `to`; `sourceArn` is the ARN of `queue`. */
  | {
      readonly kind: "moved";
      readonly queue: string;
      readonly messageId: string;
      readonly to: string;
      readonly sourceArn: string;
    }
  /** The clock's offset from real time; the engine ignores it. */
  | { readonly kind: "clock"; readonly offsetMs: number };
