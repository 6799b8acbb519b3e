import type { IncomingMessage } from "node:http";
import { SQS_ERRORS, SqsError } from "../sqs/errors.ts";
import { parseObject } from "./body.ts";
import type { Protocol } from "./protocol.ts";
import type { Reply } from "./reply.ts";
import { queryOf } from "./request-path.ts";

const TARGET = /^AmazonSQS\.(\w+)$/;

const QUERY_REFUSAL =
  "The Query protocol is not emulated yet, only AWS JSON 1.0: use an AWS SDK of 2024 or later.";

/** AWS JSON 1.0, which all current SDKs speak: `X-Amz-Target` names the action. */
export const jsonProtocol: Protocol = {
  read(request, body) {
    if (isQuery(request, body)) throw new SqsError("InvalidAction", QUERY_REFUSAL);
    if (request.method !== "POST") {
      throw new SqsError("InvalidAction", `Expected the method POST, got ${request.method}.`);
    }
    const target = String(request.headers["x-amz-target"] ?? "");
    const action = TARGET.exec(target)?.[1];
    if (action === undefined) {
      const message = `Expected X-Amz-Target to be AmazonSQS.<Action>, got "${target}".`;
      throw new SqsError("InvalidAction", message);
    }
    return { action, input: parseObject(body) };
  },

  answer: (output, requestId) => reply(200, output, { "x-amzn-RequestId": requestId }),

  /** The header carries the code of the Query protocol, which older SDKs' users still compare. */
  refuse(error, requestId) {
    const { shape, httpStatus, senderFault } = SQS_ERRORS[error.code];
    return reply(
      httpStatus,
      { __type: shape, message: error.message },
      {
        "x-amzn-RequestId": requestId,
        "x-amzn-query-error": `${error.code};${senderFault ? "Sender" : "Receiver"}`,
      },
    );
  },
};

/** The Query protocol names the action in the query string or in a form. */
function isQuery(request: IncomingMessage, body: string): boolean {
  const isForm = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  return (
    queryOf(request).has("Action") || (isForm === true && new URLSearchParams(body).has("Action"))
  );
}

function reply(status: number, value: unknown, headers: Record<string, string>): Reply {
  const contentType = "application/x-amz-json-1.0";
  return { status, contentType, headers, body: JSON.stringify(value) };
}
