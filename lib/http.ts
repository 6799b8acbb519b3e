import middy from "@middy/core";
import httpHeaderNormalizer from "@middy/http-header-normalizer";
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from "aws-lambda";
import type { Clock } from "./clock.ts";
import { AppError, toAppError } from "./errors.ts";
import { describeError, type Log } from "./log.ts";

/** An HTTP API event (payload format 2.0) whose body is parsed. */
export type HttpEvent = Omit<APIGatewayProxyEventV2, "body"> & { body?: unknown };
export type HttpResult = APIGatewayProxyStructuredResultV2;
export type HttpHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<HttpResult>;

export type HttpMiddleware = middy.MiddlewareObj<HttpEvent, HttpResult>;

export interface HttpDeps {
  readonly clock: Clock;
  readonly log: Log;
}

/** `requestId`: the invocation's, under which the log has the details. */
export type RenderError = (error: AppError, requestId: string, event: HttpEvent) => HttpResult;

export interface HttpOptions {
  /** See http-body.ts; without one the event's body is left as it is. */
  readonly body?: readonly HttpMiddleware[];
  /** By default a JSON body, see `jsonError`. */
  readonly renderError?: RenderError;
}

/** What every HTTP function shares: header names, the body, errors, and one log line per request. */
export function httpHandler(
  deps: HttpDeps,
  options: HttpOptions,
  handle: (event: HttpEvent) => Promise<HttpResult>,
): HttpHandler {
  const { body = [], renderError = jsonError } = options;
  const pipeline = middy<HttpEvent, HttpResult>(handle)
    .use(requestLog(deps))
    .use({
      onError: (request) => {
        const { event, context } = request;
        request.response = renderError(shown(request.error), context.awsRequestId, event);
      },
    })
    .use(httpHeaderNormalizer() as HttpMiddleware)
    .use([...body]);
  // Parsers write into the event, which belongs to the caller.
  return (event, context) => pipeline({ ...event }, context);
}

export function json(
  statusCode: number,
  body: unknown,
  headers: Record<string, string> = {},
): HttpResult {
  return {
    statusCode,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
    body: JSON.stringify(body),
  };
}

/** The one shape of all JSON errors. */
export function jsonError(error: AppError, requestId: string): HttpResult {
  const { code, message, violations } = error;
  return json(error.status, { error: { code, message, violations, request_id: requestId } });
}

/** What a client may see: an error that is not exposed keeps its status and loses the rest. */
function shown(thrown: unknown): AppError {
  const error = toAppError(thrown);
  if (error.expose) return error;
  return new AppError(error.status === 503 ? "unavailable" : "internal", { cause: error });
}

/** One line per request: the path without its query, which may hold a code. */
function requestLog({ clock, log }: HttpDeps): HttpMiddleware {
  const startedAtMs = new WeakMap<object, number>();
  const write = (request: middy.Request<HttpEvent, HttpResult>) => {
    const { http } = request.event.requestContext;
    const status = request.response?.statusCode ?? 500;
    const { error } = request;
    const nowMs = clock.now();
    const fields = {
      method: http.method,
      path: request.event.rawPath,
      status,
      duration_ms: nowMs - (startedAtMs.get(request) ?? nowMs),
      request_id: request.context.awsRequestId,
      ...(error instanceof AppError && { error_code: error.code }),
    };
    if (status < 500) log.info("request", fields);
    else log.error("request failed", { ...fields, ...describeError(error) });
  };
  return {
    before: (request) => {
      startedAtMs.set(request, clock.now());
    },
    after: write,
    onError: write,
  };
}
