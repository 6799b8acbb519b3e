import type { APIGatewayProxyEventV2, Context, SQSEvent, SQSRecord } from "aws-lambda";
import { service } from "./service.ts";

export interface RequestParts {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** An HTTP API event, payload format 2.0: what is absent in a request is absent here. */
export function httpEvent(
  method: string,
  path: string,
  { headers = {}, query, body, isBase64Encoded = false }: RequestParts = {},
): APIGatewayProxyEventV2 {
  const routeKey = `${method} ${path}`;
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: { ...headers },
    ...(query !== undefined && { queryStringParameters: { ...query } }),
    ...(body !== undefined && { body }),
    isBase64Encoded,
    requestContext: {
      accountId: "000000000000",
      apiId: "api",
      domainName: "127.0.0.1",
      domainPrefix: "127",
      http: { method, path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
      requestId: "of-the-gateway",
      routeKey,
      stage: "$default",
      time: "01/Jan/2026:00:00:00 +0000",
      timeEpoch: 0,
    },
  };
}

export function jsonEvent(method: string, path: string, body: unknown): APIGatewayProxyEventV2 {
  const headers = { "content-type": "application/json" };
  return httpEvent(method, path, { headers, body: JSON.stringify(body) });
}

export function lambdaContext(remainingMs = service.custom.worker.timeoutSeconds * 1000): Context {
  return { awsRequestId: "request-1", getRemainingTimeInMillis: () => remainingMs } as Context;
}

export function sqsEvent(...bodies: string[]): SQSEvent {
  return { Records: bodies.map((body, index) => sqsRecord(`message-${index + 1}`, body)) };
}

function sqsRecord(messageId: string, body: string): SQSRecord {
  return {
    messageId,
    receiptHandle: `receipt-of-${messageId}`,
    body,
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "0",
      SenderId: "AIDAEXAMPLE",
      ApproximateFirstReceiveTimestamp: "0",
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:verify-email",
    awsRegion: "us-east-1",
  };
}
