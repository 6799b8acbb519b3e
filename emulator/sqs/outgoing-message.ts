import { SqsError } from "./errors.ts";
import { optionalString, requiredString, type Input } from "./input.ts";
import { invalidParameter, optionalInRange } from "./limits.ts";
import { md5OfAttributes } from "./md5.ts";
import {
  attributesBytes,
  checkCharacters,
  readMessageAttributes,
  readTraceHeader,
  traceHeaderAttributes,
} from "./message-attributes.ts";
import type { Message, MessageContent } from "./message.ts";

const GROUP_ID = /^[\x21-\x7e]{1,128}$/;
const MAX_DELAY_SECONDS = 900;

/** One message that SendMessage or an entry of SendMessageBatch carries, checked. */
export interface OutgoingMessage {
  readonly content: MessageContent;
  /** Body and message attributes; system attributes do not count. */
  readonly bytes: number;
  /** Undefined: the queue's delay holds. */
  readonly delaySeconds: number | undefined;
}

/** Checks all that does not depend on the queue. Throws the `SqsError` that AWS names. */
export function readOutgoingMessage(input: Input): OutgoingMessage {
  const body = requiredString(input, "MessageBody");
  checkCharacters(body);
  const reason = `DelaySeconds must be >= 0 and <= ${MAX_DELAY_SECONDS}.`;
  const delaySeconds = optionalInRange(input, "DelaySeconds", 0, MAX_DELAY_SECONDS, reason);
  const content = {
    body,
    attributes: readMessageAttributes(input),
    traceHeader: readTraceHeader(input),
    messageGroupId: readGroupId(input),
  };
  refuseDeduplicationId(input);
  const bytes = Buffer.byteLength(body) + attributesBytes(content.attributes);
  return { content, bytes, delaySeconds };
}

/** What the sender is told: the id and the digests that an SDK compares with its own. */
export function describeSent(message: Message): Record<string, string> {
  const { attributes, traceHeader } = message;
  return {
    MessageId: message.messageId,
    MD5OfMessageBody: message.md5OfBody,
    ...(attributes.length > 0 && { MD5OfMessageAttributes: md5OfAttributes(attributes) }),
    ...(traceHeader !== undefined && {
      MD5OfMessageSystemAttributes: md5OfAttributes(traceHeaderAttributes(traceHeader)),
    }),
  };
}

/** `scope`: how AWS begins the text, for one message or for an entry of a batch. */
export function tooLong(maximumBytes: number, scope: "are invalid" | "cannot be validated") {
  return new SqsError(
    "InvalidParameterValue",
    `One or more parameters ${scope}. Reason: Message must be shorter than ${maximumBytes} bytes.`,
  );
}

/** On a standard queue the group only makes the queue a fair one: it brings no order. */
function readGroupId(input: Input): string | undefined {
  const groupId = optionalString(input, "MessageGroupId");
  if (groupId === undefined || GROUP_ID.test(groupId)) return groupId;
  const reason =
    "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.";
  throw invalidParameter("MessageGroupId", groupId, reason);
}

function refuseDeduplicationId(input: Input): void {
  const id = optionalString(input, "MessageDeduplicationId");
  if (id === undefined) return;
  const reason = "The request include parameter that is not valid for this queue type.";
  throw invalidParameter("MessageDeduplicationId", id, reason);
}
