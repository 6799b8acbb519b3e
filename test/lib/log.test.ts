import { expect, test } from "vitest";
import { AppError } from "../../lib/errors.ts";
import { describeError } from "../../lib/log.ts";

test("of an error the names and codes of its causes are told", () => {
  const driver = Object.assign(new TypeError("no route to ada@example.com"), { code: "EHOST" });
  const described = describeError(new AppError("mail_failed", { cause: driver }));
  expect(described["error"]).toEqual([
    { name: "AppError", code: "mail_failed" },
    { name: "TypeError", code: "EHOST" },
  ]);
  expect((described["stack"] as string[])[0]).toMatch(/^ {4}at .*log\.test\.ts/);
});

test.each([
  ["a message", new Error("to ada@example.com")],
  ["a message that looks like a stack", new Error("x\n    at ada@example.com:1:1")],
  ["a property", Object.assign(new Error("x"), { detail: "ada@example.com" })],
  ["a code that is none", Object.assign(new Error("x"), { code: "ada@example.com" })],
  ["something that is no error", "ada@example.com"],
])("%s does not get into the log", (_, thrown) => {
  expect(JSON.stringify(describeError(thrown))).not.toContain("ada@example.com");
});
