import type { Release } from "../clock/clock.ts";

/** A value of `MessageAttributes`, as ReceiveMessage answers it. */
export interface WireAttributeValue {
  readonly DataType?: string | undefined;
  readonly StringValue?: string | undefined;
  /** Base64 on the wire; bytes when an SDK has decoded it. */
  readonly BinaryValue?: string | Uint8Array | undefined;
}

/** A message as ReceiveMessage answers it when all attributes are asked for. */
export interface WireMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly MD5OfMessageAttributes?: string | undefined;
  /** System attributes; all values are strings. */
  readonly Attributes: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, WireAttributeValue>> | undefined;
}

export interface ReceivedMessages {
  readonly messages: readonly WireMessage[];
  /** Gives back the busy token that was taken at the moment the messages were given. */
  readonly release: Release;
}

/** An entry of DeleteMessageBatch. `Id` is the caller's and is repeated in a failure. */
export interface RemoveEntry {
  readonly Id: string;
  readonly ReceiptHandle: string;
}

export interface RemoveFailure {
  readonly Id?: string | undefined;
  readonly Code?: string | undefined;
  readonly Message?: string | undefined;
}

/** Where a poller gets messages from, and deletes them. */
export interface MessageSource {
  /**
   * Waits without end for 1 to `max` (at most 10) messages with all their attributes. An abort
   * rejects with the signal's reason and takes no message.
   */
  receive(max: number, signal: AbortSignal): Promise<ReceivedMessages>;
  /** Deletes at most 10 messages; answers the entries that could not be deleted. */
  remove(entries: readonly RemoveEntry[]): Promise<readonly RemoveFailure[]>;
}
