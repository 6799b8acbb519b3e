import { createHash, createHmac } from "node:crypto";

/** How long a link works, counted from the last attempt to send it. */
export const LINK_LIFETIME_MINUTES = 15;

/**
 * The code of a link, 43 characters of base64url. It follows from the code's id and a secret, so
 * each attempt to send rebuilds the same link and nothing that opens an account is stored.
 */
export function verificationCode(secret: string, codeId: string): string {
  return createHmac("sha256", secret).update(codeId).digest("base64url");
}

/** What is stored of a code. */
export function hashCode(code: string): Buffer {
  return createHash("sha256").update(code).digest();
}
