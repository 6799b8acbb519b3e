import { randomBytes, randomUUID } from "node:crypto";

/** The program's one source of randomness. */
export interface Ids {
  uuid(): string;
  /** 16 fresh bytes, the length that RFC 9106 recommends for password hashing. */
  salt(): Buffer;
}

export const randomIds: Ids = {
  uuid: () => randomUUID(),
  salt: () => randomBytes(16),
};
