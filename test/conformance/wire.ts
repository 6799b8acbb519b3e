import { text } from "node:stream/consumers";
import type { SQSClient } from "@aws-sdk/client-sqs";

/** An answer as it was on the wire, before the SDK made something of it. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface HttpAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: AsyncIterable<Uint8Array>;
}

/**
 * Runs `call` and tells what was answered to its request, error or not. The SDK signs and sends it,
 * so that this works on AWS, too.
 */
export async function answerTo(
  sqs: SQSClient,
  call: (sqs: SQSClient) => Promise<unknown>,
): Promise<WireAnswer> {
  const answers: WireAnswer[] = [];
  const name = "keepAnswer";
  sqs.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { statusCode: status, headers, body } = result.response as HttpAnswer;
      const json = await text(body);
      answers.push({ status, headers, body: JSON.parse(json) });
      (result.response as { body: unknown }).body = Buffer.from(json);
      return result;
    },
    { step: "deserialize", priority: "low", name },
  );
  try {
    await call(sqs);
  } catch (error) {
    if (answers.length === 0) throw error;
  } finally {
    sqs.middlewareStack.remove(name);
  }
  return answers[0]!;
}
