import type { IncomingMessage } from "node:http";
import type { SqsError } from "../sqs/errors.ts";
import type { Input, Output } from "./running-engine.ts";
import type { Reply } from "./reply.ts";

/** One way of writing SQS calls and answers on the wire. */
export interface Protocol {
  /** @throws SqsError when the request names no action or its body cannot be read */
  read(request: IncomingMessage, body: string): { action: string; input: Input };
  answer(output: Output, requestId: string): Reply;
  refuse(error: SqsError, requestId: string): Reply;
}
