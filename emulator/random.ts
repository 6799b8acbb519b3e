import { randomUUID } from "node:crypto";

/** Where message ids and receipt handles come from; tests hand in one that counts. */
export interface RandomSource {
  /** A version 4 UUID, as AWS uses for message ids. */
  uuid(): string;
}

export const systemRandom: RandomSource = { uuid: () => randomUUID() };
