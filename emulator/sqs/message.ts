/** The value of a message attribute, in the form of the wire. */
export type AttributeValue =
  | { readonly DataType: string; readonly StringValue: string }
  /** `BinaryValue` is base64. */
  | { readonly DataType: string; readonly BinaryValue: string };

/** Name and value. A list of pairs and not an object: `__proto__` is a legal name. */
export type MessageAttribute = readonly [name: string, value: AttributeValue];

/** What a sender decides, checked. */
export interface MessageContent {
  readonly body: string;
  readonly attributes: readonly MessageAttribute[];
  readonly traceHeader?: string | undefined;
  readonly messageGroupId?: string | undefined;
}

/** A message of a standard queue, as it lies in memory and in the journal. */
export interface Message extends MessageContent {
  readonly messageId: string;
  readonly md5OfBody: string;
  /** Retention counts from here, also in a dead-letter queue. */
  readonly sentAtMs: number;
  /** Over all queues that the message was in. */
  receiveCount: number;
  /** Since the message came into this queue; `maxReceiveCount` bounds it. */
  receivesHere: number;
  firstReceivedAtMs?: number | undefined;
  lastReceivedAtMs?: number | undefined;
  /** Which of the issued receipt handles is the current one. */
  receiptId?: string | undefined;
  /** End of the delay or of the visibility timeout; undefined while the message is ready. */
  visibleAtMs?: number | undefined;
  deadLetterSourceArn?: string | undefined;
}
