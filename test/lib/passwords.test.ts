import { argon2Sync } from "node:crypto";
import { expect, test } from "vitest";
import { DEFAULT_PASSWORD_COST, hashPassword } from "../../lib/passwords.ts";

const SALT = Buffer.alloc(16, 7);
const CHEAP = { memoryKib: 8, passes: 1, lanes: 1 };

test("the default cost is 19 MiB, two passes and one lane", async () => {
  expect(DEFAULT_PASSWORD_COST).toEqual({ memoryKib: 19_456, passes: 2, lanes: 1 });
  const hash = await hashPassword("correct horse", SALT);
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
});

test("the string holds the salt, the cost and Argon2id's hash", async () => {
  const hash = await hashPassword("correct horse", SALT, CHEAP);
  const tag = argon2Sync("argon2id", {
    message: "correct horse",
    nonce: SALT,
    memory: 8,
    passes: 1,
    parallelism: 1,
    tagLength: 32,
  });
  const unpadded = (bytes: Buffer) => bytes.toString("base64").replaceAll("=", "");
  expect(hash).toBe(`$argon2id$v=19$m=8,t=1,p=1$${unpadded(SALT)}$${unpadded(tag)}`);
});

test("the hundredth character counts", async () => {
  const start = "x".repeat(99);
  const first = await hashPassword(`${start}a`, SALT, CHEAP);
  expect(await hashPassword(`${start}a`, SALT, CHEAP)).toBe(first);
  expect(await hashPassword(`${start}b`, SALT, CHEAP)).not.toBe(first);
});

test("the salt counts", async () => {
  const first = await hashPassword("correct horse", SALT, CHEAP);
  expect(await hashPassword("correct horse", Buffer.alloc(16, 8), CHEAP)).not.toBe(first);
});

test("an accent counts the same, typed as one character or as two", async () => {
  const composed = await hashPassword("caf\u00e9 au lait", SALT, CHEAP);
  expect(await hashPassword("cafe\u0301 au lait", SALT, CHEAP)).toBe(composed);
});
