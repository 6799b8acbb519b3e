import { createHash } from "node:crypto";
import { SqsError } from "./errors.ts";

/** What a receipt handle says: a message and which of its receives. */
export interface Receipt {
  readonly messageId: string;
  readonly receiptId: string;
}

const CHECK_LENGTH = 16;

/**
 * A handle carries its own proof that this queue issued it. So an old handle of a message that is
 * long gone is told apart from one that never was, without keeping the old ones.
 */
export function issueReceiptHandle(queueArn: string, receipt: Receipt): string {
  const { messageId, receiptId } = receipt;
  const text = `${messageId} ${receiptId} ${check(queueArn, messageId, receiptId)}`;
  return Buffer.from(text).toString("base64");
}

/** Throws `ReceiptHandleIsInvalid` unless `issueReceiptHandle` made the handle for this queue. */
export function readReceiptHandle(queueArn: string, handle: string): Receipt {
  const text = Buffer.from(handle, "base64").toString();
  const [messageId = "", receiptId = "", proof] = text.split(" ");
  const receipt = { messageId, receiptId };
  if (proof === undefined || issueReceiptHandle(queueArn, receipt) !== handle) {
    throw new SqsError(
      "ReceiptHandleIsInvalid",
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    );
  }
  return receipt;
}

function check(queueArn: string, messageId: string, receiptId: string): string {
  const hash = createHash("sha256").update(`${queueArn} ${messageId} ${receiptId}`);
  return hash.digest("hex").slice(0, CHECK_LENGTH);
}
