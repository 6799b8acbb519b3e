import { isUtf8 } from "node:buffer";
import httpJsonBodyParser from "@middy/http-json-body-parser";
import { AppError } from "./errors.ts";
import type { HttpEvent, HttpMiddleware } from "./http.ts";

/** No form here comes near this size; API Gateway itself would let 10 MB through. */
export const LONGEST_BODY_BYTES = 16_384;

/** Takes JSON. Throws `body_too_large`, `unsupported_media_type` or `invalid_json`. */
export function jsonBody(): HttpMiddleware[] {
  return [bodyLimit, utf8, parserErrors, httpJsonBodyParser() as HttpMiddleware];
}

/** Takes JSON or a form. Throws as `jsonBody` does. */
export function jsonOrFormBody(): HttpMiddleware[] {
  const parseJson = httpJsonBodyParser({ disableContentTypeError: true }) as HttpMiddleware;
  return [bodyLimit, parserErrors, parseJson, parseForm];
}

export function isJson(event: HttpEvent): boolean {
  return contentType(event) === "application/json";
}

const bodyLimit: HttpMiddleware = {
  before: ({ event }) => {
    if (rawBody(event).byteLength > LONGEST_BODY_BYTES) throw new AppError("body_too_large");
  },
};

/** JSON is UTF-8 (RFC 8259); decoded all the same, other bytes become replacement characters. */
const utf8: HttpMiddleware = {
  before: ({ event }) => {
    if (isJson(event) && !isUtf8(rawBody(event))) throw new AppError("invalid_json");
  },
};

const parseForm: HttpMiddleware = {
  before: ({ event }) => {
    // What the JSON parser took is no longer a string, or was a JSON string and is refused later.
    if (isJson(event)) return;
    if (contentType(event) !== "application/x-www-form-urlencoded") {
      throw new AppError("unsupported_media_type");
    }
    event.body = Object.fromEntries(new URLSearchParams(rawBody(event).toString()));
  },
};

/** The parser throws errors of its own library, with the body inside. */
const parserErrors: HttpMiddleware = {
  onError: (request) => {
    const { error } = request;
    if (error === null || error === undefined || !("statusCode" in error)) return;
    const code = error.statusCode === 415 ? "unsupported_media_type" : "invalid_json";
    request.error = new AppError(code, { cause: error });
  },
};

function contentType(event: HttpEvent): string | undefined {
  return event.headers["content-type"]?.split(";")[0]!.trim().toLowerCase();
}

function rawBody(event: HttpEvent): Buffer {
  // Everything but text and JSON arrives as base64 on AWS; the flag says so.
  if (typeof event.body !== "string") return Buffer.alloc(0);
  return Buffer.from(event.body, event.isBase64Encoded ? "base64" : "utf8");
}
