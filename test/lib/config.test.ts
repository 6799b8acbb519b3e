import { expect, test } from "vitest";
import { ConfigError, currentTraceHeader, loadConfig, type ConfigKey } from "../../lib/config.ts";

test("what a function asks for is read and nothing else is asked for", () => {
  const env = { VERIFY_EMAIL_DELAY_SECONDS: "10", MAIL_FROM: "Ada <ada@example.com>" };
  expect(loadConfig(["verifyEmailDelaySeconds", "mailFrom"], env)).toEqual({
    verifyEmailDelaySeconds: 10,
    mailFrom: "Ada <ada@example.com>",
  });
});

test("all problems are listed at once, with the variable's name and what to do", () => {
  const keys = ["databaseUrl", "verifyEmailDelaySeconds", "smtpUrl"] as const;
  const env = { VERIFY_EMAIL_DELAY_SECONDS: "soon", SMTP_URL: "" };
  expect(problemsOf(keys, env)).toEqual([
    "Expected `DATABASE_URL` to be a URL that starts with postgres:// or postgresql://, but it is not set. Set it in the environment.",
    "Expected `VERIFY_EMAIL_DELAY_SECONDS` to be a whole number from 0 to 900, got `soon`. Correct it.",
    "Expected `SMTP_URL` to be a URL that starts with smtp:// or smtps://, but it is empty. Give it a value.",
  ]);
});

test.each([
  ["databaseUrl", "DATABASE_URL", "mysql://user:hunter2@host/db"],
  ["smtpUrl", "SMTP_URL", "http://user:hunter2@host"],
  ["verificationSecret", "VERIFICATION_SECRET", "hunter2"],
] as const)("the value of %s never appears in a problem", (key, name, value) => {
  const problems = problemsOf([key], { [name]: value });
  expect(problems).toHaveLength(1);
  expect(problems[0]).not.toContain("hunter2");
});

test.each([
  ["-1", undefined],
  ["0", 0],
  ["1", 1],
  ["899", 899],
  ["900", 900],
  ["901", undefined],
  ["1.5", undefined],
  [" 1", undefined],
  ["1e2", undefined],
])("a delay of %j seconds is read as %j", (value, expected) => {
  const read = () => loadConfig(["verifyEmailDelaySeconds"], { VERIFY_EMAIL_DELAY_SECONDS: value });
  if (expected === undefined) expect(read).toThrow(ConfigError);
  else expect(read().verifyEmailDelaySeconds).toBe(expected);
});

test("a secret has at least 32 characters", () => {
  const read = (length: number) =>
    loadConfig(["verificationSecret"], { VERIFICATION_SECRET: "x".repeat(length) });
  expect(() => read(31)).toThrow(ConfigError);
  expect(read(32).verificationSecret).toHaveLength(32);
  expect(read(33).verificationSecret).toHaveLength(33);
});

test("the name under which a secret is kept is no secret", () => {
  const env = { VERIFICATION_SECRET: "/sign-up/dev/verification-secret" };
  expect(problemsOf(["verificationSecret"], env)).toEqual([
    "Expected `VERIFICATION_SECRET` to be a secret of at least 32 characters, not the name of one, got something else (not shown). Correct it.",
  ]);
});

test("the trace of an invocation is read each time", () => {
  expect(currentTraceHeader({ _X_AMZN_TRACE_ID: "Root=1" })).toBe("Root=1");
  expect(currentTraceHeader({})).toBeUndefined();
});

function problemsOf(keys: readonly ConfigKey[], env: Record<string, string>): readonly string[] {
  try {
    loadConfig(keys, env);
  } catch (error) {
    return (error as ConfigError).problems;
  }
  return [];
}
