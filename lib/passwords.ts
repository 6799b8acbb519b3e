import { argon2 } from "node:crypto";
import { promisify } from "node:util";

/** Argon2id's cost (RFC 9106). */
export interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** OWASP's Password Storage Cheat Sheet: 19 MiB, two passes, one lane. About 30 ms. */
export const DEFAULT_PASSWORD_COST: PasswordCost = { memoryKib: 19_456, passes: 2, lanes: 1 };

const HASH_BYTES = 32;
/** Argon2 version 1.3, written in the PHC string as decimal. */
const VERSION = 0x13;

const derive = promisify(argon2);

/**
 * Answers a PHC string, `$argon2id$v=19$m=...,t=...,p=...$salt$hash`. Every character of the
 * password counts. `salt` must be fresh for every password.
 */
export async function hashPassword(
  password: string,
  salt: Buffer,
  cost: PasswordCost = DEFAULT_PASSWORD_COST,
): Promise<string> {
  const hash = await derive("argon2id", {
    // The same characters may be typed composed or decomposed, depending on the keyboard.
    message: password.normalize("NFC"),
    nonce: salt,
    memory: cost.memoryKib,
    passes: cost.passes,
    parallelism: cost.lanes,
    tagLength: HASH_BYTES,
  });
  const parameters = `m=${cost.memoryKib},t=${cost.passes},p=${cost.lanes}`;
  return `$argon2id$v=${VERSION}$${parameters}$${unpadded(salt)}$${unpadded(hash)}`;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
